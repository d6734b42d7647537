# The cores of test-mcu.sh and fit-instructions.sh, which call each_core after they have defined run:
# CORES names those that are wanted, for example CORES="cortex-m4 rv32imc"; all without it.
# run CORE BOARD MACHINE FLASH RAM TICK FLAGS...: board file, machine of QEMU, begin of flash and of RAM, instructions a tick of its counter, flags of the compiler.
each_core() {
    # ARMv6-M code runs on the M3 as well, with the same instructions; QEMU's M0 board has too little memory.
    wanted cortex-m0 arm "-M mps2-an385" 0x00000000 0x20000000 40 -mthumb -mcpu=cortex-m0
    wanted cortex-m3 arm "-M mps2-an385" 0x00000000 0x20000000 40 -mthumb -mcpu=cortex-m3
    wanted cortex-m4 arm "-M mps2-an386" 0x00000000 0x20000000 40 -mthumb -mcpu=cortex-m4
    wanted cortex-m7 arm "-M mps2-an500" 0x00000000 0x20000000 40 -mthumb -mcpu=cortex-m7
    wanted cortex-m33 arm "-M mps2-an505" 0x10000000 0x38000000 50 -mthumb -mcpu=cortex-m33
    wanted cortex-m55 arm "-M mps3-an547" 0x00000000 0x21000000 125/4 -mthumb -mcpu=cortex-m55 -mfloat-abi=hard -DHAS_FPU
    wanted rv32imc riscv "-M virt -bios none" 0x80000000 0x80400000 1 -march=rv32imc_zicsr -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0
    wanted rv32imc_zbb riscv "-M virt -bios none -cpu rv32,zbb=true" 0x80000000 0x80400000 1 -march=rv32imc_zicsr_zbb -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0
}

wanted() {
    case " ${CORES:-$1} " in *" $1 "*) run "$@" ;; esac
}

# Installs the cross compilers and QEMU where they are missing and the user is root.
install_tools() {
    local packages="gcc gcc-arm-none-eabi qemu-system-arm gcc-riscv64-unknown-elf qemu-system-misc" tool
    for tool in gcc arm-none-eabi-gcc qemu-system-arm riscv64-unknown-elf-gcc qemu-system-riscv32; do
        command -v $tool > /dev/null && continue
        [ "$(id -u)" -eq 0 ] || { echo "${0##*/}: install first: sudo apt-get install $packages" >&2; exit 1; }
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages > /dev/null
        break
    done
}
