/* The upper 32 of the 48 bits of a product. */
static int32_t nn_high(int32_t value, int16_t multiplier)
{
#if NN_MULTIPLIES_LONG
    return (int32_t)(((int64_t)value * multiplier) >> 16);
#else
    return (value >> 16) * multiplier + (int32_t)(((uint32_t)(value & 0xffff) * (uint32_t)multiplier) >> 16);
#endif
}
