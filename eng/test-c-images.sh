#!/usr/bin/env bash
# Runs generated C of the shipped networks cifar10 and mnist on this machine, on all 10,000 test images of their data sets:
# every number of every image is that of the runtime's integer mode. test.sh does the same with 300 images; this takes a minute.
# The data stand in the folder of DCPNAS_DATA (cifar-10-batches-bin, mnist), else in .data. IMAGES: how many (10000).
#   DCPNAS_DATA=/data eng/test-c-images.sh
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

export DCPNAS_DATA=${DCPNAS_DATA:-$PWD/.data} DCPNAS_C_IMAGES=${IMAGES:-10000} DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
command -v cc > /dev/null || { echo "test-c-images.sh: there is no C compiler cc. Install one (Debian: apt install gcc)." >&2; exit 2; }
for file in cifar-10-batches-bin/test_batch.bin mnist/t10k-images-idx3-ubyte.gz mnist/t10k-labels-idx1-ubyte.gz; do
    [ -e "$DCPNAS_DATA/$file" ] && continue
    echo "test-c-images.sh: $DCPNAS_DATA/$file: no such file. DCPNAS_DATA names the folder of the data sets (docs/datasets.md)." >&2
    exit 2
done

dotnet build tests/DcpNas.Runtime.Tests -c Release --nologo -v quiet -clp:ErrorsOnly
exec dotnet exec artifacts/bin/DcpNas.Runtime.Tests/release*/DcpNas.Runtime.Tests.dll --filter-class '*CImagesTests' --show-live-output on
