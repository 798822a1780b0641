/* w2v train: from text to a model file, and a summary of what was done. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/ui.h"

static const struct opt options[] = {
    {"output", 'o', OPT_TEXT, .value = "FILE", .note = "required",
     .help = "the model file. Before any work w2v checks that it can be written, and it is written "
             "whole or not at all. Its ending chooses the format, as for 'w2v convert': none, .bin "
             "or .w2v is w2v's own; .txt, .vec, .npy and others are those formats. A further .gz "
             "compresses a single file"},
    {"to", 0, OPT_LIBRARY, .key = "file", .value = "FORMAT", .note = "default by the ending",
     .help = "what the model file is, whatever its ending; the formats are those of "
             "'w2v convert'"},
    {"model", 'm', OPT_LIBRARY, .elsewhere = "cbow|sg|skipgram",
     .help = "skip-gram, or continuous bag of words. In cbow let g be the gradient of the loss for "
             "the mean of n context words. Each of these words moves by rate x max(1 / sqrt(n), 1 "
             "/ 2) x g"},
    {"for", 0, OPT_CHOICE, .choices = "text|items|graph", .note = "default text",
     .help =
         "what the lines hold. --for sets options that suit them, and the summary lists these "
         "options. items, for baskets, sessions and other lines of identifiers: --tokenizer "
         "whitespace --min-count 2 --window 5 --ns-exponent -0.5 --attract yes. graph, for random "
         "walks: --tokenizer whitespace --min-count 1 --window 10 --sample 0 --epochs 1. An option "
         "that you give overrides --for, whichever comes first"},
    {"loss", 0, OPT_LIBRARY, .elsewhere = "hs",
     .help = "ns: negative sampling; hs: hierarchical softmax, without negatives. For hs a Huffman "
             "tree has the words as its leaves. A word is predicted by the turns on the way to its "
             "leaf"},
    {"dim", 'd', OPT_LIBRARY, .elsewhere = "size|vector-size|dimension|dimensions",
     .help = "size of a vector"},
    {"window", 'w', OPT_LIBRARY, .elsewhere = "ws|window-size",
     .help = "most words on each side of the centre; the number is drawn from 1 to N evenly"},
    {"fixed-window", 0, OPT_LIBRARY, .help = "always the whole window"},
    {"whole-line", 0, OPT_LIBRARY,
     .help = "for baskets and other lines without order. The contexts of a word are --window words "
             "drawn at random from the rest of its line, anew in each epoch. Distance does not "
             "matter. If the rest of the line has fewer words, all of them are contexts"},
    {"negative", 'n', OPT_LIBRARY, .elsewhere = "neg|negatives",
     .help = "negatives drawn for a prediction"},
    {"subwords", 0, OPT_LIBRARY,
     .help = "a word and its character n-grams each have a row. The vector of the word is the mean "
             "of these rows, as in fastText. A word that is not in the model gets a vector from "
             "its n-grams"},
    {"minn", 0, OPT_LIBRARY,
     .help = "with --subwords: characters of the shortest n-grams of '<word>'"},
    {"maxn", 0, OPT_LIBRARY, .help = "with --subwords: characters of the longest"},
    {"buckets", 0, OPT_LIBRARY, .elsewhere = "bucket",
     .help = "with --subwords: how many rows the n-grams are hashed to"},
    {"ns-exponent", 0, OPT_LIBRARY, .help = "negatives are drawn in proportion to count^X"},
    {"attract", 0, OPT_LIBRARY,
     .help = "contexts that stand close together attract each other. This suits items that "
             "resemble their neighbours; it is for skip-gram"},
    {"sample", 's', OPT_LIBRARY, .note = "default the larger of 1e-4 and 1 / words",
     .elsewhere = "subsample",
     .help = "threshold for the subsampling of frequent words. If f is a word's share of the text, "
             "each of its occurrences is kept with probability min(1, sqrt(X / f) + X / f); 0: no "
             "subsampling"},
    {"epochs", 'e', OPT_LIBRARY,
     .note = "default 3 to 22, by the size of the corpus; fewer with --subwords",
     .elsewhere = "iter|epoch|iterations", .help = "passes over the corpus"},
    {"lr", 0, OPT_LIBRARY,
     .note =
         "default 0.025 to 0.1, for cbow 0.025 to 0.25, for cbow with --subwords 0.1 to 0.25; with "
         "--init at most 0.025, for cbow 0.075; lower in wide windows of skip-gram, higher with "
         "few negatives; the more predictions the run makes for each word, the lower",
     .elsewhere = "alpha|learning-rate",
     .help = "first learning rate. It falls linearly to --min-lr, by the share of the run that is "
             "done"},
    {"min-lr", 0, OPT_LIBRARY, .note = "default lr * 1e-4", .elsewhere = "min-alpha",
     .help = "last learning rate, not above the first"},
    {"min-count", 0, OPT_LIBRARY, .elsewhere = "mincount|minCount",
     .help = "rarer words are dropped before windows are formed"},
    INPUT_MAX_VOCAB,
    {"seed", 0, OPT_LIBRARY,
     .help = "same corpus, options and seed: the same file, byte for byte, for any number of "
             "threads and on every CPU that has fused multiply-add"},
    {"shards", 0, OPT_LIBRARY,
     .help = "parts of the corpus that are trained at once, each by one thread. Threads beyond "
             "this number idle. The vectors depend on N a little. Above 16 each thread is slower, "
             "so more shards pay only with more than 16 cores. With small vocabularies, wide "
             "windows and --sample 0 there are fewer shards"},
    INPUT_TOKENIZER,
    INPUT_SPELLING,
    INPUT_SEGMENT,
    {"vocab", 0, OPT_LIBRARY, .elsewhere = "read-vocab",
     .help =
         "use the words and counts of this file instead of counting. 'w2v vocab', word2vec and "
         "GloVe write such files. If the file has no counts, its words are counted in the corpus. "
         "--min-count and --max-vocab hold for these words too. Words of count 0 are left out"},
    {"save-vocab", 0, OPT_LIBRARY,
     .help = "also write the vocabulary, in that form. It is written as soon as it is counted, and "
             "stays if the run ends early"},
    {"graph", 0, OPT_LIBRARY, .names_operands = true,
     .help = "the files are lists of edges: train on random walks, as 'w2v walk' writes them with "
             "this --seed. --min-count drops nodes that the walks visit less often. -p and -q of "
             "'w2v walk' are --p and --q here"},
    INPUT_WALKS(0, 0),
    {"phrases", 0, OPT_LIBRARY, .key = "phrase_passes",
     .help = "join collocations before training, in up to N passes (see 'w2v help phrases'); 0: do "
             "not"},
    INPUT_PHRASE_SCORE("phrase-score"),
    INPUT_PHRASE_THRESHOLD("phrase-threshold"),
    {"phrase-min-count", 0, OPT_LIBRARY,
     .help = "pairs and words that occur less often are in no phrase"},
    {"memory", 0, OPT_LIBRARY, .note = "default half of what the process may use",
     .help = "the most memory to use. An encoded corpus that does not fit goes to a temporary "
             "file. The system may keep pages of this file in memory beyond SIZE. With --segment "
             "the file is read many times. It is an error if SIZE is too small to count all "
             "different words, or below the 13M that the program itself takes"},
    {"init", 0, OPT_LIBRARY, .value = "MODEL", .elsewhere = "pretrainedVectors|pretrained-vectors",
     .help =
         "start from the vectors of this file, of any format that w2v reads. Other words start "
         "at random, and --dim is the model's. The model's output matrix is used if it has one "
         "(see --save-output) of the same --loss; otherwise outputs start from 0. Under --loss "
         "hs this matrix has a row for each node of a tree, and is used only if words and counts "
         "are the model's, too (see --vocab). With --subwords MODEL must have the same n-grams"},
    {"vocab-mode", 0, OPT_LIBRARY,
     .help = "with --init. new: the words of the corpus; old: the words of MODEL; union: both. "
             "Words that the corpus lacks keep their vectors, but with --subwords n-grams that "
             "they share move. --min-count does not drop words of MODEL, but --max-vocab does"},
    {"freeze", 0, OPT_LIBRARY,
     .help = "the vectors of these words stay as they start. The file has a word on each line, "
             "with or without its count. This does not work with --subwords, where other words "
             "move a word's n-grams"},
    {"save-output", 0, OPT_LIBRARY,
     .help = "keep the output matrix in the model file too, for --init to go on from"},
    {"checkpoint", 0, OPT_LIBRARY,
     .help =
         "keep a checkpoint in this file, for --resume. It is written now and then, when a signal "
         "stops the run, and when training is done. It may replace an empty file, or a checkpoint "
         "of any run. The replaced file stays until the new one is complete. No other file is "
         "replaced. If a signal stops the run before a checkpoint is due, another run's checkpoint "
         "is kept as FILE.old. If FILE.old exists, none is written"},
    {"checkpoint-every", 0, OPT_LIBRARY, .value = "N",
     .help = "how often: a time (30s, 10m, 2h), epochs (1e, 0.5e) or words trained (200000w)"},
    {"resume", 0, OPT_TEXT, .value = "FILE",
     .help = "go on from this checkpoint as if the run had never stopped. The model is the same, "
             "byte for byte, for any number of threads. No other option is needed. The corpus and "
             "the options must be the same, but these options may be given anew: --output, --to, "
             "--epochs, --threads, --memory, --checkpoint, --checkpoint-every, --save-output, "
             "--save-vocab, --save-on-interrupt, --any-bytes, --quiet and --progress"},
    {"save-on-interrupt", 0, OPT_LIBRARY,
     .help = "if a signal stops training, write the model as it is then"},
    INPUT_PROGRESS(" and after each epoch"),
};

/* How many words a second this run trained, without those of a run that it resumed. */
static double pace(const struct w2v_train_report *r)
{
    return r->train_seconds > 0 ? (double)(r->n_trained - r->n_before) / r->train_seconds : 0;
}

static unsigned long long ull(uint64_t n)
{
    return n;
}

/* Prints the mean loss of each epoch; if there are many, only of the first and the last few. */
static void say_losses(const struct w2v_train_report *r)
{
    enum { SHOWN = 5 };
    char text[256];
    size_t n = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < r->epochs && n < sizeof text; i++) {
        const bool skips = r->epochs > 2 * SHOWN && i == SHOWN;
        if (skips)
            i = r->epochs - SHOWN;
        n +=
            (size_t)snprintf(text + n, sizeof text - n, "%s %.4f", skips ? " ..." : "", r->loss[i]);
    }
    ui_say("epochs      %u, mean loss per prediction:%s", r->epochs, text);
}

/*
 * The options that a preset sets, spelt as on the command line, without those that are given and
 * those that have no effect.
 */
struct preset {
    const struct opt_args *args;
    unsigned idle; /* groups of options that have no effect */
    char text[256];
};

/* What a run reads and writes. What the command line leaves out comes from the run that is resumed. */
struct places {
    struct w2v_checkpoint *resumed; /* or NULL */
    const char *const *paths;
    size_t n_paths;
    const char *output;
    bool given_words; /* the vocabulary is not only what the text has */
};

static void say_summary(const struct places *places, const struct preset *preset,
                        const struct w2v_train_report *r)
{
    const struct w2v_text_report *t = &r->text;
    char size[32], memory[32], time[32], training[32], threads[80];
    if (r->threads <= r->shards)
        snprintf(threads, sizeof threads, "%u thread%s", r->threads, ui_s(r->threads));
    else
        snprintf(threads, sizeof threads, "%u of %u threads, as a round has %u shard%s", r->shards,
                 r->threads, r->shards, ui_s(r->shards));
    progress_bytes(size, sizeof size, (double)t->n_bytes);
    progress_bytes(memory, sizeof memory, (double)r->peak_bytes);
    progress_time(time, sizeof time, r->seconds);
    progress_time(training, sizeof training, r->train_seconds);
    if (r->walk.n_nodes > 0)
        input_say_walks(&r->walk, places->n_paths);
    else
        ui_say("corpus      %llu byte%s (%s), %llu line%s, %zu file%s", ull(t->n_bytes),
               ui_s(t->n_bytes), size, ull(t->n_lines), ui_s(t->n_lines), places->n_paths,
               ui_s(places->n_paths));
    if (t->n_invalid_bytes > 0)
        ui_say("invalid     %llu byte%s not UTF-8 and taken as %s", ull(t->n_invalid_bytes),
               t->n_invalid_bytes == 1 ? " was" : "s were",
               t->n_invalid_bytes == 1 ? "a separator" : "separators");
    ui_say("tokens      %llu; %llu %s in the vocabulary", ull(t->n_tokens), ull(t->n_corpus),
           ui_are(t->n_corpus));
    if (r->phrase_passes > 0)
        input_say_phrases(t, false);
    if (places->given_words)
        ui_say("vocabulary  %llu word%s", ull(t->n_words), ui_s(t->n_words));
    else
        ui_say("vocabulary  %llu word%s of %llu different one%s", ull(t->n_words), ui_s(t->n_words),
               ull(t->n_distinct), ui_s(t->n_distinct));
    if (r->n_unseen > 0)
        ui_say("unseen      %llu word%s of the vocabulary never occur%s in the corpus",
               ull(r->n_unseen), ui_s(r->n_unseen), r->n_unseen == 1 ? "s" : "");
    if (opt_given(preset->args, "for"))
        ui_say("for         %s:%s", opt_text(preset->args, "for"), preset->text);
    ui_say("sample      %g", r->sample);
    ui_say("rate        %.4g to %.4g", r->lr, r->min_lr);
    ui_say("trained     %llu word%s = %u epoch%s x %llu; %llu prediction%s", ull(r->n_trained),
           ui_s(r->n_trained), r->epochs, ui_s(r->epochs), ull(t->n_corpus), ull(r->n_predictions),
           ui_s(r->n_predictions));
    say_losses(r);
    ui_say("time        %s; training took %s at %.0f words/s on %s (%s)", time, training, pace(r),
           threads, r->simd);
    ui_say("memory      %s at the most", memory);
    ui_say("model       %s: %llu word%s of %zu dimension%s", places->output,
           ull(t->n_words - r->n_alike), ui_s(t->n_words - r->n_alike), r->dim, ui_s(r->dim));
}

/* The same summary for programs: one JSON object, on the last line. */
static void say_json(const struct preset *preset, const struct w2v_train_report *r)
{
    const struct w2v_text_report *t = &r->text;
    fprintf(
        stderr,
        "{\"phase\": \"done\", \"bytes\": %llu, \"lines\": %llu, \"invalid_bytes\": %llu, "
        "\"tokens\": %llu, \"distinct\": %llu, \"words\": %llu, \"corpus\": %llu, "
        "\"phrases\": %llu, \"phrases_joined\": %llu, \"trained\": %llu, \"predictions\": %llu, "
        "\"preset\": \"%s\", \"sample\": %.9g, \"unseen\": %llu, \"epochs\": %u, \"loss\": [",
        ull(t->n_bytes), ull(t->n_lines), ull(t->n_invalid_bytes), ull(t->n_tokens),
        ull(t->n_distinct), ull(t->n_words), ull(t->n_corpus), ull(t->n_phrases), ull(t->n_joined),
        ull(r->n_trained), ull(r->n_predictions), preset->text + (preset->text[0] == ' '),
        r->sample, ull(r->n_unseen), r->epochs);
    for (unsigned i = 0; i < r->epochs; i++) {
        fputs(i > 0 ? ", " : "", stderr);
        if (isnan(r->loss[i])) /* the epoch had no prediction */
            fputs("null", stderr);
        else
            fprintf(stderr, "%.6g", r->loss[i]);
    }
    fprintf(stderr,
            "], \"dim\": %zu, \"lr\": %.9g, \"min_lr\": %.9g, \"threads\": %u, \"shards\": %u, "
            "\"simd\": \"%s\", "
            "\"train_seconds\": %.3f, \"seconds\": %.3f, \"words_per_second\": %.0f, "
            "\"peak_bytes\": %llu}\n",
            r->dim, r->lr, r->min_lr, r->threads, r->shards, r->simd, r->train_seconds, r->seconds,
            pace(r), ull(r->peak_bytes));
}

/* The name of the first given option of this group, or NULL. */
static const char *given_of(const struct opt_args *args, unsigned group)
{
    for (size_t i = 0; i < args->n_rows; i++)
        if (args->values[i].given && args->rows[i].library != NULL &&
            (args->rows[i].library->use & group))
            return args->rows[i].name;
    return NULL;
}

/*
 * Refuses options that have no effect without another one. A resumed run may have been begun with
 * the other one, which is not known yet.
 */
static int check_groups(const struct opt_args *args)
{
    const bool resume = opt_given(args, "resume");
    const char *name;
    if (!resume && opt_number(args, "phrases") == 0 &&
        (name = given_of(args, W2V_OPTION_OF_PHRASES)) != NULL)
        return ui_usage(args, "--%s without --phrases N", name);
    if (!resume && !opt_flag(args, "subwords") &&
        (name = given_of(args, W2V_OPTION_OF_SUBWORDS)) != NULL)
        return ui_usage(args, "--%s without --subwords", name);
    if (!resume && strcmp(opt_text(args, "model"), "cbow") == 0 &&
        (name = given_of(args, W2V_OPTION_OF_SKIPGRAM)) != NULL)
        return ui_usage(args, "--%s is for skip-gram, not for -m cbow", name);
    if (!resume && opt_number(args, "minn") > opt_number(args, "maxn"))
        return ui_usage(args, "--minn %s is above --maxn %s", opt_text(args, "minn"),
                        opt_text(args, "maxn"));
    if (opt_flag(args, "graph")) {
        name = opt_flag(args, "keep-case") ? "keep-case" : given_of(args, W2V_OPTION_OF_TEXT);
        if (name != NULL)
            return ui_usage(args, "--%s is about text, and --graph takes names as they are", name);
        if (opt_given(args, "tokenizer") && strcmp(opt_text(args, "tokenizer"), "whitespace") != 0)
            return ui_usage(args, "--tokenizer %s: --graph takes names as they are",
                            opt_text(args, "tokenizer"));
    }
    if (!resume && !opt_flag(args, "graph") && (name = given_of(args, W2V_OPTION_OF_GRAPH)) != NULL)
        return ui_usage(args, "--%s without --graph", name);
    return UI_DONE;
}

/* Whether the operand is a number and there is no such file. */
static bool is_missing_number(const char *operand)
{
    return operand[0] >= '0' && operand[0] <= '9' &&
           operand[strspn(operand, "0123456789.")] == '\0' && access(operand, F_OK) != 0;
}

static int check(const struct opt_args *args)
{
    const bool resume = opt_given(args, "resume");
    const char *name;
    if (opt_given(args, "for") && resume)
        return ui_usage(args,
                        "--for with --resume: a resumed run has the options that it was begun "
                        "with; leave --for out");
    if (!opt_given(args, "output") && !resume)
        return ui_usage(args, "no output; name the model file with -o FILE");
    for (size_t i = 0; i < args->n_operands && opt_flag(args, "graph") && opt_flag(args, "quiet");
         i++)
        if (is_missing_number(args->operands[i]))
            return ui_usage(args,
                            "%s: -q is --quiet; for node2vec's q give --q %s, or ./%s for a file",
                            args->operands[i], args->operands[i], args->operands[i]);
    const int status = check_groups(args);
    if (status != UI_DONE)
        return status;
    if (opt_given(args, "checkpoint-every") && !opt_given(args, "checkpoint") && !resume)
        return ui_usage(args, "--checkpoint-every needs a file to write to: --checkpoint");
    if (strcmp(opt_text(args, "loss"), "hs") == 0 &&
        (name = given_of(args, W2V_OPTION_OF_NEGATIVES)) != NULL)
        return ui_usage(args,
                        "--%s with --loss hs: hierarchical softmax draws no negatives; "
                        "leave out one of the two",
                        name);
    if (opt_given(args, "lr") && opt_real(args, "min-lr") > opt_real(args, "lr"))
        return ui_usage(args, "--min-lr %s is above --lr %s", opt_text(args, "min-lr"),
                        opt_text(args, "lr"));
    return UI_DONE;
}

static void spell_setting(void *context, const char *key, const char *value)
{
    struct preset *preset = context;
    const struct opt_args *args = preset->args;
    const size_t n = strlen(preset->text);
    for (size_t i = 0; i < args->n_rows; i++) {
        const struct w2v_option *option = args->rows[i].library;
        if (option != NULL && strcmp(option->key, key) == 0 && !args->values[i].given &&
            !(option->use & preset->idle))
            snprintf(preset->text + n, sizeof preset->text - n, " --%s %s", args->rows[i].name,
                     value);
    }
}

/* Sets what --for sets, if it is given. `visit` may be NULL. */
static void set_preset(const struct opt_args *args, struct w2v_train_options *train,
                       w2v_info_fn visit, void *context)
{
    static const enum w2v_preset presets[] = {W2V_FOR_TEXT, W2V_FOR_ITEMS, W2V_FOR_GRAPH};
    if (opt_given(args, "for"))
        w2v_train_options_for(train, presets[opt_number(args, "for")], visit, context);
}

/* Spells the preset for a run with these options, which do not change. */
static void spell_preset(struct preset *preset, const struct w2v_train_options *train)
{
    struct w2v_train_options copy = *train;
    preset->idle = w2v_train_options_idle(train);
    set_preset(preset->args, &copy, spell_setting, preset);
}

/* Finds the places, and begins with the options of the run that is resumed, or with the defaults. */
static int begin(const struct opt_args *args, struct places *places,
                 struct w2v_train_options *train)
{
    const char *resume = opt_text(args, "resume");
    struct w2v_error error;
    *places = (struct places){.paths = input_paths(args),
                              .n_paths = args->n_operands,
                              .output = opt_text(args, "output")};
    w2v_train_options_init(train);
    if (resume == NULL)
        return places->n_paths > 0
                   ? UI_DONE
                   : ui_usage(args, "no corpus; name a file, or - for standard input");
    if (w2v_checkpoint_open(&places->resumed, resume, &error) != W2V_OK)
        return ui_fail(&error);
    *train = *w2v_checkpoint_options(places->resumed);
    if (places->n_paths == 0)
        places->paths = w2v_checkpoint_paths(places->resumed, &places->n_paths);
    if (places->output == NULL)
        places->output = w2v_checkpoint_output(places->resumed);
    else
        train->file = W2V_FILE_GUESS; /* the --to of the earlier run was for its output */
    return UI_DONE;
}

/* Whether a list of edges may have been taken for walks. */
static bool is_graph_as_text(const struct opt_args *args, const struct w2v_train_report *report)
{
    return opt_given(args, "for") && strcmp(opt_text(args, "for"), "graph") == 0 &&
           report->walk.n_nodes == 0 && report->text.n_tokens <= 3 * report->text.n_lines;
}

/* Trains, and reports the end. */
static int train_and_say(const struct places *places, const struct preset *preset,
                         const struct progress *progress, const struct w2v_train_options *train)
{
    struct w2v_train_report report;
    struct w2v_error error;
    const int status =
        w2v_train(places->paths, places->n_paths, places->output, train, &report, &error);
    const bool json = progress->mode == PROGRESS_JSON;
    ui_clear();
    if (status == W2V_OK && !progress->quiet && is_graph_as_text(preset->args, &report))
        ui_note(
            "the lines have no more than three words on average; if they are edges, give --graph");
    if (status != W2V_OK && report.epochs > 0 && !progress->quiet && !json)
        say_losses(&report);
    else if (status == W2V_OK && json)
        say_json(preset, &report);
    else if (status == W2V_OK && !progress->quiet)
        say_summary(places, preset, &report);
    w2v_train_report_release(&report);
    return status == W2V_OK ? UI_DONE : ui_fail(&error);
}

static int run(const struct opt_args *args)
{
    struct w2v_train_options train;
    struct progress progress;
    struct places places;
    struct preset preset = {.args = args};
    int status = check(args);
    if (status == UI_DONE)
        status = begin(args, &places, &train);
    if (status != UI_DONE)
        return status;
    set_preset(args, &train, NULL, NULL);
    status = input_settings(args, &train, &progress);
    if (status == UI_DONE)
        status = output_check_terminal(args, places.output, train.file);
    if (status == UI_DONE) {
        if (places.resumed == NULL && train.init_path != NULL && !opt_given(args, "dim"))
            train.dim = 0;
        spell_preset(&preset, &train);
        train.notice = progress_notice;
        train.notice_context = &progress;
        progress.keeps = train.checkpoint_path != NULL || train.save_on_interrupt;
        ui_at_stake(progress.keeps ? UI_LATER : UI_NEVER);
        ui_output(places.output);
        ui_output(train.checkpoint_path);
        ui_output(train.save_vocab_path);
        progress_results(&progress, places.output);
        places.given_words = train.vocab_path != NULL || train.vocab_mode != W2V_VOCAB_NEW;
        status = train_and_say(&places, &preset, &progress, &train);
    }
    w2v_checkpoint_close(places.resumed);
    return status;
}

const struct command cmd_train = {
    .name = "train",
    .summary = "learn word vectors from text",
    .usage = "train CORPUS... -o MODEL [options]\n"
             "train --graph GRAPH... -o MODEL [options]\n"
             "train --resume CHECKPOINT [options]",
    .about =
        "Learns a vector for each word of the corpus by skip-gram or continuous bag of words, with "
        "negative sampling or hierarchical softmax (Mikolov et al. 2013). Several files are one "
        "corpus, and - is standard input. Compressed files (gzip, bzip2, xz, zstd, lz4) are read "
        "through their tools. No window crosses a line end, so a line may be a document, a "
        "paragraph or a sentence. The output is a word2vec binary file, which other tools read as "
        "well. The ending of -o can choose another format.\n"
        "For baskets, sessions and playlists, one on each line, --for items sets options that suit "
        "identifiers. If the order within a line means nothing, add --whole-line.\n"
        "At the end a summary goes to standard error: corpus, tokens, vocabulary, epochs, the mean "
        "loss per prediction of the first and last epochs, time, words per second, peak memory. "
        "'w2v info MODEL' has the loss of each epoch.\n"
        "SIGINT, SIGTERM, SIGHUP, SIGUSR2, SIGXCPU and SIGQUIT end w2v. No unfinished output and "
        "no temporary file is left, and an existing output stays as it was. There are two "
        "exceptions: with --checkpoint w2v first finishes the round, writes the checkpoint and "
        "says where it is, and with --save-on-interrupt it writes the model. SIGQUIT and a second "
        "signal other than SIGXCPU then end w2v at once. Before training begins there is nothing "
        "to keep, and w2v says so. A shell then sees the exit status 128 + the signal's number. "
        "SIGUSR1 only prints a line of progress.\n"
        "A resumed run reads the corpus again, from the same files or from CORPUS if it is given. "
        "A corpus on standard input must be given there again. If --epochs changes on resuming, "
        "the first learning rate stays the same. From the checkpoint on, the rate falls as in a "
        "run of that many epochs.",
    .examples = "w2v train corpus.txt -o vec.bin\n"
                "w2v train a.txt b.txt -o vec.bin --dim 300 --window 10 --epochs 10\n"
                "w2v train wiki.gz -o vec.bin --progress json 2> log\n"
                "w2v train baskets.txt -o items.bin --for items --whole-line\n"
                "w2v train corpus.txt -o vec.bin --checkpoint vec.ck --checkpoint-every 30m\n"
                "w2v train --resume vec.ck",
    COMMAND_OPTIONS(options),
    .run = run,
};
