/* Division by a power of two, halves up; shifts above 15 count as 15. */
static inline int32_t nn_divide(int32_t value, int32_t shift)
{
    if (shift > 15) {
        shift = 15;
    }

    return shift == 0 ? value : (value + ((int32_t)1 << (shift - 1))) >> shift;
}
