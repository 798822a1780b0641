/*
 * What the commands that read text or graphs share: rows of their tables, and filling the library's
 * struct from them. All their options are among those of training.
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
                "words: Unicode words (UAX #29) that hold a letter or digit, each Han character " \
                "by itself; whitespace: what stands between white space of any kind, as it is; "  \
                "chars: each user-perceived character"                                            \
    }
/* How tokens are spelt, and what else a token is. Several rows. */
#define INPUT_SPELLING                                                                            \
    {"fold", 0, OPT_LIBRARY, .elsewhere = "lowercase|case-fold",                                  \
     .help = "what is done to case (words, chars). lower: lower case by the Unicode rules, as "   \
             "Python's lower() has it, with final sigma, and sharp s stays; full: full case "     \
             "folding, in which sharp s is ss; turkic: lower case of Turkish and Azerbaijani; "   \
             "none: no change"},                                                                  \
        {"keep-case", 0, OPT_FLAG, .help = "the same as --fold none"},                            \
        {"nfkc", 0, OPT_LIBRARY,                                                                  \
         .help = "bring the text into Unicode normal form KC first, in which full-width and "     \
                 "half-width forms, ligatures and other compatibility characters are what they "  \
                 "are forms of"},                                                                 \
        {"hyphens", 0, OPT_LIBRARY,                                                               \
         .help = "keep hyphens inside words: well-known is one (words)"},                         \
        {"tags", 0, OPT_LIBRARY, .help = "keep # and @ in front of a word: #tag, @name (words)"}, \
        {"emoji", 0, OPT_LIBRARY, .help = "take each emoji as a word (words)"}, INPUT_ANY_BYTES
#define INPUT_ANY_BYTES                                                                          \
    {                                                                                            \
        "any-bytes", 0, OPT_LIBRARY,                                                             \
            .help = "read files that are recognisably not text all the same: model files, "      \
                    "checkpoints, programs, archives, UTF-16 and UTF-32, and what has a NUL in " \
                    "its first 8192 bytes"                                                       \
    }
#define INPUT_SEGMENT                                                                      \
    {                                                                                      \
        "segment", 0, OPT_LIBRARY,                                                         \
            .help = "find the words of scripts without spaces (Han, Hiragana, Thai, Lao, " \
                    "Khmer, Burmese) by statistics of this text, instead of taking each "  \
                    "character by itself (words)"                                          \
    }
#define INPUT_PROGRESS                                                                            \
    {                                                                                             \
        "progress", 0, OPT_CHOICE,                                                                \
            .choices = "auto|json|none", .fallback = "auto", .elsewhere = "debug|verbose",        \
            .help =                                                                               \
                "how to report on standard error. auto: one line redrawn on a terminal, a plain " \
                "line every ten seconds elsewhere; json: one object a line"                       \
    }
#define INPUT_MAX_VOCAB                                                                         \
    {                                                                                           \
        "max-vocab", 0, OPT_LIBRARY,                                                            \
            .note = "default no limit", .elsewhere = "max-final-vocab|max-vocab-size",          \
            .help =                                                                             \
                "keep the N most frequent words; of equally frequent ones those first by bytes" \
    }

#define INPUT_PHRASE_SCORE(name)                                                             \
    {                                                                                        \
        name, 0, OPT_LIBRARY,                                                                \
            .key = "phrase_score",                                                           \
            .help = "how a pair of words is judged. w2v: (count of the pair - min-count) / " \
                    "(product of the words' counts) x tokens, as word2phrase does; npmi: "   \
                    "normalised pointwise mutual information, -1 to 1"                       \
    }
#define INPUT_PHRASE_THRESHOLD(name)                                                          \
    {                                                                                         \
        name, 0, OPT_LIBRARY, .key = "phrase_threshold", .note = "default 100, for npmi 0.5", \
                              .help = "a phrase's score is above it"                          \
    }

/* How a graph is walked. Several rows. */
#define INPUT_WALKS(P, Q)                                                                         \
    {"walks", 0, OPT_LIBRARY, .elsewhere = "num-walks|number-walks|num_walks",                    \
     .help = "walks that begin at each node"},                                                    \
        {"length", 0, OPT_LIBRARY, .elsewhere = "walk-length|walk_length",                        \
         .help = "nodes of a walk, the first one included"},                                      \
        {"p", P, OPT_LIBRARY, .help = "a step back to the node before is 1 / X times as likely"}, \
        {"q", Q, OPT_LIBRARY,                                                                     \
         .help = "a step to a node to which the node before has no edge is 1 / X times as "       \
                 "likely"},                                                                       \
    {                                                                                             \
        "directed", 0, OPT_LIBRARY, .help = "edges lead from the first name to the second alone"  \
    }

/*
 * Checks that a corpus is named (else UI_USAGE, after saying so), then sets every option of the
 * library's that was given, --keep-case, threads and progress. UI_USAGE too, after saying so, where
 * they contradict each other. What was not given stays as it is in `options`.
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

/* One line on the phrases found. */
void input_say_phrases(const struct w2v_text_report *report);

#endif
