/* What a board gives: output, and a count of instructions. */
#include <stdint.h>

void board_print(const char *text);
uint32_t board_instructions(void);                          /* a count, in a unit of the board's */
uint32_t board_between(uint32_t before, uint32_t after);    /* instructions between two counts */
