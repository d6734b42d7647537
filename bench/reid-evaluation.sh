#!/usr/bin/env bash
# Evaluation of person re-identification at the size of Market-1501, and with 500,000 distractors, against plain NumPy on the same random
# features, one thread each, taking turns; writes bench/results/reid-evaluation.md. ROUNDS says how often (default 3; distractors once).
# PYTHON names the interpreter (default /usr/bin/python3, with numpy). BLAS names a folder whose libblas.so.3 NumPy shall use, for example
# OpenBLAS, where the one of the system is the slow reference. PAGE names another page, for a try. Needs 2.5 GB of memory.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
page=${PAGE:-bench/results/reid-evaluation.md}
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

"$python" -c 'import numpy' || { echo "$python has no numpy. apt-get install python3-numpy, or set PYTHON." >&2; exit 2; }
dotnet build bench/ReIdentification -c Release -v quiet --nologo
program=$(ls -d artifacts/bin/DcpNas.ReIdentificationBench/release*/DcpNas.ReIdentificationBench | head -1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
numpy() { LD_LIBRARY_PATH=${BLAS:-} "$python" bench/python/reid.py "$@"; }
say() { printf '%s\t%s\n' "$1" "$2" | tee -a "$work/lines" >&2; }

market="Market-1501: 3,368 queries, 15,913 gallery images, 2,048 dimensions"
"$program" create "$work" --dimensions 2048
for _ in $(seq "${ROUNDS:-3}"); do
  say "$market" "$("$program" measure "$work")"
  say "$market" "$(numpy "$work" --method sort)"
  say "$market" "$(numpy "$work" --method count)"
done

distractors="With 500,000 distractors: 3,368 queries, 515,913 gallery images, 256 dimensions"
"$program" create "$work" --dimensions 256 --distractors 500000
say "$distractors" "$("$program" measure "$work")"
say "$distractors" "$(numpy "$work" --method count)"

tables=$("$python" bench/python/reid_page.py < "$work/lines")
blas=$(LD_LIBRARY_PATH=${BLAS:-} ldd "$("$python" -c 'import numpy.core._multiarray_umath as m; print(m.__file__)')" | sed -n 's/.*libblas[^ ]* => \([^ ]*\).*/\1/p')
cat > "$page" <<PAGE
# What an evaluation of person re-identification takes

$(head -1 <<< "$tables")

**Command.** \`${ROUNDS:+ROUNDS=$ROUNDS }bench/reid-evaluation.sh\`

Random features (\`bench/ReIdentification/CreateCommand.cs\`): 750 persons under 6 cameras, multiples of 1/16, so that squared distances are exact in single
precision and every program must find the same ranks, ties included. NumPy (\`bench/python/reid.py\`) takes 64 queries at a time; "sort" sorts each row
stably, as the reference tools do, "count" counts for each match instead. One thread each, the programs take turns; seconds without reading the files,
median with least and most; x is the CPU time over that of dcpnas; peak memory is VmHWM of the process in 10^6 bytes.
The second case has 256 dimensions because 2,048 would take 4.2 GB of features; "sort" is left out there because it would take minutes to sort 3,368 rows.

**Machine.** $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc --all) cores, $(uname -sr); NumPy $("$python" -c 'import numpy; print(numpy.__version__)') with $(basename "$(dirname "$blas")")/$(basename "$blas"). $(date +%F), load average $(cut -d' ' -f1 /proc/loadavg) behind the run.

$(tail -n +3 <<< "$tables")
PAGE
echo "wrote $page"
