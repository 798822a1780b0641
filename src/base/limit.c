/* The memory that a process may use. See limit.h. */
#include "base/limit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

static void lower(struct limit *limit, uint64_t n_bytes, const char *what)
{
    if (n_bytes < limit->n_bytes)
        *limit = (struct limit){n_bytes, what};
}

/* The number in a file of one line; UINT64_MAX if it holds none ("max") or cannot be opened. */
static uint64_t read_number(const char *path)
{
    char line[64], *end;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return UINT64_MAX;
    bool got = fgets(line, sizeof line, file) != NULL && line[0] >= '0' && line[0] <= '9';
    uint64_t number = got ? strtoull(line, &end, 10) : UINT64_MAX;
    fclose(file);
    return number;
}

/* The least limit of a group and of all groups above it. */
static uint64_t group_limit(const char *root, const char *mount, const char *group,
                            const char *name)
{
    char path[PATH_BYTES], at[PATH_BYTES];
    uint64_t least = UINT64_MAX;
    snprintf(at, sizeof at, "%s", strcmp(group, "/") == 0 ? "" : group);
    for (;;) {
        int n = snprintf(path, sizeof path, "%s%s%s/%s", root, mount, at, name);
        uint64_t number = n > 0 && (size_t)n < sizeof path ? read_number(path) : UINT64_MAX;
        if (number < least)
            least = number;
        char *slash = strrchr(at, '/');
        if (slash == NULL)
            return least;
        *slash = '\0';
    }
}

/* Whether "memory" is one of the names in a list like "a,memory,b". */
static bool names_memory(const char *list)
{
    const char *found = strstr(list, "memory");
    return found != NULL && (found == list || found[-1] == ',') &&
           (found[6] == '\0' || found[6] == ',');
}

/* /proc/self/cgroup has lines "ID:CONTROLLERS:GROUP"; in version 2 the line is "0::GROUP". */
static void apply_groups(struct limit *limit, const char *root)
{
    char path[PATH_BYTES], line[PATH_BYTES];
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':');
        char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
        if (group == NULL)
            continue;
        *group++ = '\0';
        controllers++;
        if (controllers[0] == '\0')
            lower(limit, group_limit(root, "/sys/fs/cgroup", group, "memory.max"),
                  "the control group's limit");
        else if (names_memory(controllers))
            lower(limit, group_limit(root, "/sys/fs/cgroup/memory", group, "memory.limit_in_bytes"),
                  "the control group's limit");
    }
    fclose(file);
}

static void apply_resource(struct limit *limit, int resource, const char *what)
{
    struct rlimit r;
    if (getrlimit(resource, &r) == 0 && r.rlim_cur != RLIM_INFINITY)
        lower(limit, (uint64_t)r.rlim_cur, what);
}

uint64_t limit_peak(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0 || usage.ru_maxrss < 0)
        return 0;
#if defined(__APPLE__)
    return (uint64_t)usage.ru_maxrss; /* in bytes; other systems count kilobytes */
#else
    return (uint64_t)usage.ru_maxrss * 1024;
#endif
}

struct limit limit_memory(const char *root)
{
    struct limit limit = {UINT64_MAX, "no limit"};
#if defined(_SC_PHYS_PAGES)
    long pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
    if (pages > 0 && bytes > 0)
        lower(&limit, (uint64_t)pages * (uint64_t)bytes, "the machine's memory");
#endif
    apply_groups(&limit, root);
    apply_resource(&limit, RLIMIT_AS, "ulimit -v");
    apply_resource(&limit, RLIMIT_DATA, "ulimit -d");
    return limit;
}
