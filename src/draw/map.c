/*
 * w2v_map: words are chosen, laid out and drawn. The options are checked and the file is opened before
 * any other work, so that a mistake or a file that cannot be written costs no time.
 */
#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "base/paths.h"
#include "draw/choice.h"
#include "draw/layout.h"
#include "draw/page.h"
#include "draw/sink.h"
#include "draw/svg.h"
#include "model/model.h"
#include "query/search.h"

typedef void (*draw_fn)(struct sink *sink, const struct picture *picture,
                        struct picture_drawn *drawn);

static void draw_tsv(struct sink *sink, const struct picture *p, struct picture_drawn *drawn)
{
    *drawn = (struct picture_drawn){0};
    for (size_t i = 0; i < p->n; i++) {
        size_t n_bytes;
        const char *word = picture_word(p, i, &n_bytes);
        sink_tsv(sink, word, n_bytes);
        for (size_t k = 0; k < 2; k++) {
            sink_text(sink, "\t");
            sink_fixed(sink, (double)p->places[2 * i + k], 6);
        }
        sink_text(sink, "\t");
        if (p->group[i] != PICTURE_NO_GROUP)
            sink_tsv(sink, p->groups[p->group[i]].name, p->groups[p->group[i]].n_bytes);
        sink_text(sink, "\n");
    }
}

static const struct {
    const char *ending;
    draw_fn draw;
    size_t n_nearest; /* neighbours of each word that it shows */
} kinds[] = {{".svg", svg_draw, 0}, {".html", page_draw, PAGE_NEAREST}, {".tsv", draw_tsv, 0}};

enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

static size_t kind_of(const char *path)
{
    const size_t n = strlen(path);
    size_t kind = 0;
    for (; kind < N_KINDS; kind++) {
        const size_t n_ending = strlen(kinds[kind].ending);
        if (n > n_ending && bytes_alike(path + n - n_ending, kinds[kind].ending, n_ending))
            break;
    }
    return kind;
}

static int check(const struct w2v_model *model, const char *output, const struct w2v_map_options *o,
                 struct w2v_error *error)
{
    if (kind_of(output) == N_KINDS)
        return error_set(error, W2V_EARG,
                         "%s: the ending says what is written; .svg, .html or .tsv", output);
    if (o->n_near > 0 && o->words_path != NULL)
        return error_set(error, W2V_EARG,
                         "words of a file and words near to some were both asked for; choose one");
    if (o->n_near > 1 && o->clusters > 0)
        return error_set(error, W2V_EARG,
                         "clusters and groups of %zu near words were both asked for; choose one",
                         o->n_near);
    if (o->words_path != NULL && o->top > 0)
        return error_set(error, W2V_EARG,
                         "words of a file and the first words were both asked for; choose one");
    if (o->top > 0 && o->top < o->n_near)
        return error_set(error, W2V_EARG, "%zu words in all are fewer than the %zu to draw near to",
                         o->top, o->n_near);
    if (o->n_near > PICTURE_MAX_GROUPS || o->clusters > PICTURE_MAX_GROUPS)
        return error_set(error, W2V_EARG, "more than %d groups", PICTURE_MAX_GROUPS);
    if (o->top > W2V_MAX_MAP_WORDS)
        return error_set(error, W2V_EARG, "more than %d words", W2V_MAX_MAP_WORDS);
    if (!(o->perplexity >= 1 && o->perplexity <= W2V_MAX_PERPLEXITY))
        return error_set(error, W2V_EARG, "the perplexity must be 1 to %d", W2V_MAX_PERPLEXITY);
    if ((unsigned)o->layout > W2V_LAYOUT_PCA)
        return error_set(error, W2V_EARG, "there is no layout number %d", (int)o->layout);
    if (o->iterations == 0)
        return error_set(error, W2V_EARG, "the iterations must be 1 or more");
    if (o->near == NULL && o->n_near > 0)
        return error_set(error, W2V_EARG, "there is no list of the words to be near to");
    return search_check_ids(model, o->near, o->n_near, error);
}

static int keep_apart(const struct w2v_model *model, const char *output,
                      const struct w2v_map_options *options, struct w2v_error *error)
{
    struct paths paths = {0};
    model_enter(model, &paths);
    paths_input(&paths, "--words", options->words_path);
    paths_input(&paths, "--arrows", options->arrows_path);
    paths_output(&paths, "--output", output);
    const int status = paths_check(&paths, error);
    paths_release(&paths);
    return status;
}

void w2v_map_options_init(struct w2v_map_options *options)
{
    *options = (struct w2v_map_options){
        .labels = SIZE_MAX, .perplexity = 30, .iterations = 1000, .seed = 1};
}

static int finite(const struct picture *p, struct w2v_error *error)
{
    for (size_t i = 0; i < 2 * p->n; i++)
        if (!isfinite(p->places[i]))
            return error_set(error, W2V_ENUMERIC, "a place on the map is not finite");
    return W2V_OK;
}

int w2v_map(const struct w2v_model *model, const char *output,
            const struct w2v_map_options *options, struct w2v_map_report *report,
            struct w2v_error *error)
{
    struct picture picture;
    struct outfile out;
    struct picture_drawn drawn = {0};
    int status = check(model, output, options, error);
    if (status == W2V_OK)
        status = keep_apart(model, output, options, error);
    if (status == W2V_OK)
        status = outfile_open(&out, output, error);
    if (status != W2V_OK)
        return status;
    const size_t kind = kind_of(output);
    status = choice_make(&picture, model, options, error);
    if (status == W2V_OK)
        status = layout_make(&picture, options, kinds[kind].n_nearest, error);
    if (status == W2V_OK)
        status = finite(&picture, error);
    if (status == W2V_OK) {
        struct sink sink = {.out = &out, .error = error};
        kinds[kind].draw(&sink, &picture, &drawn);
        status = sink.status;
    }
    if (status == W2V_OK)
        status = w2v_unchanged(model, error);
    if (status == W2V_OK)
        status = outfile_commit(&out, error);
    else
        outfile_abort(&out);
    if (status == W2V_OK && report != NULL)
        *report = (struct w2v_map_report){.n_words = picture.n,
                                          .n_groups = picture.n_groups,
                                          .n_arrows = drawn.n_arrows,
                                          .n_labels = drawn.n_labels,
                                          .n_missing = picture.n_missing,
                                          .n_left_out = picture.n_left_out,
                                          .n_unpaired = picture.n_unpaired};
    picture_release(&picture);
    return status;
}
