/* Lists of candidates. See candidates.h. */
#include "cli/candidates.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/lines.h"
#include "cli/ui.h"

/* Appends an id; false where memory ran out. */
static bool push(size_t **ids, size_t *n, size_t *capacity, size_t id)
{
    if (*n == *capacity) {
        const size_t wanted = *capacity == 0 ? 1024 : 2 * *capacity;
        size_t *grown =
            wanted > SIZE_MAX / sizeof *grown ? NULL : realloc(*ids, wanted * sizeof *grown);
        if (grown == NULL)
            return false;
        *ids = grown;
        *capacity = wanted;
    }
    (*ids)[(*n)++] = id;
    return true;
}

int candidates_read(const char *path, const struct w2v_model *model, bool fold, bool quiet,
                    size_t **ids, size_t *n)
{
    struct lines lines;
    char *line;
    size_t n_bytes, capacity = 0;
    unsigned long long n_unknown = 0;
    enum lines_outcome outcome;
    *ids = NULL;
    *n = 0;
    int fd;
    do
        fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) {
        ui_error("%s: cannot open: %s", path, strerror(errno));
        return UI_FAILED;
    }
    lines_init(&lines, fd);
    while ((outcome = lines_next(&lines, true, &line, &n_bytes)) == LINES_LINE) {
        if (n_bytes > 0 && line[n_bytes - 1] == '\r')
            n_bytes--;
        if (n_bytes == 0)
            continue;
        const int64_t id =
            fold ? w2v_find_folded(model, line, n_bytes) : w2v_find(model, line, n_bytes);
        n_unknown += id < 0;
        if (id == W2V_ENOMEM || (id >= 0 && !push(ids, n, &capacity, (size_t)id))) {
            errno = ENOMEM;
            outcome = LINES_FAILED;
            break;
        }
    }
    if (outcome == LINES_FAILED)
        ui_error("%s: cannot read: %s", path, strerror(errno));
    else if (n_unknown > 0 && !quiet)
        ui_error("%s: %llu of %llu words are not in the vocabulary", path, n_unknown,
                 n_unknown + *n);
    lines_release(&lines);
    close(fd);
    return outcome == LINES_FAILED ? UI_FAILED : UI_DONE;
}
