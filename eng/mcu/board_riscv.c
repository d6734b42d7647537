/* RISC-V on QEMU's virt machine: output by semihosting, instructions by minstret (-icount shift=0). */
#include "board.h"

int main(void);

static int call(int operation, const void *argument)
{
    register long a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = argument;
    __asm__ volatile(".balign 16\n .option push\n .option norvc\n slli zero, zero, 0x1f\n ebreak\n srai zero, zero, 7\n .option pop" : "+r"(a0) : "r"(a1) : "memory");
    return (int)a0;
}

void board_print(const char *text)
{
    call(0x04, text);
}

uint32_t board_instructions(void)
{
    uint32_t count;
    __asm__ volatile("csrr %0, minstret" : "=r"(count));
    return count;
}

uint32_t board_between(uint32_t before, uint32_t after)
{
    return after - before;
}

void start(void)
{
    long result[2] = {0x20026, 0};
    extern uint32_t _bss_begin, _bss_end;
    uint32_t *at;
    for (at = &_bss_begin; at < &_bss_end;) {
        *at++ = 0;
    }

    result[1] = main();
    call(0x20, result);
    for (;;) {
    }
}

__asm__(".section .vectors, \"ax\"\n .globl _start\n_start:\n la sp, _stack\n j start\n");
