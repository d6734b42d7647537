/* A part of a whole in 65536ths, rounded down, at most 65535: long division, since part * 65536 has more than 32 bits. */
static uint32_t nn_share(uint32_t part, uint32_t whole)
{
    uint32_t share = 0;
    int bit;
    for (bit = 0; bit < 16; bit++) {
        part <<= 1;
        share <<= 1;
        if (part >= whole) {
            part -= whole;
            share |= 1;
        }
    }

    return share;
}

/* 2^(15 + finer) * 2^(-difference of scores), which is a term of the softmax. */
static uint32_t nn_term(const nn_level *level, int32_t difference, int32_t finer)
{
    const uint32_t half = level->score_shift == 0 ? 0 : (uint32_t)1 << (level->score_shift - 1);
    const uint32_t exponent = ((uint32_t)difference * level->score_multiplier + half) >> level->score_shift;
    const uint32_t octaves = exponent >> 12;
    return octaves > (uint32_t)(15 + finer) ? 0 : (((uint32_t)nn_power((int32_t)(exponent & 4095u)) << finer) + (((uint32_t)1 << octaves) >> 1)) >> octaves;
}

/* Scores of all anchors of a level become probabilities, in place: 65536ths, 0 of the background and where they are not above the threshold. */
static void nn_probabilities(const nn_level *level, int32_t classes, int32_t finer, uint32_t threshold, int16_t *results)
{
    int16_t *scores = results + level->scores;
    int32_t anchors, i;
    for (anchors = (int32_t)level->height * level->width * level->anchors; anchors > 0; anchors--, scores += classes + 1) {
        int32_t largest = scores[0];
        uint32_t sum = 0;
        for (i = 1; i <= classes; i++) {
            largest = scores[i] > largest ? scores[i] : largest;
        }

        for (i = 0; i <= classes; i++) {
            sum += nn_term(level, largest - scores[i], finer);
        }

        scores[0] = 0;
        for (i = 1; i <= classes; i++) {
            const uint32_t term = nn_term(level, largest - scores[i], finer);
            /* Below this no share can be above the threshold. */
            const uint32_t share = term < (threshold + 1u) * (sum >> 16) ? 0 : nn_share(term, sum);
            ((uint16_t *)scores)[i] = (uint16_t)(share > threshold ? share : 0);
        }
    }
}
