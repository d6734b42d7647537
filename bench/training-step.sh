#!/usr/bin/env bash
# One training step of a final network (forward, backward, AdamW) in DcpNas and in Python PyTorch: checks in float64 that both compute the same
# loss and gradients, then measures in turn, one process at a time, and writes bench/results/training-step.md.
#   bench/training-step.sh [ROUNDS]          default 3 rounds; about 5 minutes on an idle core
# PYTHON names the interpreter (default /usr/bin/python3, which has Debian's python3-torch). One thread; tcmalloc on both sides where it is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
rounds=${1:-3}
size=(--channels 32 --cells 8)
dotnet build bench/DcpNas.Benchmarks -c Release -v quiet --nologo
program=$(ls -t artifacts/bin/DcpNas.Benchmarks/release*/DcpNas.Benchmarks.dll | head -1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=1
for allocator in /usr/lib/*/libtcmalloc_minimal.so.4; do [ -e "$allocator" ] && preload=$allocator; done

mkdir "$work/check" "$work/time"
# Average pools in place of maximum pools: sums of signs tie so often that the two sides send the gradients of maxima to different pixels.
averages="normal: n2[avg<-0, sep3<-1] n3[sep3<-0, dil3<-1] n4[avg<-2, sep5<-3] n5[avg<-0, sep5<-4] | reduction: n2[avg<-0, sep5<-1] n3[dil3<-1, dil5<-2] n4[skip<-0, dil5<-3] n5[sep5<-2, skip<-4]"
dotnet exec "$program" network "${size[@]}" --genotype "$averages" --batch 8 --export "$work/check"
"$python" bench/python/network.py check "$work/check/none.safetensors" "$work/check/paper.safetensors" | sed "s#$work/##" | tee "$work/checked"
dotnet exec "$program" network "${size[@]}" --batch 64 --export "$work/time"

for ((round = 0; round < rounds; round++)); do
  LD_PRELOAD=${preload:-} dotnet exec "$program" network "${size[@]}" --batch 64 --threads 1 --repeats 5 | tee -a "$work/ours"
  for scheme in none paper; do
    echo "$scheme $(LD_PRELOAD=${preload:-} "$python" bench/python/network.py time "$work/time/$scheme.safetensors" --threads 1 --steps 5)" | tee -a "$work/theirs"
  done
done
{
  echo "# A training step of a final network against the same step in Python PyTorch"
  echo
  echo "Tangent_1, C = 32, 8 cells (1.03 M 1-bit weights), 32 x 32, batch 64, float32, one thread, AdamW. CPU seconds of a step, median of 5 steps after"
  echo "2 to warm up, $rounds processes of each side in turn. Python is written as DARTS code is (NCHW, every layer a module; bench/python/network.py);"
  echo "$("$python" -c 'import sys, torch; print(f"Python {sys.version.split()[0]}, torch {torch.__version__}")'), Debian's build. Command: \`bench/training-step.sh $rounds\`. $(date +%F), load average $(cut -d' ' -f1 /proc/loadavg) at the end."
  echo
  echo "Equal in float64 (batch 8, average pools in place of maximum pools, whose ties the two sides break differently in a 1-bit network):"
  echo
  sed 's/^/- /' "$work/checked"
  echo
  echo "| network | DcpNas, CPU ms per step | Python, CPU ms per step | ratio of the medians |"
  echo "| --- | --- | --- | ---: |"
  for scheme in none paper; do
    ours=$(grep -i "cells $scheme:" "$work/ours" | sed -E 's/.*wall, ([0-9]+) ms CPU;.*/\1/' | sort -n)
    theirs=$(grep "^$scheme " "$work/theirs" | sed -E 's/.*wall, ([0-9]+) ms CPU.*/\1/' | sort -n)
    middle=$(((rounds + 1) / 2))
    a=$(sed -n "${middle}p" <<< "$ours") b=$(sed -n "${middle}p" <<< "$theirs")
    echo "| $([ $scheme = none ] && echo real-valued || echo "1-bit (scheme paper)") | $(paste -sd, <<< "$ours" | sed 's/,/, /g') | $(paste -sd, <<< "$theirs" | sed 's/,/, /g') | $(awk "BEGIN { printf \"%.2f\", $b / $a }") |"
  done
} > bench/results/training-step.md
echo "wrote bench/results/training-step.md"
