/* Whether the intersection of two boxes is more than so many 32768ths of their union. */
static int nn_overlap(const nn_box *a, const nn_box *b, int32_t threshold)
{
    const int32_t left = a->left > b->left ? a->left : b->left, right = a->right < b->right ? a->right : b->right;
    const int32_t top = a->top > b->top ? a->top : b->top, bottom = a->bottom < b->bottom ? a->bottom : b->bottom;
    uint32_t both, either;
    if (right <= left || bottom <= top) {
        return 0;
    }

    both = (uint32_t)(right - left) * (uint32_t)(bottom - top);
    either = (uint32_t)(a->right - a->left) * (uint32_t)(a->bottom - a->top) + (uint32_t)(b->right - b->left) * (uint32_t)(b->bottom - b->top) - both;
    return (uint64_t)both * 32768u > (uint64_t)either * (uint32_t)threshold;
}

/* Leaves of boxes by falling score those that overlap with none of a higher score that stays. Returns how many there are. */
static int32_t nn_suppress(nn_box *boxes, int32_t count, int32_t threshold)
{
    int32_t kept = 0, i, j;
    for (i = 0; i < count; i++) {
        for (j = 0; j < kept && !nn_overlap(boxes + j, boxes + i, threshold); j++) {
        }

        if (j == kept) {
            boxes[kept++] = boxes[i];
        }
    }

    return kept;
}
