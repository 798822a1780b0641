/*
 * text/: reader, word tables, vocabulary and the encoded corpus. The corpus is compared with a
 * plain count and encoding of the same text, for many sizes of chunks and numbers of threads.
 */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/rng.h"
#include "test.h"
#include "text/corpus.h"
#include "text/emit.h"
#include "text/reader.h"

static char folder[64] = "/tmp/w2v-test.XXXXXX";

/* Writes a file in the folder and returns its path, one of a few that stay valid. */
static const char *make_file(const char *name, const char *text, size_t n_bytes)
{
    static char paths[8][128];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(text, 1, n_bytes, file) != n_bytes || fclose(file) != 0)
        abort();
    return path;
}

#define FILE_OF(name, text) make_file(name, text, sizeof(text) - 1)

static struct corpus_options options_of(unsigned threads, size_t chunk_bytes)
{
    struct corpus_options options = {.chunk_bytes = chunk_bytes};
    options.text = (struct w2v_text_options){
        .tokenizer = W2V_TOKENIZER_WHITESPACE, .min_count = 1, .threads = threads};
    return options;
}

/* The corpus as text again: a blank follows each word, and '|' follows the last word of a line. */
static char *corpus_text(const struct corpus *corpus)
{
    size_t room = 1, n;
    for (size_t i = 0; i < corpus->n_tokens; i++) {
        vocab_word(&corpus->vocab, CORPUS_ID(corpus->ids[i]), &n);
        room += n + 1;
    }
    char *text = malloc(room), *at = text;
    for (size_t i = 0; i < corpus->n_tokens; i++) {
        const char *word = vocab_word(&corpus->vocab, CORPUS_ID(corpus->ids[i]), &n);
        memcpy(at, word, n);
        at += n;
        *at++ = corpus->ids[i] & CORPUS_LINE_END ? '|' : ' ';
    }
    *at = '\0';
    return text;
}

static void check_corpus(const char *const *paths, size_t n, const struct corpus_options *options,
                         const char *want)
{
    struct corpus corpus;
    struct w2v_text_report report;
    struct w2v_error error = {0};
    int status = corpus_read(&corpus, paths, n, options, &report, &error);
    CHECK_MSG(status == W2V_OK, "%s", error.message);
    if (status != W2V_OK)
        return;
    char *text = corpus_text(&corpus);
    CHECK_MSG(strcmp(text, want) == 0, "%u threads, chunks of %zu: \"%s\"", options->text.threads,
              options->chunk_bytes, text);
    free(text);
    corpus_release(&corpus);
}

static void test_lines_and_files(void)
{
    const char *paths[] = {
        FILE_OF("a", "\xef\xbb\xbf"
                     "one two\r\n\n  \nthree  four\tfive\n"),
        FILE_OF("b", "six"),
        FILE_OF("c", ""),
        FILE_OF("d", "seven\0eight \xff nine\n\n\n"),
        FILE_OF("e", "\n\nten\nwords"),
    };
    const char *want = "one two|three four five|six|seven eight nine|ten|words|";
    const size_t sizes[] = {1, 2, 3, 5, 7, 16, 4096, 0};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (unsigned threads = 1; threads <= 7; threads += 3) {
            struct corpus_options options = options_of(threads, sizes[i]);
            options.text.any_bytes = true;
            check_corpus(paths, 5, &options, want);
        }
}

/* A file that is not text is refused when its turn comes, unless any_bytes is set. */
static void test_foreign_files(void)
{
    const char *paths[] = {FILE_OF("a", "one two\n"), FILE_OF("b", "x\0y")};
    struct corpus corpus;
    struct w2v_text_report report;
    struct w2v_error error;
    struct corpus_options options = options_of(2, 0);
    CHECK(corpus_read(&corpus, paths, 2, &options, &report, &error) == W2V_EFORMAT);
    CHECK_MSG(strstr(error.message, "/b: is not text") != NULL, "%s", error.message);
    options.text.any_bytes = true;
    check_corpus(paths, 2, &options, "one two|x y|");
}

/* Rules that look at neighbours of a word or change a whole chunk do not depend on the chunks. */
static void test_rules(void)
{
    const char *path = FILE_OF("a", "\u0391\u03A3 \uFF21-\uFF22 #x a#b\u3000soft\u00ADer "
                                    "\u0130I don\u2019t\n");
    for (size_t chunk = 1; chunk < 40; chunk += 3)
        for (unsigned threads = 1; threads <= 2; threads++) {
            struct corpus_options options = options_of(threads, chunk);
            check_corpus(&path, 1, &options,
                         "\u0391\u03A3 \uFF21-\uFF22 #x a#b soft\u00ADer \u0130I don\u2019t|");
            options.text = (struct w2v_text_options){.tokenizer = W2V_TOKENIZER_WORDS,
                                                     .fold = W2V_FOLD_TURKIC,
                                                     .nfkc = true,
                                                     .hyphens = true,
                                                     .tags = true,
                                                     .threads = threads};
            check_corpus(&path, 1, &options, "\u03B1\u03C2 a-b #x a b softer i\u0131 don't|");
        }
}

/* The bytes of a token may be in the chunk, in the buffer of folded tokens, or in a constant. */
static void test_all_tokenizers(void)
{
    const char *path = FILE_OF("a", "XyZ z\u00C9\nZ");
    struct corpus_options options = options_of(1, 0);
    check_corpus(&path, 1, &options, "XyZ z\u00C9|Z|");
    options.text.tokenizer = W2V_TOKENIZER_WORDS;
    check_corpus(&path, 1, &options, "xyz z\u00E9|z|");
    options.text.tokenizer = W2V_TOKENIZER_CHARS;
    check_corpus(&path, 1, &options, "x y z z \u00E9|z|");
}

static void test_dropped_words_leave_line_ends(void)
{
    const char *path = FILE_OF("a", "a a x\ny\nb a z\nw a\nq b\n");
    const char *want = "a a|b a|a|b|";
    for (size_t chunk = 1; chunk < 12; chunk++) {
        struct corpus_options options = options_of(2, chunk);
        options.text.min_count = 2;
        check_corpus(&path, 1, &options, want);
        options.text.min_count = 1;
        options.text.max_vocab = 2;
        check_corpus(&path, 1, &options, want);
        options.memory = 1; /* all ids go to the temporary file */
        check_corpus(&path, 1, &options, want);
    }
}

static void test_report_is_exact(void)
{
    const char *path = FILE_OF("a", "a b a\nc \xff\xfe a\nlast line");
    struct corpus corpus;
    struct w2v_text_report report;
    struct corpus_options options = options_of(3, 4);
    options.text.min_count = 2;
    CHECK(corpus_read(&corpus, &path, 1, &options, &report, NULL) == W2V_OK);
    CHECK(report.n_bytes == 22 && report.n_lines == 3 && report.n_tokens == 7);
    CHECK(report.n_distinct == 5 && report.n_words == 1 && report.n_corpus == 3);
    CHECK(report.n_invalid_bytes == 2);
    corpus_release(&corpus);
}

/* Makes a text of n words from a skewed distribution over `kinds` words, and one very long word. */
static char *make_text(size_t n, unsigned kinds, size_t *n_bytes)
{
    char *text = malloc(n * 12 + 100000), *at = text;
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = rng_at(99, i);
        unsigned word =
            rng_below((uint32_t)bits, kinds) * rng_below((uint32_t)(bits >> 32), kinds) / kinds;
        at += snprintf(at, 16, "w%u%c", word, bits % 11 == 0 ? '\n' : ' ');
    }
    for (int i = 0; i < 50000; i++)
        *at++ = 'x'; /* a word longer than any buffer */
    *n_bytes = (size_t)(at - text);
    return text;
}

static void test_threads_and_chunks_change_nothing(void)
{
    size_t n_bytes;
    char *text = make_text(30000, 2000, &n_bytes);
    const char *path = make_file("big", text, n_bytes);
    struct corpus first, other;
    struct w2v_text_report report, other_report;
    struct corpus_options options = options_of(1, 0);
    options.text.min_count = 3;
    CHECK(corpus_read(&first, &path, 1, &options, &report, NULL) == W2V_OK);
    CHECK(first.n_tokens > 20000 && first.vocab.n_words > 500);
    for (size_t i = 1; i < first.vocab.n_words; i++)
        CHECK(first.vocab.count[i] <= first.vocab.count[i - 1]);
    const size_t sizes[] = {7, 100, 4096};
    for (unsigned threads = 1; threads <= 7; threads += 2) {
        options = options_of(threads, sizes[threads % 3]);
        options.text.min_count = 3;
        options.memory = threads == 5 ? 40000 : 0;
        CHECK(corpus_read(&other, &path, 1, &options, &other_report, NULL) == W2V_OK);
        CHECK(other.n_tokens == first.n_tokens && other.vocab.n_words == first.vocab.n_words);
        CHECK(other.digest == first.digest && report.n_distinct == other_report.n_distinct);
        CHECK(memcmp(other.ids, first.ids, first.n_tokens * sizeof *first.ids) == 0);
        CHECK(memcmp(other.vocab.count, first.vocab.count,
                     first.vocab.n_words * sizeof *first.vocab.count) == 0);
        CHECK(memcmp(other.vocab.offset, first.vocab.offset,
                     (first.vocab.n_words + 1) * sizeof *first.vocab.offset) == 0);
        CHECK(memcmp(other.vocab.bytes, first.vocab.bytes,
                     first.vocab.offset[first.vocab.n_words]) == 0);
        corpus_release(&other);
    }
    corpus_release(&first);
    free(text);
}

static void test_given_vocabulary(void)
{
    const char *corpus = FILE_OF("a", "b a zzz b\nc d\nzzz\n");
    struct corpus_options options = options_of(2, 3);
    const char *given = FILE_OF("v", "a\t7\nb\t9\nd\t7\nmissing\t100\n");
    struct wordtable vocab = {0};
    bool counted;
    options.vocab = &vocab;
    CHECK(vocab_read(&vocab, given, &counted, NULL) == W2V_OK && counted);
    check_corpus(&corpus, 1, &options, "b a b|d|");
    CHECK(vocab.words == NULL); /* it was taken over */
    struct corpus read;
    struct w2v_text_report report;
    struct w2v_error error;
    CHECK(vocab_read(&vocab, given, &counted, NULL) == W2V_OK && counted);
    CHECK(corpus_read(&read, &corpus, 1, &options, &report, NULL) == W2V_OK);
    CHECK(read.vocab.n_words == 4 && read.vocab.count[0] == 100 && read.vocab.total == 123);
    corpus_release(&read);
    const struct {
        const char *text, *where;
    } bad[] = {{"a\t1\nb 2\n", ":2:"},
               {"a\t0\n", "empty"},
               {"a\t-1\n", ":1:"},
               {"\t5\n", ":1:"},
               {"a\t1x\n", ":1:"},
               {"a 1\nb\nc 2\n", ":2:"},
               {"a\nb 1\n", ":1:"},
               {"a\nthis is text\n", ":2: neither a word nor"},
               {"a 1\n\nb 2\r\na 3", ":4: the same word is in line 1"},
               {"\xff\xfe"
                "a",
                "iconv"},
               {"a\t99999999999999999999\n", ":1:"},
               {"a\t1\nb\t2\na\t3\n", ":3:"},
               {"a\t9000000000000000000\nb\t300000000000000000\n", ":2:"},
               {"</s> 0\n", "empty"},
               {"", "empty"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        given = make_file("v", bad[i].text, strlen(bad[i].text));
        CHECK(vocab_read(&vocab, given, &counted, &error) == W2V_EFORMAT);
        CHECK_MSG(strstr(error.message, bad[i].where) != NULL, "%s", error.message);
        wordtable_release(&vocab);
    }
}

/* The same vocabulary in every form that can be read, and a list without counts. */
static void test_forms_of_vocabularies(void)
{
    static const char *const forms[] = {
        "a\t7\nb\t9\nd\t7\n",
        "\xef\xbb\xbf"
        "a 7\r\n\r\nb 9\r\nd 7",
        "</s> 0\nb 9\na 7\nd 7\n",
        "</s>\t0\n \t\nd\t7\na\t7\nb\t9",
        "\xef\xbb\xbf"
        "a   7\nb 9\nd 7\n",
    };
    struct wordtable vocab = {0};
    struct w2v_error error;
    bool counted;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *given = make_file("v", forms[i], strlen(forms[i]));
        CHECK_MSG(vocab_read(&vocab, given, &counted, &error) == W2V_OK && counted, "%zu: %s", i,
                  error.message);
        CHECK(vocab.n_words == 3);
        const int64_t a = wordtable_find(&vocab, "a", 1), b = wordtable_find(&vocab, "b", 1);
        CHECK(a >= 0 && vocab.words[a].count == 7 && b >= 0 && vocab.words[b].count == 9);
        wordtable_release(&vocab);
    }
    const char *corpus = FILE_OF("a", "b a zzz b\nc d\nzzz\n");
    struct corpus_options options = options_of(2, 1);
    struct corpus read;
    struct w2v_text_report report;
    const char *given = FILE_OF("v", "d\n\nb\nb\nmissing\n");
    CHECK(vocab_read(&vocab, given, &counted, NULL) == W2V_OK && !counted && vocab.n_words == 3);
    options.among = &vocab;
    check_corpus(&corpus, 1, &options, "b b|d|");
    CHECK(corpus_read(&read, &corpus, 1, &options, &report, NULL) == W2V_OK);
    CHECK(read.vocab.n_words == 2 && read.vocab.count[0] == 2 && read.vocab.total == 3);
    corpus_release(&read);
    options.text.min_count = 2;
    check_corpus(&corpus, 1, &options, "b b|");
    wordtable_release(&vocab);
}

/* If the words need more memory than is allowed, the error says what to do. */
static void test_too_many_words_to_count(void)
{
    enum { N_WORDS = 120000 };
    char *text = malloc(N_WORDS * 8), *at = text;
    struct corpus corpus;
    struct w2v_text_report report;
    struct w2v_error error;
    for (int i = 0; i < N_WORDS; i++)
        at += snprintf(at, 8, "%06d ", i);
    const char *path = make_file("a", text, (size_t)(at - text));
    struct corpus_options options = options_of(1, 0);
    options.memory = 12 << 20;
    CHECK(corpus_read(&corpus, &path, 1, &options, &report, &error) == W2V_ENOMEM);
    CHECK_MSG(strstr(error.message, "allow more memory") != NULL, "%s", error.message);
    options.memory = 60 << 20;
    CHECK(corpus_read(&corpus, &path, 1, &options, &report, NULL) == W2V_OK);
    CHECK(corpus.vocab.n_words == N_WORDS);
    corpus_release(&corpus);
    free(text);
}

/* Word i of many. Some are short, some are long, and some differ only in the middle. */
static int nth_word(int i, char text[64])
{
    static const char *const forms[] = {"%d", "prefix--%05d--suffix", "%d\u6F22\u5B57\u3002"};
    return snprintf(text, 64, forms[i % 3], i);
}

/* Words are by falling count, then by bytes, and each word is there once with its count. */
static void check_order(const struct vocab *vocab)
{
    char text[64];
    size_t n_before = 0, n;
    const char *before = "";
    for (size_t id = 0; id < vocab->n_words; id++, n_before = n) {
        const char *word = vocab_word(vocab, id, &n);
        char copy[64] = "";
        memcpy(copy, word, n < sizeof copy ? n : 0);
        const int i = (int)strtol(copy[0] == 'p' ? copy + 8 : copy, NULL, 10);
        CHECK((size_t)nth_word(i, text) == n && memcmp(word, text, n) == 0);
        CHECK(vocab->count[id] == 1 + (uint64_t)i % 5);
        CHECK(id == 0 || vocab->count[id] <= vocab->count[id - 1]);
        if (id > 0 && vocab->count[id] == vocab->count[id - 1]) {
            const int order = memcmp(before, word, n_before < n ? n_before : n);
            CHECK(order < 0 || (order == 0 && n_before < n));
        }
        before = word;
    }
}

static void test_vocabulary_of_many_words(void)
{
    enum { N_WORDS = 30000 };
    static const unsigned threads[] = {1, 2, 5, 70};
    char *text = malloc((size_t)N_WORDS * 3 * 28), *at = text;
    struct corpus corpus;
    struct w2v_text_report report;
    for (int round = 0; round < 5; round++)
        for (int i = 0; i < N_WORDS; i++)
            if (i % 5 >= round) {
                at += nth_word(i, at);
                *at++ = i % 11 == 0 ? '\n' : ' ';
            }
    const char *path = make_file("a", text, (size_t)(at - text));
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
        struct corpus_options options = options_of(threads[t], 4096);
        for (int max = 0; max < 2; max++) {
            options.text.max_vocab = max ? 7777 : 0;
            CHECK(corpus_read(&corpus, &path, 1, &options, &report, NULL) == W2V_OK);
            CHECK(report.n_distinct == N_WORDS && corpus.vocab.n_words == (max ? 7777 : N_WORDS));
            check_order(&corpus.vocab);
            corpus_release(&corpus);
        }
    }
    free(text);
}

/* Words to keep are kept even if rare or not in the text; or no other words are kept. */
static void test_words_to_keep(void)
{
    const char *path = FILE_OF("a", "b b c a\nb d d\n");
    uint32_t id;
    for (unsigned threads = 1; threads <= 3; threads++) {
        struct wordtable keep = {0};
        struct corpus_options options = options_of(threads, 4);
        for (const char *word = "cxb"; *word != '\0'; word++)
            CHECK(wordtable_add_word(&keep, word, 1, 0, &id, NULL) == W2V_OK);
        options.text.min_count = 2;
        options.keep = &keep;
        check_corpus(&path, 1, &options, "b b c|b d d|");
        options.keep_only = true;
        check_corpus(&path, 1, &options, "b b c|b|");
        struct corpus read;
        struct w2v_text_report report;
        CHECK(corpus_read(&read, &path, 1, &options, &report, NULL) == W2V_OK);
        CHECK(read.vocab.n_words == 3 && read.vocab.count[2] == 0 && read.vocab.total == 4);
        corpus_release(&read);
        options.text.max_vocab = 1;
        check_corpus(&path, 1, &options, "b b|b|");
        wordtable_release(&keep);
    }
}

/* The digest that a resumed run compares depends on every byte but not on threads and chunks. */
static void test_text_digest(void)
{
    const char *same = FILE_OF("a", "one two one rare\none two\n");
    const char *other = FILE_OF("b", "one two one rara\none two\n");
    struct corpus corpora[3];
    struct w2v_text_report report;
    for (unsigned i = 0; i < 3; i++) {
        struct corpus_options options = options_of(1 + i, 8);
        options.text.min_count = 2;
        CHECK(corpus_read(&corpora[i], i < 2 ? &same : &other, 1, &options, &report, NULL) == 0);
    }
    CHECK(corpora[0].text_digest == corpora[1].text_digest);
    CHECK(corpora[0].text_digest != corpora[2].text_digest);
    CHECK(corpora[0].digest == corpora[2].digest);
    for (unsigned i = 0; i < 3; i++)
        corpus_release(&corpora[i]);
}

static void test_missing_inputs(void)
{
    struct corpus corpus;
    struct w2v_text_report report;
    struct w2v_error error;
    struct corpus_options options = options_of(2, 0);
    const char *paths[] = {FILE_OF("a", "x"), "/nonexistent/file"};
    CHECK(corpus_read(&corpus, paths, 2, &options, &report, &error) == W2V_EIO);
    CHECK(strstr(error.message, "/nonexistent/file") != NULL);
    paths[1] = folder;
    CHECK(corpus_read(&corpus, paths, 2, &options, &report, &error) == W2V_EIO);
    CHECK(strstr(error.message, "directory") != NULL);
    CHECK(corpus.n_tokens == 0 && corpus.ids == NULL);
}

static void test_tokens_come_in_order(void)
{
    const char *paths[] = {FILE_OF("a", "one  two\n\nthree four  \n five"), FILE_OF("b", "six\n")};
    const char *want = "one two\n\nthree four\nfive\nsix\n", *path = FILE_OF("out", "");
    for (size_t chunk = 1; chunk < 20; chunk++)
        for (unsigned threads = 1; threads <= 5; threads += 2) {
            struct outfile out;
            struct file_map map;
            struct corpus_options options = options_of(threads, chunk);
            CHECK(outfile_open(&out, path, NULL) == W2V_OK);
            CHECK(emit_tokens(paths, 2, &options, &out, NULL, NULL) == W2V_OK);
            CHECK(outfile_commit(&out, NULL) == W2V_OK && file_map(&map, path, NULL) == W2V_OK);
            CHECK_MSG(map.n_bytes == strlen(want) && memcmp(map.bytes, want, map.n_bytes) == 0,
                      "chunks of %zu: \"%.*s\"", chunk, (int)map.n_bytes, (const char *)map.bytes);
            file_unmap(&map);
        }
}

/* Reads all chunks of a file. After the first chunk, `change` is appended to the file. */
static int read_chunks(const char *path, size_t chunk_bytes, const char *change, size_t *longest,
                       struct w2v_error *error)
{
    struct reader reader;
    struct chunk chunk = {0};
    const struct w2v_text_options text = {.any_bytes = true};
    int status = reader_init(&reader, &path, 1, &text, chunk_bytes, error);
    *longest = 0;
    while (status == W2V_OK && (status = reader_next(&reader, &chunk, error)) == W2V_OK &&
           chunk.n_bytes > 0) {
        FILE *file = change != NULL ? fopen(path, "a") : NULL;
        if (file != NULL)
            CHECK(fputs(change, file) >= 0 && fclose(file) == 0);
        change = NULL;
        if (chunk.n_bytes > *longest)
            *longest = chunk.n_bytes;
    }
    free(chunk.text);
    reader_release(&reader);
    return status;
}

static void test_a_file_that_changes(void)
{
    struct w2v_error error;
    size_t longest;
    const char *path = FILE_OF("a", "some words and more words and still more words\n");
    CHECK(read_chunks(path, 8, NULL, &longest, &error) == W2V_OK && longest > 0);
    CHECK(read_chunks(path, 8, "and a few more", &longest, &error) == W2V_EIO);
    CHECK_MSG(strstr(error.message, "changed while it was read") != NULL, "%s", error.message);
    CHECK(read_chunks("/dev/null", 8, NULL, &longest, &error) == W2V_OK);
}

/* Lines that the calling program has in memory. */
struct given_lines {
    const char *const *lines;
    size_t n, next;
    int last; /* what give_line returns after the last line */
};

static int give_line(void *context, const char **line, size_t *n_bytes)
{
    struct given_lines *given = context;
    if (given->next == given->n)
        return given->last;
    *line = given->lines[given->next++];
    *n_bytes = strlen(*line);
    return 1;
}

/* Lines from the calling program give the same corpus as a file of these lines, for any chunks. */
static void test_given_lines(void)
{
    const char *const lines[] = {"one two", "", "three", "four five\nsix", "seven\r\n", "end"};
    const size_t sizes[] = {1, 2, 3, 5, 7, 16, 4096, 0};
    struct w2v_text_report report;
    struct w2v_error error;
    struct corpus corpus;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (unsigned threads = 1; threads <= 7; threads += 3) {
            struct given_lines given = {lines, sizeof lines / sizeof *lines, 0, 0};
            struct corpus_options options = options_of(threads, sizes[i]);
            options.text.next_line = give_line;
            options.text.next_line_context = &given;
            check_corpus(NULL, 0, &options, "one two|three|four five|six|seven|end|");
        }
    struct given_lines broken = {lines, 2, 0, -1};
    struct corpus_options options = options_of(2, 0);
    options.text.next_line = give_line;
    options.text.next_line_context = &broken;
    CHECK(corpus_read(&corpus, NULL, 0, &options, &report, &error) == W2V_ESTOPPED);
    const char *path = FILE_OF("a", "a b a");
    CHECK(corpus_read(&corpus, &path, 1, &options, &report, &error) == W2V_EARG);
}

static int stop(void *context, const struct w2v_progress *progress)
{
    (void)progress;
    return ++*(int *)context;
}

/* Copying the ids to their places may take as long as reading, so the callback can stop it too. */
static void test_stopping_after_reading(void)
{
    struct corpus corpus;
    struct w2v_text_report report;
    struct w2v_error error;
    struct corpus_options options = options_of(2, 0);
    const char *path = FILE_OF("a", "a b a");
    int n_calls = 0;
    options.text.progress = stop;
    options.text.progress_context = &n_calls;
    CHECK(corpus_read(&corpus, &path, 1, &options, &report, &error) == W2V_ESTOPPED);
    CHECK(n_calls == 1 && corpus.ids == NULL);
}

/* The NULs of a sparse file must not make one endless word. */
static void test_zeros_are_cut(void)
{
    static const char zeros[5000];
    size_t longest;
    CHECK(read_chunks(make_file("a", zeros, sizeof zeros), 100, NULL, &longest, NULL) == W2V_OK);
    CHECK_MSG(longest <= 100, "a chunk of %zu bytes", longest);
}

static void test_wordtable_grows(void)
{
    struct wordtable table = {0};
    char text[16];
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < 20000; i++) {
            const size_t n = (size_t)snprintf(text, sizeof text, "%u", i);
            uint32_t id;
            CHECK(wordtable_add_word(&table, text, n, round + 1, &id, NULL) == W2V_OK && id == i);
        }
    CHECK(table.n_words == 20000);
    for (unsigned i = 0; i < 20000; i++) {
        size_t n = (size_t)snprintf(text, sizeof text, "%u", i);
        CHECK(wordtable_find(&table, text, n) == (int64_t)i && table.words[i].count == 3);
    }
    CHECK(wordtable_find(&table, "20000", 5) == -1);
    wordtable_release(&table);
    CHECK(wordtable_find(&table, "1", 1) == -1);
}

/* Words of equal length that differ in any one byte are different words. */
static void test_wordtable_tells_words_apart(void)
{
    struct wordtable table = {0};
    char text[40 + TOKEN_SPARE];
    uint32_t id, n_words = 0;
    for (int again = 0; again < 2; again++, n_words = 0)
        for (size_t n = 1; n <= 40; n++)
            for (size_t at = 0; at <= n; at++, n_words++) {
                memset(text, again ? 'a' : 'c', sizeof text);
                memset(text, 'a', n);
                if (at < n)
                    text[at] = 'b';
                const struct token word = {text, n};
                CHECK(wordtable_add(&table, &word, 1, 1, &id, NULL) == W2V_OK);
                CHECK_MSG(id == n_words, "%zu bytes, another at %zu: %u", n, at, id);
            }
    wordtable_release(&table);
}

/* Among so many words, some with equal hashes also have equal first, or first and last, 8 bytes. */
static void test_wordtable_with_equal_hashes(void)
{
    enum { N_WORDS = 300000 };
    static const char *const forms[] = {"12345678%08u", "12345678%08u87654321"};
    for (size_t f = 0; f < 2; f++) {
        struct wordtable table = {0};
        for (unsigned again = 0; again < 2; again++)
            for (uint32_t i = 0, id; i < N_WORDS; i++) {
                char text[32];
                const size_t n = (size_t)snprintf(text, sizeof text, forms[f], i);
                CHECK(wordtable_add_word(&table, text, n, 1, &id, NULL) == W2V_OK && id == i);
            }
        wordtable_release(&table);
    }
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    TEST(test_lines_and_files);
    TEST(test_foreign_files);
    TEST(test_rules);
    TEST(test_all_tokenizers);
    TEST(test_dropped_words_leave_line_ends);
    TEST(test_report_is_exact);
    TEST(test_threads_and_chunks_change_nothing);
    TEST(test_given_vocabulary);
    TEST(test_forms_of_vocabularies);
    TEST(test_too_many_words_to_count);
    TEST(test_vocabulary_of_many_words);
    TEST(test_words_to_keep);
    TEST(test_text_digest);
    TEST(test_missing_inputs);
    TEST(test_tokens_come_in_order);
    TEST(test_a_file_that_changes);
    TEST(test_given_lines);
    TEST(test_stopping_after_reading);
    TEST(test_zeros_are_cut);
    TEST(test_wordtable_grows);
    TEST(test_wordtable_tells_words_apart);
    TEST(test_wordtable_with_equal_hashes);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return test_end() | (system(command) != 0);
}
