/* The options of a corpus. See corpus_options.h. */
#include "text/corpus_options.h"

struct tokenizer_rules corpus_rules(const struct w2v_text_options *options)
{
    static const enum tokenizer_kind kinds[] = {[W2V_TOKENIZER_WORDS] = TOKENIZER_WORDS,
                                                [W2V_TOKENIZER_WHITESPACE] = TOKENIZER_WHITESPACE,
                                                [W2V_TOKENIZER_CHARS] = TOKENIZER_CHARS};
    static const enum unicode_fold folds[] = {[W2V_FOLD_LOWER] = UNICODE_FOLD_LOWER,
                                              [W2V_FOLD_FULL] = UNICODE_FOLD_FULL,
                                              [W2V_FOLD_TURKIC] = UNICODE_FOLD_TURKIC,
                                              [W2V_FOLD_NONE] = UNICODE_FOLD_NONE};
    return (struct tokenizer_rules){.kind = kinds[options->tokenizer],
                                    .fold = folds[options->fold],
                                    .nfkc = options->nfkc,
                                    .hyphens = options->hyphens,
                                    .tags = options->tags,
                                    .emoji = options->emoji};
}

int corpus_check(const struct w2v_text_options *options, struct w2v_error *error)
{
    const struct {
        const char *name;
        bool wanted;
    } of_words[] = {{"segment", options->segment},
                    {"hyphens", options->hyphens},
                    {"tags", options->tags},
                    {"emoji", options->emoji}};
    if ((unsigned)options->tokenizer > W2V_TOKENIZER_CHARS)
        return error_set(error, W2V_EARG, "there is no tokenizer number %d",
                         (int)options->tokenizer);
    if ((unsigned)options->fold > W2V_FOLD_NONE)
        return error_set(error, W2V_EARG, "there is no folding number %d", (int)options->fold);
    for (size_t i = 0; i < sizeof of_words / sizeof of_words[0]; i++)
        if (of_words[i].wanted && options->tokenizer != W2V_TOKENIZER_WORDS)
            return error_set(error, W2V_EARG, "--%s needs --tokenizer words, not %s",
                             of_words[i].name,
                             options->tokenizer == W2V_TOKENIZER_CHARS ? "chars" : "whitespace");
    return W2V_OK;
}

struct vocab_rules corpus_wanted(const struct corpus_options *options)
{
    return (struct vocab_rules){.min_count = options->text.min_count,
                                .max_vocab = options->text.max_vocab,
                                .keep = options->keep,
                                .keep_only = options->keep_only,
                                .among = options->among};
}

size_t corpus_chunk(const struct corpus_options *options)
{
    return options->chunk_bytes > 0 ? options->chunk_bytes : 1 << 20;
}
