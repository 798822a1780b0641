/* Drawing: labels that do not overlap, words of any bytes in every kind of text, numbers. */
#include "test.h"

#include <stdlib.h>

#include "base/rng.h"
#include "draw/page_files.h"
#include "draw/place.h"
#include "draw/sink.h"
#include "models.h"
#include "w2v.h"

static struct w2v_error error;

/* A sink that keeps what it is given; what it has come to, which is taken away. */
static struct outfile out;
static char collected[4096];
static struct sink sink;

static const char *collect(void)
{
    static char text[sizeof collected];
    CHECK(sink.status == W2V_OK && out.n_buffered < sizeof text);
    memcpy(text, collected, out.n_buffered);
    text[out.n_buffered] = '\0';
    out.n_buffered = 0;
    return text;
}

#define CHECK_TEXT(wanted)                                                            \
    do {                                                                              \
        const char *text_ = collect();                                                \
        CHECK_MSG(strcmp(text_, wanted) == 0, "\"%s\", not \"%s\"", text_, (wanted)); \
    } while (0)

static void test_words(void)
{
    sink_xml(&sink, "<a href=\"x\">'&'\x01\t\n", 18, 100);
    CHECK_TEXT("&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    sink_xml(&sink, "a\xFF\xC3z\xED\xA0\x80", 7, 100);
    CHECK_TEXT("a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    sink_xml(&sink, "\xEF\xBF\xBF\xC2\x85\x7F", 6, 100); /* U+FFFF, a C1 control, DEL */
    CHECK_TEXT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    sink_xml(&sink, "\xE5\x8C\x97\xE4\xBA\xAC\xE5\xB8\x82", 9, 2);
    CHECK_TEXT("\xE5\x8C\x97\xE4\xBA\xAC\xE2\x80\xA6");
    sink_json(&sink, "</script><!--\"\\\xE2\x80\xA8", 18, 100);
    CHECK_TEXT("\"\\u003c/script\\u003e\\u003c!--\\\"\\\\\\u2028\"");
    sink_tsv(&sink, "a\tb\nc\rd<\1\xFF", 10);
    CHECK_TEXT("a\\tb\\nc\\rd<\\x01\xFF");
}

static void test_numbers(void)
{
    sink_fixed(&sink, 1.25, 1);
    sink_fixed(&sink, -0.04, 1);
    sink_fixed(&sink, -12.345678, 6);
    sink_fixed(&sink, 0.0000004, 6);
    sink_fixed(&sink, 7.5, 0);
    CHECK_TEXT("1.30.0-12.3456780.0000008");
    sink_base64(&sink, (const unsigned char *)"any carnal pleas", 16);
    sink_base64(&sink, (const unsigned char *)"any carnal pleasu", 17);
    sink_base64(&sink, (const unsigned char *)"any carnal pleasur", 18);
    sink_base64(&sink, NULL, 0);
    CHECK_TEXT(
        "\"YW55IGNhcm5hbCBwbGVhcw==\"\"YW55IGNhcm5hbCBwbGVhc3U=\"\"YW55IGNhcm5hbCBwbGVhc3Vy\"\"\"");
}

static void test_widths(void)
{
    const float latin = place_width("word", 4, 40), marked = place_width("wo\xCC\x81rd", 6, 40);
    CHECK(latin > 2 && latin < 3 && marked <= latin && marked >= latin);
    CHECK(place_width("\xE5\x8C\x97\xE4\xBA\xAC", 6, 40) >= 2);
    CHECK(place_width("iiiiiiii", 8, 40) < place_width("wwww", 4, 40));
    CHECK(place_width("abcdefgh", 8, 4) < place_width("abcdefgh", 8, 8));
    CHECK(place_width("", 0, 40) <= 0);
}

/* Thousands of labels in a small figure: those that got a place are in it and clear of each other. */
static void test_placement(void)
{
    enum { N = 3000 };
    const float width = 600, height = 400, size = 12;
    static struct place_label labels[N];
    static float widths[N];
    struct place place;
    size_t n = 0;
    CHECK(place_make(&place, width, height, &error) == W2V_OK);
    for (size_t i = 0; i < N; i++) {
        const float x = (float)(rng_at(1, 3 * i) % 600), y = (float)(rng_at(1, 3 * i + 1) % 400);
        widths[n] = 5 + (float)(rng_at(1, 3 * i + 2) % 90);
        place_point(&place, x, y);
        n += place_label(&place, x, y, 2, widths[n], size, &labels[n]);
    }
    CHECK_MSG(n > 100, "%zu labels", n);
    for (size_t i = 0; i < n; i++) {
        const float left = labels[i].x - widths[i] / 2, right = labels[i].x + widths[i] / 2;
        CHECK(left >= 0 && right <= width && labels[i].y - 0.78f * size >= 0 &&
              labels[i].y + 0.24f * size <= height);
        for (size_t j = 0; j < i; j++) {
            const float apart =
                labels[i].x > labels[j].x ? labels[i].x - labels[j].x : labels[j].x - labels[i].x;
            const float below =
                labels[i].y > labels[j].y ? labels[i].y - labels[j].y : labels[j].y - labels[i].y;
            CHECK(apart >= (widths[i] + widths[j]) / 2 || below >= size);
        }
    }
    place_release(&place);
    /* Of places that are free the one that hides no point. */
    CHECK(place_make(&place, width, height, &error) == W2V_OK);
    place_line(&place, 300, 200, 400, 200);
    CHECK(place_label(&place, 300, 200, 2, 50, size, &labels[0]) && labels[0].x < 300);
    CHECK(!place_label(&place, 300, 200, 2, 900, size, &labels[1]));
    place_release(&place);
}

/* The page is embedded as it is, and has a place for style, data and program. */
static void test_page(void)
{
    static const char *const marks[] = {"\n@css@\n", "\n@data@\n", "\n@js@\n"};
    char *html = calloc(page_html_bytes + 1, 1);
    memcpy(html, page_html, page_html_bytes);
    for (size_t i = 0; i < 3; i++) {
        const char *mark = strstr(html, marks[i]);
        CHECK(mark != NULL && strstr(mark + 1, marks[i]) == NULL);
    }
    CHECK(strstr(html, "http://") == NULL && strstr(html, "https://") == NULL);
    free(html);
    CHECK(page_css_bytes > 0 && page_js_bytes > 0 && page_js[page_js_bytes - 1] == '\n');
}

/*
 * Near words that the model does not have are refused, also if no neighbours are searched for. So is an
 * unknown layout.
 */
static void test_range(void)
{
    char path[MODELS_PATH], output[MODELS_PATH + 8];
    struct w2v_model *model = NULL;
    struct w2v_map_options options;
    static const size_t near[] = {1, (size_t)1 << 30};
    models_make_path(path);
    snprintf(output, sizeof output, "%s.tsv", path);
    models_write(path, "a 1 0\nb 0 1\n", 12);
    CHECK_MSG(w2v_open(&model, path, &error) == W2V_OK, "%s", error.message);
    w2v_map_options_init(&options);
    options.near = near;
    options.n_near = 2;
    for (options.top = 2; options.top <= 4; options.top += 2)
        CHECK(w2v_map(model, output, &options, NULL, &error) == W2V_EARG);
    options.n_near = 0;
    options.layout = (enum w2v_layout)7;
    CHECK(w2v_map(model, output, &options, NULL, &error) == W2V_EARG);
    CHECK(access(output, F_OK) != 0);
    w2v_close(model);
    unlink(path);
}

int main(void)
{
    out.fd = -1;
    out.buffer = collected; /* never full: the file behind it is never written */
    sink = (struct sink){.out = &out, .error = &error};
    TEST(test_words);
    TEST(test_numbers);
    TEST(test_widths);
    TEST(test_placement);
    TEST(test_page);
    TEST(test_range);
    return test_end();
}
