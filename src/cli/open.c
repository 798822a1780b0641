/* Opening models. See open.h. */
#include "cli/open.h"

#include <stdio.h>

#include "cli/ui.h"

static void say_fault(const struct w2v_model *model)
{
    char after[64];
    const size_t n = w2v_n_words(model);
    snprintf(after, sizeof after, "; %zu row%s %s taken", n, ui_s(n), ui_are(n));
    ui_shown("w2v: note: ", w2v_fault(model), after);
}

int open_model(const struct opt_args *args, const char *path, struct w2v_model **model)
{
    struct w2v_open_options options;
    struct w2v_error error;
    w2v_open_options_init(&options);
    options.threads = (unsigned)opt_number(args, "threads");
    options.tolerant = opt_flag(args, "tolerant");
    if (w2v_open_with(model, path, &options, &error) != W2V_OK)
        return ui_fail(&error);
    if (w2v_fault(*model) != NULL)
        say_fault(*model);
    return UI_DONE;
}
