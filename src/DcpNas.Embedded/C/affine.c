/* Multiplier and bias per channel, then perhaps a shortcut, PReLU and a shift. */
typedef struct {
    uint16_t channels, shift, shortcut_shift, slope_shift;
    const int16_t *multiplier;
    const int32_t *bias;
    const int16_t *slope;  /* or 0 */
    const int16_t *offset; /* or 0 */
} nn_affine;
