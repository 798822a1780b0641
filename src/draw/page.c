/* A page. See page.h. The format of its data is described in page_data.js. */
#include "draw/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "draw/page_files.h"
#include "draw/palette.h"

enum { UNITS = 65535, NO_GROUP = 65535 };

/* Writes n numbers of `size` bytes each, little-endian, in Base64. */
static void write_numbers(struct sink *sink, const struct picture *p, size_t n, size_t size,
                          uint32_t (*number)(const struct picture *, size_t))
{
    unsigned char *bytes = mem_calloc(n, size, "a page", sink->error);
    if (bytes == NULL) {
        sink->status = sink->status == W2V_OK ? W2V_ENOMEM : sink->status;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const uint32_t value = number(p, i);
        for (size_t b = 0; b < size; b++)
            bytes[i * size + b] = (unsigned char)(value >> 8 * b);
    }
    sink_base64(sink, bytes, n * size);
    free(bytes);
}

static uint32_t group_of(const struct picture *p, size_t i)
{
    return p->group[i] == PICTURE_NO_GROUP ? NO_GROUP : p->group[i];
}

/* The upper 24 bits are the place, the lower 8 the cosine: 0 is -1, and 255 is 1. */
static uint32_t neighbour_of(const struct picture *p, size_t i)
{
    const size_t k = p->nearest.k, shown = k < PAGE_NEAREST ? k : PAGE_NEAREST;
    const size_t at = i / shown * k + i % shown;
    const double cosine = (double)p->nearest.cosine[at], share = floor((cosine + 1) * 127.5 + 0.5);
    return p->nearest.place[at] << 8 | (uint32_t)(share < 0 ? 0 : share > 255 ? 255 : share);
}

/* Writes x and y of all words in a square, whose side is the longer side of the map. */
static void write_places(struct sink *sink, const struct picture *p)
{
    float low[2] = {p->places[0], p->places[1]}, high[2] = {p->places[0], p->places[1]};
    unsigned char *bytes = mem_calloc(p->n, 4, "a page", sink->error);
    if (bytes == NULL) {
        sink->status = sink->status == W2V_OK ? W2V_ENOMEM : sink->status;
        return;
    }
    for (size_t i = 0; i < 2 * p->n; i++) {
        low[i % 2] = p->places[i] < low[i % 2] ? p->places[i] : low[i % 2];
        high[i % 2] = p->places[i] > high[i % 2] ? p->places[i] : high[i % 2];
    }
    const double across = (double)high[0] - (double)low[0], up = (double)high[1] - (double)low[1];
    const double side = across > up ? across : up > 0 ? up : 1;
    for (size_t i = 0; i < 2 * p->n; i++) {
        const double middle = ((double)low[i % 2] + (double)high[i % 2]) / 2;
        const double share = ((double)p->places[i] - middle) / side + 0.5;
        const double units = floor(share * UNITS + 0.5);
        const unsigned whole = units < 0 ? 0 : units > UNITS ? UNITS : (unsigned)units;
        bytes[2 * i] = (unsigned char)whole;
        bytes[2 * i + 1] = (unsigned char)(whole >> 8);
    }
    sink_base64(sink, bytes, 4 * p->n);
    free(bytes);
}

static void write_palette(struct sink *sink, const char *const *colours)
{
    for (size_t i = 0; i < PALETTE_COLOURS; i++) {
        sink_text(sink, i == 0 ? "[\"" : ",\"");
        sink_text(sink, colours[i]);
        sink_text(sink, "\"");
    }
    sink_text(sink, "]");
}

static void write_data(struct sink *sink, const struct picture *p)
{
    const size_t k = p->nearest.k < PAGE_NEAREST ? p->nearest.k : PAGE_NEAREST;
    sink_text(sink, "{\"k\":");
    sink_count(sink, k);
    sink_text(sink, ",\"labels\":");
    sink_count(sink, p->n_labels < p->n ? p->n_labels : p->n);
    sink_text(sink, ",\"light\":");
    write_palette(sink, palette_light);
    sink_text(sink, ",\"dark\":");
    write_palette(sink, palette_dark);
    sink_text(sink, ",\n\"groups\":[");
    for (size_t g = 0; g < p->n_groups; g++) {
        sink_text(sink, g > 0 ? "," : "");
        sink_json(sink, p->groups[g].name, p->groups[g].n_bytes, PICTURE_MAX_CHARS);
    }
    sink_text(sink, "],\n\"arrows\":[");
    for (size_t i = 0; i < 2 * p->n_arrows; i++) {
        sink_text(sink, i > 0 ? "," : "");
        sink_count(sink, p->arrows[i / 2][i % 2]);
    }
    /* The words that were moved to the front. The last of them is where the order first falls. */
    sink_text(sink, "],\n\"first\":[");
    size_t n_first = 0;
    while (n_first < p->n && !(n_first + 1 < p->n && p->order[n_first + 1] < p->order[n_first]))
        n_first++;
    n_first = n_first < p->n ? n_first + 1 : 0;
    for (size_t i = 0; i < n_first; i++) {
        sink_text(sink, i > 0 ? "," : "");
        sink_count(sink, p->order[i]);
    }
    sink_text(sink, "],\n\"places\":");
    write_places(sink, p);
    sink_text(sink, ",\n\"group\":");
    write_numbers(sink, p, p->n, 2, group_of);
    sink_text(sink, ",\n\"nearest\":");
    write_numbers(sink, p, p->n * k, 4, neighbour_of);
    sink_text(sink, ",\n\"words\":[");
    for (size_t i = 0; i < p->n; i++) {
        size_t n_bytes;
        const char *word = picture_word(p, i, &n_bytes);
        sink_text(sink, i > 0 ? "," : "");
        sink_json(sink, word, n_bytes, PICTURE_MAX_CHARS);
    }
    sink_text(sink, "]}");
}

/* Writes the page up to the mark, and returns where the page goes on behind it. */
static const char *write_until(struct sink *sink, const char *html, const char *end,
                               const char *mark)
{
    const size_t n_mark = strlen(mark);
    for (const char *at = html; at + n_mark <= end; at++)
        if (memcmp(at, mark, n_mark) == 0) {
            sink_bytes(sink, html, (size_t)(at - html));
            return at + n_mark;
        }
    return html; /* never reached: page.html has every mark */
}

void page_draw(struct sink *sink, const struct picture *picture, struct picture_drawn *drawn)
{
    const char *html = (const char *)page_html, *const end = html + page_html_bytes;
    *drawn = (struct picture_drawn){.n_arrows = picture->n_arrows};
    html = write_until(sink, html, end, "@css@\n");
    sink_bytes(sink, page_css, page_css_bytes);
    html = write_until(sink, html, end, "@data@");
    write_data(sink, picture);
    html = write_until(sink, html, end, "@js@\n");
    sink_bytes(sink, page_data_js, page_data_js_bytes);
    sink_bytes(sink, page_js, page_js_bytes);
    sink_bytes(sink, html, (size_t)(end - html));
}
