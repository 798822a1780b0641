/*
 * Makes unicode_tables.c from the Unicode Character Database. This is a separate program, not part
 * of the library. It is run when the version of Unicode changes:
 *
 *     unicode_gen UCD >unicode_tables.c
 *
 * UCD is a directory with the layout of www.unicode.org/Public/UCD/latest/ucd (Debian's package
 * unicode-data: /usr/share/unicode). Each combination of properties becomes a record, each code
 * point a byte that is the index of its record, and equal blocks of code points are stored once. If
 * anything in the input is unexpected, the program fails with a message.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/unicode_tables.h"

enum {
    N = UNICODE_N_CODE_POINTS,
    BLOCK = 1 << UNICODE_BLOCK_BITS,
    MAX_SEQUENCE = 18,
    MAX_POOL = 16384,
    HANGUL_FIRST = 0xAC00,
    HANGUL_LAST = 0xD7A3,
    YPOGEGRAMMENI = 0x0345,
    CAPITAL_SIGMA = 0x03A3,
    ZWNJ = 0x200C,
    ZWJ = 0x200D,
    HYPHEN = 0x2010,
    HYPHEN_NO_BREAK = 0x2011,
    LEFT_QUOTE = 0x2018,
    RIGHT_QUOTE = 0x2019,
    FIRST_TAG = 0xE0020,
    LAST_TAG = 0xE007F
};

struct sequence {
    uint32_t cp[MAX_SEQUENCE];
    int n;
};

static struct unicode_props props[N];
static bool nfc_qc_no[N], excluded[N];
static struct sequence fold[N], lower[N], raw_decomp[N], decomp[N], raw_compat[N], compat[N];
static const char *ucd_dir;
static char version[32];

static void die(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("unicode_gen: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

/* ---- Reading the database: semicolons separate the fields of a line, # begins a comment. ---- */

struct ucd {
    FILE *file;
    char path[4096], line[4096];
    char *field[16];
    int n_fields;
};

static void ucd_open(struct ucd *u, const char *name)
{
    const int n = snprintf(u->path, sizeof u->path, "%s/%s", ucd_dir, name);
    if (n < 0 || (size_t)n >= sizeof u->path)
        die("%s: path too long", ucd_dir);
    u->file = fopen(u->path, "r");
    if (!u->file)
        die("%s: cannot be opened", u->path);
}

static char *trim(char *s)
{
    s += strspn(s, " \t\r\n");
    size_t n = strlen(s);
    while (n > 0 && strchr(" \t\r\n", s[n - 1]))
        s[--n] = 0;
    return s;
}

/* Reads the next line that has fields. At the end it closes the file and returns false. */
static bool ucd_next(struct ucd *u)
{
    while (fgets(u->line, sizeof u->line, u->file)) {
        char *rest = u->line;
        rest[strcspn(rest, "#")] = 0;
        if (*trim(rest) == 0)
            continue;
        u->n_fields = 0;
        while (rest && u->n_fields < 16) {
            char *semicolon = strchr(rest, ';');
            if (semicolon)
                *semicolon++ = 0;
            u->field[u->n_fields++] = trim(rest);
            rest = semicolon;
        }
        return true;
    }
    if (ferror(u->file))
        die("%s: read error", u->path);
    fclose(u->file);
    return false;
}

static uint32_t code_point(const char *s, char **end)
{
    const unsigned long c = strtoul(s, end, 16);
    if (*end == s || c >= N)
        die("'%s' does not begin with a code point", s);
    return (uint32_t)c;
}

/* Parses "0041..005A" or "0041". */
static void code_range(const char *s, uint32_t *first, uint32_t *last)
{
    char *end;
    *first = *last = code_point(s, &end);
    if (strncmp(end, "..", 2) == 0)
        *last = code_point(end + 2, &end);
    if (*end || *last < *first)
        die("'%s' is not a range", s);
}

static struct sequence code_sequence(const char *s)
{
    struct sequence q = {.n = 0};
    char *end;
    for (; *s; s = end + strspn(end, " ")) {
        if (q.n == MAX_SEQUENCE)
            die("sequence too long: %s", s);
        q.cp[q.n++] = code_point(s, &end);
    }
    return q;
}

static int index_of(const char *name, const char *const *names, int n_names)
{
    for (int i = 0; i < n_names; i++)
        if (names[i] && strcmp(name, names[i]) == 0)
            return i;
    die("unknown property value %s", name);
    return 0;
}

static const char *const wb_names[] = {
    [WB_ALETTER] = "ALetter",
    [WB_HEBREW_LETTER] = "Hebrew_Letter",
    [WB_NUMERIC] = "Numeric",
    [WB_KATAKANA] = "Katakana",
    [WB_EXTEND_NUM_LET] = "ExtendNumLet",
    [WB_MID_LETTER] = "MidLetter",
    [WB_MID_NUM] = "MidNum",
    [WB_MID_NUM_LET] = "MidNumLet",
    [WB_SINGLE_QUOTE] = "Single_Quote",
    [WB_DOUBLE_QUOTE] = "Double_Quote",
    [WB_REGIONAL_INDICATOR] = "Regional_Indicator",
    [WB_WSEG_SPACE] = "WSegSpace",
    [WB_EXTEND] = "Extend",
    [WB_FORMAT] = "Format",
    [WB_ZWJ] = "ZWJ",
    [WB_CR] = "CR",
    [WB_LF] = "LF",
    [WB_NEWLINE] = "Newline",
};

static const char *const gcb_names[] = {
    [GCB_CR] = "CR",
    [GCB_LF] = "LF",
    [GCB_CONTROL] = "Control",
    [GCB_EXTEND] = "Extend",
    [GCB_ZWJ] = "ZWJ",
    [GCB_REGIONAL_INDICATOR] = "Regional_Indicator",
    [GCB_PREPEND] = "Prepend",
    [GCB_SPACING_MARK] = "SpacingMark",
    [GCB_L] = "L",
    [GCB_V] = "V",
    [GCB_T] = "T",
    [GCB_LV] = "LV",
    [GCB_LVT] = "LVT",
};

/* Sets the member of struct unicode_props at `offset`, a byte, to the place of field 1 in names. */
static void read_breaks(const char *file, const char *const *names, int n_names, size_t offset)
{
    struct ucd u = {0};
    uint32_t first, last;
    ucd_open(&u, file);
    while (ucd_next(&u)) {
        code_range(u.field[0], &first, &last);
        const int value = index_of(u.field[1], names, n_names);
        for (uint32_t c = first; c <= last; c++)
            ((uint8_t *)&props[c])[offset] = (uint8_t)value;
    }
}

/* Sets the flags of all code points whose field 1 is `name`. */
static void read_flags(const char *file, const char *name, unsigned flags)
{
    struct ucd u = {0};
    uint32_t first, last, n = 0;
    ucd_open(&u, file);
    while (ucd_next(&u)) {
        if (u.n_fields < 2 || strcmp(u.field[1], name) != 0)
            continue;
        code_range(u.field[0], &first, &last);
        for (uint32_t c = first; c <= last; c++, n++)
            props[c].flags |= flags;
    }
    if (n == 0)
        die("%s: no %s in it", file, name);
}

/* The characters that unicode_tidy.h treats specially although they are not default-ignorable. */
static void set_respelt(void)
{
    props[ZWNJ].flags |= UNICODE_JOINER;
    props[ZWJ].flags |= UNICODE_JOINER;
    for (uint32_t c = FIRST_TAG; c <= LAST_TAG; c++)
        props[c].flags |= UNICODE_JOINER;
    props[LEFT_QUOTE].flags |= UNICODE_RESPELT;
    props[RIGHT_QUOTE].flags |= UNICODE_RESPELT;
    props[HYPHEN].flags |= UNICODE_RESPELT;
    props[HYPHEN_NO_BREAK].flags |= UNICODE_RESPELT;
}

static void read_unicode_data(void)
{
    struct ucd u = {0};
    uint32_t range_first = 0;
    ucd_open(&u, "UnicodeData.txt");
    while (ucd_next(&u)) {
        if (u.n_fields != 15)
            die("%s: a line of %d fields", u.path, u.n_fields);
        uint32_t first, last;
        code_range(u.field[0], &first, &last);
        const size_t n_name = strlen(u.field[1]);
        if (n_name > 8 && strcmp(u.field[1] + n_name - 8, ", First>") == 0) {
            range_first = first;
            continue;
        }
        if (n_name > 7 && strcmp(u.field[1] + n_name - 7, ", Last>") == 0)
            first = range_first;
        for (uint32_t c = first; c <= last; c++) {
            if (u.field[2][0] == 'L')
                props[c].flags |= UNICODE_WORD | UNICODE_UNSPACED;
            if (u.field[2][0] == 'N')
                props[c].flags |= UNICODE_WORD;
            props[c].ccc = (uint8_t)strtoul(u.field[3], NULL, 10);
            if (props[c].ccc)
                props[c].flags |= UNICODE_MARK;
        }
        if (u.field[5][0] == '<') {
            const char *tag_end = strchr(u.field[5], '>');
            if (!tag_end)
                die("%s: U+%04X: a tag without an end", u.path, first);
            raw_compat[first] = code_sequence(tag_end + 1 + strspn(tag_end + 1, " "));
        } else if (u.field[5][0]) {
            raw_decomp[first] = code_sequence(u.field[5]);
            props[first].flags |= UNICODE_DECOMPOSES;
        }
        if (u.field[13][0])
            lower[first] = code_sequence(u.field[13]);
    }
    for (uint32_t c = HANGUL_FIRST; c <= HANGUL_LAST; c++)
        props[c].flags |= UNICODE_DECOMPOSES;
}

static void read_folding(void)
{
    struct ucd u = {0};
    ucd_open(&u, "CaseFolding.txt");
    if (!fgets(u.line, sizeof u.line, u.file) ||
        sscanf(u.line, "# CaseFolding-%31[0-9.]", version) != 1)
        die("%s: no version in the first line", u.path);
    const size_t n = strlen(version);
    if (n > 0 && version[n - 1] == '.') /* the "." of ".txt" */
        version[n - 1] = 0;
    while (ucd_next(&u)) {
        if (u.n_fields < 3)
            die("%s: a line of %d fields", u.path, u.n_fields);
        if (strcmp(u.field[1], "C") != 0 && strcmp(u.field[1], "F") != 0)
            continue;
        char *end;
        const uint32_t c = code_point(u.field[0], &end);
        fold[c] = code_sequence(u.field[2]);
        props[c].flags |= UNICODE_FOLDS;
    }
}

/*
 * Reads lower case mappings to several code points. Of the conditional mappings, final sigma and
 * Turkic are in unicode_nfc.c and unicode.c; those for Lithuanian are not supported.
 */
static void read_special_lower(void)
{
    struct ucd u = {0};
    ucd_open(&u, "SpecialCasing.txt");
    while (ucd_next(&u)) {
        char *end;
        if (u.n_fields == 5 && u.field[4][0] == 0) {
            const uint32_t c = code_point(u.field[0], &end);
            const struct sequence q = code_sequence(u.field[1]);
            if (q.n != 1 || q.cp[0] != c)
                lower[c] = q;
        }
    }
}

static void read_normalization(void)
{
    struct ucd u = {0};
    uint32_t first, last;
    ucd_open(&u, "DerivedNormalizationProps.txt");
    while (ucd_next(&u)) {
        code_range(u.field[0], &first, &last);
        const bool qc = strcmp(u.field[1], "NFC_QC") == 0;
        for (uint32_t c = first; c <= last; c++) {
            if (strcmp(u.field[1], "Full_Composition_Exclusion") == 0)
                excluded[c] = true;
            else if (qc && strcmp(u.field[2], "N") == 0)
                nfc_qc_no[c] = true;
            else if (qc && strcmp(u.field[2], "M") == 0)
                props[c].flags |= UNICODE_COMPOSES;
        }
    }
}

/* ---- Deriving data. ---- */

static void append_decomp(struct sequence *q, uint32_t c, bool compatible)
{
    const struct sequence *raw =
        compatible && raw_compat[c].n > 0 ? &raw_compat[c] : &raw_decomp[c];
    if (raw->n == 0) {
        if (q->n == MAX_SEQUENCE)
            die("decomposition of U+%04X too long", c);
        q->cp[q->n++] = c;
    }
    for (int i = 0; i < raw->n; i++)
        append_decomp(q, raw->cp[i], compatible);
}

static bool same_sequence(const struct sequence *a, const struct sequence *b)
{
    return a->n == b->n && memcmp(a->cp, b->cp, (size_t)a->n * sizeof a->cp[0]) == 0;
}

/* Computes the decompositions of c. The compatible one is kept if it differs from the canonical. */
static void derive_decompositions(uint32_t c)
{
    if (raw_decomp[c].n > 0)
        append_decomp(&decomp[c], c, false);
    append_decomp(&compat[c], c, true);
    const struct sequence itself = {{c}, 1};
    if (same_sequence(&compat[c], raw_decomp[c].n > 0 ? &decomp[c] : &itself))
        compat[c].n = 0;
    else
        props[c].flags |= UNICODE_COMPATIBLE;
}

/*
 * Lower case is nearly always the same as the case folding, so only exceptions are stored. If the
 * lower case of such a character is the character itself, its sequence is empty.
 */
static bool is_lower_exception[N];

static void derive_lower(uint32_t c)
{
    const struct sequence itself = {{c}, 1};
    const struct sequence *folded = fold[c].n > 0 ? &fold[c] : &itself;
    const struct sequence *lowered = lower[c].n > 0 ? &lower[c] : &itself;
    is_lower_exception[c] = !same_sequence(folded, lowered);
    if (!same_sequence(lowered, &itself))
        props[c].flags |= UNICODE_LOWERS;
}

static bool nfc_may_move(uint32_t c)
{
    return nfc_qc_no[c] || (props[c].flags & UNICODE_COMPOSES);
}

/*
 * UNICODE_UNSETTLED: a text without such characters, with its marks in canonical order, is in NFC,
 * and it stays in NFC if each character is folded or made lower case. A character is unsettled if
 * NFC may change it or its folding, or if the folding has a mark. U+0345 is the only mark that
 * folds to a letter, so every character that contains it is unsettled. So is capital sigma, because
 * its lower case depends on its neighbours.
 */
static void derive(void)
{
    for (uint32_t c = 0; c < N; c++) {
        derive_decompositions(c);
        derive_lower(c);
        bool unsettled = nfc_may_move(c) || c == YPOGEGRAMMENI || c == CAPITAL_SIGMA;
        for (int i = 0; i < decomp[c].n; i++)
            unsettled |= decomp[c].cp[i] == YPOGEGRAMMENI;
        for (int i = 0; i < fold[c].n; i++)
            unsettled |= nfc_may_move(fold[c].cp[i]) || props[fold[c].cp[i]].ccc != 0;
        for (int i = 0; i < lower[c].n; i++)
            unsettled |= nfc_may_move(lower[c].cp[i]) || props[lower[c].cp[i]].ccc != 0;
        if (unsettled)
            props[c].flags |= UNICODE_UNSETTLED;
        if (props[c].wb != WB_OTHER) /* UAX #29 keeps its words whole */
            props[c].flags &= ~(uint32_t)UNICODE_UNSPACED;
    }
}

/* ---- Writing. ---- */

static size_t n_table_bytes;

static void print_numbers(const char *head, const uint32_t *v, size_t n, size_t width,
                          const char *format)
{
    printf("\n%s = {", head);
    int column = 100;
    for (size_t i = 0; i < n; i++) {
        char number[16];
        const int n_chars = snprintf(number, sizeof number, format, v[i]);
        if (column + n_chars + 2 > 100) {
            printf("\n   ");
            column = 3;
        }
        column += printf(" %s,", number);
    }
    printf("\n};\n");
    n_table_bytes += n * width;
}

static void print_properties(void)
{
    static struct unicode_props records[256];
    static uint32_t block_of[N / BLOCK], cells[N];
    uint32_t n_records = 0, n_blocks = 0;
    for (uint32_t b = 0; b < N / BLOCK; b++) {
        uint32_t *block = cells + n_blocks * BLOCK;
        for (uint32_t i = 0; i < BLOCK; i++) {
            const struct unicode_props *p = &props[b * BLOCK + i];
            uint32_t r = 0;
            while (r < n_records && memcmp(&records[r], p, sizeof *p) != 0)
                r++;
            if (r == 256)
                die("more than 256 distinct records");
            if (r == n_records)
                records[n_records++] = *p;
            block[i] = r;
        }
        uint32_t same = 0;
        while (memcmp(cells + same * BLOCK, block, BLOCK * sizeof *block) != 0)
            same++;
        block_of[b] = same;
        n_blocks += same == n_blocks;
    }
    if (n_blocks > 256)
        die("more than 256 distinct blocks");
    print_numbers(
        "const uint8_t unicode_tables_blocks[UNICODE_N_CODE_POINTS >> UNICODE_BLOCK_BITS]",
        block_of, N / BLOCK, 1, "%u");
    print_numbers("const uint8_t unicode_tables_cells[]", cells, n_blocks * BLOCK, 1, "%u");
    printf("\n/* Word_Break, Grapheme_Cluster_Break, combining class, nothing, flags. */\n"
           "const struct unicode_props unicode_tables_props[] = {\n");
    for (uint32_t r = 0; r < n_records; r++)
        printf("    {%u, %u, %u, 0, %u},\n", records[r].wb, records[r].gcb, records[r].ccc,
               records[r].flags);
    printf("};\n");
    n_table_bytes += n_records * sizeof records[0];
}

static uint32_t pool[MAX_POOL], n_pool;

/* The index of the sequence in the pool, as UTF-16. It is added if the pool does not have it. */
static uint32_t pool_place(const struct sequence *q, uint32_t *n_units)
{
    uint32_t units[2 * MAX_SEQUENCE] = {0}, n = 0;
    for (int i = 0; i < q->n; i++) {
        const uint32_t c = q->cp[i], high = c - 0x10000;
        if (c >= 0x10000)
            units[n++] = 0xD800 + (high >> 10);
        units[n++] = c >= 0x10000 ? 0xDC00 + (high & 0x3FF) : c;
    }
    *n_units = n;
    if (n >= 1 << UNICODE_MAP_BITS)
        die("a sequence of %u units is too long", n);
    for (uint32_t i = 0; i + n <= n_pool; i++)
        if (memcmp(pool + i, units, n * sizeof pool[0]) == 0)
            return i;
    if (n_pool + n > MAX_POOL)
        die("sequence pool full");
    memcpy(pool + n_pool, units, n * sizeof pool[0]);
    n_pool += n;
    return n_pool - n;
}

/*
 * Prints a map of the code points for which `also` is set, or, if it is NULL, that have a sequence.
 */
static void print_map(const char *name, const struct sequence *map, const bool *also)
{
    static uint32_t keys[N], starts[N];
    uint32_t n = 0, n_units;
    /* Long sequences are added first, because they often contain the short ones. */
    for (int length = MAX_SEQUENCE; length > 0; length--)
        for (uint32_t c = 0; c < N; c++)
            if (map[c].n == length && (!also || also[c]))
                pool_place(&map[c], &n_units);
    for (uint32_t c = 0; c < N; c++) {
        if (also ? !also[c] : map[c].n == 0)
            continue;
        starts[n] = pool_place(&map[c], &n_units);
        keys[n++] = c << UNICODE_MAP_BITS | n_units;
    }
    char head[100];
    snprintf(head, sizeof head, "const uint32_t unicode_tables_%s_keys[]", name);
    print_numbers(head, keys, n, 4, "0x%X");
    snprintf(head, sizeof head, "const uint16_t unicode_tables_%s_starts[]", name);
    print_numbers(head, starts, n, 2, "%u");
    printf("\nconst uint32_t unicode_tables_n_%ss = %u;\n", name, n);
}

static int compare_pairs(const void *a, const void *b)
{
    const struct unicode_pair *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->second > y->second) - (x->second < y->second);
}

static void print_pairs(void)
{
    static struct unicode_pair pairs[4096];
    uint32_t n = 0;
    for (uint32_t c = 0; c < N; c++) {
        if (raw_decomp[c].n == 0 || excluded[c])
            continue;
        const struct sequence *q = &raw_decomp[c];
        if (q->n != 2 || n == sizeof pairs / sizeof pairs[0] ||
            !(props[q->cp[1]].flags & UNICODE_COMPOSES))
            die("U+%04X cannot be a composite", c);
        pairs[n++] = (struct unicode_pair){q->cp[0], q->cp[1], c};
    }
    qsort(pairs, n, sizeof pairs[0], compare_pairs);
    printf("\nconst struct unicode_pair unicode_tables_pairs[] = {\n");
    for (uint32_t i = 0; i < n; i++)
        printf("    {0x%X, 0x%X, 0x%X},\n", pairs[i].first, pairs[i].second, pairs[i].composite);
    printf("};\n\nconst uint32_t unicode_tables_n_pairs = %u;\n", n);
    n_table_bytes += n * sizeof pairs[0];
}

int main(int argc, char **argv)
{
    if (argc != 2)
        die("usage: unicode_gen UCD >unicode_tables.c");
    ucd_dir = argv[1];
    read_breaks("auxiliary/WordBreakProperty.txt", wb_names, sizeof wb_names / sizeof *wb_names,
                offsetof(struct unicode_props, wb));
    read_breaks("auxiliary/GraphemeBreakProperty.txt", gcb_names,
                sizeof gcb_names / sizeof *gcb_names, offsetof(struct unicode_props, gcb));
    read_unicode_data();
    read_folding();
    read_special_lower();
    read_normalization();
    read_flags("PropList.txt", "White_Space", UNICODE_WHITE);
    read_flags("PropList.txt", "Ideographic", UNICODE_UNSPACED);
    read_flags("emoji/emoji-data.txt", "Extended_Pictographic", UNICODE_PICTURE);
    read_flags("DerivedCoreProperties.txt", "Cased", UNICODE_CASED);
    read_flags("DerivedCoreProperties.txt", "Case_Ignorable", UNICODE_CASE_IGNORABLE);
    read_flags("DerivedCoreProperties.txt", "Default_Ignorable_Code_Point", UNICODE_RESPELT);
    read_flags("extracted/DerivedJoiningType.txt", "D", UNICODE_JOINS_LAST | UNICODE_JOINS_NEXT);
    read_flags("extracted/DerivedJoiningType.txt", "L", UNICODE_JOINS_NEXT);
    read_flags("extracted/DerivedJoiningType.txt", "R", UNICODE_JOINS_LAST);
    set_respelt();
    derive();

    printf(
        "/*\n * Made by unicode_gen.c from the Unicode Character Database, version %s: do not edit."
        "\n * unicode_tables.h says what the tables mean.\n */\n"
        "#include \"text/unicode_tables.h\"\n\n/* clang-format off */\n\n"
        "const char unicode_tables_version[] = \"%s\";\n",
        version, version);
    print_properties();
    print_map("compat", compat, NULL);
    print_map("decomp", decomp, NULL);
    print_map("fold", fold, NULL);
    print_map("lower", lower, is_lower_exception);
    print_numbers("const uint16_t unicode_tables_sequences[]", pool, n_pool, 2, "0x%X");
    print_pairs();
    if (fflush(stdout) != 0 || ferror(stdout))
        die("cannot write");
    fprintf(stderr, "unicode_gen: Unicode %s, %zu bytes of tables\n", version, n_table_bytes);
    return 0;
}
