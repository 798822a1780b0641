/*
 * base/infile and base/unpack: compressed inputs. The tools are shell scripts made here, so that
 * none has to be installed. Most of them just remove the magic from their input.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/infile.h"
#include "test.h"

static char folder[64] = "/tmp/w2v-test.XXXXXX";

static const char *path_of(const char *name)
{
    static char paths[16][128];
    static int next;
    char *path = paths[next++ % 16];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static const char *make_file(const char *name, const char *bytes, size_t n)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, n, file) != n || fclose(file) != 0)
        abort();
    return path;
}

/* Makes a tool on the PATH. */
static void make_tool(const char *name, const char *script)
{
    char text[512];
    int n = snprintf(text, sizeof text, "#!/bin/sh\n%s\n", script);
    const char *path = make_file(name, text, (size_t)n);
    if (chmod(path, 0755) != 0)
        abort();
}

/* Reads all of an input, 7 bytes at a time. */
static int read_all(const char *path, char *text, size_t capacity, struct w2v_error *error)
{
    struct infile in;
    size_t n = 0, got = 7;
    int status = infile_open(&in, path, error);
    while (status == W2V_OK && got == 7 && n + 8 < capacity) {
        status = infile_read(&in, text + n, 7, &got, error);
        n += got;
    }
    text[n] = '\0';
    infile_close(&in);
    return status;
}

/* Whether no child process is left, running or dead. */
static bool childless(void)
{
    return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
}

static int count_open_files(void)
{
    int n = 0;
    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static const struct {
    const char *magic;
    size_t n;
    const char *name;
} magics[] = {
    {"\x1f\x8b", 2, "gzip"},
    {"\x1f\x9d", 2, "gzip"},
    {"BZh91AY&SY", 10, "bzip2"},
    {"BZh1\x17rE8P\x90", 10, "bzip2"},
    {"\xfd"
     "7zXZ\0",
     6, "xz"},
    {"\x28\xb5\x2f\xfd", 4, "zstd"},
    {"\x50\x2a\x4d\x18", 4, "zstd"},
    {"\x04\x22\x4d\x18", 4, "lz4"},
    {"PK\x03\x04", 4, "zip"},
    {"7z\xbc\xaf\x27\x1c", 6, "7z"},
};

static void test_magics_are_recognised(void)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        unsigned char head[UNPACK_HEAD] = {0};
        memcpy(head, magics[i].magic, magics[i].n);
        const struct unpack_format *format = unpack_recognise(head, sizeof head);
        CHECK(format != NULL && strcmp(format->name, magics[i].name) == 0);
        CHECK(unpack_recognise(head, magics[i].n) == format);
        CHECK(unpack_recognise(head, 1) == NULL);
        head[0] ^= 0x80;
        CHECK(unpack_recognise(head, sizeof head) == NULL);
    }
    CHECK(unpack_recognise((const unsigned char *)"BZh91", 5) != NULL); /* the file is cut here */
    CHECK(unpack_recognise((const unsigned char *)"BZh9", 4) ==
          NULL); /* this is more likely text */
    CHECK(unpack_recognise((const unsigned char *)"BZh9 and so", 10) == NULL);
    CHECK(unpack_recognise((const unsigned char *)"BZh0", 4) == NULL);
    CHECK(unpack_recognise((const unsigned char *)"", 0) == NULL);
}

static void test_every_tool_is_run(void)
{
    struct w2v_error error;
    char text[256], script[128];
    const char *body = "the text that was packed\n";
    int before = count_open_files();
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        size_t n = magics[i].n;
        snprintf(script, sizeof script, "case $1 in -dc|-qdc) exec tail -c +%d ;; esac; exit 9",
                 (int)n + 1);
        make_tool(magics[i].name, script);
        memcpy(text, magics[i].magic, n);
        memcpy(text + n, body, strlen(body));
        const char *path = make_file("packed", text, n + strlen(body));
        int status = read_all(path, text, sizeof text, &error);
        if (strcmp(magics[i].name, "zip") == 0 || strcmp(magics[i].name, "7z") == 0)
            CHECK(status == W2V_EFORMAT && strstr(error.message, "packed: is a ") != NULL);
        else
            CHECK_MSG(status == W2V_OK && strcmp(text, body) == 0, "%s: %s", magics[i].name, text);
    }
    CHECK(childless());
    CHECK(count_open_files() == before);
}

static void test_plain_files_and_short_ones(void)
{
    const char *bodies[] = {"", "a", "\x1f", "PK", "a line that is longer than a head\n"};
    char text[128];
    struct w2v_error error;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const char *path = make_file("plain", bodies[i], strlen(bodies[i]));
        CHECK(read_all(path, text, sizeof text, &error) == W2V_OK);
        CHECK(strcmp(text, bodies[i]) == 0);
    }
    CHECK(read_all(folder, text, sizeof text, &error) == W2V_EIO);
    CHECK(read_all(path_of("absent"), text, sizeof text, &error) == W2V_EIO);
}

struct pipe_writer {
    int fd;
    const char *start;
    size_t n_start, n_more; /* n_more bytes "x" follow `start` */
};

static void *write_pipe(void *arg)
{
    struct pipe_writer *writer = arg;
    char more[4096];
    memset(more, 'x', sizeof more);
    for (size_t i = 0; i < writer->n_start; i++) /* byte by byte, as a slow writer does */
        if (write(writer->fd, writer->start + i, 1) != 1)
            abort();
    for (size_t left = writer->n_more; left > 0;) {
        ssize_t n = write(writer->fd, more, left < sizeof more ? left : sizeof more);
        if (n <= 0)
            break;
        left -= (size_t)n;
    }
    close(writer->fd);
    return NULL;
}

/* Reads a pipe as standard input. Returns the number of bytes that came. */
static size_t read_pipe(const char *start, size_t n_start, size_t n_more, int *status,
                        struct w2v_error *error)
{
    static char bytes[1 << 16];
    int fds[2], kept = dup(STDIN_FILENO);
    size_t sum = 0, got = sizeof bytes;
    pthread_t thread;
    struct infile in;
    if (pipe(fds) != 0 || fcntl(fds[1], F_SETFD, FD_CLOEXEC) != 0 || dup2(fds[0], 0) != 0)
        abort();
    close(fds[0]);
    struct pipe_writer writer = {fds[1], start, n_start, n_more};
    if (pthread_create(&thread, NULL, write_pipe, &writer) != 0)
        abort();
    *status = infile_open(&in, "-", error);
    while (*status == W2V_OK && got == sizeof bytes) {
        *status = infile_read(&in, bytes, sizeof bytes, &got, error);
        sum += got;
    }
    infile_close(&in);
    while (read(0, bytes, sizeof bytes) > 0) /* the writer must be able to end */
        ;
    pthread_join(thread, NULL);
    dup2(kept, 0);
    close(kept);
    return sum;
}

static void test_pipes(void)
{
    struct w2v_error error;
    int status, before = count_open_files();
    CHECK(read_pipe("abc", 3, 0, &status, &error) == 3 && status == W2V_OK);
    CHECK(read_pipe("abc", 3, 5000000, &status, &error) == 5000003 && status == W2V_OK);
    make_tool("gzip", "exec tail -c +3");
    CHECK(read_pipe("\x1f\x8b"
                    "abc",
                    5, 0, &status, &error) == 3 &&
          status == W2V_OK);
    CHECK(read_pipe("\x1f\x8b", 2, 5000000, &status, &error) == 5000000 && status == W2V_OK);
    CHECK(count_open_files() == before && childless());
}

/* A file is unpacked even if our standard streams are closed. Pipes then get their numbers. */
static void test_closed_streams(void)
{
    const char *path = make_file("packed", "\x1f\x8b packed", 9);
    make_tool("gzip", "exec tail -c +3");
    for (int first = 0; first < 3; first++) {
        struct w2v_error error = {0};
        char text[16];
        int kept[3];
        for (int fd = 0; fd < 3; fd++)
            kept[fd] = fcntl(fd, F_DUPFD, 10);
        for (int fd = first; fd < 3; fd++)
            close(fd);
        const int status = read_all(path, text, sizeof text, &error);
        for (int fd = 0; fd < 3; fd++) {
            dup2(kept[fd], fd);
            close(kept[fd]);
        }
        CHECK_MSG(status == W2V_OK && strcmp(text, " packed") == 0, "from %d: %s", first,
                  error.message);
    }
}

/* Tools that fail; the first of them reads nothing and writes many messages. */
static void test_faults_are_reported(void)
{
    struct w2v_error error;
    char text[128];
    int status;
    const char *path = make_file("packed", "\x1f\x8b packed", 9);
    make_tool("gzip", "echo 'gzip: it is cut' >&2; yes | head -c 300000 >&2; echo part; exit 1");
    CHECK(read_all(path, text, sizeof text, &error) == W2V_EFORMAT);
    CHECK_MSG(strstr(error.message, "packed: gzip cannot unpack it (gzip: it is cut)") != NULL,
              "%s", error.message);
    CHECK(read_pipe("\x1f\x8b", 2, 5000000, &status, &error) == 5 && status == W2V_EFORMAT);
    make_tool("gzip", "kill -9 $$");
    CHECK(read_all(path, text, sizeof text, &error) == W2V_EIO);
    CHECK(strstr(error.message, "gzip was ended by signal 9") != NULL);
    make_tool("gzip", "printf 'BZh91AY&SY again'");
    CHECK(read_all(path, text, sizeof text, &error) == W2V_EFORMAT);
    CHECK(strstr(error.message, "compressed twice") != NULL);
    static char outer[512];
    snprintf(outer, sizeof outer, "%s", getenv("PATH"));
    setenv("PATH", "/dev/null", 1);
    CHECK(read_all(path, text, sizeof text, &error) == W2V_EIO);
    CHECK_MSG(strstr(error.message, "the program gzip cannot be started") != NULL, "%s",
              error.message);
    setenv("PATH", outer, 1);
    CHECK(childless());
}

/* Closing the input early ends a tool that would never end by itself. */
static void test_closing_ends_the_tool(void)
{
    struct w2v_error error;
    struct infile in;
    char byte;
    size_t got;
    make_tool("gzip", "trap '' TERM INT PIPE; while :; do echo more; done");
    int before = count_open_files();
    CHECK(infile_open(&in, make_file("packed", "\x1f\x8b", 2), &error) == W2V_OK);
    CHECK(infile_read(&in, &byte, 1, &got, &error) == W2V_OK && got == 1 && byte == 'm');
    CHECK(!childless());
    infile_close(&in);
    CHECK(childless() && count_open_files() == before);
}

/* The tool handles SIGPIPE by default although our process ignores it. */
static void test_signals_have_defaults(void)
{
    struct w2v_error error;
    char text[64];
    make_tool("gzip", "kill -s PIPE $$; echo not ended");
    signal(SIGPIPE, SIG_IGN);
    CHECK(read_all(make_file("packed", "\x1f\x8b", 2), text, sizeof text, &error) == W2V_EIO);
    signal(SIGPIPE, SIG_DFL);
}

static void test_position_is_on_disk(void)
{
    struct w2v_error error;
    struct infile in;
    char text[64];
    size_t got;
    make_tool("gzip", "cat >/dev/null; echo short");
    const char *path = make_file("packed", "\x1f\x8b 45678901234567890", 20);
    CHECK(infile_open(&in, path, &error) == W2V_OK && infile_position(&in) == 0);
    CHECK(in.n_bytes == 20);
    CHECK(infile_read(&in, text, sizeof text, &got, &error) == W2V_OK && got == 6);
    CHECK(infile_position(&in) == 20);
    infile_close(&in);
}

int main(void)
{
    static char path[512];
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s:%s", folder, getenv("PATH"));
    setenv("PATH", path, 1);
    TEST(test_magics_are_recognised);
    TEST(test_every_tool_is_run);
    TEST(test_plain_files_and_short_ones);
    TEST(test_pipes);
    TEST(test_closed_streams);
    TEST(test_faults_are_reported);
    TEST(test_closing_ends_the_tool);
    TEST(test_signals_have_defaults);
    TEST(test_position_is_on_disk);
    static const char *const names[] = {"plain", "packed", "gzip", "bzip2", "xz",
                                        "zstd",  "lz4",    "zip",  "7z"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    rmdir(folder);
    return test_end();
}
