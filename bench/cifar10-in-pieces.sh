#!/usr/bin/env bash
# CIFAR-10 on one GPU in pieces: search, final training and its real-valued counterpart, mixed precision against fp32, a comparison. A machine that is lent
# for minutes at a time can do it: every piece is interrupted (SIGINT: a checkpoint is written) before SECONDS_A_PIECE are over, and the next call goes on.
#   bench/cifar10-in-pieces.sh DATA RUNS        DATA: the folder of CIFAR-10's binary files; RUNS: where runs, logs and progress.tsv go
#   DEVICE=cuda|cpu (default cuda)  SECONDS_A_PIECE=540  SIZE=full|toy (toy: minutes on a CPU, to try the script)
# Exit code 0: all is done; 75: call again; others: a step failed, its log says why.
set -uo pipefail
cd "$(dirname "$0")/.."
data=${1:?usage: bench/cifar10-in-pieces.sh DATA RUNS}
runs=${2:?usage: bench/cifar10-in-pieces.sh DATA RUNS}
device=${DEVICE:-cuda}
left=${SECONDS_A_PIECE:-540}
case ${SIZE:-full} in
  full) search=() train=() compare=() epoch=(--epochs 1 --step1-epochs 1) ;;
  toy)
    search=(--train-images 64 --cells 3 --channels 8 --epochs 10 --batch-size 8 --evaluation-images 16 --workers 0)
    train=(--train-images 64 --test-images 32 --cells 3 --channels 8 --epochs 1 --step1-epochs 1 --batch-size 8 --reestimate-images 16 --workers 0 --auxiliary false)
    epoch=("${train[@]}")
    compare=(toy) ;;
  *) echo "SIZE must be full or toy, got '$SIZE'." >&2; exit 2 ;;
esac
mkdir -p "$runs"

# One step: a name, then the command. Done steps are remembered; a step that the time cuts ends the piece.
step() {
  local name=$1 from=$SECONDS code=0
  shift
  [ -e "$runs/$name.done" ] && return 0
  [ $((left - SECONDS)) -gt 30 ] || { echo "call again: $name is next"; exit 75; }
  echo "$name: $*"
  timeout --signal=INT --kill-after=60 $((left - SECONDS - 20)) "$@" >> "$runs/$name.log" 2>&1 || code=$?
  printf '%s\t%s\t%s\t%s\n' "$(date -u +%FT%TZ)" "$name" "$code" "$((SECONDS - from))" >> "$runs/progress.tsv"
  case $code in
    0) touch "$runs/$name.done" ;;
    124 | 130 | 137) echo "call again: $name goes on from its checkpoint"; exit 75 ;;
    *) echo "$name: exit code $code, see $runs/$name.log" >&2; tail -n 5 "$runs/$name.log" >&2; exit "$code" ;;
  esac
}

genotype=$runs/search/genotype.json
common=(--data "$data" --device "$device")
step doctor ./dcpnas doctor
for precision in fp32 bf16; do # seconds per epoch and accuracy after one: metrics.jsonl of both folders
  [ "$device" = cpu ] && [ "$precision" = bf16 ] && continue # mixed precision is for GPUs
  step "epoch-$precision" ./dcpnas train --config configs/train-cifar10.json --genotype Tangent_1 --teacher none "${epoch[@]}" --precision "$precision" "${common[@]}" --run "$runs/epoch-$precision"
done
step search ./dcpnas search --config configs/search-cifar10.json "${search[@]}" "${common[@]}" --run "$runs/search"
precision=$([ "$device" = cpu ] && echo fp32 || echo bf16)
step train ./dcpnas train --config configs/train-cifar10.json --genotype "$genotype" "${train[@]}" --precision "$precision" "${common[@]}" --run "$runs/train"
step counterpart ./dcpnas train --config configs/train-cifar10.json --genotype "$genotype" --scheme none --teacher none "${train[@]}" --precision "$precision" "${common[@]}" --run "$runs/counterpart"
step evaluate ./dcpnas evaluate "$runs/train" "${common[@]}"
edits=(-e "s/\"threads\": 1/\"threads\": 1, \"device\": \"$device\"/") # compare has the device in its options file
[ ${#compare[@]} -eq 0 ] || edits+=(-e 's/"train_images": [0-9]*/"train_images": 128/' -e 's/"epochs": 5/"epochs": 2/' -e 's/"evaluation_images": 400/"evaluation_images": 64/' -e 's/"seeds": \[0, 1, 2\]/"seeds": [0, 1]/')
sed "${edits[@]}" configs/compare-cifar10-cpu.json > "$runs/compare.json"
step compare ./dcpnas compare --config "$runs/compare.json" --data "$data" --run "$runs/compare"
echo "all done: $runs/search/report.html, $runs/train/report.html, $runs/compare/report.html, seconds per piece in $runs/progress.tsv"
