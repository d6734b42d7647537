#!/usr/bin/env bash
# Shows that TorchSharp still needs the finalizer gate (docs/adr/0003-parked-finalizer.md): adds tensors beside a thread that allocates, without the gate,
# until a value is wrong or the process dies. It is a race, so how long it takes is chance: mostly seconds.
#   eng/need-of-gate.sh [MINUTES]        gives up after so many minutes (default 5); exit code 1 then
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
limit=$((${1:-5} * 60))
dotnet build tests/DcpNas.Stress -c Release --nologo -v quiet || exit 1
stress=$(ls artifacts/bin/DcpNas.Stress/release*/DcpNas.Stress.dll) || exit 1
export OMP_NUM_THREADS=1
while [ "$SECONDS" -lt "$limit" ]; do
  dotnet exec "$stress" scalars-allocating without 10 2> /dev/null || { echo "needed: exit code $? after $SECONDS s without the gate"; exit 0; }
done
echo "no harm in $SECONDS s without the gate: does TorchSharp keep its scalars alive now?" >&2
exit 1
