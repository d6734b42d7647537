#!/usr/bin/env bash
# Makes the networks that the table of instructions is fitted on: every operation, type of node and stem, hardly trained (what a network costs does not depend on what it has learned).
# Those that end in -8 have shortcuts of 8 bits.
#   eng/mcu/fit-networks.sh FOLDER, then CHECK="mnist persons cifar10" eng/fit-instructions.sh DIR FOLDER/*.dcpnas models/{scenes,mnist,persons,cifar10}.dcpnas
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
folder=${1:?usage: eng/mcu/fit-networks.sh FOLDER}
mkdir -p "$folder"
export OMP_NUM_THREADS=1

make() { # name, options of its network
    local name=$1
    shift
    [ -e "$folder/$name-8.dcpnas" ] && return
    "$root/dcpnas" train --dataset synthetic --train-images 80 --test-images 20 --epochs 1 --two-step false --batch-size 16 --reestimate-images 20 --threads 1 --workers 0 --run "$folder/runs/$name" "$@" > /dev/null
    "$root/dcpnas" export "$folder/runs/$name" --out "$folder/$name.dcpnas" --integer --compact --images 8
    "$root/dcpnas" export "$folder/runs/$name" --out "$folder/$name-8.dcpnas" --integer --shortcuts 8 --compact --images 8
}

all="normal: n2[sep3<-0, max<-1] n3[skip<-0, dil5<-2] n4[avg<-1, sep5<-3] n5[dil3<-0, skip<-4] | reduction: n2[skip<-0, sep5<-1] n3[max<-0, dil3<-1] n4[avg<-0, skip<-2] n5[sep3<-0, dil5<-1]"
make all6 --genotype "$all" --channels 6 --cells 3 --stem half
make all40 --genotype "$all" --channels 40 --cells 2 --stem half --stem-multiplier 1
make tan16 --genotype Tangent_1 --channels 16 --cells 3 --stem half --stem-multiplier 1
make bi8 --architecture birealnet18 --channels 8 --stem half
make bi20 --architecture birealnet18 --channels 20 --stem image_net
make bi32 --architecture birealnet18 --channels 32 --stem half
make re4 --architecture reactnet_a --channels 4 --stem half
make rel8 --genotype "$all" --channels 8 --cells 2 --stem half --scheme release
