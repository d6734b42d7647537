/* The numbers of one pixel from numbers. Either input may be the place of the result. */
static void nn_affine_numbers(const nn_affine *layer, const int16_t *in, const int16_t *shortcut, int16_t *out)
{
    int32_t c;
    for (c = 0; c < layer->channels; c++) {
        out[c] = nn_affine_tail(layer, c, (in[c] * (int32_t)layer->multiplier[c] + layer->bias[c]) >> layer->shift, shortcut != 0 ? shortcut[c] : 0);
    }
}
