/* w2v map: the words as a picture. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/command.h"
#include "cli/fields.h"
#include "cli/input.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/ui.h"

static const struct opt options[] = {
    {"output", 'o', OPT_TEXT, .value = "FILE", .note = "required",
     .help = "the map; its ending chooses the kind. .svg: a figure for a paper; .html: an "
             "interactive page with a search; .tsv: lines WORD<TAB>X<TAB>Y<TAB>GROUP"},
    {"method", 0, OPT_CHOICE, .choices = "tsne|pca", .fallback = "tsne",
     .help =
         "tsne: words with similar vectors stand together; pca: the two directions in which the "
         "words vary most"},
    {"top", 0, OPT_COUNT, .value = "N", .min = 1, .max = W2V_MAX_MAP_WORDS,
     .note = "default 2000, with --near 200", .elsewhere = "limit|topn|restrict",
     .help =
         "draw the first N words of the model, which are the most frequent ones if it is sorted by "
         "count; with --near, N words at most"},
    {"words", 0, OPT_TEXT, .value = "FILE",
     .help =
         "draw the words of FILE instead, one a line; a tab and the word's group may follow, and "
         "words are coloured by group; if a word is there twice, its first line counts"},
    {"clusters", 0, OPT_COUNT, .value = "K", .min = 1, .max = 1000, .note = "default none",
     .help =
         "colour the words by K clusters, as 'w2v cluster' makes them; each is named by its most "
         "typical words. It cannot be combined with groups in the FILE of --words or with several "
         "words of --near"},
    {"near", 0, OPT_TEXT, .value = "WORDS",
     .help =
         "draw these words, separated by blanks, and their neighbours; neighbours have the colour "
         "of their word; a word with blanks stands in double quotes"},
    {"arrows", 0, OPT_TEXT, .value = "FILE",
     .help = "draw an arrow for each line of FILE, from its first word to its second (man woman); "
             "words that are not on the map yet are added"},
    {"label", 0, OPT_COUNT, .value = "N", .note = "default as many as there is room for",
     .help = "draw N labels at most, those of frequent words first"},
    {"perplexity", 0, OPT_REAL, .value = "X", .least = 1, .most = W2V_MAX_PERPLEXITY,
     .fallback = "30",
     .help = "tsne: about how many neighbours of a word count. With N words it is at most "
             "(N - 1) / 3, but this limit is never below 2. Up to 3 words are placed as by pca"},
    {"iterations", 0, OPT_COUNT, .value = "N", .min = 1, .max = 1000000, .fallback = "1000",
     .elsewhere = "max-iter|n-iter|epochs",
     .help = "tsne: iterations; in the first half of them words attract each other more"},
    {"seed", 0, OPT_COUNT, .value = "N", .fallback = "1",
     .help = "seed of the clusters, and of the noise in the places from which t-SNE starts"},
    OPEN_TOLERANT,
    INPUT_PROGRESS(""),
};

/* Adds a word of --near to ids, unless it is there. Says so if the model lacks the word. */
static int find_near(const struct w2v_model *model, const char *word, size_t n_bytes, size_t *ids,
                     size_t *n)
{
    const int64_t id = w2v_find(model, word, n_bytes);
    if (id < 0) {
        ui_error("--near: \"%.*s\" is not in the vocabulary", ui_shorten(word, n_bytes, 200), word);
        return UI_FAILED;
    }
    for (size_t i = 0; i < *n; i++)
        if (ids[i] == (size_t)id)
            return UI_DONE;
    ids[(*n)++] = (size_t)id;
    return UI_DONE;
}

/* Finds the words of --near. The caller frees *ids. A word with blanks stands alone or in quotes. */
static int read_near(const struct w2v_model *model, const char *text, size_t **ids, size_t *n)
{
    const size_t n_bytes = strlen(text);
    int status = UI_DONE;
    *ids = calloc(n_bytes + 1, sizeof **ids);
    if (*ids == NULL) {
        ui_error("out of memory for the words of --near");
        return UI_FAILED;
    }
    if (w2v_find(model, text, n_bytes) >= 0)
        return find_near(model, text, n_bytes, *ids, n);
    struct fields fields = fields_of(text, n_bytes);
    struct field word;
    while (status == UI_DONE && fields_next(&fields, &word))
        status = find_near(model, word.text, word.n_bytes, *ids, n);
    if (status == UI_DONE && *n == 0) {
        ui_error("--near: no word");
        status = UI_FAILED;
    }
    return status;
}

static void say_drawn(const struct opt_args *args, const struct w2v_map_report *report)
{
    char labels[64] = "", groups[64] = "", arrows[64] = "";
    if (opt_flag(args, "quiet"))
        return;
    if (report->n_missing > 0)
        ui_note("%zu word%s of %s %s not in %s", report->n_missing, ui_s(report->n_missing),
                ui_name(opt_text(args, "words")), report->n_missing == 1 ? "is" : "are",
                ui_name(args->operands[0]));
    if (report->n_unpaired > 0)
        ui_note("%zu arrow%s of %s left out: not both words are on the map", report->n_unpaired,
                ui_s(report->n_unpaired), ui_name(opt_text(args, "arrows")));
    ui_note_left_out(report->n_left_out);
    if (report->n_groups > 0)
        snprintf(groups, sizeof groups, ", %zu group%s", report->n_groups, ui_s(report->n_groups));
    if (report->n_labels > 0)
        snprintf(labels, sizeof labels, ", %zu label%s", report->n_labels, ui_s(report->n_labels));
    if (report->n_arrows > 0)
        snprintf(arrows, sizeof arrows, ", %zu arrow%s", report->n_arrows, ui_s(report->n_arrows));
    ui_say("%s: %zu word%s%s%s%s", opt_text(args, "output"), report->n_words, ui_s(report->n_words),
           labels, groups, arrows);
}

static int draw(const struct opt_args *args, struct w2v_map_options *map, struct w2v_model *model)
{
    struct w2v_map_report report;
    struct w2v_error error;
    size_t *near = NULL;
    int status = UI_DONE;
    if (opt_given(args, "near"))
        status = read_near(model, opt_text(args, "near"), &near, &map->n_near);
    map->near = near;
    ui_output(opt_text(args, "output"));
    const int code =
        status == UI_DONE ? w2v_map(model, opt_text(args, "output"), map, &report, &error) : W2V_OK;
    if (status == UI_DONE && code == W2V_OK) {
        ui_clear();
        say_drawn(args, &report);
    }
    free(near);
    w2v_close(model);
    if (code == W2V_EARG)
        return ui_usage_of(args, &error);
    return code != W2V_OK ? ui_fail(&error) : status;
}

static int run(const struct opt_args *args)
{
    struct w2v_map_options map;
    struct w2v_model *model;
    struct progress progress;
    if (args->n_operands != 1)
        return ui_usage(args, args->n_operands == 0 ? "no model; name a file"
                                                    : "one model, no more operands");
    if (!opt_given(args, "output"))
        return ui_usage(args, "no output; name a file with -o FILE");
    if (opt_given(args, "words") && (opt_given(args, "near") || opt_given(args, "top")))
        return ui_usage(args, "--words and --%s contradict each other",
                        opt_given(args, "near") ? "near" : "top");
    if (opt_number(args, "method") == 1 &&
        (opt_given(args, "perplexity") || opt_given(args, "iterations")))
        return ui_usage(args, "--%s is for --method tsne, not for pca",
                        opt_given(args, "perplexity") ? "perplexity" : "iterations");
    const char *dot = strrchr(opt_text(args, "output"), '.');
    if (dot == NULL || (strcasecmp(dot, ".svg") != 0 && strcasecmp(dot, ".html") != 0 &&
                        strcasecmp(dot, ".tsv") != 0))
        return ui_usage(args, "--output %s: the ending says what is written; .svg, .html or .tsv",
                        opt_text(args, "output"));
    if (strcasecmp(dot, ".tsv") == 0 && opt_given(args, "label"))
        return ui_usage(args, "--label is for .svg and .html; a .tsv has every word");
    w2v_map_options_init(&map);
    map.layout = (enum w2v_layout)opt_number(args, "method");
    map.top = (size_t)opt_number(args, "top");
    map.words_path = opt_text(args, "words");
    map.clusters = (size_t)opt_number(args, "clusters");
    map.arrows_path = opt_text(args, "arrows");
    if (opt_given(args, "label"))
        map.labels = (size_t)opt_number(args, "label");
    map.perplexity = opt_real(args, "perplexity");
    map.iterations = (unsigned)opt_number(args, "iterations");
    map.seed = opt_number(args, "seed");
    map.threads = (unsigned)opt_number(args, "threads");
    progress_init(&progress, args);
    map.progress = progress_tell;
    map.progress_context = &progress;
    const int status = open_model(args, args->operands[0], &model);
    return status == UI_DONE ? draw(args, &map, model) : status;
}

const struct command cmd_map = {
    .name = "map",
    .summary = "draw the words as a map",
    .usage = "map MODEL -o OUT.svg|OUT.html|OUT.tsv [options]",
    .about =
        "Places words in the plane by the directions of their vectors. The method is t-SNE over "
        "exact nearest neighbours, started from the principal directions. "
        "The same model, options and seed give the same file for any "
        "number of threads. On a t-SNE map, distances between far groups mean little.\n"
        "The .html page is one file that uses no network. It pans and zooms (drag, wheel, "
        "pinch, arrow keys, + and -) and searches as you type. The neighbours that it lists "
        "are those in the space of the vectors. Control characters and bytes that are not "
        "UTF-8 are drawn as U+FFFD; in a .tsv they are written as in other tables.",
    .examples = "w2v map vec.bin -o map.html\n"
                "w2v map vec.bin -o map.svg --top 1000 --clusters 12\n"
                "w2v map vec.bin -o capitals.svg --words capitals.tsv --arrows pairs.txt\n"
                "w2v map vec.bin -o near.html --near \"king violin\" --top 300",
    COMMAND_OPTIONS(options),
    .run = run,
};
