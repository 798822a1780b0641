/* Opening models. See open.h. */
#include "cli/open.h"

#include "cli/ui.h"

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
        ui_error("note: %s; taken are the %zu rows before", w2v_fault(*model), w2v_n_words(*model));
    return UI_DONE;
}
