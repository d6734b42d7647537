/* Limits to 16 bits. */
static inline int16_t nn_saturate(int32_t value)
{
    if (value > 32767) {
        return 32767;
    }

    return value < -32768 ? (int16_t)-32768 : (int16_t)value;
}
