/* The table of subcommands. See command.h. */
#include "cli/command.h"

#include <string.h>

#include "cli/ui.h"

#define COMMAND_ROW(name) &cmd_##name,
const struct command *const command_table[] = {COMMANDS(COMMAND_ROW)};
const size_t command_n = sizeof command_table / sizeof command_table[0];

/* The command of w2v for a name that other tools have; NULL: unknown. */
static const char *command_elsewhere(const char *name)
{
    static const char *const pairs[][2] = {
        {"version", "w2v --version"},
        {"nn", "w2v neighbors"},
        {"distance", "w2v neighbors"},
        {"most-similar", "w2v neighbors"},
        {"most_similar", "w2v neighbors"},
        {"similar", "w2v neighbors"},
        {"neighbours", "w2v neighbors"},
        {"print-word-vectors", "w2v vector"},
        {"print-vectors", "w2v vector"},
        {"analogies", "w2v analogy"},
        {"word-analogy", "w2v analogy"},
        {"doesnt-match", "w2v odd"},
        {"doesnt_match", "w2v odd"},
        {"accuracy", "w2v eval"},
        {"compute-accuracy", "w2v eval"},
        {"evaluate", "w2v eval"},
        {"test", "w2v eval"},
        {"skipgram", "w2v train --model sg"},
        {"cbow", "w2v train --model cbow"},
        {"word2vec", "w2v train"},
        {"word2phrase", "w2v phrases"},
        {"dump", "w2v info"},
        {"dict", "w2v words"},
        {"vocabulary", "w2v vocab CORPUS' or 'w2v words MODEL"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(name, pairs[i][0]) == 0)
            return pairs[i][1];
    return NULL;
}

const struct command *command_find(const char *name)
{
    static const struct opt_args none = {.command = ""};
    const char *names[sizeof command_table / sizeof command_table[0]];
    for (size_t i = 0; i < command_n; i++) {
        names[i] = command_table[i]->name;
        if (strcmp(name, names[i]) == 0)
            return command_table[i];
    }
    const char *nearest = opt_nearest(name, names, command_n);
    const char *meant = command_elsewhere(name);
    if (meant != NULL)
        ui_usage(&none, "no subcommand '%s'; did you mean '%s'?", name, meant);
    else if (nearest != NULL)
        ui_usage(&none, "no subcommand '%s'; did you mean '%s'?", name, nearest);
    else
        ui_usage(&none, "no subcommand '%s'", name);
    return NULL;
}
