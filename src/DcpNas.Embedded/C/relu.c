static void nn_relu(const int16_t *in, int16_t *out, int32_t count)
{
    int32_t i;
    for (i = 0; i < count; i++) {
        out[i] = in[i] > 0 ? in[i] : (int16_t)0;
    }
}
