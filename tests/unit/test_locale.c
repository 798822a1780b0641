/*
 * A program that uses the library may set a locale in which numbers have a comma. The library must
 * then write the same files and read the same numbers as in the C locale. The test makes such a
 * locale with localedef, because few machines have one installed.
 */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "test.h"
#include "w2v.h"

static char folder[] = "/tmp/w2v-locale-XXXXXX";
static struct w2v_error error;

static const char *in_folder(const char *name)
{
    static char paths[8][64];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void write_text(const char *name, const char *text, int times)
{
    FILE *file = fopen(in_folder(name), "w");
    for (int i = 0; file != NULL && i < times; i++)
        fputs(text, file);
    CHECK(file != NULL && fclose(file) == 0);
}

static bool same_files(const char *a, const char *b)
{
    struct file_map map_a, map_b;
    bool same = false;
    if (file_map(&map_a, in_folder(a), &error) != W2V_OK)
        return false;
    if (file_map(&map_b, in_folder(b), &error) == W2V_OK) {
        same = map_a.n_bytes == map_b.n_bytes && map_a.n_bytes > 0 &&
               memcmp(map_a.bytes, map_b.bytes, map_a.n_bytes) == 0;
        file_unmap(&map_b);
    }
    file_unmap(&map_a);
    return same;
}

/* Makes a locale with a decimal comma and sets it. */
static bool set_comma(void)
{
    char command[256];
    write_text("comma.src",
               "comment_char %\nescape_char /\nLC_NUMERIC\ndecimal_point \",\"\n"
               "thousands_sep \".\"\ngrouping 3;3\nEND LC_NUMERIC\n",
               1);
    snprintf(command, sizeof command, "localedef -c -i %s %s >%s 2>&1", in_folder("comma.src"),
             in_folder("comma"), in_folder("said"));
    (void)!system(command); /* it also fails on warnings, so setlocale decides below */
    setenv("LOCPATH", folder, 1);
    return setlocale(LC_NUMERIC, "comma") != NULL && localeconv()->decimal_point[0] == ',';
}

/* Trains with checkpoints, and finds phrases. The names of the files end with `ending`. */
static void make_files(const char *ending)
{
    const char *corpus = in_folder("corpus");
    char model[64], check[64], table[64], joined[64], text[64];
    struct w2v_train_options train;
    struct w2v_text_options reading;
    struct w2v_phrase_options phrases;
    struct w2v_convert_options convert;
    struct w2v_model *opened;
    snprintf(model, sizeof model, "%s%s", in_folder("model"), ending);
    snprintf(check, sizeof check, "%s%s", in_folder("check"), ending);
    snprintf(table, sizeof table, "%s%s", in_folder("table"), ending);
    snprintf(joined, sizeof joined, "%s%s", in_folder("joined"), ending);
    snprintf(text, sizeof text, "%s%s", in_folder("text"), ending);
    w2v_train_options_init(&train);
    train.dim = 4;
    train.epochs = 2;
    train.sample = 0.0125;
    train.file = W2V_FILE_WORD2VEC; /* whatever the ending */
    train.checkpoint_path = check;
    train.checkpoint_every = "0.5e";
    CHECK_MSG(w2v_train(&corpus, 1, model, &train, NULL, &error) == W2V_OK, "%s", error.message);
    w2v_text_options_init(&reading);
    w2v_phrase_options_init(&phrases);
    phrases.passes = 1;
    phrases.threshold = 0.25;
    phrases.save_path = table;
    CHECK_MSG(w2v_phrases(&corpus, 1, joined, &reading, &phrases, NULL, &error) == W2V_OK, "%s",
              error.message);
    w2v_convert_options_init(&convert);
    convert.file = W2V_FILE_WORD2VEC_TEXT;
    CHECK(w2v_open(&opened, model, &error) == W2V_OK);
    CHECK(w2v_convert(opened, text, &convert, NULL, &error) == W2V_OK);
    w2v_close(opened);
}

static void test_same_files(void)
{
    CHECK(same_files("model.c", "model.comma"));
    CHECK(same_files("table.c", "table.comma"));
    CHECK(same_files("joined.c", "joined.comma"));
    CHECK(same_files("text.c", "text.comma"));
}

/* In the locale with a comma, the files from the C locale are read. */
static void test_reads(void)
{
    const char *corpus = in_folder("corpus");
    struct w2v_text_options reading;
    struct w2v_phrase_options phrases;
    struct w2v_checkpoint *checkpoint;
    struct w2v_model *model;
    float vector[4];
    CHECK_MSG(w2v_checkpoint_open(&checkpoint, in_folder("check.c"), &error) == W2V_OK, "%s",
              error.message);
    CHECK(w2v_checkpoint_options(checkpoint)->sample > 0.0124);
    CHECK(w2v_train(NULL, 0, in_folder("again"), w2v_checkpoint_options(checkpoint), NULL,
                    &error) == W2V_OK);
    w2v_checkpoint_close(checkpoint);
    CHECK(same_files("model.c", "again"));
    w2v_text_options_init(&reading);
    w2v_phrase_options_init(&phrases);
    phrases.apply_path = in_folder("table.c");
    CHECK_MSG(w2v_phrases(&corpus, 1, in_folder("applied"), &reading, &phrases, NULL, &error) ==
                  W2V_OK,
              "%s", error.message);
    CHECK(same_files("joined.c", "applied"));
    write_text("vectors", "1 2\na 0.50 16777217.0000000000000000000001\n", 1);
    CHECK(w2v_open(&model, in_folder("vectors"), &error) == W2V_OK);
    w2v_vector(model, 0, vector);
    CHECK(vector[0] >= 0.5f && vector[0] <= 0.5f && vector[1] > 16777217.0f);
    w2v_close(model);
}

static void test_numbers(void)
{
    char text[NUMBER_DOUBLE_TEXT];
    double value;
    number_print_double(0.1, text);
    CHECK(strcmp(text, "0.1") == 0);
    number_format(text, sizeof text, "%.2f", 1234.5);
    CHECK(strcmp(text, "1234.50") == 0);
    CHECK(number_parse_double("0.25", 4, &value) && value > 0.2 && value < 0.3);
    CHECK(!number_parse_double("0,25", 4, &value));
    CHECK(!number_parse_double("", 0, &value) && !number_parse_double(" 1", 2, &value));
}

static void test_messages(void)
{
    struct w2v_train_options train;
    const char *corpus = in_folder("corpus");
    w2v_train_options_init(&train);
    train.sample = 1.5;
    CHECK(w2v_train(&corpus, 1, in_folder("none"), &train, NULL, &error) == W2V_EARG);
    CHECK_MSG(strstr(error.message, "1.5") != NULL, "%s", error.message);
    train.sample = 0;
    CHECK(w2v_train(&corpus, 1, NULL, &train, NULL, &error) == W2V_EARG);
    CHECK_MSG(strstr(error.message, "no output") != NULL, "%s", error.message);
}

int main(void)
{
    char command[64];
    if (mkdtemp(folder) == NULL)
        return 1;
    write_text("corpus", "new york is a city and a state of the union\n", 100);
    make_files(".c");
    if (set_comma()) {
        make_files(".comma");
        TEST(test_same_files);
        TEST(test_reads);
        TEST(test_numbers);
        TEST(test_messages);
    } else {
        printf("%s # skipped: %s\n",
               access("/usr/bin/localedef", X_OK) == 0 ? "not ok set_comma" : "ok set_comma",
               "no locale could be made");
        test_failed_ += access("/usr/bin/localedef", X_OK) == 0;
        test_ran_++;
    }
    snprintf(command, sizeof command, "rm -rf %s", folder);
    (void)!system(command);
    return test_end();
}
