/* Evaluation on small sets whose figures are known. */
#include "test.h"

#include <math.h>

#include "models.h"
#include "w2v.h"

static char path[MODELS_PATH], model_path[MODELS_PATH];
static struct w2v_error error;

/*
 * Words in which B - A + C is exactly D for some questions. "wrong" lies where "y2" should be, and
 * "b3" is nearer to "b1" than "b2" is.
 */
static const char model_text[] = "14 4\n"
                                 "a1 1 0 0 0\n"
                                 "a2 1 1 0 0\n"
                                 "b1 0 0 1 0\n"
                                 "b2 0 1 1 0\n"
                                 "x1 -1 0 0 0.5\n"
                                 "x2 -1 1 0 0.5\n"
                                 "y1 0 0 -1 0.5\n"
                                 "y2 0 -1 -1 -0.5\n"
                                 "wrong 0 1 -1 0.5\n"
                                 "\xc3\xa9t\xc3\xa9 1 0 0 1\n"
                                 "z 0 0 0 1\n"
                                 "far1 0.1 0 0 1\n"
                                 "far2 0.1 0.2 0 1\n"
                                 "b3 0 0 1 0.1\n";

static struct w2v_model *open_model(void)
{
    struct w2v_model *model = NULL;
    models_write(model_path, model_text, strlen(model_text));
    CHECK(w2v_open(&model, model_path, &error) == W2V_OK);
    return model;
}

static bool exact_case; /* for evaluate */

static int evaluate_with(struct w2v_model *model, const char *set,
                         const struct w2v_eval_options *options, struct w2v_eval_report *report)
{
    struct w2v_eval_options wanted = *options;
    struct w2v_folding *folding = NULL;
    models_write(path, set, strlen(set));
    if (!exact_case)
        CHECK(w2v_folding_open(&folding, model, &error) == W2V_OK);
    wanted.folding = folding;
    int status = w2v_eval(model, path, &wanted, report, &error);
    w2v_folding_close(folding);
    return status;
}

static int evaluate(const char *set, const struct w2v_eval_options *options,
                    struct w2v_eval_report *report)
{
    struct w2v_model *model = open_model();
    int status = evaluate_with(model, set, options, report);
    w2v_close(model);
    return status;
}

/* Checks row i; a score of NAN matches NAN. */
static void check_row(const struct w2v_eval_report *report, size_t i, const char *section,
                      const char *measure, double score, uint64_t used, uint64_t total)
{
    CHECK(i < report->n_rows);
    if (i >= report->n_rows)
        return;
    const struct w2v_eval_row *row = &report->rows[i];
    CHECK_MSG(strcmp(row->section, section) == 0, "row %zu: %s", i, row->section);
    CHECK(strcmp(row->measure, measure) == 0);
    CHECK_MSG(isnan(score) ? isnan(row->score) : fabs(row->score - score) < 1e-12, "row %zu: %g", i,
              row->score);
    CHECK_MSG(row->used == used && row->total == total, "row %zu: %llu of %llu", i,
              (unsigned long long)row->used, (unsigned long long)row->total);
}

static const char questions[] = "\xef\xbb\xbf# a remark\n"
                                ": capitals\r\n"
                                "a1 a2 b1 b2\r\n"
                                "A1 A2 x1 x2\n"
                                "a1 a2 y1 y2\n"
                                "\n"
                                "a1 a2 y1 nowhere\n"
                                ": gram1 things\n"
                                "a1 a2\tb1   b2 \n"
                                "a1 a2 b1 b2\n"
                                "a1 a2 far1 far2\n"
                                ": gram2\n";

static void test_analogies(void)
{
    struct w2v_eval_report report;
    struct w2v_eval_options options;
    w2v_eval_options_init(&options);
    for (int method = W2V_ADD; method <= W2V_MUL; method++) {
        options.method = (enum w2v_method)method;
        CHECK(evaluate(questions, &options, &report) == W2V_OK);
        CHECK(report.n_rows == 6);
        if (method == W2V_ADD) {
            check_row(&report, 0, "capitals", "accuracy", 2.0 / 3, 3, 4);
            check_row(&report, 3, "semantic", "accuracy", 2.0 / 3, 3, 4);
        }
        check_row(&report, 2, "gram2", "accuracy", NAN, 0, 0);
        CHECK(report.rows[1].used == 3 && report.rows[4].total == 3);
        CHECK(report.rows[5].used == 6 && report.rows[5].total == 7);
        CHECK(strcmp(report.rows[4].section, "syntactic") == 0);
        CHECK(strcmp(report.rows[5].section, "total") == 0);
        CHECK(report.n_not_words == 1 && report.n_restricted == 0);
        w2v_eval_report_release(&report);
        CHECK(report.rows == NULL);
    }
}

static void test_restrict_and_case(void)
{
    struct w2v_eval_report report;
    struct w2v_eval_options options;
    w2v_eval_options_init(&options);
    exact_case = true;
    options.restrict_to = 7;
    CHECK(evaluate(questions, &options, &report) == W2V_OK);
    check_row(&report, 0, "capitals", "accuracy", 1, 1, 4);
    CHECK(report.n_not_words == 2 && report.n_restricted == 2);
    w2v_eval_report_release(&report);
    exact_case = false;
    CHECK(evaluate(questions, &options, &report) == W2V_OK);
    check_row(&report, 0, "capitals", "accuracy", 1, 2, 4);
    check_row(&report, 5, "total", "accuracy", 1, 4, 7);
    CHECK(report.n_not_words == 1 && report.n_restricted == 2);
    w2v_eval_report_release(&report);
}

/* With only one kind of sections there are no rows for the kinds. Sections may be missing. */
static void test_sections(void)
{
    struct w2v_eval_report report;
    struct w2v_eval_options options;
    w2v_eval_options_init(&options);
    CHECK(evaluate("a1 a2 b1 b2\n:other\na1 a2 b1 y2\n", &options, &report) == W2V_OK);
    CHECK(report.n_rows == 3);
    check_row(&report, 0, "(none)", "accuracy", 1, 1, 1);
    check_row(&report, 1, "other", "accuracy", 0, 1, 1);
    check_row(&report, 2, "total", "accuracy", 0.5, 2, 2);
    w2v_eval_report_release(&report);
}

/*
 * Cosines: a1 a1 1; a1 a2 0.7071; a1 b1 0; a1 z 0; a1 far1 0.0995. Ranks 5, 4, 1.5, 1.5, 3; the
 * file's 9, 9, 1, 2, 3 have ranks 4.5, 4.5, 1, 2, 3. Deviations from 3: (2, 1, -1.5, -1.5, 0) and
 * (1.5, 1.5, -2, -1, 0); products 9, squares 9.5 and 9.5.
 */
static void test_similarities(void)
{
    static const char *const sets[] = {
        "a1 a1 9\na1 a2 9\na1 b1 1\n\n# remark\na1 z 2\na1 far1 3\na1 nowhere 4\n",
        "Word 1,Word 2,Human (mean)\na1,a1,9\na1,a2,9.0\na1,b1,1\na1,z,2\na1, far1 ,3\r\n"
        "a1,nowhere,4\n",
        "word1\tword2\tscore\tdeviation\na1\tA1\t9\t7\nA1\ta2\t9\tx\na1\tb1\t1\na1\tz\t2\n"
        "a1\tfar1\t3\na1\tno where\t4",
    };
    /* Pearson of 9 9 1 2 3 (deviations 4.2 4.2 -3.8 -2.8 -1.8) and 1, 0.7071, 0, 0, 0.0995. */
    const double c[] = {1, sqrt(0.5), 0, 0, 0.1 / sqrt(1.01)}, g[] = {9, 9, 1, 2, 3};
    double mean = 0, cc = 0, cg = 0, gg = 0, pearson;
    for (size_t i = 0; i < 5; i++)
        mean += c[i] / 5;
    for (size_t i = 0; i < 5; i++) {
        cc += (c[i] - mean) * (c[i] - mean);
        cg += (c[i] - mean) * (g[i] - 4.8);
        gg += (g[i] - 4.8) * (g[i] - 4.8);
    }
    pearson = cg / sqrt(cc * gg);
    struct w2v_eval_report report;
    struct w2v_eval_options options;
    w2v_eval_options_init(&options);
    for (size_t i = 0; i < 3; i++) {
        CHECK_MSG(evaluate(sets[i], &options, &report) == W2V_OK, "%s", error.message);
        CHECK(report.n_rows == 2 && report.n_not_words == 1 && report.n_bad == 0);
        check_row(&report, 0, "total", "spearman", 9 / 9.5, 5, 6);
        check_row(&report, 1, "total", "pearson", report.rows[1].score, 5, 6);
        CHECK(fabs(report.rows[1].score - pearson) < 1e-6);
        w2v_eval_report_release(&report);
    }
    options.restrict_to = 10;
    CHECK(evaluate(sets[0], &options, &report) == W2V_OK);
    CHECK(report.n_restricted == 2 && report.rows[0].used == 3);
    w2v_eval_report_release(&report);
}

/* Folding is not limited to ASCII, and composed and decomposed forms are the same. */
static void test_folding(void)
{
    struct w2v_eval_report report;
    struct w2v_eval_options options;
    w2v_eval_options_init(&options);
    CHECK(evaluate("\xc3\x89T\xc3\x89 a1 1\nE\xcc\x81te\xcc\x81 a2 2\n\xff a1 1\n", &options,
                   &report) == W2V_OK);
    check_row(&report, 0, "total", "spearman", -1, 2, 3);
    w2v_eval_report_release(&report);
}

static void test_nothing_used(void)
{
    struct w2v_eval_report report;
    struct w2v_eval_options options;
    w2v_eval_options_init(&options);
    CHECK(evaluate("q r 1\ns t 2\n", &options, &report) == W2V_OK);
    check_row(&report, 0, "total", "spearman", NAN, 0, 2);
    w2v_eval_report_release(&report);
    CHECK(evaluate(": s\nq r s t\n", &options, &report) == W2V_OK);
    check_row(&report, 1, "total", "accuracy", NAN, 0, 1);
    w2v_eval_report_release(&report);
}

/* If a model has a word in several cases, the first one is used in queries and for answers. */
static void test_two_cases(void)
{
    static const char text[] = "9 3\nAthens 1 0 0\nathens 0 0.1 1\nGreece 1 1 0\nBaghdad 0 0 1\n"
                               "iraq -1 -1 -1\nIraq 0 1 1\nIRAQ 0 1 1.05\ngreece 0.05 1 0.95\n"
                               "Baghdad 0 1 1\n";
    struct w2v_model *model = NULL;
    struct w2v_eval_report report;
    struct w2v_eval_options options;
    w2v_eval_options_init(&options);
    models_write(model_path, text, strlen(text));
    CHECK(w2v_open(&model, model_path, &error) == W2V_OK);
    /*
     * Greece - Athens + Baghdad is Iraq. `greece` and the second Baghdad are at least as near, but
     * count as words of the question.
     */
    for (int i = 0; i < 3; i++) {
        static const char *const sets[] = {": s\nAthens Greece Baghdad Iraq\n",
                                           ": s\nathens greece baghdad iraq\n",
                                           ": s\nATHENS GREECE BAGHDAD IRAQ\n"};
        CHECK(evaluate_with(model, sets[i], &options, &report) == W2V_OK);
        check_row(&report, 0, "s", "accuracy", 1, 1, 1);
        CHECK(report.n_used == 1 && report.n_total == 1);
        w2v_eval_report_release(&report);
    }
    exact_case = true;
    CHECK(evaluate_with(model, ": s\nAthens Greece Baghdad Iraq\n", &options, &report) == W2V_OK);
    check_row(&report, 0, "s", "accuracy", 0, 1, 1); /* greece is nearer */
    w2v_eval_report_release(&report);
    exact_case = false;
    w2v_close(model);
}

/* Layouts of published sets: headings, more columns, numbers in front of and behind the words. */
static void test_layouts(void)
{
    static const struct {
        const char *set;
        size_t score_column;
        double spearman;
    } cases[] = {
        {"word1\tword2\tPOS\tSimLex999\tconc(w1)\tSD(SimLex)\n"
         "a1\ta1\tN\t9\t1\t3\na1\ta2\tN\t5\t2\t2\na1\tb1\tN\t1\t3\t1\n",
         0, 1},
        {"word1\tword2\tconc\tSimLex999\na1\ta1\t1\t9\na1\ta2\t2\t5\na1\tb1\t3\t1\n", 0, 1},
        {"id w1 w2 score\n1 a1 a1 9\n2 a1 a2 5\n3 a1 b1 1\n", 0, 1},
        {"1 a1 a1 9\n2 a1 a2 5\n3 a1 b1 1\n", 0, 1},
        {"a1 a1 9 0.1\na1 a2 5 0.2\na1 b1 1 0.3\n", 0, 1},
        {"a1 a1 9 0.1\na1 a2 5 0.2\na1 b1 1 0.3\n", 4, -1},
        {"a1\ta1\tV\t9\tSYNONYMS\na1\ta2\tV\t5\tNONE\na1\tb1\tV\t1\tNONE\n", 0, 1},
        {"Word 1,Word 2,Human (mean),1,2\na1,a1,9,1,1\na1,a2,5,2,2\na1,b1,1,3,3\n", 0, 1},
        {"\"w1\";\"w2\";\"rating\"\n\"a1\";\"a1\";9\n\"a1\";\"a2\";5\n\"a1\";\"b1\";1\n", 0, 1},
        {"9 a1 a1\n5 a1 a2\n1 a1 b1\n", 0, 1},
        {"a1 a1 9\na1 a2 5\na1 b1 1", 3, 1},
        {"POS\tword1\tword2\tscore\na1\ta1\ta1\t9\na1\ta1\ta2\t5\na1\ta1\tb1\t1\n", 0, 1},
    };
    struct w2v_eval_report report;
    struct w2v_eval_options options;
    w2v_eval_options_init(&options);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        options.score_column = cases[i].score_column;
        CHECK_MSG(evaluate(cases[i].set, &options, &report) == W2V_OK, "case %zu: %s", i,
                  error.message);
        CHECK_MSG(report.n_rows == 2 && report.n_bad == 0 && report.n_used == 3, "case %zu", i);
        check_row(&report, 0, "total", "spearman", cases[i].spearman, 3, 3);
        w2v_eval_report_release(&report);
    }
}

/* Lines that are neither questions nor pairs are skipped and reported. */
static void test_bad_lines(void)
{
    static const struct {
        const char *set;
        uint64_t n_bad, line, total;
        const char *text;
    } cases[] = {
        {": s\na1 a2 b1 b2\na b c\n", 1, 3, 1, "a b c"},
        {": s\na b c d e\na1 a2 b1 b2\n\nx\n", 2, 2, 1, "a b c d e"},
        {"a1 a2 b1 b2\nd c b a\n\na b 1\n", 1, 4, 2, "a b 1"},
        {"a1 a2 b1 b2\na1 a2 7 0.3\na1 a2 b1 b2\n", 1, 2, 2, "a1 a2 7 0.3"},
        {"a1 b1 1\na1 a2 2\na b x\na b\n", 2, 3, 2, "a b x"},
        {"a\tb\tc\na1\tb1\t1\na\t\t1\na1\ta2\t2\n", 1, 3, 2, "a\t\t1"},
        {"a1 b1 1\na b inf\na1 a2 2\n", 1, 2, 2, "a b inf"},
        {"a1 a2\na1 b1 1\na1 a2 2\n", 1, 1, 2, "a1 a2"},
        {"x y\n1 a1 b1 1\n2 a1 a2 2\n", 1, 1, 2, "x y"},
    };
    struct w2v_eval_report report;
    struct w2v_eval_options options;
    w2v_eval_options_init(&options);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_MSG(evaluate(cases[i].set, &options, &report) == W2V_OK, "case %zu: %s", i,
                  error.message);
        CHECK_MSG(report.n_bad == cases[i].n_bad && report.bad_lines[0] == cases[i].line,
                  "case %zu: %llu, line %llu", i, (unsigned long long)report.n_bad,
                  (unsigned long long)report.bad_lines[0]);
        CHECK_MSG(strcmp(report.bad_text, cases[i].text) == 0, "case %zu: %s", i, report.bad_text);
        CHECK_MSG(report.n_total == cases[i].total, "case %zu", i);
        w2v_eval_report_release(&report);
    }
}

static void test_refuses(void)
{
    static const struct {
        const char *set, *says;
        size_t score_column;
    } cases[] = {
        {"", "no questions", 0},
        {"# only a remark\n\n", "no questions", 0},
        {": section\n", "no questions", 0},
        {"one two\n", ":1: neither an analogy set", 0},
        {"\n\none two three\n", ":3: neither an analogy set", 0},
        {"a b 1\n", "no line has two words and a number in column 7", 7},
    };
    struct w2v_eval_options options;
    w2v_eval_options_init(&options);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct w2v_eval_report report;
        error.message[0] = '\0';
        options.score_column = cases[i].score_column;
        CHECK_MSG(evaluate(cases[i].set, &options, &report) == W2V_EFORMAT, "case %zu", i);
        CHECK_MSG(strncmp(error.message, path, strlen(path)) == 0 &&
                      strstr(error.message, cases[i].says) != NULL,
                  "case %zu: %s", i, error.message);
        CHECK(report.rows == NULL && report.names == NULL);
    }
}

int main(void)
{
    models_make_path(path);
    models_make_path(model_path);
    TEST(test_analogies);
    TEST(test_restrict_and_case);
    TEST(test_sections);
    TEST(test_similarities);
    TEST(test_folding);
    TEST(test_nothing_used);
    TEST(test_two_cases);
    TEST(test_layouts);
    TEST(test_bad_lines);
    TEST(test_refuses);
    unlink(path);
    unlink(model_path);
    return test_end();
}
