/* 8-bit numbers for a step that reads 16-bit ones. */
static void nn_widen(const int8_t *in, int16_t *out, int32_t count)
{
    int32_t i;
    for (i = 0; i < count; i++) {
        out[i] = in[i];
    }
}
