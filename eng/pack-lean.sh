#!/usr/bin/env bash
# Packs dcpnas predict, bench and inspect as a native program without libtorch: the package DcpNas.Lean and the one of this processor that it leads to.
#   eng/pack-lean.sh DIR [RID]      RID: linux-x64 or linux-arm64 (default: this machine); another processor needs clang, llvm and its C library
# Install it with: dotnet tool install DcpNas.Lean --global --source DIR
# Needs a C linker: clang or gcc. Further options of dotnet pack may be given in PACK_OPTIONS.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

[ $# -ge 1 ] && [ $# -le 2 ] || { echo "usage: eng/pack-lean.sh DIR [linux-x64|linux-arm64]" >&2; exit 2; }
folder=$1
case $(uname -m) in x86_64) here=linux-x64 ;; aarch64) here=linux-arm64 ;; *) echo "pack-lean.sh: no package for $(uname -m), only for x86_64 and aarch64." >&2; exit 2 ;; esac
rid=${2:-$here}
case $rid in linux-x64 | linux-arm64) ;; *) echo "pack-lean.sh: RID must be linux-x64 or linux-arm64, got '$rid'." >&2; exit 2 ;; esac

linker=()
if ! command -v clang > /dev/null; then
    command -v gcc > /dev/null && [ "$rid" = "$here" ] || { echo "pack-lean.sh: native code needs clang${here:+ (or gcc, for this processor)}. On Debian: apt install clang llvm" >&2; exit 1; }
    linker=(-p:CppCompilerAndLinker=gcc -p:LinkerFlavor=bfd)
fi

# The compiler ahead of time warns of what the tool reaches; analysers would speak of all the library.
pack() { dotnet pack src/DcpNas.Lean -c Release --nologo -v quiet -p:PublishAot=true -p:RunAnalyzers=false "${linker[@]}" -o "$folder" ${PACK_OPTIONS:-} "$@"; }
pack -p:RuntimeIdentifier="$rid"
pack -p:RuntimeIdentifier= # the package of that name, which knows those of the processors
ls -l "$folder"/DcpNas.Lean.*nupkg
