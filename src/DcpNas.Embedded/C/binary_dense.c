/* The sums of one output pixel: (equal signs) - (different signs) over the taps in the image. */
static void nn_binary_pixel(const nn_binary *layer, const uint32_t *in, int32_t y, int32_t x, nn_sum *sums, uint32_t *patch)
{
    const nn_window *window = &layer->window;
    const int32_t words = layer->words;
    const int32_t row = (int32_t)window->kernel * words;
    const uint32_t *filter = layer->weight;
    int32_t c, ky, kx, k, top, bottom, left, right;
    const int32_t in_y = nn_taps(window, y, window->height, &top, &bottom);
    const int32_t in_x = nn_taps(window, x, window->width, &left, &right);
    const int32_t terms = (bottom - top) * (right - left) * (int32_t)layer->channels;
    const int32_t width = (right - left) * words;
    uint32_t *target = patch;
    for (ky = top; ky < bottom; ky++) {
        const uint32_t *source = in + ((in_y + (ky - top) * window->dilation) * window->width + in_x) * words;
        for (kx = left; kx < right; kx++) {
            for (k = 0; k < words; k++) {
                *target++ = source[k];
            }

            source += window->dilation * words;
        }
    }

#if NN_HELIUM
    const int32_t size = row * window->kernel;
    const uint32x4_t four = vmulq_n_u32(vidupq_n_u32(0, 1), (uint32_t)size);
    filter += top * row + left * words;
    for (c = 0; c < layer->out_channels; c += 4, filter += 4 * size) {
        const uint32x4_t offsets = vminq_u32(four, vdupq_n_u32((uint32_t)((layer->out_channels - 1 - c) * size))); /* the last filter stands for those that are missing */
        uint32x4_t different;
        if (width == row) {
            different = nn_differences_lanes(patch, filter, offsets, (bottom - top) * row);
        } else {
            different = vdupq_n_u32(0);
            for (ky = 0; ky < bottom - top; ky++) {
                different = vaddq_u32(different, nn_differences_lanes(patch + ky * width, filter + ky * row, offsets, width));
            }
        }

        nn_store_lanes(sums + c, sizeof *sums, vsubq_s32(vdupq_n_s32(terms), vreinterpretq_s32_u32(vshlq_n_u32(different, 1))), vctp32q((uint32_t)(layer->out_channels - c)));
    }
#else
    if (width == row) {
        const int32_t count = (bottom - top) * row;
        filter += top * row;
        for (c = 0; c < layer->out_channels; c++) {
            sums[c] = (nn_sum)(terms - 2 * nn_differences(patch, filter, count));
            filter += row * window->kernel;
        }

        return;
    }

    filter += top * row + left * words;
    for (c = 0; c < layer->out_channels; c++) {
        int32_t different = 0;
        const uint32_t *w = filter;
        const uint32_t *from = patch;
        for (ky = top; ky < bottom; ky++) {
            different += nn_differences(from, w, width);
            from += width;
            w += row;
        }

        sums[c] = (nn_sum)(terms - 2 * different);
        filter += row * window->kernel;
    }
#endif
}
