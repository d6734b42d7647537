/* The numbers of one pixel from its sums. The shortcut, if any, may be the place of the result. */
static void nn_affine_sums(const nn_affine *layer, const nn_sum *sums, const int16_t *shortcut, int16_t *out)
{
    int32_t c;
    for (c = 0; c < layer->channels; c++) {
        out[c] = nn_affine_tail(layer, c, (sums[c] * (int32_t)layer->multiplier[c] + layer->bias[c]) >> layer->shift, shortcut != 0 ? shortcut[c] : 0);
    }
}
