/* Cortex-M on QEMU's MPS boards: output by semihosting, instructions by SysTick.
 * With -icount shift=0 an instruction takes 1 ns of virtual time, and a tick TICK of them. */
#include "board.h"

#define SYSTICK ((volatile uint32_t *)0xe000e010)
#define CPACR (*(volatile uint32_t *)0xe000ed88)
#define MOST 0xffffffu

extern uint32_t _bss_begin, _bss_end, _data_begin, _data_end, _data_source, _stack;
int main(void);

static int call(int operation, const void *argument)
{
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void board_print(const char *text)
{
    call(0x04, text);
}

uint32_t board_instructions(void)
{
    return MOST - (SYSTICK[2] & MOST);
}

uint32_t board_between(uint32_t before, uint32_t after)
{
    return ((after - before) & MOST) * TICK;
}

#ifdef HAS_FPU
__attribute__((target("general-regs-only"))) /* the unit is off until the line below */
#endif
void reset(void)
{
    uint32_t *at, *from = &_data_source;
    uint32_t result[2] = {0x20026u, 0};
    for (at = &_data_begin; at < &_data_end;) {
        *at++ = *from++;
    }

    for (at = &_bss_begin; at < &_bss_end;) {
        *at++ = 0;
    }

#ifdef HAS_FPU
    CPACR |= 0xf00000u; /* Helium's registers are those of the floating-point unit; the network itself uses no floating point */
    __asm__ volatile("dsb\n isb");
#endif
    SYSTICK[1] = MOST;
    SYSTICK[2] = 0;
    SYSTICK[0] = 5;
    result[1] = (uint32_t)main();
    call(0x20, result);
    for (;;) {
    }
}

void fault(void)
{
    uint32_t result[2] = {0x20026u, 99};
    board_print("fault\n");
    call(0x20, result);
    for (;;) {
    }
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    &_stack, (const void *)reset, (const void *)fault, (const void *)fault, (const void *)fault, (const void *)fault, (const void *)fault,
};
