/* The first terms of a sum, then one more; the result may lie where a term does. */
static void nn_add(const int16_t *a, int32_t a_shift, const int16_t *b, int32_t b_shift, int16_t *out, int32_t count)
{
    int32_t i;
#if NN_HELIUM
    for (i = 0; i < count; i += 4) {
        const mve_pred16_t wanted = vctp32q((uint32_t)(count - i));
        const int32x4_t sum = vaddq_s32(nn_divide_lanes(nn_load_lanes(a + i, sizeof *a, wanted), a_shift), nn_divide_lanes(nn_load_lanes(b + i, sizeof *b, wanted), b_shift));
        nn_store_lanes(out + i, sizeof *out, nn_saturate_lanes(sum, sizeof *out), wanted);
    }
#else
    for (i = 0; i < count; i++) {
        out[i] = nn_saturate(nn_divide(a[i], a_shift) + nn_divide(b[i], b_shift));
    }
#endif
}
