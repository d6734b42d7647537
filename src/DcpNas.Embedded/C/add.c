/* The first terms of a sum, then one more; the result may lie where a term does. */
static void nn_add(const int16_t *a, int32_t a_shift, const int16_t *b, int32_t b_shift, int16_t *out, int32_t count)
{
    int32_t i;
    for (i = 0; i < count; i++) {
        out[i] = nn_saturate(nn_divide(a[i], a_shift) + nn_divide(b[i], b_shift));
    }
}
