/*
 * The table of training options. w2v.h shows its rows to programs. Here are the parts that the
 * library alone uses: ranges, the lines of the training record and of checkpoints, and the
 * comparison when a run is resumed. A new option is a new row in options.c.
 */
#ifndef W2V_API_OPTIONS_H
#define W2V_API_OPTIONS_H

#include "api/record.h"

enum options_part {
    OPTIONS_RECORD, /* those that the training record shows */
    OPTIONS_ALL     /* those that a checkpoint keeps */
};

/* Adds a line "KEY\tVALUE" for each option of that part. */
void options_add(struct record *record, const struct w2v_train_options *options,
                 enum options_part part);

/* Sets the counts that are left to the library, have an effect, and have a default in the table. */
void options_settle(struct w2v_train_options *options);

/* Gives the options about reading text their defaults, for runs in which they have no effect. */
void options_leave_text(struct w2v_train_options *options);

/* Gives the option with this key its default again. */
void options_reset(struct w2v_train_options *options, const char *key);

/* The default of the option with this key, as text. */
const char *options_fallback(const char *key);

/* W2V_EARG if an option that has an effect in this run is out of range. */
int options_check(const struct w2v_train_options *options, struct w2v_error *error);

/*
 * W2V_EARG unless all options that decide the result are the same in both runs: "WHERE was begun
 * with --dim 100, not 200; ...".
 */
int options_agree(const struct w2v_train_options *then, const struct w2v_train_options *now,
                  const char *where, struct w2v_error *error);

#endif
