/* What a board gives: output, and a count of instructions. */
#include <stdint.h>

void board_print(const char *text);
uint32_t board_instructions(void);
void board_report(uint32_t before, uint32_t after);
