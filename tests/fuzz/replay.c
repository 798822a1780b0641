/*
 * Runs the fuzz target fuzz_NAME over its seeds and past crashes in tests/fuzz/seeds/NAME/ and
 * prints one "ok" line for all. The test runner reports a crash.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static int replay(const char *path)
{
    static uint8_t bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return -1;
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    /* A copy of exactly this size, so that a sanitizer notices a read past its end. */
    uint8_t *copy = malloc(n ? n : 1);
    if (copy == NULL)
        return -1;
    memcpy(copy, bytes, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
    return 0;
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *name = strstr(argv[0], "fuzz_");
    char folder[256], path[512];
    int n = 0;
    while (name != NULL && strstr(name + 1, "fuzz_") != NULL)
        name = strstr(name + 1, "fuzz_");
    if (name == NULL)
        return 1;
    snprintf(folder, sizeof folder, "tests/fuzz/seeds/%s", name + strlen("fuzz_"));
    DIR *dir = opendir(folder);
    if (dir != NULL) {
        struct dirent *entry;
        while ((entry = readdir(dir)) != NULL) {
            if (entry->d_name[0] == '.')
                continue;
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            if (replay(path) != 0) {
                printf("not ok %s: cannot read\n", path);
                return 1;
            }
            n++;
        }
        closedir(dir);
    }
    printf("%s %s: %d inputs replayed\n", n > 0 ? "ok" : "not ok", name, n);
    return n == 0;
}
