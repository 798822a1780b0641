/* Opening models. See open.h. */
#include "cli/open.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/ui.h"

static void say_fault(const struct w2v_model *model)
{
    char text[2048];
    const size_t n = w2v_n_words(model);
    snprintf(text, sizeof text, "%s; %zu row%s %s taken", w2v_fault(model), n, ui_s(n), ui_are(n));
    ui_note_shown(text);
}

static void add_hint(struct w2v_error *error)
{
    const size_t used = strlen(error->message);
    snprintf(error->message + used, sizeof error->message - used,
             "; the model file is named first");
}

int open_model(const struct opt_args *args, const char *path, struct w2v_model **model)
{
    struct w2v_open_options options;
    struct w2v_error error;
    w2v_open_options_init(&options);
    options.threads = (unsigned)opt_number(args, "threads");
    options.tolerant = opt_flag(args, "tolerant");
    if (w2v_open_with(model, path, &options, &error) != W2V_OK) {
        if (error.code == W2V_EIO && strcmp(path, "-") != 0 && strpbrk(path, "./") == NULL &&
            access(path, F_OK) != 0)
            add_hint(&error); /* the name looks like a word of a query */
        return ui_fail(&error);
    }
    if (w2v_output_apart(NULL, *model, &error) != W2V_OK) {
        w2v_close(*model);
        *model = NULL;
        return ui_fail(&error);
    }
    if (w2v_fault(*model) != NULL)
        say_fault(*model);
    return UI_DONE;
}
