/* The machine that compiles: the results to compare with. It counts nothing. */
#include <stdio.h>
#include "board.h"

void board_print(const char *text)
{
    fputs(text, stdout);
}

uint32_t board_instructions(void)
{
    return 0;
}

uint32_t board_between(uint32_t before, uint32_t after)
{
    return after - before;
}
