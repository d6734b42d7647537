/* Runs a network of float_network.py on a drawn image: instructions, bytes of values, and how far its results are from those of the reader in tests/. */
#include "network.h"
#include "instruction_count.h"

extern const float expected[RESULTS];
static uint8_t pixels[PIXEL_BYTES];
static float results[RESULTS];

int main(void)
{
    uint32_t state = 0x9e3779b9u;
    float largest = 0, difference = 0;
    int i;
    for (i = 0; i < PIXEL_BYTES; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        pixels[i] = (uint8_t)(state >> 24);
    }

    count_begin();
    float_run(pixels, results);
    count_tick();
    print_number("instructions ", count_total());
    print_number("ram ", MEMORY_BYTES);
    for (i = 0; i < RESULTS; i++) {
        const float size = expected[i] < 0 ? -expected[i] : expected[i], apart = results[i] < expected[i] ? expected[i] - results[i] : results[i] - expected[i];
        largest = size > largest ? size : largest;
        difference = apart > difference ? apart : difference;
    }

    print_number("thousandths ", (uint64_t)(1000 * difference / largest));
    return 0;
}
