#!/usr/bin/env bash
# Builds and runs every test. Arguments go to the test program (./test.sh --filter-class '*Genotype*').
# Tests with real images look in $DCPNAS_DATA, else unpack ../shared/data into .data where that is there, else say that they were skipped.
# The last line of the output is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" || exit 1

command -v dotnet > /dev/null || { echo "test.sh: dotnet is not on the PATH. Install the .NET SDK 10 or later: https://dot.net/download" >&2; exit 1; }

if [ -z "${DCPNAS_DATA:-}" ]; then
    if [ -x ../shared/data/prepare.sh ] && ../shared/data/prepare.sh "$PWD/.data" >&2; then
        export DCPNAS_DATA="$PWD/.data"
    else
        echo "No real images (DCPNAS_DATA is not set and ../shared/data is not there): tests that need them are skipped." >&2
    fi
fi

export OMP_NUM_THREADS=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build DcpNas.slnx -c Release --nologo -v quiet || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet test --solution DcpNas.slnx -c Release --no-build --progress off "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
passed=${passed:-0} failed=${failed:-0} skipped=${skipped:-0}
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1 # a test program that died has not counted itself
if [ "$status" -eq 0 ] && [ "$passed" -eq 0 ]; then
    echo "No test ran." >&2
    status=1
fi

echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
