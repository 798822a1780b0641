/* w2v info: what a model file says of itself. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/row.h"
#include "cli/ui.h"

static const struct opt options[] = {
    {"verify", 0, OPT_FLAG,
     .help = "read and check the whole file: digests, index, and that all vectors are finite; adds "
             "the line 'verified'"},
    OPEN_TOLERANT,
    {"json", 0, OPT_FLAG, .help = "print one JSON object; bytes that are not UTF-8 become U+FFFD"},
};

struct visit {
    bool json;
    bool in_list; /* the array of a checkpoint's files is not closed yet */
    size_t n;
};

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

/*
 * Whether a value is a number to JSON that a double holds. A long one must have a point or the sign
 * of an exponent: it is neither a long integer nor a digest in hexadecimal, as 1234567890123e45.
 */
static bool is_number(const char *value)
{
    const char *c = value + (*value == '-');
    size_t n = digits(c);
    if (n == 0 || (n > 1 && *c == '0') || (strlen(value) > 15 && strpbrk(c, ".+-") == NULL))
        return false;
    c += n;
    if (*c == '.') {
        n = digits(++c);
        if (n == 0)
            return false;
        c += n;
    }
    if (*c == 'e' || *c == 'E') {
        c++;
        c += *c == '-' || *c == '+';
        n = digits(c);
        if (n == 0)
            return false;
        c += n;
    }
    return *c == '\0';
}

/* The files of a corpus have a key each, and one key can stand only once in an object: an array. */
static void print_json(struct visit *visit, const char *key, const char *value)
{
    const bool is_file = strcmp(key, "corpus") == 0;
    if (visit->in_list && !is_file)
        putchar(']');
    fputs(visit->n > 0 ? ", " : "{", stdout);
    if (!visit->in_list || !is_file) {
        row_json_string(stdout, key, strlen(key));
        fputs(is_file ? ": [" : ": ", stdout);
    }
    visit->in_list = is_file;
    if (is_number(value) && !is_file)
        fputs(value, stdout);
    else
        row_json_string(stdout, value, strlen(value));
}

static void print(void *context, const char *key, const char *value)
{
    struct visit *visit = context;
    if (visit->json) {
        print_json(visit, key, value);
    } else {
        row_text(key, strlen(key));
        putchar('\t');
        row_text(value, strlen(value));
        putchar('\n');
    }
    visit->n++;
}

/* Prints the result of --verify and closes the JSON object. */
static void end(const struct opt_args *args, struct visit *visit, bool verified)
{
    if (opt_flag(args, "verify"))
        print(visit, "verified", verified ? "yes" : "no");
    if (visit->in_list)
        putchar(']');
    if (visit->json)
        fputs(visit->n > 0 ? "}\n" : "{}\n", stdout);
}

/* Opening a checkpoint reads and checks all of it. */
static int run_checkpoint(const struct opt_args *args, struct visit *visit)
{
    struct w2v_checkpoint *checkpoint;
    struct w2v_error error;
    if (w2v_checkpoint_open(&checkpoint, args->operands[0], &error) != W2V_OK)
        return ui_fail(&error);
    const int code = w2v_checkpoint_info(checkpoint, print, visit, &error);
    w2v_checkpoint_close(checkpoint);
    if (code != W2V_OK)
        return ui_fail(&error);
    end(args, visit, true);
    return UI_DONE;
}

static int run(const struct opt_args *args)
{
    struct visit visit = {.json = opt_flag(args, "json")};
    struct w2v_model *model;
    struct w2v_error error;
    if (args->n_operands != 1)
        return ui_usage(args,
                        args->n_operands == 0 ? "no model; name a file" : "one model at a time");
    if (w2v_is_checkpoint(args->operands[0]))
        return run_checkpoint(args, &visit);
    int status = open_model(args, args->operands[0], &model);
    if (status != UI_DONE)
        return status;
    if (opt_flag(args, "verify") && w2v_verify(model, &error) != W2V_OK)
        status = ui_fail(&error);
    int code = w2v_info(model, print, &visit, &error);
    if (code == W2V_OK)
        end(args, &visit, status == UI_DONE);
    if (code == W2V_OK)
        code = w2v_unchanged(model, &error);
    w2v_close(model);
    return code == W2V_OK ? status : ui_fail(&error);
}

const struct command cmd_info = {
    .name = "info",
    .summary = "what a model file says of itself",
    .usage = "info MODEL [options]",
    .about = "Prints KEY<TAB>VALUE lines: format, words, dim and, if w2v wrote the file, the "
             "training record. For a checkpoint it prints options, place and the losses so far. "
             "With --json it prints one object. In the object real numbers, and whole numbers of "
             "at most 15 digits, are JSON numbers. The files of a checkpoint are an array, and all "
             "other values are strings.",
    .examples = "w2v info vec.bin",
    COMMAND_OPTIONS(options),
    .run = run,
};
