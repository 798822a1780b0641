/*
 * What is drawn: the words of a map with their places, groups and arrows. choice.c says which words
 * these are, map.c where they lie, svg.c and page.c draw them.
 */
#ifndef W2V_DRAW_PICTURE_H
#define W2V_DRAW_PICTURE_H

#include "draw/affinity.h"
#include "text/wordlist.h"

#define PICTURE_NO_GROUP UINT32_MAX

enum { PICTURE_MAX_GROUPS = 1000, PICTURE_MAX_CHARS = 40 /* of a word in a drawing */ };

struct picture_group {
    const char *name; /* n_bytes of any kind */
    size_t n_bytes;
    size_t n_words;
};

struct picture {
    const struct w2v_model *model;
    size_t n;
    size_t *ids;     /* (n) rising */
    uint32_t *group; /* (n), or PICTURE_NO_GROUP */
    float *places;   /* (n, 2); y rises upwards */
    struct picture_group *groups;
    size_t n_groups;
    uint32_t (*arrows)[2]; /* (n_arrows): from one word to another */
    size_t n_arrows;
    uint32_t *order; /* (n): the words; the earlier one gets its label first */
    size_t n_labels; /* at the most */
    struct affinity_nearest nearest;

    struct wordlist list; /* holds the names of groups that come from a file */
    char *names;          /* holds the names of clusters */
    size_t n_missing;     /* words that are not in the model */
    size_t n_left_out;    /* words without a direction */
    size_t n_unpaired;    /* arrows that lack a word */
};

/* How much of it is written. */
struct picture_drawn {
    size_t n_labels, n_arrows;
};

/* Word i. */
const char *picture_word(const struct picture *picture, size_t i, size_t *n_bytes);

void picture_release(struct picture *picture);

#endif
