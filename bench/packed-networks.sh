#!/usr/bin/env bash
# Whole packed networks beside ONNX Runtime, float32 and int8, one thread: the searched network of CIFAR-10 at widths 12 (4 cells), 36, 48 and 64 (20 cells) on 32x32, and ReActNet-A on
# 224x224, in the exact and in the fast mode. The weights are fresh: they do not change the time. Prints lines per network; tables per layer and charts go to OUT (default runs/packed-networks).
# SECONDS_EACH: 2. MODES: "exact fast".
# Arguments name the networks to measure (bench/packed-networks.sh c48 reactnet).
set -euo pipefail
cd "$(dirname "$0")/.."
out=${OUT:-runs/packed-networks}
mkdir -p "$out"

dotnet build bench/DcpNas.Benchmarks -c Release -v quiet --nologo
dotnet build src/DcpNas.Cli -c Release -v quiet --nologo
make() { dotnet exec "$(ls -d artifacts/bin/DcpNas.Benchmarks/release*/DcpNas.Benchmarks.dll | head -1)" packed "$@"; }
awk '$1 > 0.5 { print "warning: load average " $1 "; the machine is not idle" > "/dev/stderr" }' /proc/loadavg

for network in ${*:-c12 c36 c48 c64 reactnet}; do
  case $network in
    reactnet) make "$out/$network.dcpnas" --architecture reactnet_a --stem ImageNet --image 224 --classes 1000 ;;
    c12) make "$out/$network.dcpnas" --genotype bench/results/search-cifar10/genotype.json --channels 12 --cells 4 ;;
    c*) make "$out/$network.dcpnas" --genotype bench/results/search-cifar10/genotype.json --channels "${network#c}" --cells 20 ;;
    *) echo "packed-networks.sh: unknown network '$network'; known: c12, c36, c48, c64, reactnet" >&2; exit 2 ;;
  esac
  for mode in ${MODES:-exact fast}; do
    dotnet exec "$(ls -d artifacts/bin/DcpNas.Cli/release*/DcpNas.Cli.dll | head -1)" bench "$out/$network.dcpnas" --mode "$mode" --threads 1 --seconds "${SECONDS_EACH:-2}" --against onnxruntime --out "$out/$network-$mode" 2> /dev/null |
      awk -v name="$network, $mode" '/^packed |^ONNX Runtime|^ratio to/ { print name ": " $0 }'
  done
done
