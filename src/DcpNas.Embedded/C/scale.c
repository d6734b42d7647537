/* Numbers of another exponent; the result may lie where they do. */
static void nn_scale(const int16_t *in, int32_t shift, int16_t *out, int32_t count)
{
    int32_t i;
    for (i = 0; i < count; i++) {
        out[i] = nn_saturate(nn_divide(in[i], shift));
    }
}
