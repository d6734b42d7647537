#!/usr/bin/env bash
# Runs searches and trainings of all tasks on 1, 2 and 4 ranks of Open MPI and MPICH and demands the same bits: weights, alpha, genotype and log. Then resumes with
# other numbers of ranks, kills ranks at random, and tries what a user may get wrong. Installs both libraries (Debian, root) where they are missing.
# About half an hour on two cores.
#   eng/test-mpi.sh [KILLS]     how many ranks are killed (default 20)
#   DCPNAS=PROGRAM              another build of dcpnas
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
kills=${1:-20}
[[ $kills =~ ^[0-9]+$ ]] || { echo "test-mpi.sh: KILLS must be a whole number, got '$kills'." >&2; exit 2; }
if ! command -v mpirun.openmpi > /dev/null || ! command -v mpirun.mpich > /dev/null; then
    [[ $(id -u) == 0 ]] || { echo "test-mpi.sh: installing Open MPI and MPICH needs root." >&2; exit 2; }
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq openmpi-bin mpich > /dev/null
fi

dcpnas=${DCPNAS:-$root/dcpnas}
"$dcpnas" --version > /dev/null # builds
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export OMP_NUM_THREADS=1
genotype="normal: n2[skip<-0, sep3<-1] n3[max<-0, dil3<-1] n4[sep3<-0, skip<-1] n5[skip<-0, sep3<-1] | reduction: n2[max<-0, sep3<-1] n3[max<-0, skip<-2] n4[max<-0, skip<-2] n5[max<-0, skip<-2]"
network=(--genotype "$genotype" --channels 8 --cells 3 --epochs 2 --step1-epochs 1 --warmup-epochs 0 --drop-path 0.1 --ema-decay 0.9 --threads 1 --workers 0)
declare -A arguments=(
    [search]="search --train-images 96 --cells 3 --channels 4 --rounds 1 --batch-size 16 --epochs 2 --warmup-share 0 --evaluation-images 32 --threads 1 --workers 0 --force"
    [classification]="train --task classification --train-images 200 --test-images 40 --batch-size 32 --stem-multiplier 1"
    [detection]="train --task detection --train-images 40 --test-images 10 --batch-size 8 --image-size 64"
    [reid]="train --task reid --identities 16 --batch-size 32 --num-instances 4"
)

# [SHARDS=K] run KIND LAUNCHER RANKS DIR [OPTION ...]
run() {
    local kind=$1 launcher=$2 ranks=$3 dir=$4 start=()
    shift 4
    [[ $launcher == none ]] || start=("mpirun.$launcher" -np "$ranks")
    [[ $launcher != openmpi ]] || start+=(--allow-run-as-root --oversubscribe)
    local extra=()
    [[ $kind == search ]] || extra=("${network[@]}")
    # shellcheck disable=SC2086
    "${start[@]}" "$dcpnas" ${arguments[$kind]} "${extra[@]}" --shards "${SHARDS:-4}" --run "$dir" "$@"
}

# Every tensor of every model and checkpoint, the genotype, and every record of the log but for times, memory and resumptions.
same() { python3 - "$@" << 'PY'
import json, os, struct, sys
a, b = sys.argv[1:3]

def tensors(path):
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header, body = json.loads(data[8:8 + length]), data[8 + length:]
    return {name: body[slice(*entry["data_offsets"])] for name, entry in header.items() if name != "__metadata__"}

def log(folder):
    records = [json.loads(line) for line in open(folder + "/metrics.jsonl")]
    hidden = lambda key: any(word in key for word in ("seconds", "per_second", "memory", "time"))
    return [{key: value for key, value in record.items() if not hidden(key)} for record in records if record.get("event") != "resume"]

for name in sorted(os.listdir(a)):
    if name.endswith(".safetensors") and "previous" not in name:
        x, y = tensors(f"{a}/{name}"), tensors(f"{b}/{name}")
        different = [key for key in x.keys() | y.keys() if x.get(key) != y.get(key)]
        if different:
            sys.exit(f"{b}/{name}: {len(different)} of {len(x)} tensors differ from {a}, {different[0]} for one")
if os.path.exists(f"{a}/genotype.json"):
    x, y = (json.load(open(f"{folder}/genotype.json")) for folder in (a, b))
    x.get("provenance", {}).pop("run", None), y.get("provenance", {}).pop("run", None)
    if x != y:
        sys.exit(f"{b}: another genotype than {a}")
if log(a) != log(b):
    sys.exit(f"{b}: another log than {a}")
PY
}

fail() { echo "test-mpi.sh: $*" >&2; exit 1; }

for kind in search classification detection reid; do
    run "$kind" none 1 "$kind" > "$kind.log" 2>&1 || { cat "$kind.log" >&2; fail "$kind in one process failed"; }
    for launcher in openmpi mpich; do
        for ranks in 1 2 4; do
            dir=$kind-$launcher-$ranks
            run "$kind" "$launcher" "$ranks" "$dir" > "$dir.log" 2>&1 || { cat "$dir.log" >&2; fail "$dir failed"; }
            same "$kind" "$dir" || fail "$dir differs"
        done
    done
    echo "$kind: 1, 2 and 4 ranks of Open MPI and MPICH gave the bits of one process."
done

# A random rank is killed again and again; each next start has another number of ranks and another library.
RANDOM=1
killed=0 kinds=(search classification detection reid) numbers=(4 2) launchers=(openmpi mpich)
for index in "${!kinds[@]}"; do
    kind=${kinds[index]} dir=${kinds[index]}-killed
    for ((attempt = 0; attempt < 100; attempt++)); do
        launcher=${launchers[attempt / 2 % 2]} ranks=${numbers[attempt % 2]}
        (( killed < kills * (index + 1) / ${#kinds[@]} )) || ranks=1
        run "$kind" "$launcher" "$ranks" "$dir" --checkpoint-minutes 0 > "$dir-$attempt.log" 2>&1 &
        pid=$!
        if (( ranks > 1 && killed < kills * (index + 1) / ${#kinds[@]} )); then
            sleep "$((RANDOM % 8 + 4)).$((RANDOM % 10))"
            mapfile -t processes < <(pgrep -f -- "DcpNas.Cli.dll .*--run $dir ")
            if (( ${#processes[@]} >= ranks )) && kill -KILL "${processes[RANDOM % ${#processes[@]}]}" 2> /dev/null; then
                killed=$((killed + 1))
                before=$SECONDS
                wait $pid && fail "$dir went on without a rank" || true
                while pgrep -f -- "DcpNas.Cli.dll .*--run $dir " > /dev/null; do sleep 0.1; done # a launcher may be faster than its processes
                (( SECONDS - before <= 30 )) || fail "$dir took $((SECONDS - before)) s to stop after a rank was killed"
                continue
            fi
        fi
        wait $pid && break || { cat "$dir-$attempt.log" >&2; fail "$dir: attempt $attempt failed without a kill"; }
    done
    same "$kind" "$dir" || fail "$dir differs from an undisturbed run"
    echo "$kind: killed and resumed with other numbers of ranks, $((attempt + 1)) starts, the same bits."
done
echo "$killed ranks were killed."

# What a user may get wrong: exit code 2 and a message that names it, from every launcher, without waiting.
refused() {
    local expected=$1 code=0
    shift
    "$@" > refused.log 2>&1 || code=$?
    [[ $code == 2 ]] || { cat refused.log >&2; fail "exit code $code instead of 2: $*"; }
    grep -qF -- "$expected" refused.log || { cat refused.log >&2; fail "no '$expected' from: $*"; }
}
# two LAUNCHER OPTION: two ranks, the second of which is started with one option more.
two() {
    local start=("mpirun.$1")
    [[ $1 != openmpi ]] || start+=(--allow-run-as-root --oversubscribe)
    # shellcheck disable=SC2086
    timeout 100 "${start[@]}" -np 1 "$dcpnas" ${arguments[search]} --shards 2 --run bad : -np 1 "$dcpnas" ${arguments[search]} --shards 2 --run bad $2
}
other() { DCPNAS_MPI=$2 run search "$1" 2 bad; }
SHARDS=3 refused "shards must be a power of two" run search none 1 bad
SHARDS=16 refused "shards must leave two images or more" run search none 1 bad
for launcher in openmpi mpich; do
    SHARDS=2 refused "shards must be a multiple of the number of ranks (4)" run search "$launcher" 4 bad
    refused "The number of ranks must be a power of two" run search "$launcher" 3 bad
    refused "was started with another seed: 0 on rank 0, 7 there" two "$launcher" "--seed 7"
    refused "Unknown option '--bogus'" two "$launcher" "--bogus"
    refused "No library of MPI was found" other "$launcher" /nowhere/libmpi.so
done
refused "library and launcher belong to different installations" other openmpi libmpich.so.12
refused "library and launcher belong to different installations" other mpich libmpi.so.40
[[ ! -e bad ]] || fail "a run that was refused has left a folder"
echo "What a user may get wrong was refused with exit code 2."
