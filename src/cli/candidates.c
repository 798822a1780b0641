/* Lists of candidates. See candidates.h. */
#include "cli/candidates.h"

#include "cli/output.h"
#include "cli/ui.h"

int candidates_read(const char *path, const struct w2v_model *model,
                    const struct w2v_folding *folding, bool quiet, size_t **ids, size_t *n)
{
    struct w2v_error error;
    uint64_t n_unknown;
    const int status = output_apart_from(path);
    if (status != UI_DONE)
        return status;
    if (w2v_find_list(model, path, folding, ids, n, &n_unknown, &error) != W2V_OK)
        return ui_fail(&error);
    if (n_unknown > 0 && !quiet)
        ui_error("%s: %llu of %llu word%s %s not in the vocabulary", ui_name(path),
                 (unsigned long long)n_unknown, (unsigned long long)(n_unknown + *n),
                 ui_s(n_unknown + *n), ui_are(n_unknown));
    return UI_DONE;
}
