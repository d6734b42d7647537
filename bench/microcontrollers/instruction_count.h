/* Counts of instructions that are longer than the board's own counter. */
#ifndef INSTRUCTION_COUNT_H
#define INSTRUCTION_COUNT_H

#include "board.h"

void count_begin(void);
void count_tick(void);       /* adds what was executed since the last call; at least every 500 million instructions */
uint64_t count_total(void);

#endif
