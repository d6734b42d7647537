#!/usr/bin/env bash
# Runs generated C on microcontrollers in QEMU: every result (and box) equal to that of the host's compiler (which the tests compare with the runtime), and instructions, flash, RAM and stack of each core.
# Argument: a packed model with an integer mode, the run folder of a training, or a name of dcpnas models. OPTIMISE: the compiler's level (-O2). IMAGES: how many drawn images (200). CORES: which cores (all).
#   eng/test-mcu.sh runs/quickstart/train
# Needs Debian's cross compilers and QEMU; installs them with apt-get where they are missing and the user is root. Not part of test.sh: it takes minutes.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
[ $# -eq 1 ] || { echo "test-mcu.sh: name a packed model or a run folder. For example: eng/test-mcu.sh runs/quickstart/train" >&2; exit 2; }

# shellcheck source=eng/mcu/cores.sh
. "$root/eng/mcu/cores.sh"
install_tools

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/dcpnas" export "$1" --format c --out "$work/net" --name net >&2

images=${IMAGES:-200}
flags=("${OPTIMISE:--O2}" -std=gnu99 -Wall -Wextra -Werror -ffreestanding -ffunction-sections -fdata-sections "-I$work/net" "-I$root/eng/mcu" "-DIMAGES=$images")
sources=("$work"/net/*.c "$root/eng/mcu/main.c")

gcc "${flags[@]}" "${sources[@]}" "$root/eng/mcu/board_host.c" -o "$work/host"
expected=$("$work/host" | tail -n 1) || true
case $expected in "hash "*) ;; *) echo "test-mcu.sh: the host says: $expected" >&2; exit 1 ;; esac

failed=0
printf '| core | instructions an image | code, bytes | constants, bytes | arena, bytes | stack, bytes |\n| --- | --- | --- | --- | --- | --- |\n'

run() {
    local core=$1 board=$2 machine=$3 flash=$4 ram=$5 tick=$6 prefix qemu output sizes code constants stack
    shift 6
    if [ "$board" = riscv ]; then prefix=riscv64-unknown-elf- qemu=qemu-system-riscv32; else prefix=arm-none-eabi- qemu=qemu-system-arm; fi
    sed "s/@FLASH@/$flash/; s/@RAM@/$ram/" "$root/eng/mcu/link.ld" > "$work/link.ld"
    "${prefix}gcc" "${flags[@]}" "$@" "-DTICK=$tick" -fstack-usage -nostdlib -nostartfiles -Wl,--gc-sections -T "$work/link.ld" \
        "${sources[@]}" "$root/eng/mcu/board_$board.c" "$root/eng/mcu/memory.c" -lgcc -dumpbase "$core" -dumpdir "$work/" -o "$work/$core.elf"
    local options=(-nographic -monitor none -serial none -icount shift=0 -semihosting-config enable=on,target=native -kernel "$work/$core.elf")
    # shellcheck disable=SC2086
    output=$(timeout 600 $qemu $machine "${options[@]}" 2>&1) || true
    # Tables and what describes layers; all else that begins with net_ is code, but for the self-test.
    sizes=$("${prefix}nm" -S -t d --defined-only "$work/$core.elf")
    constants=$(awk '$4 ~ /^net_(table|layer|levels|powers)/ { sum += $2 } END { print sum + 0 }' <<< "$sizes")
    code=$(awk '$3 ~ /^[tT]$/ && $4 ~ /^net_/ && $4 !~ /^net_(table|layer|levels|powers|selftest|hash|steps|class_names|expected)/ { sum += $2 } END { print sum + 0 }' <<< "$sizes")
    stack=$(awk -F'\t' '$1 ~ /net\.c:/ { if ($2 > most) most = $2; if ($1 ~ /:net_run$/) run = $2 } END { print run + (most > run ? most : 0) }' "$work"/*"$core"*.su 2> /dev/null || echo "?")
    if [ "$(printf '%s\n' "$output" | tail -n 1)" != "$expected" ]; then
        echo "test-mcu.sh: $core: expected '$expected', got: $output" >&2
        failed=1
    fi

    printf '| %s | %s | %s | %s | %s | %s |\n' "$core" "$(printf '%s\n' "$output" | sed -n 's/^instructions //p')" "$code" "$constants" \
        "$(sed -n 's/^#define NET_ARENA_BYTES //p' "$work/net/net.h")" "$stack"
    sed -n 's/^detection //p' <<< "$output" | while read -r count; do
        echo "$core: $count instructions on top for the $(sed -n 's/^boxes //p' <<< "$output") boxes of the first image" >&2
    done
    rm -f "$work"/*.su
}

each_core
exit $failed
