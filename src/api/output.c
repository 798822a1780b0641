/* The public functions on output files. base/outfile.h does the work. See w2v.h. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/outfile.h"
#include "base/paths.h"
#include "base/stray.h"
#include "model/model.h"

struct w2v_output {
    struct outfile file;
};

int w2v_output_open(struct w2v_output **output, const char *path, struct w2v_error *error)
{
    struct w2v_output *opened = mem_calloc(1, sizeof *opened, "an output", error);
    if (opened == NULL)
        return W2V_ENOMEM;
    int status = outfile_open_packed(&opened->file, path, error);
    if (status == W2V_OK)
        *output = opened;
    else
        free(opened);
    return status;
}

int w2v_output_fd(const struct w2v_output *output)
{
    return output->file.pack != NULL ? output->file.pack->feed : output->file.fd;
}

int w2v_output_apart(const struct w2v_output *output, const struct w2v_model *model,
                     struct w2v_error *error)
{
    struct paths paths = {0};
    model_enter(model, &paths);
    paths_output(&paths, "the output", output != NULL ? output->file.name : "-");
    const int status = paths_check(&paths, error);
    paths_release(&paths);
    return status;
}

bool w2v_replace_page(void *address)
{
    return mem_replace_page(address);
}

void w2v_give_memory_back(void)
{
    mem_give_back();
}

void w2v_remove_unfinished(void)
{
    stray_remove_all();
}

int w2v_output_commit(struct w2v_output *output, struct w2v_error *error)
{
    int status = outfile_commit(&output->file, error);
    free(output);
    return status;
}

int w2v_output_fail(struct w2v_output *output, struct w2v_error *error)
{
    const int status = outfile_fail(&output->file, error);
    free(output);
    return status;
}

void w2v_output_abort(struct w2v_output *output)
{
    if (output != NULL)
        outfile_abort(&output->file);
    free(output);
}
