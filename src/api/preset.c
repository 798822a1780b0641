/* Options that suit a kind of data. See w2v.h; tests/bench/TUNING.md has what was measured. */
#include "api/options.h"

static const struct {
    enum w2v_preset preset;
    const char *key, *value; /* NULL stands for the default */
} settings[] = {
    {W2V_FOR_TEXT, "tokenizer", NULL},
    {W2V_FOR_TEXT, "min_count", NULL},
    {W2V_FOR_TEXT, "window", NULL},
    {W2V_FOR_TEXT, "ns_exponent", NULL},
    /* Identifiers are not words. There is almost nothing to learn about one that occurs once. */
    {W2V_FOR_ITEMS, "tokenizer", "whitespace"},
    {W2V_FOR_ITEMS, "min_count", "2"},
    {W2V_FOR_ITEMS, "window", "5"},
    {W2V_FOR_ITEMS, "ns_exponent", "-0.5"},
    {W2V_FOR_ITEMS, "attract", "yes"},
    /* These are node2vec's. Each node begins the same number of walks, so no node is rare, and more
       walks do what more epochs would. */
    {W2V_FOR_GRAPH, "tokenizer", "whitespace"},
    {W2V_FOR_GRAPH, "min_count", "1"},
    {W2V_FOR_GRAPH, "window", "10"},
    {W2V_FOR_GRAPH, "sample", "0"},
    {W2V_FOR_GRAPH, "epochs", "1"},
};

void w2v_train_options_for(struct w2v_train_options *options, enum w2v_preset preset,
                           w2v_info_fn visit, void *context)
{
    enum { N = sizeof settings / sizeof settings[0] };
    for (size_t i = 0; i < N; i++) /* another preset may have set it */
        options_reset(options, settings[i].key);
    for (size_t i = 0; i < N; i++) {
        const char *key = settings[i].key, *value = settings[i].value;
        if (settings[i].preset != preset)
            continue;
        if (value == NULL)
            value = options_fallback(key);
        w2v_train_option_set(options, key, value, NULL);
        if (visit != NULL)
            visit(context, key, value);
    }
}
