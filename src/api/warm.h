/*
 * A warm start: a run that begins with the vectors of a model, and words whose vectors stay. Joins
 * model/, which opens the file, and train/, which knows nothing of files.
 */
#ifndef W2V_API_WARM_H
#define W2V_API_WARM_H

#include "api/record.h"
#include "train/trainer.h"

/* What becomes of the model's output matrix. */
enum warm_output {
    WARM_NONE,      /* there is none */
    WARM_WORDS,     /* each word's row goes to its word */
    WARM_NODES,     /* the rows of the nodes go to the nodes: the trees are the same */
    WARM_ANOTHER,   /* not used: it is of another loss */
    WARM_OTHER_TREE /* not used: words and counts are others, and so is the tree over them */
};

struct warm {
    struct w2v_model *model; /* NULL: at random */
    const char *path;
    struct wordtable words; /* the model's, where they are to be kept */
    enum warm_output output;
    size_t n_matched;
    unsigned char *frozen; /* (V), or NULL */
    size_t n_frozen, n_unknown;
};

/*
 * Opens options->init_path. Its dimension must be that of the options, which take it from the model
 * where they say 0. Begin with {0}.
 */
int warm_open(struct warm *warm, struct w2v_train_options *options, struct w2v_error *error);
void warm_release(struct warm *warm);

/* Counts the words that start from the model, sees to its output matrix, and carries its training record on: "init.KEY". */
int warm_match(struct warm *warm, const struct vocab *vocab, enum w2v_loss loss,
               struct record *carried, struct w2v_error *error);

/* What is told of it, behind "so many words start from MODEL, so many at random". */
const char *warm_output_text(enum warm_output output);

/* Reads the words whose vectors stay. */
int warm_freeze(struct warm *warm, const char *path, const struct vocab *vocab,
                struct record *carried, struct w2v_error *error);

/* Puts the model's vectors in the place of the initial ones, as the trainer's start hook. */
int warm_rows(const struct warm *warm, const struct vocab *vocab, struct trainer *trainer,
              struct w2v_error *error);

#endif
