#include "opponent.h"
#include "board.h"

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

void print_number(const char *what, uint64_t number)
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
    board_print(" ");
    board_print(text + at);
}
