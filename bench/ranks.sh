#!/usr/bin/env bash
# Seconds of a step of search and training on one process with two threads and on two ranks with one thread each, in turn on the same machine; what ranks send; and
# from these the model of larger clusters. Needs two idle cores, Open MPI and MPICH (eng/test-mpi.sh installs them). Prints a table in Markdown.
#   bench/ranks.sh [REPEATS]     how often each variant runs (default 3)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
repeats=${1:-3}
[[ $repeats =~ ^[1-9][0-9]*$ ]] || { echo "ranks.sh: REPEATS must be a whole number above 0, got '$repeats'." >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/dcpnas" --version > /dev/null
genotype="normal: n2[skip<-0, sep3<-1] n3[max<-0, dil3<-1] n4[sep3<-0, skip<-1] n5[skip<-0, sep3<-1] | reduction: n2[max<-0, sep3<-1] n3[max<-0, skip<-2] n4[max<-0, skip<-2] n5[max<-0, skip<-2]"
search=(search --train-images 256 --cells 3 --channels 8 --partial-channels 2 --rounds 1 --batch-size 32 --epochs 2 --warmup-share 0 --evaluation-images 32 --workers 0 --force)
train=(train --genotype "$genotype" --channels 12 --cells 4 --train-images 600 --test-images 10 --epochs 1 --step1-epochs 1 --batch-size 32 --workers 0)

# run NAME LAUNCHER RANKS THREADS SHARDS ROUND COMMAND...
run() {
    local name=$1 launcher=$2 ranks=$3 threads=$4 shards=$5 round=$6 start=()
    shift 6
    [[ $launcher == none ]] || start=("mpirun.$launcher" -np "$ranks")
    [[ $launcher != openmpi ]] || start+=(--allow-run-as-root)
    "${start[@]}" "$root/dcpnas" "$@" --threads "$threads" --shards "$shards" --run "$work/$name-$round" > "$work/$name-$round.log" 2>&1 || { cat "$work/$name-$round.log" >&2; exit 1; }
}

for ((round = 0; round < repeats; round++)); do
    for what in search train; do
        declare -n command=$what
        run "$what-1x2-1" none 1 2 1 $round "${command[@]}"
        run "$what-1x2-2" none 1 2 2 $round "${command[@]}"
        run "$what-1x1-2" none 1 1 2 $round "${command[@]}"
        run "$what-2x1-2-openmpi" openmpi 2 1 2 $round "${command[@]}"
        run "$what-2x1-2-mpich" mpich 2 1 2 $round "${command[@]}"
        run "$what-1x1-8" none 1 1 8 $round "${command[@]}"
    done
done

python3 - "$work" "$repeats" << 'PY'
import json, math, re, statistics, sys
work, repeats = sys.argv[1], int(sys.argv[2])

def steps(name):
    """Median seconds of a step by kind, one per repeat; the first step of an epoch warms up."""
    kinds = {}
    for repeat in range(repeats):
        own = {}
        for line in open(f"{work}/{name}-{repeat}/metrics.jsonl"):
            record = json.loads(line)
            if record["kind"] == "step":
                own.setdefault(record["phase"], []).append(record["seconds"])
        for key, values in own.items():
            kinds.setdefault(key, []).append(statistics.median(values[1:]))
    return kinds

rows = [("1x2-1", "one process, 2 threads, batch not cut"), ("1x2-2", "one process, 2 threads, 2 shards"), ("1x1-2", "one process, 1 thread, 2 shards"),
        ("2x1-2-openmpi", "2 ranks of Open MPI, 1 thread each, 2 shards"), ("2x1-2-mpich", "2 ranks of MPICH, 1 thread each, 2 shards"), ("1x1-8", "one process, 1 thread, 8 shards")]
for what in ("search", "train"):
    table = {name: steps(f"{what}-{name}") for name, _ in rows}
    kinds = list(next(iter(table.values())))
    print(f"\n| {what}, batch 32 | " + " | ".join(f"{kind.replace('_', ' ')}, s" for kind in kinds) + " | against 2 threads |")
    print("| --- | " + "---: | " * (len(kinds) + 1))
    base = table["1x2-1"]
    for name, text in rows:
        own = table[name]
        ratio = [sum(own[kind][repeat] for kind in kinds) / sum(base[kind][repeat] for kind in kinds) for repeat in range(repeats)]
        print(f"| {text} | " + " | ".join(f"{statistics.median(own[kind]):.3f}" for kind in kinds) + f" | {statistics.median(ratio):.2f} ({min(ratio):.2f} to {max(ratio):.2f}) |")
    sent = re.search(r"MPI: (\d+) exchanges, ([\d.]+) MB sent by each rank, ([\d.]+) s", open(f"{work}/{what}-2x1-2-openmpi-0.log").read())
    records = [json.loads(line) for line in open(f"{work}/{what}-2x1-2-openmpi-0/metrics.jsonl")]
    count = sum(record["kind"] == "step" and not record["phase"].endswith("_alpha") for record in records)
    bytes_per_step = float(sent[2]) * 1e6 / count
    print(f"\n{what}: {bytes_per_step / 1e6:.2f} MB sent per step and pair of ranks, {int(sent[1]) / count:.1f} exchanges per step; {float(sent[3]):.1f} s in exchanges over {count} steps (waiting for the other rank included).")
    piece = sum(statistics.median(table["1x1-8"][kind]) for kind in kinds) / sum(not kind.endswith("_alpha") for kind in kinds) / 8 # a step of the weights with its step of alpha
    print(f"\n| {what}, 8 shards of 4 images, ranks | 1 Gbit/s, 50 us | 10 Gbit/s, 20 us | 100 Gbit/s, 2 us |\n| ---: | ---: | ---: | ---: |")
    for ranks in (1, 2, 4, 8):
        cells = []
        for bandwidth, latency in ((1e9, 50e-6), (10e9, 20e-6), (100e9, 2e-6)):
            seconds = piece * 8 / ranks + math.log2(ranks) * (bytes_per_step * 8 / bandwidth + int(sent[1]) / count * latency)
            cells.append(f"{seconds:.3f} s, {piece * 8 / seconds:.2f}x")
        print(f"| {ranks} | " + " | ".join(cells) + " |")
PY
