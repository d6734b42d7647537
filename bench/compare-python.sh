#!/usr/bin/env bash
# One full search step of DcpNas against the same step in Python PyTorch: checks that both compute the same, measures, and writes
# bench/results/search-step-vs-python.md. Options go to bench/python/compare.py; by default 2 threads, batch 64, 8 cells, C = 16,
# variants plain and forward, about 8 minutes on two idle cores:
#   bench/compare-python.sh
#   bench/compare-python.sh --threads 2 1 --batch 64 32 --partial 1 4 --variants plain forward tuned       (everything, over an hour)
#   bench/compare-python.sh --page /tmp/try.md --cells 3 --channels 4 --batch 8                            (a quick try)
# Results of the same size and thread count are replaced, others stay on the page.
# PYTHON names the interpreter (default /usr/bin/python3, which has Debian's python3-torch).
# Needs up to 20 GB of memory and an idle machine; never runs two measuring processes at once. The plain variant needs 0.55 GB per image
# for the Child's alpha (8 cells, C = 16), so that batch 64 does not fit into 24 GB: the page then says so and compares with forward mode.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
page=bench/results/search-step-vs-python.md

"$python" -c 'import torch, numpy' || { echo "$python has no torch or numpy. apt-get install python3-torch python3-numpy, or set PYTHON." >&2; exit 2; }
dotnet build bench/SearchStep -c Release -v quiet --nologo
program=$(ls -d artifacts/bin/DcpNas.SearchStep/release*/DcpNas.SearchStep | head -1)
mkdir -p bench/results
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # what, variants of the reference, options of export
  "$program" export "$work/check.safetensors" --cells 3 --batch 4 --threads 1 "${@:3}"
  for variant in $2; do
    if "$python" bench/python/check.py "$work/check.safetensors" --variant "$variant" > "$work/check.txt"; then
      echo "equal: $1, $variant"
    else
      cat "$work/check.txt"
      echo "The reference in PyTorch ($variant) and DcpNas differ in $1; nothing was measured." >&2
      exit 1
    fi
  done
}
check "float64" "plain forward tuned" --channels 4 --steps 1 --double --integer-scales
check "float64, half of the channels, three steps" "plain" --channels 8 --partial 2 --steps 3 --double --integer-scales
check "float32" "plain" --channels 8 --steps 1

awk '$1 > 0.5 { print "warning: load average " $1 "; the machine is not idle, trust ratios only" }' /proc/loadavg
"$python" bench/python/compare.py --dcpnas "$program" --page "$page" "$@"
