/* w2v train: from text to a model file, and a summary of what was done. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/ui.h"

static const struct opt options[] = {
    {"output", 'o', OPT_TEXT, .value = "FILE", .note = "required",
     .help = "the model file; checked to be writable before any work, written whole or not at all"},
    {"model", 'm', OPT_CHOICE, .choices = "sg|cbow", .fallback = "sg",
     .help = "skip-gram, or continuous bag of words (the gradient divided by the number of "
             "context words, as the mean it is)"},
    {"loss", 0, OPT_CHOICE, .choices = "ns", .fallback = "ns", .help = "negative sampling"},
    {"dim", 'd', OPT_COUNT, .value = "N", .fallback = "100", .min = 1, .max = W2V_MAX_DIM,
     .elsewhere = "size|vector-size|vector_size", .help = "size of a vector"},
    {"window", 'w', OPT_COUNT, .value = "N", .fallback = "5", .min = 1, .max = W2V_MAX_WINDOW,
     .elsewhere = "ws|window-size",
     .help = "most words on each side of the centre; each centre draws 1 to N evenly"},
    {"fixed-window", 0, OPT_FLAG, .help = "always the whole window"},
    {"negative", 'n', OPT_COUNT, .value = "N", .fallback = "5", .min = 1, .max = W2V_MAX_NEGATIVE,
     .elsewhere = "neg|negatives", .help = "negatives drawn for a prediction"},
    {"ns-exponent", 0, OPT_REAL, .value = "X", .fallback = "0.75", .least = -W2V_MAX_NS_EXPONENT,
     .most = W2V_MAX_NS_EXPONENT, .help = "negatives are drawn in proportion to count^X"},
    {"sample", 's', OPT_REAL, .value = "X", .fallback = "1e-4", .least = 0, .most = 1,
     .elsewhere = "subsample",
     .help = "frequent words are thinned out from this share of the text on; 0: none are"},
    {"epochs", 'e', OPT_COUNT, .value = "N", .fallback = "5", .min = 1, .max = W2V_MAX_EPOCHS,
     .elsewhere = "iter|epoch|iterations", .help = "passes over the corpus"},
    {"lr", 0, OPT_REAL, .value = "X", .note = "default 0.025 for sg, 0.075 for cbow", .least = 0,
     .above = true, .most = W2V_MAX_LR, .elsewhere = "alpha|learning-rate",
     .help = "first learning rate, falling linearly with exact progress"},
    {"min-lr", 0, OPT_REAL, .value = "X", .note = "default lr * 1e-4", .least = 0,
     .most = W2V_MAX_LR, .elsewhere = "min-alpha",
     .help = "last learning rate, not above the first"},
    {"min-count", 0, OPT_COUNT, .value = "N", .fallback = "5",
     .elsewhere = "mincount|minCount|min_count",
     .help = "rarer words are dropped before windows are formed"},
    INPUT_MAX_VOCAB,
    {"seed", 0, OPT_COUNT, .value = "N", .fallback = "1",
     .help = "same corpus, options and seed: the same file, byte for byte, whatever the number of "
             "threads and the CPU"},
    INPUT_TOKENIZER,
    INPUT_KEEP_CASE,
    {"vocab", 0, OPT_TEXT, .value = "FILE", .elsewhere = "read-vocab",
     .help = "use the words and counts of this file, as 'w2v vocab' writes it, instead of "
             "counting"},
    {"save-vocab", 0, OPT_TEXT, .value = "FILE", .help = "also write the vocabulary, in that form"},
    {"memory", 0, OPT_SIZE, .value = "SIZE", .min = 1 << 20,
     .note = "default half of the machine's",
     .help = "the most memory to use; an encoded corpus that does not fit goes to a temporary "
             "file"},
    INPUT_PROGRESS,
};

/* Peak resident memory of this process in bytes. */
static double peak_bytes(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
#if defined(__APPLE__)
    return (double)usage.ru_maxrss; /* the one system that counts bytes, not kilobytes */
#else
    return (double)usage.ru_maxrss * 1024;
#endif
}

static unsigned long long ull(uint64_t n)
{
    return n;
}

/* The mean losses by epoch; of many only the first and the last few. */
static void say_losses(const struct w2v_train_report *r)
{
    enum { SHOWN = 5 };
    char text[256];
    size_t n = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < r->epochs; i++) {
        if (r->epochs > 2 * SHOWN && i == SHOWN) {
            i = r->epochs - SHOWN;
            n += (size_t)snprintf(text + n, sizeof text - n, " ...");
        }
        n += (size_t)snprintf(text + n, sizeof text - n, " %.4f", r->loss[i]);
        if (n >= sizeof text)
            break;
    }
    ui_say("epochs      %u, mean loss per prediction:%s", r->epochs, text);
}

static void say_summary(const struct opt_args *args, const struct w2v_train_report *r)
{
    const struct w2v_text_report *t = &r->text;
    char size[32], memory[32], time[32], training[32];
    progress_bytes(size, sizeof size, (double)t->n_bytes);
    progress_bytes(memory, sizeof memory, peak_bytes());
    progress_time(time, sizeof time, r->seconds);
    progress_time(training, sizeof training, r->train_seconds);
    ui_say("corpus      %llu bytes (%s), %llu lines, %zu %s", ull(t->n_bytes), size,
           ull(t->n_lines), args->n_operands, args->n_operands == 1 ? "file" : "files");
    if (t->n_invalid_bytes > 0)
        ui_say("invalid     %llu bytes were not UTF-8 and were taken as separators",
               ull(t->n_invalid_bytes));
    ui_say("tokens      %llu, of them %llu in the vocabulary", ull(t->n_tokens), ull(t->n_corpus));
    ui_say("vocabulary  %llu words of %llu different ones", ull(t->n_words), ull(t->n_distinct));
    ui_say("trained     %llu words %s %u epochs x %llu; %llu predictions", ull(r->n_trained),
           r->n_trained == r->epochs * t->n_corpus ? "=" : "of", r->epochs, ull(t->n_corpus),
           ull(r->n_predictions));
    say_losses(r);
    ui_say("time        %s, of it %s training at %.0f words/s on %u threads (%s)", time, training,
           r->train_seconds > 0 ? (double)r->n_trained / r->train_seconds : 0, r->threads, r->simd);
    ui_say("memory      %s at the most", memory);
    ui_say("model       %s: %llu words of %zu dimensions", opt_text(args, "output"),
           ull(t->n_words), r->dim);
}

/* The same for programs: one object, the last line. */
static void say_json(const struct w2v_train_report *r)
{
    const struct w2v_text_report *t = &r->text;
    fprintf(stderr,
            "{\"phase\": \"done\", \"bytes\": %llu, \"lines\": %llu, \"invalid_bytes\": %llu, "
            "\"tokens\": %llu, \"distinct\": %llu, \"words\": %llu, \"corpus\": %llu, "
            "\"trained\": %llu, \"predictions\": %llu, \"epochs\": %u, \"loss\": [",
            ull(t->n_bytes), ull(t->n_lines), ull(t->n_invalid_bytes), ull(t->n_tokens),
            ull(t->n_distinct), ull(t->n_words), ull(t->n_corpus), ull(r->n_trained),
            ull(r->n_predictions), r->epochs);
    for (unsigned i = 0; i < r->epochs; i++)
        fprintf(stderr, "%s%.6g", i > 0 ? ", " : "", r->loss[i]);
    fprintf(stderr,
            "], \"dim\": %zu, \"lr\": %.9g, \"min_lr\": %.9g, \"threads\": %u, \"simd\": \"%s\", "
            "\"train_seconds\": %.3f, \"seconds\": %.3f, \"words_per_second\": %.0f, "
            "\"peak_bytes\": %.0f}\n",
            r->dim, r->lr, r->min_lr, r->threads, r->simd, r->train_seconds, r->seconds,
            r->train_seconds > 0 ? (double)r->n_trained / r->train_seconds : 0, peak_bytes());
}

static int check(const struct opt_args *args)
{
    const char *output = opt_text(args, "output"), *save = opt_text(args, "save-vocab"),
               *vocab = opt_text(args, "vocab");
    if (output == NULL)
        return ui_usage(args, "no output; name the model file with -o FILE");
    if (save != NULL && strcmp(output, save) == 0)
        return ui_usage(args, "--output and --save-vocab name the same file, %s", save);
    if (vocab != NULL && strcmp(output, vocab) == 0)
        return ui_usage(args, "--output and --vocab name the same file, %s", vocab);
    if (opt_given(args, "lr") && opt_real(args, "min-lr") > opt_real(args, "lr"))
        return ui_usage(args, "--min-lr %s is above --lr %s", opt_text(args, "min-lr"),
                        opt_text(args, "lr"));
    int status = input_check_output(args, "output", output);
    return status == UI_DONE ? input_check_output(args, "save-vocab", save) : status;
}

static int run(const struct opt_args *args)
{
    static const enum w2v_architecture models[] = {W2V_SKIPGRAM, W2V_CBOW};
    struct w2v_train_options train;
    struct w2v_train_report report;
    struct w2v_error error;
    struct progress progress;
    w2v_train_options_init(&train);
    int status = input_options(args, &train.text, &progress);
    if (status == UI_DONE)
        status = check(args);
    if (status != UI_DONE)
        return status;
    train.text.min_count = opt_number(args, "min-count");
    train.text.max_vocab = (size_t)opt_number(args, "max-vocab");
    train.model = models[opt_number(args, "model")];
    train.dim = (size_t)opt_number(args, "dim");
    train.window = (unsigned)opt_number(args, "window");
    train.fixed_window = opt_flag(args, "fixed-window");
    train.negative = (unsigned)opt_number(args, "negative");
    train.ns_exponent = opt_real(args, "ns-exponent");
    train.sample = opt_real(args, "sample");
    train.epochs = (unsigned)opt_number(args, "epochs");
    if (opt_given(args, "lr"))
        train.lr = opt_real(args, "lr");
    if (opt_given(args, "min-lr"))
        train.min_lr = opt_real(args, "min-lr");
    train.seed = opt_number(args, "seed");
    train.memory = opt_number(args, "memory");
    train.vocab_path = opt_text(args, "vocab");
    train.save_vocab_path = opt_text(args, "save-vocab");
    ui_catch_signals(strcmp(opt_text(args, "output"), "-") != 0);
    if (w2v_train(input_paths(args), args->n_operands, opt_text(args, "output"), &train, &report,
                  &error) != W2V_OK)
        return ui_fail(&error);
    ui_clear();
    if (progress.mode == PROGRESS_JSON)
        say_json(&report);
    else if (!opt_flag(args, "quiet"))
        say_summary(args, &report);
    w2v_train_report_release(&report);
    return UI_DONE;
}

const struct command cmd_train = {
    .name = "train",
    .summary = "learn word vectors from text",
    .usage = "train CORPUS... -o MODEL [options]",
    .about = "Reads the files (- is standard input; several are one corpus), learns a vector for "
             "each word by skip-gram or continuous bag of words with negative sampling (Mikolov "
             "et al. 2013), and writes them to a word2vec binary file, which other tools read "
             "as well. A line end is a boundary that no window crosses; a document a line, a "
             "paragraph a line and a sentence a line are all good.\n"
             "Ends with a summary on standard error: corpus, tokens, vocabulary, epochs and the "
             "mean loss per prediction of each, time, words per second, peak memory. "
             "Interrupted by a signal, it leaves no output and no temporary file; an existing "
             "output stays as it was.",
    .examples = "w2v train corpus.txt -o vec.bin\n"
                "w2v train a.txt b.txt -o vec.bin --dim 300 --window 10 --epochs 10\n"
                "zcat wiki.gz | w2v train - -o vec.bin --progress json 2> log",
    COMMAND_OPTIONS(options),
    .run = run,
};
