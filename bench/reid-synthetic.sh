#!/usr/bin/env bash
# Trains the 1-bit network of configs/reid-synthetic.json and its real-valued counterpart on synthetic persons, with three seeds each,
# which has as many epochs as both steps together, evaluates them on the test identities, and writes bench/results/reid-synthetic.md.
#   bench/reid-synthetic.sh
#   SEEDS="0 1" RUNS=/tmp/r bench/reid-synthetic.sh
# Finished runs in RUNS (default runs/reid-synthetic) are not trained again; interrupted ones go on.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-runs/reid-synthetic}
seeds=${SEEDS:-0 1 2}
common=(--config configs/reid-synthetic.json --threads 1)
for seed in $seeds; do
  ./dcpnas reid train "${common[@]}" --seed "$seed" --run "$runs/binary-$seed"
  ./dcpnas reid train "${common[@]}" --seed "$seed" --scheme none --epochs 30 --run "$runs/real-$seed"
done
python3 bench/python/reid_synthetic.py bench/results/reid-synthetic.md "$runs" $seeds
