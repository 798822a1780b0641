/*
 * The table of training options, whose rows w2v.h shows: their defaults and ranges, the lines of the
 * training record, what a checkpoint keeps, and the comparison when a run is resumed. Adding an
 * option is a row in options.c.
 */
#ifndef W2V_API_OPTIONS_H
#define W2V_API_OPTIONS_H

#include "api/record.h"

enum options_part {
    OPTIONS_RECORD, /* what the training record shows */
    OPTIONS_ALL     /* what a checkpoint keeps */
};

/* Adds a line "KEY\tVALUE" an option of that part. */
void options_add(struct record *record, const struct w2v_train_options *options,
                 enum options_part part);

/* The default of an option that the table knows and that is left to the library. */
const char *options_fallback(const char *key);

/* Whether all options that matter to this run are in range, each by itself; else W2V_EARG. */
int options_check(const struct w2v_train_options *options, struct w2v_error *error);

/*
 * Whether all options that decide the result agree. Else W2V_EARG: "WHERE was begun with --dim
 * 100, not 200; ...".
 */
int options_agree(const struct w2v_train_options *then, const struct w2v_train_options *now,
                  const char *where, struct w2v_error *error);

#endif
