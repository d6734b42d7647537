/* The sums of one output pixel, each channel with its own filter. Bits are added in planes: plane p holds bit p of 32 counters. */
static void nn_binary_pixel_depthwise(const nn_binary *layer, const uint32_t *in, int32_t y, int32_t x, nn_sum *sums)
{
    const nn_window *window = &layer->window;
    const int32_t words = layer->words;
    const int32_t channels = layer->out_channels;
    int32_t c = 0, k, p, ky, kx, top, bottom, left, right;
    const int32_t in_y = nn_taps(window, y, window->height, &top, &bottom);
    const int32_t in_x = nn_taps(window, x, window->width, &left, &right);
    const int32_t terms = (bottom - top) * (right - left);
    for (k = 0; k < words; k++) {
        uint32_t planes[8] = {0, 0, 0, 0, 0, 0, 0, 0};
        int32_t used = 0, n = 0;
        for (ky = top; ky < bottom; ky++) {
            const uint32_t *source = in + ((in_y + (ky - top) * window->dilation) * window->width + in_x) * words + k;
            const uint32_t *w = layer->weight + (ky * window->kernel + left) * words + k;
            for (kx = left; kx < right; kx++) {
                uint32_t carry = *source ^ *w;
                for (p = 0; carry != 0; p++) {
                    const uint32_t sum = planes[p] ^ carry;
                    carry &= planes[p];
                    planes[p] = sum;
                }

                used = p > used ? p : used;
                source += window->dilation * words;
                w += words;
            }
        }

#if NN_HELIUM
        for (; n < 32 && c < channels; n += 4, c += 4) {
            const int32x4_t places = vnegq_s32(vreinterpretq_s32_u32(vidupq_n_u32((uint32_t)n, 1)));
            uint32x4_t different = vdupq_n_u32(0);
            for (p = 0; p < used; p++) {
                const uint32x4_t bit = vandq_u32(vshlq_u32(vdupq_n_u32(planes[p]), places), vdupq_n_u32(1));
                different = vaddq_u32(different, vshlq_r_u32(bit, p));
            }

            nn_store_lanes(sums + c, sizeof *sums, vsubq_s32(vdupq_n_s32(terms), vreinterpretq_s32_u32(vshlq_n_u32(different, 1))), vctp32q((uint32_t)(channels - c)));
        }
#else
        if (used <= 4) { /* 3x3 filters, and some of larger ones at borders */
            const uint32_t p0 = planes[0], p1 = planes[1], p2 = planes[2], p3 = planes[3];
            for (n = 0; n < 32 && c < channels; n++, c++) {
                sums[c] = (nn_sum)(terms - (int32_t)((((p0 >> n) & 1u) << 1) | (((p1 >> n) & 1u) << 2) | (((p2 >> n) & 1u) << 3) | (((p3 >> n) & 1u) << 4)));
            }
        }

        for (; n < 32 && c < channels; n++, c++) {
            int32_t different = 0;
            for (p = 0; p < used; p++) {
                different |= (int32_t)((planes[p] >> n) & 1u) << p;
            }

            sums[c] = (nn_sum)(terms - 2 * different);
        }
#endif
    }
}
