/* Outputs that overwrite no input, and inputs that are read once. See paths.h. */
#include "base/paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum kind { ABSENT, REGULAR, PIPE, OTHER };

struct paths_entry {
    const char *what, *path;
    bool output, standard;
    enum kind kind;
    dev_t device; /* of the file, or of its folder if it is absent */
    ino_t inode;
};

void paths_release(struct paths *paths)
{
    free(paths->entries);
    *paths = (struct paths){0};
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static void identify_stat(struct paths_entry *entry, const struct stat *st)
{
    entry->kind = S_ISREG(st->st_mode) ? REGULAR : S_ISFIFO(st->st_mode) ? PIPE : OTHER;
    entry->device = st->st_dev;
    entry->inode = st->st_ino;
}

/* Identifies an absent file by its folder. Failing that its kind is OTHER, which equals no file. */
static void identify_absent(struct paths_entry *entry)
{
    struct stat st;
    const size_t n = (size_t)(last_name(entry->path) - entry->path);
    char *folder = n > 0 ? strndup(entry->path, n) : NULL;
    entry->kind = OTHER;
    if ((n == 0 || folder != NULL) && stat(n > 0 ? folder : ".", &st) == 0) {
        identify_stat(entry, &st);
        entry->kind = ABSENT;
    }
    free(folder);
}

static void enter(struct paths *paths, struct paths_entry entry)
{
    if (paths->status == W2V_OK)
        paths->status = mem_grow(&paths->entries, &paths->capacity, paths->n + 1,
                                 sizeof *paths->entries, "file names", NULL);
    if (paths->status == W2V_OK)
        paths->entries[paths->n++] = entry;
}

static void enter_path(struct paths *paths, const char *what, const char *path, bool output)
{
    struct stat st;
    if (path == NULL)
        return;
    const bool standard = strcmp(path, "-") == 0;
    struct paths_entry entry = {
        .what = what, .path = path, .output = output, .standard = standard, .kind = OTHER};
    if (standard)
        entry.path = output ? "standard output" : "standard input";
    if ((standard ? fstat(output ? STDOUT_FILENO : STDIN_FILENO, &st) : stat(path, &st)) == 0)
        identify_stat(&entry, &st);
    else if (!standard && output)
        identify_absent(&entry);
    enter(paths, entry);
}

void paths_input(struct paths *paths, const char *what, const char *path)
{
    enter_path(paths, what, path, false);
}

void paths_output(struct paths *paths, const char *what, const char *path)
{
    enter_path(paths, what, path, true);
}

void paths_input_open(struct paths *paths, const char *what, const char *path, int fd)
{
    struct paths_entry entry = {.what = what, .path = path, .kind = OTHER};
    struct stat st;
    if (fstat(fd, &st) == 0)
        identify_stat(&entry, &st);
    enter(paths, entry);
}

bool paths_same(const char *a, const char *b)
{
    struct stat st, other;
    return stat(a, &st) == 0 && stat(b, &other) == 0 && S_ISREG(st.st_mode) &&
           st.st_dev == other.st_dev && st.st_ino == other.st_ino;
}

static bool is_same_file(const struct paths_entry *output, const struct paths_entry *other)
{
    if (output->kind != other->kind || output->device != other->device ||
        output->inode != other->inode)
        return false;
    switch (output->kind) {
    case ABSENT:
        return strcmp(last_name(output->path), last_name(other->path)) == 0;
    case REGULAR:
        return true;
    case PIPE:
        return other->output;
    case OTHER:
        break;
    }
    return false;
}

static bool is_stream(const struct paths_entry *entry)
{
    return entry->standard || entry->kind == PIPE;
}

/* Whether two inputs take their bytes from one stream, so that the second would find it empty. */
static bool is_same_stream(const struct paths_entry *a, const struct paths_entry *b)
{
    if (a->output || b->output)
        return false;
    return (a->standard && b->standard) ||
           (a->kind == PIPE && b->kind == PIPE && a->device == b->device && a->inode == b->inode);
}

static int check_streams(const struct paths *paths, struct w2v_error *error)
{
    for (size_t i = 0; i < paths->n; i++)
        for (size_t k = 0; k < i && is_stream(&paths->entries[i]); k++) {
            const struct paths_entry *a = &paths->entries[k], *b = &paths->entries[i];
            if (!is_same_stream(a, b))
                continue;
            if (strcmp(a->what, b->what) == 0)
                return error_set(error, W2V_EARG,
                                 "%s: can be read only once, but is named twice as %s", b->path,
                                 b->what);
            return error_set(error, W2V_EARG,
                             "%s: can be read only once, but is both %s and %s; name a file for "
                             "one",
                             b->path, a->what, b->what);
        }
    return W2V_OK;
}

int paths_check(const struct paths *paths, struct w2v_error *error)
{
    if (paths->status != W2V_OK)
        return error_memory(error, "file names", (paths->n + 1) * sizeof *paths->entries);
    int status = check_streams(paths, error);
    for (size_t i = 0; status == W2V_OK && i < paths->n; i++) {
        const struct paths_entry *output = &paths->entries[i];
        for (size_t k = 0; output->output && k < paths->n; k++) {
            const struct paths_entry *other = &paths->entries[k];
            if (k == i || (other->output && k > i) || !is_same_file(output, other))
                continue;
            if (other->output)
                return error_set(error, W2V_EARG,
                                 "%s: %s and %s would be the same file; name another for one",
                                 output->path, other->what, output->what);
            return error_set(error, W2V_EARG,
                             "%s: %s would replace %s, which is the same file%s%s; name another",
                             output->path, output->what, other->what,
                             strcmp(output->path, other->path) != 0 ? " as " : "",
                             strcmp(output->path, other->path) != 0 ? other->path : "");
        }
    }
    return status;
}
