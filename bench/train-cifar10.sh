#!/usr/bin/env bash
# Trains final networks of about a million 1-bit weights on CIFAR-10 and, with the same images and epochs, their real-valued counterparts: the genotype of
# the recorded search, Tangent_1 and a random genotype, three seeds each. Then writes bench/results/train-cifar10.md from the runs' results.json.
#   bench/train-cifar10.sh DATA [RUNS]       DATA: the folder of CIFAR-10's binary files; RUNS: where the runs go (default runs/train-cifar10)
# One training at a time, one thread each (OMP_NUM_THREADS=1); about 4 minutes each on an idle core. Killed, it goes on where it was; started twice on
# the same RUNS, with REVERSE=1 the second time, two trainings run side by side.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:?usage: bench/train-cifar10.sh DATA [RUNS]}
runs=${2:-runs/train-cifar10}
export OMP_NUM_THREADS=1
mkdir -p "$runs"
./dcpnas genotype random --seed 0 --json | python3 -c 'import json, sys; json.dump(json.load(sys.stdin)["genotype"], sys.stdout)' > "$runs/random.json.new"
mv "$runs/random.json.new" "$runs/random.json"

# name, genotype, the width that gives about 1.03 M 1-bit weights in 8 cells
networks="searched:bench/results/search-cifar10/genotype.json:36 tangent1:Tangent_1:32 random:$runs/random.json:35"
jobs=()
for seed in 0 1 2; do
  for network in $networks; do
    for scheme in paper none; do
      jobs+=("$network:$seed:$scheme")
    done
  done
done
[ -z "${REVERSE:-}" ] || mapfile -t jobs < <(printf '%s\n' "${jobs[@]}" | tac)

for job in "${jobs[@]}"; do
  IFS=: read -r name genotype channels seed scheme <<< "$job"
  run="$runs/$name-$scheme-seed$seed"
  [ -e "$run/results.json" ] && continue
  epochs=1
  [ "$scheme" = none ] && epochs=2 # as many as both steps of the 1-bit network have
  ./dcpnas train --config configs/train-cifar10-cpu.json --genotype "$genotype" --channels "$channels" --scheme "$scheme" --epochs "$epochs" \
    --seed "$seed" --data "$data" --run "$run" > "$run.log" 2>&1 || echo "$run: exit code $?, see $run.log" >&2
done
python3 bench/python/train_page.py "$runs" > bench/results/train-cifar10.md
echo "wrote bench/results/train-cifar10.md"
