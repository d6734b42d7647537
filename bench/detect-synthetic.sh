#!/usr/bin/env bash
# Trains 1-bit detectors and their real-valued counterparts on synthetic scenes with 3 seeds each and writes bench/results/detect-synthetic.md: mAP, mean and
# spread, cost, time. SEEDS, EPOCHS (of step 2), REAL_EPOCHS (of the real-valued counterpart) and STEP1 name other sizes for a try; WORK a folder that keeps
# the runs, so that a stopped bench resumes; PAGE another page; DETECTORS the ones to train (one_stage must be among them; faster_rcnn is the baseline).
# One core; one to two minutes per training. Then, if DCPNAS_DATA holds COCO in its layout (coco128), one training on it of COCO_EPOCHS epochs (150: about 9 minutes), with a tenth of
# its images held out.
set -euo pipefail
cd "$(dirname "$0")/.."
page=${PAGE:-bench/results/detect-synthetic.md}
work=${WORK:-artifacts/detect-synthetic}
read -ra seeds <<< "${SEEDS:-0 1 2}"
if [ -z "${PROGRAM:-}" ]; then
  dotnet build src/DcpNas.Cli -c Release -v quiet --nologo
  PROGRAM=$(ls artifacts/bin/DcpNas.Cli/release*/DcpNas.Cli.dll | head -1)
fi
export OMP_NUM_THREADS=1
mkdir -p "$work" "$(dirname "$page")"
awk '$1 > 0.5 { print "warning: load average " $1 "; times say little, results do not depend on it" > "/dev/stderr" }' /proc/loadavg

train() { # folder, options
  local folder=$1
  shift
  dotnet exec "$PROGRAM" detect train --run "$work/$folder" --json "$@" > "$work/$folder.json"
  dotnet exec "$PROGRAM" detect evaluate "$work/$folder" --threads 1 --json > "$work/$folder.evaluation.json"
}

for seed in "${seeds[@]}"; do
  for detector in ${DETECTORS:-one_stage faster_rcnn}; do
    case $detector in
      one_stage) config=configs/detect-synthetic.json prefix= ;;
      faster_rcnn) config=configs/detect-synthetic-rcnn.json prefix=rcnn- ;;
      *) echo "$0: DETECTORS must be of one_stage, faster_rcnn, got '$detector'." >&2; exit 2 ;;
    esac
    train "${prefix}binary-$seed" --config "$config" --seed "$seed" ${EPOCHS:+--epochs "$EPOCHS"} ${STEP1:+--step1-epochs "$STEP1"}
    train "${prefix}real-$seed" --config "$config" --seed "$seed" --scheme none ${REAL_EPOCHS:+--epochs "$REAL_EPOCHS"}
  done
done

dotnet exec "$PROGRAM" export "$work/binary-${seeds[0]}" --out "$work/detector.dcpnas" --json > "$work/export.json"
dotnet exec "$PROGRAM" bench "$work/detector.dcpnas" --threads 1 --json > "$work/bench.json"
coco=
if [ -n "${DCPNAS_DATA:-}" ] && [ -d "$DCPNAS_DATA/coco128" ]; then
  coco=coco128
  train "$coco" --config configs/detect-synthetic.json --dataset coco --data "$DCPNAS_DATA/coco128" --train-images 200 --image-size 128 --channels 16 --epochs "${COCO_EPOCHS:-150}" --two-step false
fi

python3 bench/python/detect_page.py "$work" "$page" "$coco" "${seeds[@]}"
