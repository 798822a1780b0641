/*
 * base/foreign and text/advice: files that are refused because they are not text, odd texts that
 * are accepted, and the advice for texts that another tokenizer suits better.
 */
#include "base/foreign.h"
#include "test.h"
#include "text/advice.h"
#include "w2v.h"

static struct w2v_error error;

static const char REMEDY[] = " (say so)";

static void refuses(const char *bytes, size_t n, const char *says)
{
    error.message[0] = '\0';
    CHECK_MSG(foreign_check("x", bytes, n, REMEDY, &error) == W2V_EFORMAT, "not refused: %s", says);
    CHECK_MSG(strncmp(error.message, "x: is ", 6) == 0 && strstr(error.message, says) != NULL &&
                  strstr(error.message, REMEDY) != NULL,
              "\"%s\" does not say \"%s\"", error.message, says);
}

static void takes(const char *bytes, size_t n)
{
    error.message[0] = '\0';
    CHECK_MSG(foreign_check("x", bytes, n, REMEDY, &error) == W2V_OK, "%s", error.message);
}

#define REFUSES(bytes, says) refuses(bytes, sizeof(bytes) - 1, says)
#define TAKES(bytes) takes(bytes, sizeof(bytes) - 1)

static void test_text(void)
{
    TAKES("");
    TAKES("a");
    TAKES("The quick brown fox\n\n");
    TAKES("\xEF\xBB\xBF"
          "with a mark");
    TAKES("\xE6\xBC\xA2\xE5\xAD\x97");
    TAKES("caf\xE9 in Latin-1, \x93quoted\x94, and \x01 control \x7F characters\x1A");
    TAKES("ELF and %PDF- further on");
    TAKES("2 3\n\ncat 0.1 0.2 0.3\ndog 0.4 0.5 0.6\n"); /* vectors as text are text */
    TAKES("100 4\nbottles of beer on the wall, twice as many as before\n");
    TAKES("100 4\nbottles of caf\xE9 au lait on the wall\xFF\xFE\n");
    TAKES("12 1\n13 2\n14 3\n15 1\n"); /* "2\n14" and so on are plausible as floats */
    TAKES("12 1\n\u043A\u043E\u0442 \u0434\u0430 \u043D\u0435\u0442 \u043A\u043E\u0442\n");
    TAKES("PAR1\tMAPK1\nPAR1\tF2R\n");
    TAKES("ARROW1 is a word\n");
    TAKES("7 8\n");
    TAKES("7 8\nword ");
    TAKES("7 0\na \x01\x02\x03\x04");
    TAKES("\xFF");
    TAKES("\x7F"
          "EL");
    static char late[FOREIGN_BLOCK + 1];
    memset(late, 'x', FOREIGN_BLOCK);
    takes(late, sizeof late); /* the NUL is after the first block */
    refuses(late + 1, FOREIGN_BLOCK, "byte 8192 is NUL");
}

static void test_encodings(void)
{
    REFUSES("\xFF\xFE"
            "c\0a\0t\0",
            "UTF-16, low byte first");
    REFUSES("\xFE\xFF\0c\0a\0t", "UTF-16, high byte first");
    REFUSES("\xFF\xFE\0\0c\0\0\0", "UTF-32, low byte first");
    REFUSES("\0\0\xFE\xFF\0\0\0c", "iconv -f UTF-32 -t UTF-8");
    REFUSES("\xFF\xFE", "iconv -f UTF-16 -t UTF-8");
    REFUSES("c\0a\0t\0\n\0", "iconv -f UTF-16LE -t UTF-8");
    REFUSES("\0c\0a\0t\0\n", "iconv -f UTF-16BE -t UTF-8");
}

static void test_files(void)
{
    static char tar[512] = "corpus.txt", model[64];
    REFUSES("\x7F"
            "ELF\2\1\1",
            "a program (ELF)");
    REFUSES("\x93W2C\r\n\x1A\n", "a checkpoint of w2v");
    REFUSES("\x93NUMPY\1", "NumPy");
    REFUSES("%PDF-1.4\n", "PDF");
    REFUSES("PAR1\x15\x04\x15", "Parquet");
    REFUSES("ARROW1\0\0\xFF\xFF", "Arrow");
    REFUSES("\xBA\x16\x4F\x2F", "fastText");
    REFUSES("\x80\x04\x95", "pickle");
    REFUSES("a\0b", "byte 2 is NUL");
    memcpy(tar + 257, "ustar", 6);
    refuses(tar, sizeof tar, "a tar archive");
    memcpy(tar + 257, "ustar  ", 8);
    refuses(tar, sizeof tar, "a tar archive");
    memset(tar, 'm', sizeof tar);
    memcpy(tar + 257, "ustar is mustard", 16);
    takes(tar, sizeof tar);
    /* Two words with three numbers each, as word2vec writes them, without any NUL. */
    const float row[] = {0.123456789f, -0.987654321f, 3.14159265f};
    const int n = snprintf(model, sizeof model, "2 3\nthe ");
    memcpy(model + n, row, sizeof row);
    refuses(model, (size_t)n + sizeof row, "a model file");
    refuses(model, (size_t)n + sizeof row[0], "a model file"); /* the block ends in the row */
    takes(model, (size_t)n + sizeof row[0] - 1);
}

static const char *advice_on(const char *text, const struct w2v_text_options *options)
{
    struct advice advice = {0}, sum = {0};
    advice_look(&advice, text, strlen(text));
    advice_add(&sum, &advice);
    const char *says = advice_text(&sum, options, strlen(text), 0);
    return says != NULL ? says : "";
}

static void test_advice(void)
{
    static const char han[] = "\u6211\u4EEC\u5728\u5317\u4EAC\u3002 iPhone 2023\u5E74\n";
    static const char thai[] = "\u0E44\u0E17\u0E22\u0E17\u0E35\u0E48 \u0E44\u0E17\u0E22";
    static const char items[] = "item-00005 item-00017 a42/b7 user#12 buy\n";
    static const char english[] = "He said in 1990-2000 that well-known e-mail, 3.5 and 3,500\n"
                                  "covid-19 or \u6F22\u5B57 are words.\n";
    struct w2v_text_options options;
    w2v_text_options_init(&options);
    CHECK(strstr(advice_on(han, &options), "--segment") != NULL);
    CHECK(strstr(advice_on(thai, &options), "--segment") != NULL);
    CHECK(strstr(advice_on(items, &options), "--tokenizer whitespace") != NULL);
    CHECK(advice_on(english, &options)[0] == '\0' && advice_on("", &options)[0] == '\0');
    CHECK(advice_on("\u6F22", &options)[0] == '\0' && advice_on("a-1", &options)[0] == '\0');
    CHECK(advice_on("\xFF\0\xFE", &options)[0] == '\0');
    CHECK(advice_on("\u30AB\u30BF\u30AB\u30CA \u30AB\u30BF \u30AB\u30CA \u30AB", &options)[0] ==
          '\0');
    const struct advice none = {0}; /* one damaged byte of a hundred is still UTF-8 */
    CHECK(advice_text(&none, &options, 1000, 10) == NULL);
    CHECK(strstr(advice_text(&none, &options, 1000, 11), "iconv") != NULL);
    options.hyphens = true;
    CHECK(advice_on(items, &options)[0] == '\0');
    options.segment = true;
    CHECK(advice_on(han, &options)[0] == '\0');
    options = (struct w2v_text_options){.tokenizer = W2V_TOKENIZER_WHITESPACE};
    CHECK(advice_on(han, &options)[0] == '\0' && advice_on(items, &options)[0] == '\0');
    options.tokenizer = W2V_TOKENIZER_CHARS;
    CHECK(advice_on(han, &options)[0] == '\0');
}

int main(void)
{
    TEST(test_text);
    TEST(test_encodings);
    TEST(test_files);
    TEST(test_advice);
    return test_end();
}
