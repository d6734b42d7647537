#!/usr/bin/env bash
# Measures what the kernels of the generated C cost on microcontrollers, and writes the table that `cost`, `inspect` and the budgets of `train` and `search` reckon with:
# src/DcpNas.Embedded/instructions.json. Each network given is compiled for every core, its instructions are counted step by step in QEMU (eng/mcu/layers.c; eng/mcu/fit-networks.sh makes networks for it), and eng/mcu/fit.py solves for
# instructions per unit of work (the manifest NAME.json of the generated code names the units) by non-negative least squares.
# Arguments: folder for intermediate results (what is there is kept), then packed models with an integer mode or names of dcpnas models. CHECK: of these, models that the
# table is not fitted on but judged by; their counts go to bench/tables/microcontrollers.jsonl. Where CHECK names all of them, the table is kept and only judged.
#   CHECK="mnist cifar10" eng/fit-instructions.sh /tmp/fit mnist cifar10 a.dcpnas b.dcpnas
# PROGRAM names another build of the tool, PYTHON a Python 3 with numpy and scipy (default python3).
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
[ $# -ge 2 ] || { echo "fit-instructions.sh: name a folder and packed models." >&2; exit 2; }
folder=$1
shift
# shellcheck source=eng/mcu/cores.sh
. "$root/eng/mcu/cores.sh"
install_tools
mkdir -p "$folder"

dcpnas() {
    if [ -n "${PROGRAM:-}" ]; then dotnet exec "$PROGRAM" "$@"; else "$root/dcpnas" "$@"; fi
}

flags=("${OPTIMISE:--O2}" -std=gnu99 -ffreestanding -ffunction-sections -fdata-sections "-I$root/eng/mcu")

run() {
    local core=$1 board=$2 machine=$3 flash=$4 ram=$5 tick=$6 prefix qemu
    shift 6
    [ -s "$net/$core.counts" ] && return
    if [ "$board" = riscv ]; then prefix=riscv64-unknown-elf- qemu=qemu-system-riscv32; else prefix=arm-none-eabi- qemu=qemu-system-arm; fi
    sed "s/@FLASH@/$flash/; s/@RAM@/$ram/" "$root/eng/mcu/link.ld" > "$net/link.ld"
    # The program as it is linked into a product, for its size; then the one that counts.
    if [ ! -s "$net/$core.sizes" ]; then
        "${prefix}gcc" "${flags[@]}" "-I$net/c" "$@" "-DTICK=$tick" -DIMAGES=1 -nostdlib -nostartfiles -Wl,--gc-sections -T "$net/link.ld" \
            "$net"/c/*.c "$root/eng/mcu/main.c" "$root/eng/mcu/board_$board.c" "$root/eng/mcu/memory.c" -lgcc -o "$net/$core.elf"
        "${prefix}nm" -S -t d --defined-only "$net/$core.elf" > "$net/$core.sizes"
    fi

    "${prefix}gcc" "${flags[@]}" "-I$net/c" "$@" "-DTICK=$tick" -DNET_LAYER_HOOK=1 -nostdlib -nostartfiles -Wl,--gc-sections -T "$net/link.ld" \
        "$net/c/net.c" "$net/c/net_weights.c" "$root/eng/mcu/layers.c" "$root/eng/mcu/board_$board.c" "$root/eng/mcu/memory.c" -lgcc -o "$net/$core.elf"
    # shellcheck disable=SC2086
    timeout 900 $qemu $machine -nographic -monitor none -serial none -icount shift=0 -semihosting-config enable=on,target=native -kernel "$net/$core.elf" > "$net/$core.new" 2>&1
    mv "$net/$core.new" "$net/$core.counts"
    rm "$net/$core.elf"
}

for model in "$@"; do
    name=$(basename "$model" .dcpnas)
    net=$folder/$name
    mkdir -p "$net"
    [ -e "$net/c/net.json" ] || dcpnas export "$model" --format c --out "$net/c" --name net >&2
    each_core
done

"${PYTHON:-python3}" "$root/eng/mcu/fit.py" "$folder" "$root/src/DcpNas.Embedded/instructions.json" "$root/bench/tables/microcontrollers.jsonl" "${CHECK:-}"
