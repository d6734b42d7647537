/* Limits to 8 bits. */
static inline int8_t nn_saturate8(int32_t value)
{
    if (value > 127) {
        return 127;
    }

    return value < -128 ? (int8_t)-128 : (int8_t)value;
}
