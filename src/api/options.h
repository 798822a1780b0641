/*
 * The training options as text: one table, from which come the model's training record, what a
 * checkpoint holds, and the comparison when a run is resumed. An option that is missing from it
 * would be lost by all three; adding one is a row in options.c.
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

/*
 * Sets the option of this key as options_add wrote it. Texts are not copied. False where there is
 * no such key, *bad set where the value is none it can have.
 */
bool options_set(struct w2v_train_options *options, const char *key, const char *value, bool *bad);

/*
 * Whether all options that decide the result agree. Else W2V_EARG: "WHERE was begun with --dim
 * 100, not 200; ...".
 */
int options_agree(const struct w2v_train_options *then, const struct w2v_train_options *now,
                  const char *where, struct w2v_error *error);

#endif
