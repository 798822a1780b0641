/* Results that go to a file. See output.h. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/ui.h"

int output_begin(struct output *output, const char *path)
{
    struct w2v_error error;
    output->file = NULL;
    if (path == NULL || strcmp(path, "-") == 0)
        return UI_DONE;
    if (w2v_output_open(&output->file, path, &error) != W2V_OK)
        return ui_fail(&error);
    output->standard = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    if (output->standard < 0 || fflush(stdout) != 0 ||
        dup2(w2v_output_fd(output->file), STDOUT_FILENO) < 0) {
        ui_error("%s: cannot write: %s", path, strerror(errno));
        if (output->standard >= 0)
            close(output->standard);
        w2v_output_abort(output->file);
        output->file = NULL;
        return UI_FAILED;
    }
    ui_output_is_file(true);
    ui_output(path);
    return UI_DONE;
}

int output_check_terminal(const struct opt_args *args, const char *path, enum w2v_file file)
{
    const bool is_text =
        file == W2V_FILE_WORD2VEC_TEXT || file == W2V_FILE_GLOVE || file == W2V_FILE_FASTTEXT_VEC;
    if (strcmp(path, "-") != 0 || is_text || !isatty(STDOUT_FILENO))
        return UI_DONE;
    return ui_usage(args,
                    "standard output is a terminal, and the model is binary; name a file, or a "
                    "text format with --to");
}

int output_apart(const struct output *output, const struct w2v_model *model)
{
    struct w2v_error error;
    return output->file == NULL || w2v_output_apart(output->file, model, &error) == W2V_OK
               ? UI_DONE
               : ui_fail(&error);
}

int output_apart_from(const char *path)
{
    struct stat written, read;
    if (fstat(STDOUT_FILENO, &written) != 0 || stat(path, &read) != 0 || !S_ISREG(read.st_mode) ||
        written.st_dev != read.st_dev || written.st_ino != read.st_ino)
        return UI_DONE;
    ui_error("standard output is %s, which is also read; name another file", ui_name(path));
    return UI_USAGE;
}

/* Rows that are still buffered go nowhere. A tool that compresses sees the end of its input. */
static void drop_output(struct output *output)
{
    struct w2v_error error;
    const int fault = ui_output_fault(), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    close(nowhere);
    errno = fault;
    if (fault == 0)
        w2v_output_abort(output->file);
    else if (w2v_output_fail(output->file, &error) != W2V_OK)
        ui_fail(&error);
}

int output_end(struct output *output, int status)
{
    struct w2v_error error;
    if (status == UI_DONE)
        status = ui_flush();
    if (output->file == NULL)
        return status;
    if (status != UI_DONE) {
        drop_output(output);
        return status;
    }
    /* A tool that compresses the file ends when nobody holds the pipe that it reads from. */
    dup2(output->standard, STDOUT_FILENO);
    close(output->standard);
    ui_output_is_file(false);
    return w2v_output_commit(output->file, &error) == W2V_OK ? UI_DONE : ui_fail(&error);
}
