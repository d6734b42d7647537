/* All boxes of an image by falling score; candidates has room for as many as may be compared within a class. */
static int32_t nn_detect_levels(
    const nn_level *levels, int32_t count, int32_t classes, int32_t finer, uint32_t score_threshold, int32_t overlap_threshold, int16_t *results, nn_box *candidates, int32_t most_candidates,
    nn_box *boxes, int32_t most)
{
    int32_t found = 0, level, index, i;
    for (level = 0; level < count; level++) {
        nn_probabilities(levels + level, classes, finer, score_threshold, results);
    }

    for (index = 0; index < classes; index++) {
        int32_t some = 0;
        for (level = 0; level < count; level++) {
            some = nn_candidates(levels + level, classes, index, results, candidates, some, most_candidates);
        }

        some = nn_suppress(candidates, some, overlap_threshold);
        for (i = 0; i < some; i++) {
            found = nn_insert(boxes, found, most, candidates + i);
        }
    }

    return found;
}
