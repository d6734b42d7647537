/* A number times a factor, halves up. */
static int32_t nn_times(int32_t value, int32_t multiplier, int32_t shift)
{
    return shift == 0 ? value * multiplier : (value * multiplier + ((int32_t)1 << (shift - 1))) >> shift;
}

/* Half of a side: half of the anchor's times a power of 2, at most e^4. */
static int32_t nn_half(const nn_level *level, int32_t half, int32_t code)
{
    const int32_t times = nn_times(code, level->size_multiplier, level->size_shift);
    const int32_t exponent = times > 23637 ? -23637 : -times;
    const int32_t shift = 15 + (exponent >> 12);
    return shift > 30 ? 0 : (half * nn_power(exponent & 4095) + ((int32_t)1 << (shift - 1))) >> shift;
}

static uint16_t nn_edge(int32_t place)
{
    return (uint16_t)(place < 0 ? 0 : place > 32768 ? 32768 : place);
}

/* The two edges of a box in one direction. */
static void nn_side(const nn_level *level, const int32_t *size, int32_t half, int32_t place, int32_t count, const int16_t *code, uint16_t *first, uint16_t *last)
{
    const int32_t middle = (int32_t)(((uint32_t)(2 * place + 1) * 32768u + (uint32_t)count) / (2u * (uint32_t)count)) + nn_times(code[0], size[0], size[1]);
    half = nn_half(level, half, code[2]);
    *first = nn_edge(middle - half);
    *last = nn_edge(middle + half);
}

/* Puts a box behind all of its score and higher ones; of more than most the last is dropped. Returns how many there are. */
static int32_t nn_insert(nn_box *boxes, int32_t count, int32_t most, const nn_box *box)
{
    int32_t place;
    if (count == most) {
        if (most == 0 || boxes[most - 1].score >= box->score) {
            return count;
        }

        count--;
    }

    for (place = count; place > 0 && boxes[place - 1].score < box->score; place--) {
        boxes[place] = boxes[place - 1];
    }

    boxes[place] = *box;
    return count + 1;
}

/* Adds the boxes of a class on a level, by falling score. */
static int32_t nn_candidates(const nn_level *level, int32_t classes, int32_t index, const int16_t *results, nn_box *boxes, int32_t count, int32_t most)
{
    const uint16_t *score = (const uint16_t *)results + level->scores + 1 + index;
    const int16_t *code = results + level->codes;
    int32_t y, x, anchor;
    for (y = 0; y < level->height; y++) {
        for (x = 0; x < level->width; x++) {
            for (anchor = 0; anchor < level->anchors; anchor++, score += classes + 1, code += 4) {
                const int32_t *const sizes = level->sizes + 6 * anchor;
                nn_box box;
                if (*score == 0 || (count == most && boxes[most - 1].score >= *score)) {
                    continue;
                }

                nn_side(level, sizes, sizes[4], x, level->width, code, &box.left, &box.right);
                nn_side(level, sizes + 2, sizes[5], y, level->height, code + 1, &box.top, &box.bottom);
                if (box.right > box.left && box.bottom > box.top) {
                    box.score = *score;
                    box.class_index = (uint16_t)index;
                    count = nn_insert(boxes, count, most, &box);
                }
            }
        }
    }

    return count;
}
