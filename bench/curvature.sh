#!/usr/bin/env bash
# Time, memory and direction of one Child alpha step under each curvature; writes bench/results/curvature.md. Options go to
# `DcpNas.SearchStep alpha-step` (--cells, --channels, --batch, --partial, --threads, --repeats, --train-steps, --direction-batches,
# --curvatures); by default 8 cells, C = 16, batch 16, 2 threads. PAGE names another page, for a try.
set -euo pipefail
cd "$(dirname "$0")/.."
page=${PAGE:-bench/results/curvature.md}

dotnet build bench/SearchStep -c Release -v quiet --nologo
program=$(ls -d artifacts/bin/DcpNas.SearchStep/release*/DcpNas.SearchStep | head -1)
mkdir -p "$(dirname "$page")"
allocator=$(ls /usr/lib/*/libtcmalloc_minimal.so.4 2>/dev/null | head -1 || true)
awk '$1 > 0.5 { print "warning: load average " $1 "; the machine is not idle" > "/dev/stderr" }' /proc/loadavg
table=$(LD_PRELOAD=$allocator "$program" alpha-step "$@")

seconds() { sed -n "s/^| $1 | \([0-9.]*\) .*/\1/p" <<< "$table"; }
megabytes() { sed -n "s/^| $1 |[^|]*|[^|]*| \([0-9]*\) .*/\1/p" <<< "$table"; }
claim="**Claim.** See the table."
if [ -n "$(seconds ggn)" ] && [ -n "$(seconds exact)" ] && [ -n "$(megabytes exact)" ]; then
  claim=$(awk -v g="$(seconds ggn)" -v e="$(seconds exact)" -v n="$(seconds none)" -v gm="$(megabytes ggn)" -v em="$(megabytes exact)" 'BEGIN {
    printf "**Claim.** A Child alpha step with the Gauss-Newton product takes %.2f s and %.1f GB, with the exact Hessian product %.2f s (%.1f times) and %.1f GB", g, gm / 1000, e, e / g, em / 1000
    if (n != "" && g > n) printf "; over a step without curvature the exact product costs %.1f times what Gauss-Newton does", (e - n) / (g - n)
    print "." }')
fi

cat > "$page" <<PAGE
# What the curvature of a Child alpha step costs, and where it points

$claim

**Command.** \`bench/curvature.sh${*:+ $*}\`

One whole alpha step of the Child (gradient of the Parent, g_C, product P with the curvature, Adam) on the same state and batch; one
warm-up, then timed steps, the order turned from round to round; median with least and most. Defaults: 8 cells, C = 16, batch 16,
2 threads, after 10 weight steps of Parent and Child on synthetic images. Peak memory is that of a process which makes one such step
(VmHWM, 10^6 bytes, everything included).

**Directions.** The gradient is -g_C + lambda P, P = H_G dD/dg_C or what stands in for it (DCP-NAS 4.33 to 4.41); cosines over all of
alpha, mean over batches with least and most, from the same twice differentiable forward pass for all curvatures. "P and total gradient"
belongs to the curvature's own gradient. The last column says how much of the gradient P is at the default lambda = 0.005.

**Machine.** $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, $(uname -sr); allocator ${allocator:-of the system}. $(date +%F), load average $(cut -d' ' -f1 /proc/loadavg) behind the run.

$table
PAGE
echo "wrote $page"
