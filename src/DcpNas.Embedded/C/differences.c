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
