/*
 * What the commands that read text or graphs share: rows of their option tables, and functions that
 * set the library's options from the command line. All these options are also options of training.
 */
#ifndef W2V_CLI_INPUT_H
#define W2V_CLI_INPUT_H

#include "cli/opt.h"
#include "cli/progress.h"
#include "w2v.h"

#define INPUT_TOKENIZER                                                                           \
    {                                                                                             \
        "tokenizer", 0, OPT_LIBRARY,                                                              \
            .help =                                                                               \
                "words: Unicode words (UAX #29) with a letter or digit; in scripts without "      \
                "spaces (Han, Hiragana, Thai, Lao, Khmer, Burmese) each character is a word; "    \
                "whitespace: split at white space and NUL, but not at U+001C to U+001F, "         \
                "and change words only by --nfkc; chars: each user-perceived character is a word" \
    }
/* How tokens are spelt, and what else a token is. Several rows. */
#define INPUT_SPELLING                                                                           \
    {"fold", 0, OPT_LIBRARY, .elsewhere = "lowercase|case-fold",                                 \
     .help = "how case is changed (words, chars). lower: lower case as Python's lower(), with "  \
             "final sigma, and sharp s stays; full: full case folding, in which sharp s is ss; " \
             "turkic: lower case of Turkish and Azerbaijani; none: no change"},                  \
        {"keep-case", 0, OPT_FLAG, .help = "the same as --fold none"},                           \
        {"nfkc", 0, OPT_LIBRARY,                                                                 \
         .help = "use Unicode normal form KC, which replaces wide and narrow forms, ligatures "  \
                 "and other compatibility characters by plain ones"},                            \
        {"hyphens", 0, OPT_LIBRARY,                                                              \
         .help = "keep hyphens inside words: well-known is one word (words)"},                   \
        {"tags", 0, OPT_LIBRARY, .help = "keep # and @ before a word: #tag, @name (words)"},     \
        {"emoji", 0, OPT_LIBRARY,                                                                \
         .help = "take each pictograph from U+203C on, and each flag, as a word (words)"},       \
        INPUT_ANY_BYTES
#define INPUT_ANY_BYTES                                                                          \
    {                                                                                            \
        "any-bytes", 0, OPT_LIBRARY,                                                             \
            .help = "also read files that are clearly not text: models, checkpoints, programs, " \
                    "archives, UTF-16, UTF-32, and files with a NUL in the first 8192 bytes. "   \
                    "Without it train refuses text if more than a quarter of its bytes are not " \
                    "UTF-8"                                                                      \
    }
#define INPUT_SEGMENT                                                                      \
    {                                                                                      \
        "segment", 0, OPT_LIBRARY,                                                         \
            .help = "find the words of scripts without spaces (Han, Hiragana, Thai, Lao, " \
                    "Khmer, Burmese) by statistics of the text; without this, each "       \
                    "character is a word (words)"                                          \
    }
#define INPUT_PROGRESS(epochs)                                                                 \
    {                                                                                          \
        "progress", 0, OPT_CHOICE, .choices = "auto|json|none", .fallback = "auto",            \
                                   .elsewhere = "debug|verbose", .help = PROGRESS_HELP(epochs) \
    }
#define INPUT_MAX_VOCAB                                                                           \
    {                                                                                             \
        "max-vocab", 0, OPT_LIBRARY,                                                              \
            .note = "default no limit", .elsewhere = "max-final-vocab|max-vocab-size|vocab-size", \
            .help = "keep the N most frequent words; ties are broken by the order of bytes"       \
    }

#define INPUT_PHRASE_SCORE(name)                                                            \
    {                                                                                       \
        name, 0, OPT_LIBRARY,                                                               \
            .key = "phrase_score",                                                          \
            .help = "the score of a pair of words. w2v: (count of the pair - min-count) / " \
                    "(product of the words' counts) x tokens, as word2phrase does; npmi: "  \
                    "normalised pointwise mutual information, -1 to 1"                      \
    }
#define INPUT_PHRASE_THRESHOLD(name)                                                          \
    {                                                                                         \
        name, 0, OPT_LIBRARY, .key = "phrase_threshold", .note = "default 100, for npmi 0.5", \
                              .help = "pairs with a score above X are phrases"                \
    }

/* Options of walks. Several rows. */
#define INPUT_WALKS(P, Q)                                                                       \
    {"walks", 0, OPT_LIBRARY, .elsewhere = "num-walks|number-walks",                            \
     .help = "walks that begin at each node"},                                                  \
        {"length", 0, OPT_LIBRARY, .elsewhere = "walk-length",                                  \
         .help = "nodes of a walk, the first one included"},                                    \
        {"p", P, OPT_LIBRARY,                                                                   \
         .help = "a step back to the previous node is 1 / X times as likely"},                  \
        {"q", Q, OPT_LIBRARY,                                                                   \
         .help = "a step to a node without an edge from the previous node is 1 / X times as "   \
                 "likely"},                                                                     \
    {                                                                                           \
        "directed", 0, OPT_LIBRARY, .help = "edges lead from the first name to the second only" \
    }

/*
 * Checks that a corpus is named and sets the options that were given, --keep-case, threads and progress.
 * Other members of `options` do not change. Returns UI_USAGE, after an error message, if no corpus is
 * named or options contradict each other.
 */
int input_options(const struct opt_args *args, struct w2v_train_options *options,
                  struct progress *progress);

/* The same without the check. */
int input_settings(const struct opt_args *args, struct w2v_train_options *options,
                   struct progress *progress);

/* The same without --keep-case. */
int input_reading(const struct opt_args *args, struct w2v_train_options *options,
                  struct progress *progress);

/* Two lines on a graph and its walks. */
void input_say_walks(const struct w2v_walk_report *report, size_t n_files);

/* The operands as the library takes them. */
const char *const *input_paths(const struct opt_args *args);

/* Notes on bytes that were not UTF-8 and on a tokenizer that would suit better, unless --quiet. */
void input_note(const struct opt_args *args, const struct w2v_text_report *report);

/* One line on the phrases that were found, or `applied` from a table. */
void input_say_phrases(const struct w2v_text_report *report, bool applied);

#endif
