#if NN_HELIUM
/* Bits that are 1 in each half of a byte. */
static inline uint8x16_t nn_ones_lanes(uint32x4_t words)
{
    uint8x16_t halves = vreinterpretq_u8_u32(words);
    halves = vsubq_u8(halves, vandq_u8(vshrq_n_u8(halves, 1), vdupq_n_u8(0x55)));
    return vaddq_u8(vandq_u8(halves, vdupq_n_u8(0x33)), vandq_u8(vshrq_n_u8(halves, 2), vdupq_n_u8(0x33)));
}

/* Adds both halves of each byte to SUM. */
static inline uint8x16_t nn_add_halves(uint8x16_t sum, uint8x16_t halves)
{
    return vaddq_u8(vaddq_u8(sum, vandq_u8(halves, vdupq_n_u8(0x0f))), vshrq_n_u8(halves, 4));
}

/* Bits in which a row of words differs from four filters at once, each at its offset from FILTER. */
static inline uint32x4_t nn_differences_lanes(const uint32_t *a, const uint32_t *filter, uint32x4_t offsets, int32_t count)
{
#define NN_DIFFERENCE(at) veorq_u32(vldrwq_gather_shifted_offset_u32(filter + (at), offsets), vdupq_n_u32(a[at]))
    uint32x4_t total = vdupq_n_u32(0);
    do {
        uint8x16_t sum = vdupq_n_u8(0);
        uint16x8_t pairs;
        int32_t left = count < 27 ? count : 27; /* then no byte of the sum is above 9 * 24 + 2 * 8 */
        count -= left;
        for (; left >= 3; left -= 3) { /* three words are added in carry-save form before bits are counted */
            const uint32x4_t w0 = NN_DIFFERENCE(0), w1 = NN_DIFFERENCE(1), w2 = NN_DIFFERENCE(2), half = veorq_u32(w0, w1);
            const uint8x16_t twos = nn_ones_lanes(vorrq_u32(vandq_u32(w0, w1), vandq_u32(half, w2)));
            sum = nn_add_halves(sum, vaddq_u8(nn_ones_lanes(veorq_u32(half, w2)), vaddq_u8(twos, twos)));
            a += 3;
            filter += 3;
        }

        for (; left > 0; left--) {
            sum = nn_add_halves(sum, nn_ones_lanes(NN_DIFFERENCE(0)));
            a++;
            filter++;
        }

        pairs = vaddq_u16(vmovlbq_u8(sum), vmovltq_u8(sum));
        total = vaddq_u32(total, vaddq_u32(vmovlbq_u16(pairs), vmovltq_u16(pairs)));
    } while (count > 0);

#undef NN_DIFFERENCE
    return total;
}
#else
/* Bits in which two rows of words differ. */
static int32_t nn_differences(const uint32_t *a, const uint32_t *b, int32_t count)
{
    int32_t sum = 0;
#if NN_HARLEY_SEAL
/* A full adder of 32 places: carry and sum of three words. */
#define NN_ADD(carry, sum, x, y, z) \
    do { \
        const uint32_t half = (x) ^ (y); \
        const uint32_t third = (z); \
        (carry) = ((x) & (y)) | (half & third); \
        (sum) = half ^ third; \
    } while (0)
    if (count >= 7) {
        uint32_t ones = 0, twos = 0, fours = 0, w0, w1, w2, two0, two1, two2, four;
        int32_t eights = 0;
        do {
            uint32_t eight;
            w0 = a[0] ^ b[0];
            w1 = a[1] ^ b[1];
            NN_ADD(two0, ones, ones, w0, w1);
            w0 = a[2] ^ b[2];
            w1 = a[3] ^ b[3];
            NN_ADD(two1, ones, ones, w0, w1);
            w0 = a[4] ^ b[4];
            w1 = a[5] ^ b[5];
            NN_ADD(two2, ones, ones, w0, w1);
            NN_ADD(four, twos, twos, two0, two1);
            w2 = count > 7 ? a[7] ^ b[7] : 0;
            w0 = a[6] ^ b[6];
            NN_ADD(two0, ones, ones, w0, w2);
            NN_ADD(two1, twos, twos, two2, two0);
            NN_ADD(eight, fours, fours, four, two1);
            eights += nn_ones(eight);
            if (count == 7) {
                count = 0;
            } else {
                a += 8;
                b += 8;
                count -= 8;
            }
        } while (count >= 7);
        sum = 8 * eights + 4 * nn_ones(fours) + 2 * nn_ones(twos) + nn_ones(ones);
    }
#undef NN_ADD
#endif
    while (count > 0) {
        sum += nn_ones(*a++ ^ *b++);
        count--;
    }

    return sum;
}
#endif
