/*
 * A figure. See svg.h. The map is 1200 units wide, and as high as its shape needs. Groups stand in a
 * column at its right. Labels are anchored at their middle, so that a label covers the same place
 * whether it is written from the left or from the right.
 */
#include "draw/svg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "draw/palette.h"
#include "draw/place.h"

enum { WIDTH = 1200, LEAST_HEIGHT = 600, MOST_HEIGHT = 1200, MARGIN = 46, ROW = 24, KEY = 16 };

struct figure {
    struct sink *sink;
    const struct picture *picture;
    struct place place;
    float *points; /* (n, 2): in the figure */
    float width, height, legend, radius, size;
    size_t n_listed; /* groups in the legend */
};

/* Lays the words out in the figure. The map is as large as fits, and keeps its shape. */
static int lay_out(struct figure *f, struct w2v_error *error)
{
    const struct picture *p = f->picture;
    float low[2] = {p->places[0], p->places[1]}, high[2] = {p->places[0], p->places[1]};
    f->points = mem_calloc(p->n, 2 * sizeof *f->points, "a figure", error);
    if (f->points == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < 2 * p->n; i++) {
        low[i % 2] = p->places[i] < low[i % 2] ? p->places[i] : low[i % 2];
        high[i % 2] = p->places[i] > high[i % 2] ? p->places[i] : high[i % 2];
    }
    const float across = high[0] - low[0], up = high[1] - low[1];
    const float room = WIDTH - 2 * MARGIN;
    float height = across > 0 ? room * up / across + 2 * MARGIN : MOST_HEIGHT;
    height = height < LEAST_HEIGHT ? LEAST_HEIGHT : height > MOST_HEIGHT ? MOST_HEIGHT : height;
    f->width = WIDTH;
    f->height = (float)(int)height;
    const float high_room = f->height - 2 * MARGIN;
    float scale = across > 0 ? room / across : up > 0 ? high_room / up : 1;
    if (up * scale > high_room)
        scale = high_room / up;
    for (size_t i = 0; i < p->n; i++) {
        f->points[2 * i] = f->width / 2 + (p->places[2 * i] - (low[0] + high[0]) / 2) * scale;
        f->points[2 * i + 1] =
            f->height / 2 - (p->places[2 * i + 1] - (low[1] + high[1]) / 2) * scale;
    }
    f->radius = p->n <= 60      ? 4.5f
                : p->n <= 300   ? 3.5f
                : p->n <= 3000  ? 2.5f
                : p->n <= 20000 ? 1.6f
                                : 1;
    f->size = p->n <= 60 ? 17 : p->n <= 3000 ? 13 : 12;
    return W2V_OK;
}

/* The last line of a legend that does not list all groups. Returns its length. */
static size_t last_line(const struct figure *f, char line[48])
{
    return (size_t)snprintf(line, 48, "and %zu more", f->picture->n_groups - f->n_listed);
}

static void plan_legend(struct figure *f)
{
    char last[48];
    const struct picture *p = f->picture;
    const size_t rows = (size_t)((f->height - 2 * MARGIN) / ROW);
    f->n_listed = p->n_groups <= rows ? p->n_groups : rows - 1;
    if (f->n_listed < p->n_groups)
        f->legend = place_width(last, last_line(f, last), PICTURE_MAX_CHARS) * f->size;
    for (size_t g = 0; g < f->n_listed; g++) {
        const float width =
            place_width(p->groups[g].name, p->groups[g].n_bytes, PICTURE_MAX_CHARS) * f->size;
        f->legend = width > f->legend ? width : f->legend;
    }
    if (p->n_groups > 0)
        f->legend += KEY + MARGIN;
}

/* ---- Elements ---- */

static void attribute(struct sink *sink, const char *name, float value)
{
    sink_text(sink, " ");
    sink_text(sink, name);
    sink_text(sink, "=\"");
    sink_fixed(sink, (double)value, 1);
    sink_text(sink, "\"");
}

static void pair(struct sink *sink, const char *before, float x, float y)
{
    sink_text(sink, before);
    sink_fixed(sink, (double)x, 1);
    sink_text(sink, " ");
    sink_fixed(sink, (double)y, 1);
}

static void class_of(struct sink *sink, size_t group)
{
    if (group == PICTURE_NO_GROUP) {
        sink_text(sink, " class=\"n\"");
        return;
    }
    sink_text(sink, " class=\"c");
    sink_count(sink, palette_colour(group));
    sink_text(sink, "\"");
}

/* Writes the sign of a group, but not the end of its element. All shapes have about the same area. */
static void sign(struct sink *sink, float x, float y, float r, uint32_t group)
{
    const enum palette_shape shape =
        group == PICTURE_NO_GROUP ? PALETTE_CIRCLE : palette_shape(group);
    if (shape == PALETTE_CIRCLE) {
        sink_text(sink, "<circle");
        attribute(sink, "cx", x);
        attribute(sink, "cy", y);
        attribute(sink, "r", r);
    } else {
        sink_text(sink, "<path d=\"");
        const float side = 0.9f * r, far = 1.35f * r;
        if (shape == PALETTE_SQUARE) {
            pair(sink, "M", x - side, y - side);
            pair(sink, "L", x + side, y - side);
            pair(sink, "L", x + side, y + side);
            pair(sink, "L", x - side, y + side);
        } else if (shape == PALETTE_TRIANGLE) {
            pair(sink, "M", x, y - far);
            pair(sink, "L", x + 1.2f * r, y + 0.8f * r);
            pair(sink, "L", x - 1.2f * r, y + 0.8f * r);
        } else {
            pair(sink, "M", x, y - far);
            pair(sink, "L", x + far, y);
            pair(sink, "L", x, y + far);
            pair(sink, "L", x - far, y);
        }
        sink_text(sink, "z\"");
    }
    class_of(sink, group);
}

static void write_style(struct sink *sink)
{
    sink_text(sink, "<style>\n"
                    "text{font-family:Helvetica,Arial,\"Liberation Sans\",sans-serif;"
                    "text-anchor:middle;fill:#1a1a1a;stroke:#fff;stroke-width:3;"
                    "stroke-linejoin:round;paint-order:stroke}\n"
                    ".k text{text-anchor:start;stroke:none}\n"
                    ".b{fill:#fff}.n{fill:#7a8490}\n"
                    ".p{fill-opacity:.75}\n"
                    ".a path{stroke:#333;stroke-width:1.4;fill:#333}\n");
    for (size_t i = 0; i < PALETTE_COLOURS; i++) {
        sink_text(sink, ".c");
        sink_count(sink, i);
        sink_text(sink, "{fill:");
        sink_text(sink, palette_light[i]);
        sink_text(sink, "}");
    }
    sink_text(sink, "\n@media (prefers-color-scheme:dark){\n"
                    "text{fill:#eee;stroke:#16181c}\n.b{fill:#16181c}.n{fill:#8d96a3}\n"
                    ".a path{stroke:#ccc;fill:#ccc}\n");
    for (size_t i = 0; i < PALETTE_COLOURS; i++) {
        sink_text(sink, ".c");
        sink_count(sink, i);
        sink_text(sink, "{fill:");
        sink_text(sink, palette_dark[i]);
        sink_text(sink, "}");
    }
    sink_text(sink, "\n}\n</style>\n");
}

static void write_points(struct figure *f)
{
    struct sink *sink = f->sink;
    const struct picture *p = f->picture;
    sink_text(sink, "<g class=\"p\">\n");
    for (size_t i = 0; i < p->n; i++) {
        size_t n_bytes;
        const char *word = picture_word(p, i, &n_bytes);
        sign(sink, f->points[2 * i], f->points[2 * i + 1], f->radius, p->group[i]);
        sink_text(sink, "><title>");
        sink_xml(sink, word, n_bytes, PICTURE_MAX_CHARS);
        sink_text(sink,
                  p->group[i] == PICTURE_NO_GROUP || palette_shape(p->group[i]) == PALETTE_CIRCLE
                      ? "</title></circle>\n"
                      : "</title></path>\n");
    }
    sink_text(sink, "</g>\n");
}

/*
 * Each arrow goes from the edge of one point to the edge of the other. Its head is 9 by 6. Points that
 * nearly touch have no room for an arrow. Returns how many arrows are written.
 */
static size_t write_arrows(struct figure *f)
{
    struct sink *sink = f->sink;
    const struct picture *p = f->picture;
    size_t n_written = 0;
    if (p->n_arrows == 0)
        return 0;
    sink_text(sink, "<g class=\"a\">\n");
    for (size_t i = 0; i < p->n_arrows; i++) {
        const float *from = f->points + 2 * (size_t)p->arrows[i][0];
        const float *to = f->points + 2 * (size_t)p->arrows[i][1];
        const float dx = to[0] - from[0], dy = to[1] - from[1];
        const float length = sqrtf(dx * dx + dy * dy), off = f->radius + 1.5f;
        if (length < 2 * off + 2)
            continue;
        const float ux = dx / length, uy = dy / length;
        const float x = to[0] - off * ux, y = to[1] - off * uy;
        pair(sink, "<path d=\"M", from[0] + off * ux, from[1] + off * uy);
        pair(sink, "L", x, y);
        pair(sink, "M", x, y);
        pair(sink, "L", x - 9 * ux - 3 * uy, y - 9 * uy + 3 * ux);
        pair(sink, "L", x - 9 * ux + 3 * uy, y - 9 * uy - 3 * ux);
        sink_text(sink, "z\"/>\n");
        place_line(&f->place, from[0], from[1], to[0], to[1]);
        n_written++;
    }
    sink_text(sink, "</g>\n");
    return n_written;
}

static size_t write_labels(struct figure *f)
{
    struct sink *sink = f->sink;
    const struct picture *p = f->picture;
    size_t n_written = 0;
    for (size_t i = 0; i < p->n; i++)
        place_point(&f->place, f->points[2 * i], f->points[2 * i + 1]);
    sink_text(sink, "<g font-size=\"");
    sink_fixed(sink, (double)f->size, 0);
    sink_text(sink, "\">\n");
    for (size_t i = 0; i < p->n && n_written < p->n_labels; i++) {
        const size_t word_at = p->order[i];
        struct place_label label;
        size_t n_bytes;
        const char *word = picture_word(p, word_at, &n_bytes);
        const float width = place_width(word, n_bytes, PICTURE_MAX_CHARS) * f->size;
        if (!place_label(&f->place, f->points[2 * word_at], f->points[2 * word_at + 1], f->radius,
                         width, f->size, &label))
            continue;
        sink_text(sink, "<text");
        attribute(sink, "x", label.x);
        attribute(sink, "y", label.y);
        sink_text(sink, ">");
        sink_xml(sink, word, n_bytes, PICTURE_MAX_CHARS);
        sink_text(sink, "</text>\n");
        n_written++;
    }
    sink_text(sink, "</g>\n");
    return n_written;
}

static void write_legend(struct figure *f)
{
    struct sink *sink = f->sink;
    const struct picture *p = f->picture;
    if (p->n_groups == 0)
        return;
    sink_text(sink, "<g class=\"k\" font-size=\"");
    sink_fixed(sink, (double)f->size, 0);
    sink_text(sink, "\">\n");
    for (size_t g = 0; g <= f->n_listed && g < p->n_groups; g++) {
        const float y = MARGIN + (float)(g * ROW), x = f->width + KEY / 2;
        if (g < f->n_listed) {
            sign(sink, x, y, 5, (uint32_t)g);
            sink_text(sink, "/>");
        }
        sink_text(sink, "<text");
        attribute(sink, "x", f->width + KEY + 4);
        attribute(sink, "y", y + 0.35f * f->size);
        sink_text(sink, ">");
        if (g < f->n_listed) {
            sink_xml(sink, p->groups[g].name, p->groups[g].n_bytes, PICTURE_MAX_CHARS);
        } else {
            char last[48];
            sink_xml(sink, last, last_line(f, last), PICTURE_MAX_CHARS);
        }
        sink_text(sink, "</text>\n");
    }
    sink_text(sink, "</g>\n");
}

void svg_draw(struct sink *sink, const struct picture *picture, struct picture_drawn *drawn)
{
    struct figure f = {.sink = sink, .picture = picture};
    *drawn = (struct picture_drawn){0};
    sink->status = lay_out(&f, sink->error);
    if (sink->status == W2V_OK)
        sink->status = place_make(&f.place, f.width, f.height, sink->error);
    if (sink->status == W2V_OK) {
        plan_legend(&f);
        sink_text(sink, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
        pair(sink, "", f.width + f.legend, f.height);
        sink_text(sink, "\" role=\"img\">\n<title>Map of ");
        sink_count(sink, picture->n);
        sink_text(sink, " words</title>\n");
        write_style(sink);
        sink_text(sink, "<rect class=\"b\" width=\"100%\" height=\"100%\"/>\n");
        write_points(&f);
        drawn->n_arrows = write_arrows(&f);
        drawn->n_labels = write_labels(&f);
        write_legend(&f);
        sink_text(sink, "</svg>\n");
    }
    free(f.points);
    place_release(&f.place);
}
