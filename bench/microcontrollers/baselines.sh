#!/usr/bin/env bash
# What other arithmetic costs on the same cores in the same QEMU: int8 (CMSIS-NN's kernels on the layers of MLPerf Tiny's ResNet-8) and plain float32 C of the same graphs, beside generated 1-bit C.
# Arguments: a folder for intermediate results, then packed models with an integer mode or names of dcpnas models. CORES names cores (eng/mcu/cores.sh; all without it).
# CMSIS_NN is a checkout of https://github.com/ARM-software/CMSIS-NN, of which nothing is copied. Rows go to bench/tables/microcontroller-baselines.jsonl; table.py makes tables of them.
#   CMSIS_NN=/src/CMSIS-NN bench/microcontrollers/baselines.sh /tmp/baselines cifar10 mnist
# Needs what eng/test-mcu.sh needs, python3 with numpy, and C libraries for the cross compilers (Debian: libnewlib-arm-none-eabi, picolibc-riscv64-unknown-elf).
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(cd "$here/../.." && pwd)
[ $# -ge 2 ] || { echo "baselines.sh: name a folder and packed models. For example: baselines.sh /tmp/baselines cifar10 mnist" >&2; exit 2; }
[ -e "${CMSIS_NN:-}/Include/arm_nnfunctions.h" ] || {
    echo "baselines.sh: CMSIS_NN is '${CMSIS_NN:-}', which holds no Include/arm_nnfunctions.h. Clone https://github.com/ARM-software/CMSIS-NN and name its folder." >&2
    exit 2
}

work=$1
shift
# shellcheck source=eng/mcu/cores.sh
. "$root/eng/mcu/cores.sh"
install_tools
mkdir -p "$work"
python=${PYTHON:-python3}
rows=$root/bench/tables/microcontroller-baselines.jsonl
: > "$work/rows"

"$python" "$here/draw_resnet8.py" > "$work/weights.c"
kernels=()
for name in ConvolutionFunctions FullyConnectedFunctions NNSupportFunctions PoolingFunctions SoftmaxFunctions BasicMathFunctions; do
    while IFS= read -r file; do kernels+=("$file"); done < <(ls "$CMSIS_NN/Source/$name"/*.c | grep -v '_f16\|_f32')
done

for model in "$@"; do
    name=$(basename "$model" .dcpnas)
    [ -e "$work/$name/c/net.json" ] || "$root/dcpnas" export "$model" --format c --out "$work/$name/c" --name net >&2
    file=$model
    [ -e "$file" ] || file=$root/models/$name.dcpnas
    [ -e "$work/$name/macs" ] || { "$python" "$here/float_network.py" "$file" "$work/$name/float" > "$work/$name/new" && mv "$work/$name/new" "$work/$name/macs"; }
done

flags=("${OPTIMISE:--O2}" -std=gnu99 -ffunction-sections -fdata-sections "-I$root/eng/mcu" "-I$here")

run() {
    local core=$1 board=$2 machine=$3 flash=$4 ram=$5 tick=$6 prefix qemu unit=() name weights=() library=()
    shift 6
    if [ "$board" = riscv ]; then
        prefix=riscv64-unknown-elf- qemu=qemu-system-riscv32
        # The compiler knows no libraries of rv32imc: those of the nearest instruction set are named.
        library=(--specs=picolibc.specs "/usr/lib/picolibc/riscv64-unknown-elf/lib/rv32imac/ilp32/libc.a" "$(${prefix}gcc -march=rv32imac -mabi=ilp32 -print-libgcc-file-name)")
    else
        prefix=arm-none-eabi- qemu=qemu-system-arm library=(-lc -lgcc)
    fi

    sed "s/@FLASH@/$flash/; s/@RAM@/$ram/" "$root/eng/mcu/link.ld" > "$work/link.ld"
    measure int8 resnet8 "$*" "-I$CMSIS_NN/Include" "${kernels[@]}" "$work/weights.c" "$here/resnet8.c" "$here/instruction_count.c"

    # Where a core has a floating-point unit, float code uses it. Weights of float32 are larger than the M55 board's flash, so they lie in its other memory.
    case $core in
        cortex-m4) unit=(-mfloat-abi=hard -mfpu=fpv4-sp-d16 -DHAS_FPU) ;;
        cortex-m7) unit=(-mfloat-abi=hard -mfpu=fpv5-d16 -DHAS_FPU) ;;
        cortex-m33) unit=(-mfloat-abi=hard -mfpu=fpv5-sp-d16 -DHAS_FPU) ;;
        cortex-m55) weights=('-DWEIGHTS=__attribute__((section(".weights")))' -Wl,--section-start=.weights=0x70000000) ;;
    esac
    for name in "${names[@]}"; do
        measure binary "$name" "$* -ffreestanding -DIMAGES=1" "-I$work/$name/c" "$work/$name"/c/*.c "$root/eng/mcu/main.c"
        measure float32 "$name" "$* ${unit[*]}" "-I$work/$name/float" "${weights[@]}" "$work/$name"/float/*.c "$here/float_main.c" "$here/instruction_count.c"
    done
}

# measure ARITHMETIC NETWORK FLAGS SOURCES...: builds, counts, and adds a row.
measure() {
    local arithmetic=$1 name=$2 elf output
    elf=$work/$core-$arithmetic-$name.elf
    # shellcheck disable=SC2206
    local core_flags=($3)
    shift 3
    "${prefix}gcc" "${flags[@]}" "${core_flags[@]}" "-DTICK=$tick" -nostdlib -nostartfiles -Wl,--gc-sections -T "$work/link.ld" \
        "$@" "$root/eng/mcu/board_$board.c" "${library[@]}" -o "$elf"
    # shellcheck disable=SC2086
    output=$(timeout 1800 $qemu $machine -nographic -monitor none -serial none -icount shift=0 -semihosting-config enable=on,target=native -kernel "$elf" 2>&1) || true
    "${prefix}readelf" -sW "$elf" > "$elf.sizes"
    "${prefix}readelf" -SW "$elf" > "$elf.sections"
    printf '%s\n' "$output" > "$elf.output"
    "$python" "$here/row.py" "$core" "$arithmetic" "$name" "$work" "$elf" >> "$work/rows"
    rm "$elf"
}

names=()
for model in "$@"; do names+=("$(basename "$model" .dcpnas)"); done
each_core
"$python" "$here/row.py" --check "$work/rows"
cp "$work/rows" "$rows"
"$python" "$here/table.py" "$rows"
