/*
 * Options: the parser, and what help says about a row. See opt.h.
 *
 * This does not use getopt, since POSIX has no long options. Since the table has kinds and
 * ranges, all errors are worded in one place: the option, the value, and what is allowed.
 */
#include "cli/opt.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/ui.h"
#include "w2v.h"

enum { COMMON_THREADS, COMMON_QUIET, COMMON_HELP, COMMON_VERSION };

static const struct opt common[OPT_N_COMMON] = {
    [COMMON_THREADS] = {"threads", 't', OPT_COUNT, .value = "N", .max = 1024,
                        .note = "default 0: every core the process may use",
                        .elsewhere = "thread|workers", .help = "threads to work with"},
    [COMMON_QUIET] = {"quiet", 'q', OPT_FLAG,
                      .help = "no progress, summary or notes; errors are still printed"},
    [COMMON_HELP] = {"help", 'h', OPT_FLAG, .help = "print this help, and end"},
    [COMMON_VERSION] = {"version", 'V', OPT_FLAG, .help = "print the version, and end"},
};

/* Whether the option with this name has this key in the library: "min-count" is "min_count". */
static bool is_key(const char *name, const char *key)
{
    while (*name != '\0' && (*name == '-' ? '_' : *name) == *key) {
        name++;
        key++;
    }
    return *name == '\0' && *key == '\0';
}

/* The library's option for this row. */
static const struct w2v_option *library_option(const struct opt *row)
{
    const struct w2v_option *option;
    for (size_t i = 0; (option = w2v_train_option(i)) != NULL; i++)
        if (is_key(row->key != NULL ? row->key : row->name, option->key))
            return option;
    abort(); /* the table names an option that the library does not have */
}

/* Fills in what the library knows of the row. */
static void complete(struct opt *row)
{
    static const struct {
        enum opt_kind kind;
        const char *value;
    } kinds[] = {
        [W2V_OPTION_FLAG] = {OPT_FLAG, NULL},     [W2V_OPTION_COUNT] = {OPT_COUNT, "N"},
        [W2V_OPTION_BYTES] = {OPT_SIZE, "SIZE"},  [W2V_OPTION_REAL] = {OPT_REAL, "X"},
        [W2V_OPTION_CHOICE] = {OPT_CHOICE, NULL}, [W2V_OPTION_TEXT] = {OPT_TEXT, "TEXT"},
        [W2V_OPTION_FILE] = {OPT_TEXT, "FILE"},
    };
    const struct w2v_option *option = library_option(row);
    row->library = option;
    row->kind = kinds[option->kind].kind;
    if (row->value == NULL)
        row->value = kinds[option->kind].value;
    row->fallback = option->fallback;
    row->min = row->kind == OPT_REAL ? 0 : (uint64_t)option->least;
    row->max = row->kind == OPT_REAL ? 0 : (uint64_t)option->most;
    row->least = option->least;
    row->most = option->most;
    row->above = option->above;
    row->choices = option->choices;
    if (row->kind == OPT_CHOICE && (option->use & W2V_OPTION_AUTO))
        row->choices = strchr(option->choices, '|') + 1; /* the first one means "not given" */
}

size_t opt_rows(const struct opt *options, size_t n_options, struct opt rows[OPT_MAX])
{
    if (n_options + OPT_N_COMMON > OPT_MAX)
        abort(); /* a table outgrew OPT_MAX */
    for (size_t i = 0; i < n_options; i++) {
        rows[i] = options[i];
        if (rows[i].kind == OPT_LIBRARY)
            complete(&rows[i]);
    }
    for (size_t c = 0; c < OPT_N_COMMON; c++) {
        rows[n_options + c] = common[c];
        for (size_t i = 0; i < n_options; i++)
            if (rows[i].letter == common[c].letter)
                rows[n_options + c].letter = 0;
    }
    return n_options + OPT_N_COMMON;
}

/* ---- Values ---------------------------------------------------------------------------------- */

static void allowed(const struct opt *option, char *text, size_t n)
{
    unsigned long long min = option->min, max = option->max;
    text[0] = '\0';
    switch (option->kind) {
    case OPT_COUNT:
        if (max != 0)
            snprintf(text, n, "%llu to %llu", min, max);
        else
            snprintf(text, n, "%llu or more", min);
        break;
    case OPT_SIZE:
        snprintf(text, n,
                 "bytes, or with a unit: 2G and 2GiB are 2 * 1024^3, 2GB is 2 * 1000^3; "
                 "%lluM or more",
                 min >> 20);
        break;
    case OPT_REAL:
        snprintf(text, n, option->above ? "above %g, up to %g" : "%g to %g", option->least,
                 option->most);
        break;
    case OPT_CHOICE:
        for (const char *c = option->choices; *c != '\0' && n > 3; c++) {
            size_t step = (size_t)snprintf(text, n, *c == '|' ? ", " : "%c", *c);
            text += step;
            n -= step;
        }
        break;
    case OPT_FLAG:
    case OPT_TEXT:
    case OPT_LIBRARY: /* opt_rows has replaced it */
        break;
    }
}

/* Reads a whole number and where it ends; *fits: it fits into 64 bits. False if there is none. */
static bool read_count(const char *text, uint64_t *number, const char **end, bool *fits)
{
    uint64_t n = 0;
    *fits = true;
    if (*text < '0' || *text > '9')
        return false;
    for (; *text >= '0' && *text <= '9'; text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        *fits = *fits && n <= (UINT64_MAX - digit) / 10;
        n = n * 10 + digit;
    }
    *number = n;
    *end = text;
    return true;
}

/* Whether the text is a whole number below 0. */
static bool is_negative(const char *text)
{
    return text[0] == '-' && text[1] != '\0' && text[1 + strspn(text + 1, "0123456789")] == '\0';
}

static bool same_letter(char typed, char capital)
{
    return typed == capital || typed == capital + ('a' - 'A');
}

/* The bytes of a unit as in GNU's tools: K, KiB, KB, ...; 0 if it is no unit. */
static uint64_t unit_bytes(const char *unit)
{
    static const char letters[] = "KMGT";
    uint64_t step = 1024, n_bytes = 1;
    const char *letter = letters;
    if (*unit == '\0' || (same_letter(unit[0], 'B') && unit[1] == '\0'))
        return 1;
    while (*letter != '\0' && !same_letter(unit[0], *letter))
        letter++;
    if (*letter == '\0')
        return 0;
    if (same_letter(unit[1], 'B') && unit[2] == '\0')
        step = 1000;
    else if (unit[1] != '\0' &&
             !(same_letter(unit[1], 'I') && same_letter(unit[2], 'B') && unit[3] == '\0'))
        return 0;
    for (long i = letter - letters; i >= 0; i--)
        n_bytes *= step;
    return n_bytes;
}

/* Reads what follows the whole number of a size, as ".5G", and multiplies. False if it is no unit. */
static bool read_unit(const char *text, uint64_t *number, bool *fits)
{
    double part = 0;
    if (*text == '.') {
        double place = 0.1;
        const char *digit = text + 1;
        for (; *digit >= '0' && *digit <= '9'; digit++, place /= 10)
            part += place * (*digit - '0');
        if (digit == text + 1)
            return false;
        text = digit;
    }
    const uint64_t unit = unit_bytes(text);
    if (unit == 0)
        return false;
    *fits = *fits && *number < UINT64_MAX / unit;
    *number = *number * unit + (uint64_t)(part * (double)unit);
    return true;
}

/* Finds the place of `text` in "sg|cbow"; false if it is not there. */
static bool read_choice(const char *choices, const char *text, uint64_t *number)
{
    size_t n_text = strlen(text);
    for (uint64_t place = 0;; place++) {
        size_t n = strcspn(choices, "|");
        if (n == n_text && memcmp(choices, text, n) == 0) {
            *number = place;
            return true;
        }
        if (choices[n] == '\0')
            return false;
        choices += n + 1;
    }
}

/* Reads a value; returns NULL, or what is wrong with it. */
static const char *read_value(const struct opt *option, const char *text, struct opt_value *value)
{
    const char *end = text;
    char *real_end;
    bool fits;
    value->text = text;
    switch (option->kind) {
    case OPT_FLAG:
        value->number = 1;
        return NULL;
    case OPT_COUNT:
    case OPT_SIZE:
        if (!read_count(text, &value->number, &end, &fits) ||
            (option->kind == OPT_COUNT && *end != '\0'))
            return option->kind == OPT_SIZE ? "not a size"
                   : is_negative(text)      ? "out of range"
                                            : "not a whole number";
        if (option->kind == OPT_SIZE && !read_unit(end, &value->number, &fits))
            return "not a size";
        if (!fits)
            return "too large";
        if (value->number < option->min || (option->max != 0 && value->number > option->max))
            return "out of range";
        return NULL;
    case OPT_REAL:
        if (text[0] == '\0' || text[strspn(text, "0123456789.eE+-")] != '\0')
            return "not a number"; /* strtod would accept inf, nan and 0x10 */
        value->real = strtod(text, &real_end);
        if (*real_end != '\0')
            return "not a number";
        if (!(value->real >= option->least && value->real <= option->most) ||
            (option->above && value->real <= option->least))
            return "out of range";
        return NULL;
    case OPT_CHOICE:
        return read_choice(option->choices, text, &value->number) ? NULL : "not one of the choices";
    case OPT_TEXT:
        return text[0] != '\0' ? NULL : "empty";
    case OPT_LIBRARY:
        break;
    }
    return NULL;
}

/* ---- Nearest names --------------------------------------------------------------------------- */

const char *opt_nearest(const char *typed, const char *const *names, size_t n)
{
    size_t n_typed = strlen(typed), least = 1 + n_typed / 3;
    const char *nearest = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t d = w2v_distance(typed, n_typed, names[i], strlen(names[i]), n_typed);
        if (n_typed >= 3 && strncmp(typed, names[i], n_typed) == 0)
            d = 1; /* an abbreviation */
        if (d < n_typed && d <= least && (nearest == NULL || d < least)) {
            least = d;
            nearest = names[i];
        }
    }
    return nearest;
}

/* ---- Parsing --------------------------------------------------------------------------------- */

/* Finds the option called name[0 .. n-1], or NULL. */
static const struct opt *find_long(const struct opt_args *args, const char *name, size_t n,
                                   size_t *place)
{
    for (size_t i = 0; i < args->n_rows; i++)
        if (strlen(args->rows[i].name) == n && memcmp(args->rows[i].name, name, n) == 0) {
            *place = i;
            return &args->rows[i];
        }
    return NULL;
}

static const struct opt *find_letter(const struct opt_args *args, char letter, size_t *place)
{
    for (size_t i = 0; i < args->n_rows; i++)
        if (args->rows[i].letter == letter) {
            *place = i;
            return &args->rows[i];
        }
    return NULL;
}

/* Our name of the option that was typed by our own name or by that of another tool; or NULL. */
static const char *known_name(const struct opt_args *args, const char *typed)
{
    uint64_t place;
    for (size_t i = 0; i < args->n_rows; i++) {
        const struct opt *option = &args->rows[i];
        if (strcmp(option->name, typed) == 0 ||
            (option->elsewhere != NULL && read_choice(option->elsewhere, typed, &place)))
            return option->name;
    }
    return NULL;
}

/* The same, or else the nearest of our names, or NULL. */
static const char *suggestion(const struct opt_args *args, const char *typed)
{
    const char *names[OPT_MAX], *name = known_name(args, typed);
    size_t n = 0;
    for (; n < args->n_rows; n++)
        names[n] = args->rows[n].name;
    return name != NULL ? name : opt_nearest(typed, names, n);
}

/* What to do here instead of an option that only other tools have; or NULL. */
static const char *answer_elsewhere(const char *typed)
{
    static const struct {
        const char *names, *answer;
    } others[] = {
        {"train|input|corpus", "the corpus is named without an option: w2v train FILE... -o MODEL"},
        {"binary", "a model is binary; 'w2v convert MODEL OUT.txt' writes text"},
        {"classes", "'w2v cluster MODEL -k N' parts the words into classes"},
        {"positive",
         "words are named without an option: w2v analogy MODEL A B C, or --expr 'A - B + C'"},
        {"wordNgrams|word-ngrams", "w2v trains no classifiers"},
        {"lrUpdateRate|lr-update-rate", "the learning rate falls in every round"},
        {"file|model-path|vectors", "the model is named without an option: w2v SUBCOMMAND MODEL"},
    };
    uint64_t place;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (read_choice(others[i].names, typed, &place))
            return others[i].answer;
    return NULL;
}

enum { TYPED_BYTES = 64 };

/* The name in "-name", "--name" or "--name=value", with - for _. */
static void bare_name(const char *argument, char typed[TYPED_BYTES])
{
    const char *bare = argument + strspn(argument, "-");
    snprintf(typed, TYPED_BYTES, "%.*s", (int)strcspn(bare, "="), bare);
    for (char *c = typed; *c != '\0'; c++)
        *c = *c == '_' ? '-' : *c;
}

/* The subcommand that alone has an option of this name, or NULL. */
static const char *command_with(const char *typed)
{
    const char *found = NULL;
    for (size_t i = 0; i < command_n; i++)
        for (size_t k = 0; k < command_table[i]->n_options; k++) {
            if (strcmp(command_table[i]->options[k].name, typed) != 0)
                continue;
            if (found != NULL)
                return NULL;
            found = command_table[i]->name;
        }
    return found;
}

static enum opt_outcome unknown(const struct opt_args *args, const char *argument)
{
    char typed[TYPED_BYTES];
    bare_name(argument, typed);
    const char *name = suggestion(args, typed), *answer = answer_elsewhere(typed),
               *other = strncmp(argument, "--", 2) == 0 ? command_with(typed) : NULL;
    const bool is_known = known_name(args, typed) != NULL;
    if (!is_known && answer != NULL)
        ui_usage(args, "unknown option %s; %s", argument, answer);
    else if (!is_known && other != NULL)
        ui_usage(args, "unknown option %s; 'w2v %s' has it", argument, other);
    else if (name != NULL)
        ui_usage(args, "unknown option %s; did you mean --%s?", argument, name);
    else
        ui_usage(args, "unknown option %s; an operand that begins with '-' goes after '--'",
                 argument);
    return OPT_WRONG;
}

/* Sets the option at `place`. */
static enum opt_outcome set(struct opt_args *args, size_t place, const char *text)
{
    const struct opt *option = &args->rows[place];
    struct opt_value value = {.given = true};
    char range[256];
    const char *wrong = read_value(option, text, &value);
    if (wrong != NULL) {
        allowed(option, range, sizeof range);
        ui_usage(args, "--%s %s: %s%s%s", option->name, text[0] != '\0' ? text : "''", wrong,
                 range[0] != '\0' ? "; " : "", range);
        return OPT_WRONG;
    }
    args->values[place] = value;
    if (place == args->n_options + COMMON_HELP)
        return OPT_HELP;
    if (place == args->n_options + COMMON_VERSION)
        return OPT_VERSION;
    return OPT_RUN;
}

static enum opt_outcome no_value(const struct opt_args *args, const struct opt *option)
{
    char range[256];
    allowed(option, range, sizeof range);
    ui_usage(args, "--%s needs a value%s%s", option->name, range[0] != '\0' ? ": " : "", range);
    return OPT_WRONG;
}

/* --name, --name=value or --name value. *i is the argument's place and moves past the value. */
static enum opt_outcome parse_long(struct opt_args *args, int argc, char **argv, int *i)
{
    const char *argument = argv[*i], *name = argument + 2;
    size_t n = strcspn(name, "="), place;
    const struct opt *option = find_long(args, name, n, &place);
    if (option == NULL)
        return unknown(args, argument);
    if (option->kind == OPT_FLAG) {
        if (name[n] == '=' && option->names_operands) /* this place was read already */
            argv[args->n_operands++] = argv[*i] + 2 + n + 1;
        else if (name[n] == '=') {
            ui_usage(args, "--%s takes no value", option->name);
            return OPT_WRONG;
        }
        return set(args, place, "");
    }
    if (name[n] == '=')
        return set(args, place, name + n + 1);
    if (*i + 1 == argc)
        return no_value(args, option);
    return set(args, place, argv[++*i]);
}

/* -q, -d 300, -d300, or one word with several flags and at most one value, which comes last. */
static enum opt_outcome parse_short(struct opt_args *args, int argc, char **argv, int *i)
{
    const char *argument = argv[*i];
    enum opt_outcome outcome = OPT_RUN;
    char typed[TYPED_BYTES];
    bare_name(argument, typed);
    /* -output vec would mean -o utput and an operand, but who writes it is used to another tool. */
    if (typed[0] != '\0' && typed[1] != '\0' &&
        (known_name(args, typed) != NULL || answer_elsewhere(typed) != NULL))
        return unknown(args, argument);
    for (const char *c = argument + 1; *c != '\0' && outcome == OPT_RUN; c++) {
        size_t place;
        const struct opt *option = find_letter(args, *c, &place);
        if (option == NULL)
            return unknown(args, argument);
        if (option->kind == OPT_FLAG) {
            outcome = set(args, place, "");
            continue;
        }
        if (c[1] != '\0')
            return set(args, place, c + 1);
        if (*i + 1 == argc)
            return no_value(args, option);
        return set(args, place, argv[++*i]);
    }
    return outcome;
}

enum opt_outcome opt_parse(struct opt_args *args, int argc, char **argv)
{
    bool ended = false;
    args->n_rows = opt_rows(args->options, args->n_options, args->rows);
    memset(args->values, 0, sizeof args->values);
    args->operands = argv;
    args->n_operands = 0;
    for (int i = 0; i < argc; i++) {
        char *argument = argv[i];
        enum opt_outcome outcome = OPT_RUN;
        if (ended || argument[0] != '-' || argument[1] == '\0')
            argv[args->n_operands++] = argument; /* this place was read already */
        else if (strcmp(argument, "--") == 0)
            ended = true;
        else if (argument[1] == '-')
            outcome = parse_long(args, argc, argv, &i);
        else
            outcome = parse_short(args, argc, argv, &i);
        if (outcome != OPT_RUN)
            return outcome;
    }
    for (size_t i = 0; i < args->n_rows; i++)
        if (!args->values[i].given && args->rows[i].fallback != NULL &&
            read_value(&args->rows[i], args->rows[i].fallback, &args->values[i]) != NULL)
            abort(); /* a table's default is outside its own range */
    return OPT_RUN;
}

/* ---- Looking values up ----------------------------------------------------------------------- */

static const struct opt_value *look_up(const struct opt_args *args, const char *name,
                                       enum opt_kind *kind)
{
    size_t place;
    const struct opt *option = find_long(args, name, strlen(name), &place);
    if (option == NULL)
        abort(); /* a subcommand asks for what its table does not have */
    *kind = option->kind;
    return &args->values[place];
}

bool opt_flag(const struct opt_args *args, const char *name)
{
    return opt_number(args, name) != 0;
}

uint64_t opt_number(const struct opt_args *args, const char *name)
{
    enum opt_kind kind;
    const struct opt_value *value = look_up(args, name, &kind);
    if (kind == OPT_REAL || kind == OPT_TEXT)
        abort();
    return value->number;
}

double opt_real(const struct opt_args *args, const char *name)
{
    enum opt_kind kind;
    const struct opt_value *value = look_up(args, name, &kind);
    if (kind != OPT_REAL)
        abort();
    return value->real;
}

const char *opt_text(const struct opt_args *args, const char *name)
{
    enum opt_kind kind;
    return look_up(args, name, &kind)->text;
}

bool opt_given(const struct opt_args *args, const char *name)
{
    enum opt_kind kind;
    return look_up(args, name, &kind)->given;
}

/* ---- What help says -------------------------------------------------------------------------- */

void opt_spelling(const struct opt *option, char *text, size_t n_bytes)
{
    char letter[8] = "    ";
    const char *value = option->value != NULL ? option->value : option->choices;
    if (option->letter != 0)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    snprintf(text, n_bytes, "%s--%s%s%s", letter, option->name, value != NULL ? " " : "",
             value != NULL ? value : "");
}

void opt_range(const struct opt *option, char *text, size_t n_bytes)
{
    char range[256] = "";
    const char *before = option->note == NULL && option->fallback != NULL ? "default " : "";
    const char *fallback = option->note != NULL ? option->note : option->fallback;
    if (option->kind != OPT_CHOICE) /* opt_spelling lists the choices */
        allowed(option, range, sizeof range);
    snprintf(text, n_bytes, "%s%s%s%s", range, range[0] != '\0' && fallback != NULL ? "; " : "",
             before, fallback != NULL ? fallback : "");
}
