/*
 * gen_corpus DATA_DIR OUT_DIR: writes the demo's corpora (en.txt, zh.txt) and the analogy
 * questions about them (en-questions.txt, zh-questions.txt). Same data, same bytes, anywhere.
 *
 * The idea: this program knows no language and no fact. Facts are tables (DATA_DIR/en-*.tsv),
 * sentences are templates (DATA_DIR/en-templates.txt), and a line is a row of a table put into
 * one or two templates. Rows are drawn by a flattened Zipf law. README.md has the formats.
 *
 * The promise: every fifth pair of each relation that the questions ask about is held out.
 * Its two words never stand in one line; a line that would join them is cut before it is
 * written, whichever template or chance brought them together.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELD_OUT_EVERY = 5, TWO_SENTENCES_EVERY = 4, MAX_TRIES = 8, PARTNERS = 24, MAX_DEPTH = 8 };

/* A list of strings; the texts belong to whoever made them. */
struct list {
    char **item;
    size_t n;
};

/* A table of facts: column names, then n_rows * column.n cells; "-" is an empty cell. */
struct table {
    char *name;
    struct list column;
    struct list cell;
    size_t n_rows;
    double *upto; /* upto[r]: weight of the rows 0..r */
};

/* A rule and its alternatives, or a section of sentences about the rows of a table. */
struct rule {
    char *name;
    struct list alternative;
};

struct section {
    const struct table *table; /* NULL: about nothing */
    double upto;               /* weight of the sections up to this one */
    struct list sentence;
};

/* A word of some held-out pair: the words it must not meet, and the last line it stood on. */
struct mark {
    char *word;
    size_t *partner;
    size_t n_partners;
    uint64_t line;
};

struct text {
    char *byte;
    size_t n, room;
};

struct corpus {
    const char *dir, *language;
    struct table *table;
    size_t n_tables;
    struct rule *rule;
    size_t n_rules;
    struct section *section;
    size_t n_sections;
    struct mark *mark; /* open addressing, n_slots a power of two */
    size_t n_slots, n_marks;
    uint64_t state;   /* of the random numbers */
    uint64_t n_lines; /* checked so far */
    struct text line;
};

static void die(const char *format, ...)
{
    va_list args;

    fputs("gen_corpus: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

/* ---- memory, files, strings ------------------------------------------------------------------ */

static void *resized(void *old, size_t n, size_t size)
{
    void *p = n > SIZE_MAX / size ? NULL : realloc(old, n * size);

    if (!p)
        die("out of memory");
    return p;
}

static char *duplicate(const char *s, size_t n)
{
    char *copy = resized(NULL, n + 1, 1);

    memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

static void list_add(struct list *list, char *item)
{
    if ((list->n & (list->n - 1)) == 0)
        list->item = resized(list->item, list->n ? 2 * list->n : 1, sizeof *list->item);
    list->item[list->n++] = item;
}

static void text_add(struct text *text, const char *s, size_t n)
{
    if (!n)
        return;
    if (text->room - text->n < n) {
        text->room = 2 * (text->room + n);
        text->byte = resized(text->byte, text->room, 1);
    }
    memcpy(text->byte + text->n, s, n);
    text->n += n;
}

/* The parts of s between separators, without the blanks around them. */
static struct list split(const char *s, size_t n, char separator)
{
    struct list parts = {0};

    for (size_t from = 0; from <= n;) {
        const char *cut = memchr(s + from, separator, n - from);
        size_t to = cut ? (size_t)(cut - s) : n, end = to;

        while (from < end && s[from] == ' ')
            from++;
        while (end > from && s[end - 1] == ' ')
            end--;
        list_add(&parts, duplicate(s + from, end - from));
        from = to + 1;
    }
    return parts;
}

static FILE *open_file(const char *dir, const char *language, const char *name, const char *mode,
                       char *path, size_t size)
{
    int n = snprintf(path, size, "%s/%s%s", dir, language, name);
    FILE *file = n < 0 || (size_t)n >= size ? NULL : fopen(path, mode);

    if (!file)
        die("cannot open %s: %s", path, strerror(errno));
    return file;
}

/* The lines of a file, without comments and empty lines (but with a comment in the first). */
static struct list read_lines(const char *dir, const char *language, const char *name)
{
    char path[4096], buffer[4096];
    FILE *file = open_file(dir, language, name, "rb", path, sizeof path);
    struct list lines = {0};

    while (fgets(buffer, sizeof buffer, file)) {
        size_t n = strcspn(buffer, "\r\n");

        if (!buffer[n] && !feof(file))
            die("%s: a line is longer than %zu bytes", path, sizeof buffer - 2);
        if (n && (buffer[0] != '#' || !lines.n))
            list_add(&lines, duplicate(buffer, n));
    }
    if (ferror(file) || !lines.n)
        die("cannot read %s", path);
    fclose(file);
    return lines;
}

static void close_file(FILE *file, const char *path)
{
    int failed = ferror(file);

    if (fclose(file) || failed)
        die("cannot write %s", path);
}

/* ---- random numbers: splitmix64 (Steele, Lea, Flood 2014) ------------------------------------ */

static double uniform(struct corpus *c)
{
    uint64_t z = c->state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static size_t below(struct corpus *c, size_t n)
{
    return (size_t)(uniform(c) * (double)n);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static size_t column_find(const struct table *table, const char *name, size_t n)
{
    size_t k = 0;

    while (k < table->column.n &&
           (strncmp(table->column.item[k], name, n) != 0 || table->column.item[k][n]))
        k++;
    return k;
}

static const char *cell_at(const struct table *table, size_t row, size_t column)
{
    return table->cell.item[row * table->column.n + column];
}

static const struct table *table_get(struct corpus *c, const char *name, size_t n)
{
    for (size_t i = 0; i < c->n_tables; i++)
        if (strncmp(c->table[i].name, name, n) == 0 && !c->table[i].name[n])
            return &c->table[i];
    die("%s: no table '%.*s'", c->language, (int)n, name);
    return NULL;
}

static void table_read(struct corpus *c, struct table *table, const char *name)
{
    char file[64];
    struct list lines;

    snprintf(file, sizeof file, "-%s.tsv", name);
    lines = read_lines(c->dir, c->language, file);
    if (strncmp(lines.item[0], "# ", 2) != 0)
        die("%s%s: the first line must name the columns", c->language, file);
    if (lines.n == 1)
        die("%s%s: no rows", c->language, file);
    table->name = duplicate(name, strlen(name));
    table->column = split(lines.item[0] + 2, strlen(lines.item[0] + 2), '\t');
    table->n_rows = lines.n - 1;
    table->upto = resized(NULL, lines.n, sizeof *table->upto);
    for (size_t row = 0; row < table->n_rows; row++) {
        struct list cells = split(lines.item[row + 1], strlen(lines.item[row + 1]), '\t');

        if (cells.n != table->column.n)
            die("%s%s: '%s' has %zu cells, not %zu", c->language, file, lines.item[row + 1],
                cells.n, table->column.n);
        for (size_t k = 0; k < cells.n; k++)
            list_add(&table->cell, cells.item[k]);
        table->upto[row] =
            (row ? table->upto[row - 1] : 0) + 1.0 / (double)(row + 1 + table->n_rows / 2);
    }
}

static size_t row_draw(struct corpus *c, const struct table *table)
{
    double x = uniform(c) * table->upto[table->n_rows - 1];
    size_t low = 0, high = table->n_rows - 1;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (table->upto[middle] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- held-out pairs -------------------------------------------------------------------------- */

static size_t word_end(const char *s, size_t n)
{
    size_t k = 0;

    while (k < n && !strchr(" .,!?\"", s[k]))
        k++;
    return k;
}

static int lower(int byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte;
}

/* The slot of a word, or the free one where it would go; A-Z count as a-z. */
static struct mark *mark_slot(const struct corpus *c, const char *word, size_t n)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    size_t k;

    for (k = 0; k < n; k++)
        hash = (hash ^ (unsigned char)lower(word[k])) * 1099511628211u;
    for (size_t slot = hash & (c->n_slots - 1);; slot = (slot + 1) & (c->n_slots - 1)) {
        struct mark *mark = &c->mark[slot];

        if (!mark->word)
            return mark;
        for (k = 0; k < n && lower(mark->word[k]) == lower(word[k]); k++)
            ;
        if (k == n && !mark->word[n])
            return mark;
    }
}

static size_t mark_add(struct corpus *c, const char *word)
{
    size_t n = strlen(word);
    struct mark *mark = mark_slot(c, word, n);

    if (!mark->word) {
        if (++c->n_marks > c->n_slots / 2)
            die("%s: more than %zu held-out words", c->language, c->n_slots / 2);
        mark->word = duplicate(word, n);
    }
    return (size_t)(mark - c->mark);
}

static void hold_out(struct corpus *c, const char *left, const char *right)
{
    size_t end[2] = {mark_add(c, left), mark_add(c, right)};

    for (int i = 0; i < 2; i++) {
        struct mark *mark = &c->mark[end[i]];

        mark->partner = resized(mark->partner, mark->n_partners + 1, sizeof *mark->partner);
        mark->partner[mark->n_partners++] = end[1 - i];
    }
}

/* Whether the two words of some held-out pair stand in the line. */
static int joins_held_out_pair(struct corpus *c, const struct text *line)
{
    c->n_lines++;
    for (size_t at = 0; at < line->n;) {
        size_t n = word_end(line->byte + at, line->n - at);
        struct mark *mark = n ? mark_slot(c, line->byte + at, n) : NULL;

        if (mark && mark->word) {
            mark->line = c->n_lines;
            for (size_t k = 0; k < mark->n_partners; k++)
                if (c->mark[mark->partner[k]].line == c->n_lines)
                    return 1;
        }
        at += n + 1;
    }
    return 0;
}

/* ---- templates ------------------------------------------------------------------------------- */

static int expand(struct corpus *c, const char *s, size_t n, const struct table *table, size_t row,
                  int depth);

/* Adds one of the alternatives in a cell or a slot: "a|b|c". */
static int expand_one_of(struct corpus *c, const char *s, size_t n, const struct table *table,
                         size_t row, int depth)
{
    size_t n_parts = 1, pick, from = 0, to;

    for (size_t k = 0; k < n; k++)
        n_parts += s[k] == '|';
    for (pick = n_parts > 1 ? below(c, n_parts) : 0; pick; from++)
        pick -= s[from] == '|';
    for (to = from; to < n && s[to] != '|';)
        to++;
    if (to - from == 1 && s[from] == '-')
        return -1;
    return expand(c, s + from, to - from, table, row, depth);
}

/* Adds what a slot stands for: a column of this row, a rule, a row of a table, or one of. */
static int expand_slot(struct corpus *c, const char *s, size_t n, const struct table *table,
                       size_t row, int depth)
{
    const char *dot = memchr(s, '.', n);
    size_t column = table ? column_find(table, s, n) : 0;

    if (depth > MAX_DEPTH)
        die("%s: '%.*s' stands for itself", c->language, (int)n, s);
    if (table && column < table->column.n) {
        const char *cell = cell_at(table, row, column);

        return expand_one_of(c, cell, strlen(cell), table, row, depth + 1);
    }
    for (size_t i = 0; i < c->n_rules; i++)
        if (strncmp(c->rule[i].name, s, n) == 0 && !c->rule[i].name[n]) {
            const struct list *from = &c->rule[i].alternative;
            const char *chosen = from->item[below(c, from->n)];

            return expand(c, chosen, strlen(chosen), table, row, depth + 1);
        }
    if (memchr(s, '|', n))
        return expand_one_of(c, s, n, table, row, depth + 1);
    if (dot) {
        const struct table *other = table_get(c, s, (size_t)(dot - s));
        size_t other_row = row_draw(c, other);

        if (other == table && other_row == row)
            return -1;
        return expand_slot(c, dot + 1, (size_t)(s + n - dot - 1), other, other_row, depth + 1);
    }
    die("%s-templates.txt: {%.*s} is no column, rule or table", c->language, (int)n, s);
    return -1;
}

/* Adds the text s with its slots filled in to the line; -1 if a cell that it needs is empty. */
static int expand(struct corpus *c, const char *s, size_t n, const struct table *table, size_t row,
                  int depth)
{
    for (size_t at = 0; at < n;) {
        const char *open = memchr(s + at, '{', n - at);
        const char *close = open ? memchr(open, '}', n - (size_t)(open - s)) : NULL;
        size_t literal = (open ? (size_t)(open - s) : n) - at;

        text_add(&c->line, s + at, literal);
        if (!open)
            break;
        if (!close)
            die("%s-templates.txt: a brace is not closed: %.*s", c->language, (int)n, s);
        if (expand_slot(c, open + 1, (size_t)(close - open - 1), table, row, depth))
            return -1;
        at = (size_t)(close - s) + 1;
    }
    return 0;
}

static void templates_read(struct corpus *c)
{
    struct list lines = read_lines(c->dir, c->language, "-templates.txt");
    double weight = 0;
    char name[48];
    int used;

    c->table = resized(NULL, lines.n, sizeof *c->table);
    c->rule = resized(NULL, lines.n, sizeof *c->rule);
    c->section = resized(NULL, lines.n, sizeof *c->section);
    for (size_t i = 0; i < lines.n; i++) {
        const char *line = lines.item[i], *equals = strstr(line, " = ");
        double share = 0;

        if (line[0] == '#')
            continue;
        used = 0;
        if (sscanf(line, "[%47s %lf]%n", name, &share, &used) == 2 && used && share > 0) {
            struct section *section = &c->section[c->n_sections++];

            memset(section, 0, sizeof *section);
            section->upto = weight += share;
            if (strcmp(name, "-") != 0) {
                memset(&c->table[c->n_tables], 0, sizeof *c->table);
                table_read(c, &c->table[c->n_tables], name);
                section->table = &c->table[c->n_tables++];
            }
        } else if (equals) {
            struct rule *rule = &c->rule[c->n_rules++];

            rule->name = duplicate(line, (size_t)(equals - line));
            rule->alternative = split(equals + 3, strlen(equals + 3), '|');
        } else if (c->n_sections) {
            list_add(&c->section[c->n_sections - 1].sentence, lines.item[i]);
        } else {
            die("%s-templates.txt: a sentence before the first section: %s", c->language, line);
        }
    }
    if (!c->n_sections)
        die("%s-templates.txt: no section", c->language);
    for (size_t i = 0; i < c->n_sections; i++)
        if (!c->section[i].sentence.n)
            die("%s-templates.txt: section %zu has no sentence", c->language, i + 1);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Puts one or two sentences about one row into c->line, and no held-out pair. */
static void line_make(struct corpus *c)
{
    double x = uniform(c) * c->section[c->n_sections - 1].upto;
    const struct section *section = c->section;
    size_t n_sentences = 1 + (below(c, TWO_SENTENCES_EVERY) == 0), row;

    while (section->upto <= x)
        section++;
    row = section->table ? row_draw(c, section->table) : 0;
    c->line.n = 0;
    for (int tries = 0; n_sentences && tries < MAX_TRIES; tries++) {
        const char *sentence = section->sentence.item[below(c, section->sentence.n)];
        size_t kept = c->line.n;

        if (kept)
            text_add(&c->line, " ", 1);
        if (expand(c, sentence, strlen(sentence), section->table, row, 0) ||
            joins_held_out_pair(c, &c->line))
            c->line.n = kept;
        else
            n_sentences--;
    }
}

static int begins_with_one_of(const char *s, size_t n, const char *const *start)
{
    for (; *start; start++)
        if (n >= strlen(*start) && memcmp(s, *start, strlen(*start)) == 0)
            return 1;
    return 0;
}

/* Whether "a" before this word becomes "an": before a vowel that is heard as one. */
static int takes_an(const char *s, size_t n)
{
    static const char *const heard_as_consonant[] = {"uni", "use", "eu", "one", NULL};
    static const char *const silent_h[] = {"honest", "hour", "heir", NULL};

    return begins_with_one_of(s, n, silent_h) ||
           (n && strchr("aeiouAEIOU", s[0]) && !begins_with_one_of(s, n, heard_as_consonant));
}

/* Writes the line with capitals after full stops and "an" before vowels; returns its words. */
static uint64_t line_write(struct corpus *c, FILE *file)
{
    char *s = c->line.byte;
    size_t n = c->line.n;
    uint64_t n_words = 0;
    int starts = 1;

    if (n && joins_held_out_pair(c, &c->line))
        die("a held-out pair in: %.*s", (int)n, s);
    for (size_t at = 0; at < n;) {
        size_t end = at + word_end(s + at, n - at);
        int is_a = end == at + 1 && (s[at] == 'a' || s[at] == 'A');

        if (end > at) {
            n_words++;
            if (starts && s[at] >= 'a' && s[at] <= 'z')
                s[at] = (char)(s[at] - 'a' + 'A');
            starts = 0;
        }
        fwrite(s + at, 1, end - at, file);
        if (is_a && end < n && takes_an(s + end + 1, n - end - 1))
            fputc('n', file);
        if (end < n)
            fputc(s[end], file);
        starts |= end < n && strchr(".!?", s[end]) != NULL;
        at = end + 1;
    }
    if (n)
        fputc('\n', file);
    return n_words;
}

/* ---- questions ------------------------------------------------------------------------------- */

static int is_word(const char *s)
{
    return strcmp(s, "-") != 0 && !strpbrk(s, "| ");
}

static size_t count_in_column(const struct table *table, size_t column, const char *word)
{
    size_t n = 0;

    for (size_t row = 0; row < table->n_rows; row++)
        n += strcmp(cell_at(table, row, column), word) == 0;
    return n;
}

static void put_lower(FILE *file, const char *word, char after)
{
    for (; *word; word++)
        fputc(lower((unsigned char)*word), file);
    fputc(after, file);
}

/*
 * The questions of one relation "section table left right first last": rows first..last, where
 * both words are single and stand in one row only. A pair asks with PARTNERS others, spread
 * evenly; the trained section has trained pairs only, the other one asks for held-out answers.
 */
static void relation_write(struct corpus *c, const struct table *relations, size_t row, FILE *file)
{
    const char *section = cell_at(relations, row, 0), *name = cell_at(relations, row, 1);
    const struct table *table = table_get(c, name, strlen(name));
    size_t column[2], first = strtoul(cell_at(relations, row, 4), NULL, 10);
    size_t last = strtoul(cell_at(relations, row, 5), NULL, 10);
    struct list left = {0}, right = {0};

    for (size_t i = 0; i < 2; i++) {
        const char *wanted = cell_at(relations, row, 2 + i);

        column[i] = column_find(table, wanted, strlen(wanted));
        if (column[i] == table->column.n)
            die("%s-%s.tsv has no column '%s'", c->language, name, wanted);
    }
    for (size_t r = first ? first - 1 : 0; r < table->n_rows && r < last; r++) {
        char *l = table->cell.item[r * table->column.n + column[0]];
        char *m = table->cell.item[r * table->column.n + column[1]];

        if (is_word(l) && is_word(m) && count_in_column(table, column[0], l) == 1 &&
            count_in_column(table, column[1], m) == 1 && !count_in_column(table, column[0], m) &&
            !count_in_column(table, column[1], l)) {
            list_add(&left, l);
            list_add(&right, m);
        }
    }
    for (size_t held = 0; held < 2; held++) {
        fprintf(file, ": %s%s\n", section, held ? "-heldout" : "");
        for (size_t i = 0; i < left.n; i++) {
            size_t step = left.n > PARTNERS ? left.n / PARTNERS : 1;

            if ((i % HELD_OUT_EVERY == 0) != held)
                continue;
            for (size_t k = step; k < left.n; k += step) {
                size_t j = (i + k) % left.n;

                if (j % HELD_OUT_EVERY == 0)
                    continue;
                put_lower(file, left.item[j], ' ');
                put_lower(file, right.item[j], ' ');
                put_lower(file, left.item[i], ' ');
                put_lower(file, right.item[i], '\n');
            }
            if (held)
                hold_out(c, left.item[i], right.item[i]);
        }
    }
}

/* ---- a language ------------------------------------------------------------------------------ */

static void corpus_write(const char *data_dir, const char *out_dir, const char *language,
                         uint64_t n_words)
{
    struct corpus c = {.dir = data_dir, .language = language, .state = 1, .n_slots = 8192};
    struct table relations = {0};
    char path[4096];
    FILE *file;

    c.mark = resized(NULL, c.n_slots, sizeof *c.mark);
    memset(c.mark, 0, c.n_slots * sizeof *c.mark);
    templates_read(&c);
    table_read(&c, &relations, "relations");
    file = open_file(out_dir, language, "-questions.txt", "wb", path, sizeof path);
    for (size_t row = 0; row < relations.n_rows; row++)
        relation_write(&c, &relations, row, file);
    close_file(file, path);

    file = open_file(out_dir, language, ".txt", "wb", path, sizeof path);
    for (uint64_t written = 0; written < n_words;) {
        line_make(&c);
        written += line_write(&c, file);
    }
    close_file(file, path);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: gen_corpus DATA_DIR OUT_DIR\n", stderr);
        return 2;
    }
    corpus_write(argv[1], argv[2], "en", 4000000);
    corpus_write(argv[1], argv[2], "zh", 1500000);
    return 0;
}
