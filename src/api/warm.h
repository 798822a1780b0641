/*
 * A warm start: a run that starts from the vectors of a model; and frozen words, whose vectors do not
 * change. This file connects model/, which opens the file, with train/, which knows no files.
 */
#ifndef W2V_API_WARM_H
#define W2V_API_WARM_H

#include "api/record.h"
#include "text/wordlist.h"
#include "train/trainer.h"

/* What becomes of the model's output matrix. */
enum warm_output {
    WARM_NONE,      /* the model has none */
    WARM_WORDS,     /* used: each word gets its row */
    WARM_NODES,     /* used: each node gets its row, since the trees are the same */
    WARM_ANOTHER,   /* not used: it belongs to another loss */
    WARM_OTHER_TREE /* not used: words or counts differ, so the trees differ */
};

struct warm {
    struct w2v_model *model; /* NULL: the run starts at random */
    const char *path;
    struct wordtable words; /* the model's words, if the vocabulary keeps them */
    enum warm_output output;
    size_t n_matched;          /* words of the vocabulary that the model has */
    struct wordlist to_freeze; /* once it is read */
    unsigned char *frozen;     /* (V), or NULL */
    size_t n_frozen, n_unknown;
};

/*
 * Opens options->init_path. If options->dim is 0, it becomes the model's dimension; else both must be
 * equal. Begin with {0}.
 */
int warm_open(struct warm *warm, struct w2v_train_options *options, struct w2v_error *error);
void warm_release(struct warm *warm);

/* Counts the words that start from the model, decides on its output matrix, and adds the model's
   training record to the run's as "init.KEY". */
int warm_match(struct warm *warm, const struct vocab *vocab, enum w2v_loss loss,
               struct record *carried, struct w2v_error *error);

/* Whether the model makes vectors of n-grams. */
bool warm_has_ngrams(const struct warm *warm);

/* The end of the notice "N words start from MODEL, N at random". */
const char *warm_output_text(enum warm_output output);

/* Reads the list of words that stay, before the vocabulary is known. */
int warm_read_frozen(struct warm *warm, const char *path, struct w2v_error *error);

/* Finds the words of this list in the vocabulary. */
int warm_freeze(struct warm *warm, const struct vocab *vocab, struct record *carried,
                struct w2v_error *error);

/* How many bytes of memory the model and its words take. */
uint64_t warm_memory(const struct warm *warm);

/* Replaces initial vectors by those of the model, and closes it. A start hook of the trainer. */
int warm_rows(struct warm *warm, const struct vocab *vocab, struct trainer *trainer,
              struct w2v_error *error);

#endif
