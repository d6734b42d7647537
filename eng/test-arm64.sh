#!/usr/bin/env bash
# Runs the tests of the runtime as an ARM64 program under qemu, so that the AdvSimd kernels are tested on an x86 machine. Not part of test.sh: it takes minutes.
# Arguments go to the test program (eng/test-arm64.sh --filter-class '*Convolution*').
# Needs Debian's qemu-user-static and the ARM64 C and C++ libraries; installs them with apt-get where they are missing and the user is root.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

root=/usr/aarch64-linux-gnu
if ! command -v qemu-aarch64-static > /dev/null || [ ! -e "$root/lib/libstdc++.so.6" ] || [ ! -e "$root/lib/libgcc_s.so.1" ]; then
    packages="qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross"
    [ "$(id -u)" -eq 0 ] || { echo "test-arm64.sh: install first: sudo apt-get install $packages" >&2; exit 1; }
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
fi

# The test platform hashes names with OpenSSL, for which Debian has no cross package: the ARM64 package is unpacked beside the build, and the system stays as it is.
output=$PWD/artifacts/test-arm64
ssl=$PWD/artifacts/test-arm64-ssl
if [ ! -e "$ssl/usr/lib/aarch64-linux-gnu/libssl.so.3" ]; then
    mkdir -p "$ssl/lists/partial"
    (
        cd "$ssl"
        options=(-qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o "Dir::State::lists=$ssl/lists" -o Dir::State::status=/dev/null -o APT::Sandbox::User=root)
        apt-get "${options[@]}" update
        apt-get "${options[@]}" download libssl3
        dpkg -x libssl3_*_arm64.deb .
        rm -rf lists
    )
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet publish tests/DcpNas.Runtime.Tests -c Release -r linux-arm64 --self-contained -o "$output" --nologo -v quiet
# qemu does not see code that is written through a second mapping, and code that is compiled once is not patched.
exec qemu-aarch64-static -L "$root" -E DOTNET_EnableWriteXorExecute=0 -E DOTNET_TieredCompilation=0 -E "LD_LIBRARY_PATH=$ssl/usr/lib/aarch64-linux-gnu" "$output/DcpNas.Runtime.Tests" "$@"
