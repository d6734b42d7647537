/* What a board gives: output, and a count of instructions. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

void board_print(const char *text);
uint32_t board_instructions(void);                          /* a count, in a unit of the board's */
uint32_t board_between(uint32_t before, uint32_t after);    /* instructions between two counts */

/* A line: a text, and a number behind it. */
static inline void print_number(const char *what, uint64_t number)
{
    char text[24];
    int at = 23;
    text[at] = 0;
    text[--at] = '\n';
    do {
        text[--at] = (char)('0' + number % 10u);
        number /= 10u;
    } while (number != 0);
    board_print(what);
    board_print(text + at);
}

#endif
