#!/usr/bin/env bash
# Packs the lean native tool for this machine, installs it and compares what it says with the whole tool. Takes minutes: native code is compiled ahead of time.
# Needs clang or gcc, and ld.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/EndToEnd -c Release --nologo -v quiet -clp:ErrorsOnly
DCPNAS_LEAN_TESTS=1 dotnet exec artifacts/bin/EndToEnd/release_linux-x64/EndToEnd.dll --filter-class '*LeanToolTests'
