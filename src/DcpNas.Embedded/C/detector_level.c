/* One resolution of a detector; a factor is a multiplier and a shift. Sizes hold six numbers an anchor: the factors of tx and of ty, half of the width and of the height in 32768ths of the image. */
typedef struct {
    int32_t scores, codes; /* their first numbers among the results */
    uint16_t height, width, anchors;
    uint16_t score_multiplier, score_shift, size_multiplier, size_shift;
    const int32_t *sizes;
} nn_level;
