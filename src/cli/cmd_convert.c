/* w2v convert: a model in another format, or a part of it. */
#include <string.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/ui.h"

static const struct opt options[] = {
    {"output", 'o', OPT_TEXT, .value = "OUT", .help = "the same as the operand OUT"},
    {"to", 0, OPT_LIBRARY, .key = "file", .value = "FORMAT", .note = "default by OUT's ending",
     .help = "the format of OUT. word2vec (no ending, .bin, .w2v): w2v's own, a word2vec binary "
             "file that opens at once; word2vec-plain: the same without the trailer; word2vec-text "
             "(.txt), fasttext-vec (.vec): a line 'V D', then a line for each word; glove "
             "(.glove): the same without the first line; fasttext-bin (.ftbin): fastText's .bin "
             "with n-grams, output matrix and counts; npy (.npy): with the words of vec.npy in "
             "vec.words; safetensors (.safetensors): with the words in the metadata; projector "
             "(.tsv): with the words of vec.tsv in vec.metadata.tsv. Another ending needs --to. A "
             "further ending .gz, .bz2, .xz, .zst or .lz4 compresses a format that is a single "
             "file"},
    {"precision", 0, OPT_CHOICE, .choices = "f32|f16|bf16", .fallback = "f32",
     .help = "precision of the numbers; f16 for npy and safetensors, bf16 for safetensors only"},
    {"top", 0, OPT_COUNT, .value = "N", .min = 1, .note = "default all words",
     .elsewhere = "limit|topn",
     .help =
         "only the first N words; if MODEL is sorted by count, these are its most frequent words"},
    {"words", 0, OPT_TEXT, .value = "FILE", .note = "default all words",
     .help = "only the words of FILE, in MODEL's order; a word a line, with or without a count"},
    {"center", 0, OPT_FLAG, .help = "subtract the mean of the chosen vectors"},
    {"remove-top", 0, OPT_COUNT, .value = "N", .max = W2V_MAX_DIM, .fallback = "0",
     .help =
         "subtract the mean and remove the first N principal directions (Mu and Viswanath 2018)"},
    {"normalize", 0, OPT_FLAG, .elsewhere = "norm|unit",
     .help = "last of all, scale each vector but zeros to length 1"},
    OPEN_TOLERANT,
    INPUT_PROGRESS(""),
};

/* Says why the rows of n-grams are not in the file. */
static void say_no_ngrams(const struct w2v_convert_report *report)
{
    const bool can =
        strcmp(report->format, "word2vec") == 0 || strcmp(report->format, "fasttext-bin") == 0;
    ui_note("only words of the vocabulary are written; %s",
            !can                   ? "this format cannot hold n-grams"
            : report->cut_subwords ? "n-grams that are pruned or quantized cannot be written"
                                   : "their n-grams do not fit vectors that were changed");
}

static void find_classifier(void *context, const char *key, const char *value)
{
    if (strcmp(key, "model") == 0 && strcmp(value, "supervised") == 0)
        *(bool *)context = true;
}

/* What fastText's file needs and the model does not have. */
static void say_made_up(const struct w2v_model *model, const struct w2v_convert_report *report)
{
    uint64_t count;
    bool is_classifier = false;
    struct w2v_error error; /* not shown: the note is only less exact */
    w2v_info(model, find_classifier, &is_classifier, &error);
    if (!report->output && is_classifier)
        ui_note("the model is a classifier: its labels and their matrix are left out, and it is "
                "written as skip-gram with an output matrix of zeros");
    else if (!report->output)
        ui_note("the model has no output matrix, so zeros are written: queries work, but "
                "further training starts from an output matrix of zeros");
    if (w2v_n_words(model) > 0 && !w2v_count(model, 0, &count))
        ui_note("the model has no counts, so each word is written with the count 1");
}

static void say_written(const struct opt_args *args, const struct w2v_model *model,
                        const struct w2v_convert_report *report, const char *output)
{
    if (opt_flag(args, "quiet"))
        return;
    if (report->n_duplicates > 0)
        ui_note("%llu row%s left out, since an equal word comes before %s",
                (unsigned long long)report->n_duplicates, ui_s(report->n_duplicates),
                report->n_duplicates == 1 ? "it" : "them");
    if (report->n_alike > 0)
        ui_note("%llu word%s left out: written with '_' %s another word",
                (unsigned long long)report->n_alike, ui_s(report->n_alike),
                report->n_alike == 1 ? "it would equal" : "they would equal");
    if (report->n_not_finite > 0)
        ui_note("%llu word%s left out: %s not finite", (unsigned long long)report->n_not_finite,
                ui_s(report->n_not_finite),
                report->n_not_finite == 1 ? "its vector is" : "their vectors are");
    if (report->n_missing > 0)
        ui_note("%llu word%s of %s %s not in %s", (unsigned long long)report->n_missing,
                ui_s(report->n_missing), opt_text(args, "words"), ui_are(report->n_missing),
                args->operands[0]);
    if (report->n_beyond > 0)
        ui_note("%llu word%s of %s %s not among the first %s", (unsigned long long)report->n_beyond,
                ui_s(report->n_beyond), opt_text(args, "words"), ui_are(report->n_beyond),
                opt_text(args, "top"));
    if (report->n_respelled > 0)
        ui_note("%llu word%s written with '_' for what %s cannot hold",
                (unsigned long long)report->n_respelled, ui_s(report->n_respelled), report->format);
    if (w2v_has_subwords(model) && !report->subwords)
        say_no_ngrams(report);
    if (strcmp(report->format, "fasttext-bin") == 0)
        say_made_up(model, report);
    if (strcmp(output, "-") != 0)
        ui_say("%s: %s, %llu word%s of %zu dimension%s%s%s", output, report->format,
               (unsigned long long)report->n_words, ui_s(report->n_words), w2v_dim(model),
               ui_s(w2v_dim(model)), report->words_path[0] != '\0' ? "; words in " : "",
               report->words_path);
}

static int run(const struct opt_args *args)
{
    struct w2v_convert_options convert;
    struct w2v_convert_report report;
    struct w2v_model *model;
    struct w2v_error error;
    struct progress progress;
    const char *output = opt_text(args, "output");
    const size_t n_named = args->n_operands + (output != NULL);
    if (args->n_operands == 0 || n_named != 2)
        return ui_usage(args, args->n_operands == 0 ? "no model; name a file"
                              : n_named == 1        ? "no output; name a file"
                                                    : "one model and one output at a time");
    if (output == NULL)
        output = args->operands[1];
    w2v_convert_options_init(&convert);
    if (opt_given(args, "to"))
        convert.file = (enum w2v_file)(opt_number(args, "to") + 1);
    if (output_check_terminal(args, output, convert.file) != UI_DONE)
        return UI_USAGE;
    convert.precision = (enum w2v_precision)opt_number(args, "precision");
    convert.top = (size_t)opt_number(args, "top");
    convert.words_path = opt_text(args, "words");
    convert.center = opt_flag(args, "center");
    convert.remove_top = (size_t)opt_number(args, "remove-top");
    convert.normalize = opt_flag(args, "normalize");
    convert.tolerant = opt_flag(args, "tolerant");
    convert.threads = (unsigned)opt_number(args, "threads");
    progress_init(&progress, args);
    progress_results(&progress, output);
    convert.progress = progress_tell;
    convert.progress_context = &progress;
    int status = open_model(args, args->operands[0], &model);
    if (status != UI_DONE)
        return status;
    ui_output(output);
    if (w2v_convert(model, output, &convert, &report, &error) == W2V_OK) {
        ui_clear();
        say_written(args, model, &report, output);
        w2v_close(model);
        return UI_DONE;
    }
    w2v_close(model);
    return error.code == W2V_EARG ? ui_usage_of(args, &error) : ui_fail(&error);
}

const struct command cmd_convert = {
    .name = "convert",
    .summary = "write a model in another format",
    .usage = "convert MODEL OUT [options]",
    .about =
        "MODEL is any file that w2v reads; the whole file is checked. OUT is written completely or "
        "not at all; - is standard output, if the format is one file. Words stay in MODEL's order; "
        "of equal words the first is written. A byte that the format cannot hold in a word becomes "
        "'_'; a word that would then equal another word is left out. A vector that is not finite "
        "is an error, and with --tolerant its word is left out. Numbers as text have the fewest "
        "digits that read back as the same float, so formats of full precision lose no bit. "
        "Between w2v's own files and fastText's .bin, the counts are kept too, except that .bin "
        "has a count of 1 where the model has 0. fastText's header holds a part of the training "
        "record. The rows of n-grams and the output matrix are kept if the vectors do not change.",
    .examples = "w2v convert GoogleNews.bin news.bin\n"
                "w2v convert vec.bin vec.txt --top 50000\n"
                "w2v convert wiki.vec.gz wiki.npy --normalize\n"
                "w2v convert vec.bin better.bin --remove-top 3",
    COMMAND_OPTIONS(options),
    .run = run,
};
