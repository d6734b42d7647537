/* Counts of instructions that are longer than the board's own counter, and output. */
#ifndef OPPONENT_H
#define OPPONENT_H

#include <stdint.h>

void count_begin(void);
void count_tick(void);       /* adds what was executed since the last call; at least every 500 million instructions */
uint64_t count_total(void);
void print_number(const char *what, uint64_t number);

#endif
