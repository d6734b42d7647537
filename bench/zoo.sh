#!/usr/bin/env bash
# Trains the networks of models/, exports them, judges every one on all test images in every mode, and writes models/NAME.dcpnas and its card models/NAME.json.
#   bench/zoo.sh DATA [RUNS] [NAME...]       DATA: folder with mnist/ and cifar-10-batches-bin/; RUNS: where the runs go (default runs/zoo); NAME: these alone
# One training at a time, one thread. What is finished in RUNS is not done again; killed, it goes on where it was. PROGRAM names another build of the tool (its DcpNas.Cli.dll).
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:?usage: bench/zoo.sh DATA [RUNS] [NAME...]}
runs=${2:-runs/zoo}
names=("${@:3}")
[ ${#names[@]} -gt 0 ] || names=(scenes persons mnist cifar10)
export OMP_NUM_THREADS=1
mkdir -p "$runs" models
common=(--seed 0 --threads 1 --workers 0)

dcpnas() {
  if [ -n "${PROGRAM:-}" ]; then dotnet exec "$PROGRAM" "$@"; else ./dcpnas "$@"; fi
}

recipe() { # name: the options of its training, in command
  case $1 in
    mnist) command=(train --dataset mnist --architecture birealnet18 --stem half --channels 8 --epochs 3 --step1-epochs 1 --batch-size 128 --rate 0.005 --rate-end 1e-5 --ema-decay 0.99) ;;
    cifar10) command=(train --dataset cifar10 --architecture birealnet20 --channels 16 --stem half --validation-share 0.02 --crop-padding 2 --cutout 0 \
      --teacher full_precision --teacher-epochs 20 --step1-epochs 25 --epochs 70 --batch-size 128 --rate 0.005 --rate-end 1e-5 --ema-decay 0.995) ;;
    scenes) command=(detect train --config configs/detect-synthetic.json --channels 12 --neck-channels 32 --epochs 8 --step1-epochs 5) ;;
    persons) command=(reid train --config configs/reid-synthetic.json --channels 16 --epochs 20 --step1-epochs 20) ;;
    *) echo "$0: names are scenes, persons, mnist, cifar10; got '$1'." >&2; exit 2 ;;
  esac
}

for name in "${names[@]}"; do
  recipe "$name"
  given=()
  case $name in mnist | cifar10) given=(--data "$data") ;; esac
  [ -e "$runs/$name/results.json" ] || dcpnas "${command[@]}" "${common[@]}" "${given[@]}" --run "$runs/$name" > "$runs/$name.log" 2>&1

  # The integer mode and the fast one are calibrated on half of the validation images, and compared with the exact mode on the others.
  evaluations=$runs/evaluations
  mkdir -p "$evaluations"
  dcpnas export "$runs/$name" --out "models/$name.dcpnas" --integer --compact --images 256 "${given[@]}" > "$evaluations/$name.export.txt"
  named=()
  case $name in mnist | cifar10) named=(--dataset "$name") ;; *) named=(--dataset synthetic) ;; esac
  for mode in exact fast integer; do
    dcpnas evaluate "models/$name.dcpnas" "${named[@]}" "${given[@]}" --mode "$mode" --threads 1 --json > "$evaluations/$name.$mode.json"
  done
  dcpnas inspect "models/$name.dcpnas" --core all --json > "$evaluations/$name.chip.json"
  python3 bench/python/zoo_card.py "$name" "$runs/$name" "models/$name.dcpnas" "$evaluations" "dcpnas ${command[*]} ${common[*]}" > "models/$name.json.new"
  mv "models/$name.json.new" "models/$name.json"
done
