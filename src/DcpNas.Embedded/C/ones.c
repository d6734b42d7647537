/* Bits that are 1 in a word. */
#if NN_POPCOUNT
#define nn_ones(word) ((int32_t)__builtin_popcount(word))
#else
static inline int32_t nn_ones(uint32_t word)
{
    word = word - ((word >> 1) & 0x55555555u);
    word = (word & 0x33333333u) + ((word >> 2) & 0x33333333u);
    word = (word + (word >> 4)) & 0x0f0f0f0fu;
#if NN_MULTIPLIES_SLOWLY
    word = word + (word >> 8);
    return (int32_t)((word + (word >> 16)) & 0x3fu);
#else
    return (int32_t)((word * 0x01010101u) >> 24);
#endif
}
#endif
