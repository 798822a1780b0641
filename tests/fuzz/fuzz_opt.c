/*
 * Fuzz target: option parsing. The first byte chooses a subcommand's table, the rest is the command
 * line, arguments ended by NUL. Where it is taken, numbers are in their ranges and operands are
 * among the arguments.
 */
#include <fcntl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/ui.h"
#include "fuzz/fuzz.h"

enum { MOST = 64 };

static const struct command *const commands[] = {&cmd_train,     &cmd_tokenize,   &cmd_vocab,
                                                 &cmd_neighbors, &cmd_analogy,    &cmd_eval,
                                                 &cmd_info,      &cmd_similarity, &cmd_vector};

static void check(const struct opt_args *args, char **arguments, int n)
{
    REQUIRE(args->n_operands <= (size_t)n);
    for (size_t i = 0; i < args->n_operands; i++) {
        bool found = false;
        for (int j = 0; j < n; j++)
            found |= args->operands[i] == arguments[j];
        REQUIRE(found);
    }
    for (size_t i = 0; i < args->n_rows; i++) {
        const struct opt *option = &args->rows[i];
        const struct opt_value *value = &args->values[i];
        if (!value->given)
            continue;
        REQUIRE(value->text != NULL && opt_given(args, option->name));
        if (option->kind == OPT_COUNT || option->kind == OPT_SIZE)
            REQUIRE(value->number >= option->min &&
                    (option->max == 0 || value->number <= option->max));
        if (option->kind == OPT_REAL)
            REQUIRE(value->real >= option->least && value->real <= option->most);
        if (option->kind == OPT_TEXT)
            REQUIRE(value->text[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    static int silent = -1, spoken = -1;
    char *arguments[MOST], *argv[MOST];
    int n = 0;
    if (n_bytes == 0)
        return 0;
    if (silent < 0) {
        silent = open("/dev/null", O_WRONLY);
        spoken = dup(STDERR_FILENO);
    }
    const struct command *command = commands[data[0] % (sizeof commands / sizeof commands[0])];
    char *text = malloc(n_bytes);
    REQUIRE(text != NULL);
    memcpy(text, data + 1, n_bytes - 1);
    text[n_bytes - 1] = '\0';
    for (char *at = text; at < text + n_bytes && n < MOST; at += strlen(at) + 1)
        arguments[n++] = at;
    memcpy(argv, arguments, (size_t)n * sizeof *argv);
    struct opt_args args = {
        .command = command->name, .options = command->options, .n_options = command->n_options};
    dup2(silent, STDERR_FILENO); /* complaints */
    enum opt_outcome outcome = opt_parse(&args, n, argv);
    dup2(spoken, STDERR_FILENO);
    if (outcome == OPT_RUN)
        check(&args, arguments, n);
    free(text);
    return 0;
}
