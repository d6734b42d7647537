#include "instruction_count.h"

static uint32_t last;
static uint64_t total;

void count_begin(void)
{
    total = 0;
    last = board_instructions();
}

void count_tick(void)
{
    const uint32_t now = board_instructions();
    total += board_between(last, now);
    last = now;
}

uint64_t count_total(void)
{
    return total;
}
