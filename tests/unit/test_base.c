/* base/: memory, files, threads, random numbers, powers. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/fpmath.h"
#include "base/hash.h"
#include "base/limit.h"
#include "base/mem.h"
#include "base/outfile.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "test.h"

static char folder[64] = "/tmp/w2v-test.XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void test_products_do_not_overflow(void)
{
    CHECK(mem_product(3, 4) == 12);
    CHECK(mem_product(0, SIZE_MAX) == 0);
    CHECK(mem_product(SIZE_MAX, 1) == SIZE_MAX);
    CHECK(mem_product(SIZE_MAX / 2, 3) == SIZE_MAX);
    struct w2v_error error;
    struct mem_map map = {0};
    CHECK(mem_map(&map, SIZE_MAX / 4, 8, "a test", &error) == W2V_ENOMEM);
    CHECK(strstr(error.message, "a test") != NULL);
    int *array = NULL;
    size_t capacity = 0;
    CHECK(mem_grow(&array, &capacity, SIZE_MAX / 2, sizeof *array, "a test", &error) == W2V_ENOMEM);
    CHECK(array == NULL && capacity == 0);
    CHECK(mem_grow(&array, &capacity, 3, sizeof *array, "a test", &error) == W2V_OK);
    CHECK(array != NULL && capacity >= 3);
    free(array);
}

static void test_bytes_are_alike(void)
{
    CHECK(bytes_alike(".BiN", ".bIn", 4) && bytes_alike("aZ\xe9[", "Az\xe9[", 4));
    CHECK(!bytes_alike("[", "{", 1) && !bytes_alike("@", "`", 1) &&
          !bytes_alike("\xe9", "\xc9", 1));
    CHECK(!bytes_alike("a", "b", 1) && bytes_alike("a", "b", 0));
}

static void test_errors_are_one_line(void)
{
    struct w2v_error error;
    CHECK(error_set(&error, W2V_EDATA, "a\nb %d", 7) == W2V_EDATA);
    CHECK(error.code == W2V_EDATA && strcmp(error.message, "a\\nb 7") == 0);
    errno = ENOENT;
    CHECK(error_system(&error, "x", "cannot open") == W2V_EIO);
    CHECK(strncmp(error.message, "x: cannot open: ", 16) == 0);
    CHECK(error_set(NULL, W2V_EIO, "nobody listens") == W2V_EIO);
}

/* Of a long line both ends are shown, in whole characters: the path and what is wrong with it. */
static void test_long_errors_keep_their_ends(void)
{
    static char path[4096];
    struct w2v_error error;
    for (size_t n = 900; n < 1100; n++) {
        memset(path, 'p', n);
        memcpy(path + n, ".txt", sizeof ".txt");
        error_set(&error, W2V_EIO, "%s: disk full", path);
        const bool fits = n + strlen(".txt: disk full") + ESCAPE_PIECE <= sizeof error.message;
        CHECK_MSG(fits == (strstr(error.message, " ... ") == NULL), "%zu", n);
        CHECK(error.message[0] == 'p' && strstr(error.message, "p.txt: disk full") != NULL);
    }
    for (size_t n = 0; n < 3000; n += 3)
        memcpy(path + n, n % 2 == 0 ? "\xe4\xba\xba" : "\t\x01\x02", 3);
    error_set(&error, W2V_EIO, "%.*s", 3000, path);
    const size_t n = strlen(error.message);
    CHECK(utf8_valid_prefix(error.message, n) == n && n < sizeof error.message &&
          n > sizeof error.message - 32);
    CHECK(strcmp(error.message + n - 10, "\\t\\x01\\x02") == 0);
    error_append(&error, "; try again");
    CHECK(strlen(error.message) < sizeof error.message);
    CHECK(strstr(error.message, "\\t\\x01\\x02; try again") != NULL);
}

static void test_outfile_is_whole_or_absent(void)
{
    struct w2v_error error;
    struct outfile out;
    char bytes[8] = "";
    const char *path = in_folder("out");
    CHECK(outfile_check(path, &error) == W2V_OK);
    CHECK(access(path, F_OK) != 0);
    CHECK(outfile_open(&out, path, &error) == W2V_OK);
    CHECK(outfile_write(&out, "old", 3, &error) == W2V_OK);
    CHECK(access(path, F_OK) != 0);
    CHECK(outfile_commit(&out, &error) == W2V_OK);
    CHECK(outfile_open(&out, path, &error) == W2V_OK);
    CHECK(outfile_write(&out, "new", 3, &error) == W2V_OK);
    outfile_abort(&out);
    struct file_map map;
    CHECK(file_map(&map, path, &error) == W2V_OK);
    CHECK(map.n_bytes == 3 && memcmp(map.bytes, "old", 3) == 0);
    file_unmap(&map);
    CHECK(outfile_check(in_folder("none/out"), &error) == W2V_EIO);
    CHECK(outfile_check(folder, &error) == W2V_EIO);
    CHECK(file_map(&map, folder, &error) == W2V_EIO);
    int fd = file_temporary(&error);
    CHECK(fd >= 0);
    CHECK(file_write_at(fd, "abc", 3, 5, "t", &error) == W2V_OK);
    CHECK(file_read_at(fd, bytes, 3, 5, "t", &error) == W2V_OK && memcmp(bytes, "abc", 3) == 0);
    CHECK(file_read_at(fd, bytes, 4, 5, "t", &error) == W2V_EIO);
    close(fd);
    CHECK(unlink(in_folder("out")) == 0);
    CHECK(rmdir(folder) == 0); /* it is empty: no temporary file was left */
    CHECK(mkdir(folder, 0700) == 0);
}

static void test_room_is_checked_before_the_first_write(void)
{
    const char *path = in_folder("room");
    struct w2v_error error;
    struct outfile out;
    struct stat facts;
    CHECK(outfile_open(&out, path, &error) == W2V_OK);
    CHECK(outfile_check_room(&out, 1000, &error) == W2V_OK);
    CHECK(outfile_check_room(&out, UINT64_MAX, &error) == W2V_EIO);
    CHECK(outfile_write(&out, "small", 5, &error) == W2V_OK);
    CHECK(outfile_commit(&out, &error) == W2V_OK);
    CHECK(stat(path, &facts) == 0 && facts.st_size == 5);
}

static void test_files_are_mapped(void)
{
    enum { N = 300000 };
    static char text[N];
    struct w2v_error error;
    struct outfile out;
    struct file_map map;
    char *name;
    memset(text, 'x', N);
    const char *path = in_folder("loaded");
    CHECK(outfile_open(&out, path, NULL) == W2V_OK);
    CHECK(outfile_write(&out, text, N, NULL) == W2V_OK && outfile_commit(&out, NULL) == W2V_OK);
    CHECK(file_map(&map, path, NULL) == W2V_OK && file_map_unchanged(&map, path, NULL) == W2V_OK);
    CHECK(truncate(path, N - 1) == 0 && file_map_unchanged(&map, path, &error) == W2V_EIO);
    CHECK(strstr(error.message, "changed") != NULL);
    file_unmap(&map);
    int fd = file_create(path, 0600, &name, &error), other;
    CHECK(fd >= 0 && access(name, F_OK) == 0 && strncmp(name, path, strlen(path)) == 0);
    close(fd);
    other = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    CHECK(other < 0);
    CHECK(unlink(name) == 0 && unlink(path) == 0);
    free(name);
}

/*
 * A thread begins with its own share of the pieces, then goes on to those of the next threads. A
 * phase ends without a thread that holds no piece of it. That thread finds nothing to do in the
 * phases that it missed.
 */
static void test_pieces_of_a_crew(void)
{
    struct thread_crew crew;
    CHECK(thread_crew_init(&crew, NULL) == W2V_OK);
    struct thread_member members[3];
    size_t piece;
    for (unsigned i = 0; i < 3; i++)
        members[i] = (struct thread_member){.crew = &crew, .index = i, .n_threads = 3};
    for (uint64_t phase = 5; phase < 20; phase += 7) {
        for (unsigned i = 0; i < 2; i++)
            thread_phase(&members[i], phase, 9, 2);
        CHECK(thread_piece(&members[0], 0, &piece) && piece == 0);
        for (size_t i = 0; i < 8; i++)
            CHECK(thread_piece(&members[1], 0, &piece) && piece == (i < 6 ? 3 + i : i - 5));
        CHECK(!thread_piece(&members[1], 0, &piece));
        for (size_t i = 0; i < 2; i++)
            CHECK(thread_piece(&members[1], 1, &piece) && piece == i);
        CHECK(!thread_piece(&members[1], 1, &piece) && crew.ended < phase);
        CHECK(!thread_piece(&members[0], 0, &piece) && crew.ended == phase);
        CHECK(thread_phase_end(&members[0]) && thread_phase_end(&members[1]));
    }
    for (uint64_t phase = 5; phase < 20; phase += 7) {
        thread_phase(&members[2], phase, 9, 2);
        CHECK(!thread_piece(&members[2], 0, &piece) && !thread_piece(&members[2], 1, &piece));
        CHECK(thread_phase_end(&members[2]));
    }
    thread_crew_release(&crew);
}

enum { PHASES = 100, FIRST = 11, SECOND = 7 };

struct meeting {
    struct thread_crew crew;
    atomic_int begun[PHASES][FIRST], ended[PHASES][SECOND];
    atomic_int wrong, went_on;
    atomic_size_t ticket;
    atomic_int taken[1000];
};

static void meet(void *arg, unsigned index, unsigned n)
{
    struct meeting *meeting = arg;
    struct thread_member member = {.crew = &meeting->crew, .index = index, .n_threads = n};
    size_t piece;
    for (unsigned i = 0; i < PHASES; i++) {
        thread_phase(&member, i + 1, FIRST, SECOND);
        while (thread_piece(&member, 0, &piece)) {
            for (size_t before = 0; i > 0 && before < SECOND; before++)
                if (atomic_load(&meeting->ended[i - 1][before]) != 1)
                    atomic_fetch_add(&meeting->wrong, 1);
            atomic_fetch_add(&meeting->begun[i][piece], 1);
        }
        while (thread_piece(&member, 1, &piece))
            atomic_fetch_add(&meeting->ended[i][piece], 1);
        if (!thread_phase_end(&member)) /* it came so late that the others have stopped */
            return;
    }
    while ((piece = thread_ticket(&meeting->ticket, 1000)) < 1000)
        atomic_fetch_add(&meeting->taken[piece], 1);
    for (unsigned i = PHASES; i < PHASES + 3; i++) {
        thread_phase(&member, i + 1, FIRST, 0);
        while (thread_piece(&member, 0, &piece))
            if (piece == 5)
                thread_crew_fail(&meeting->crew, &(struct w2v_error){W2V_EDATA, "wrong"});
        if (!thread_phase_end(&member))
            return;
        atomic_fetch_add(&meeting->went_on, 1);
    }
}

/*
 * The threads of a crew do each piece once. A phase begins when all pieces of the last one are done.
 * After a failure all threads stop together.
 */
static void test_crew_and_tickets(void)
{
    struct w2v_error error;
    for (unsigned n = 1; n <= 9; n += 4) {
        struct meeting *meeting = calloc(1, sizeof *meeting);
        CHECK(meeting != NULL && thread_crew_init(&meeting->crew, &error) == W2V_OK);
        thread_run(n, meet, meeting);
        CHECK(atomic_load(&meeting->wrong) == 0 && atomic_load(&meeting->went_on) == 0);
        CHECK(thread_outcome(&meeting->crew.failure, &error) == W2V_EDATA);
        for (int i = 0; i < PHASES; i++) {
            for (int piece = 0; piece < FIRST; piece++)
                CHECK(atomic_load(&meeting->begun[i][piece]) == 1);
            for (int piece = 0; piece < SECOND; piece++)
                CHECK(atomic_load(&meeting->ended[i][piece]) == 1);
        }
        for (int i = 0; i < 1000; i++)
            CHECK(atomic_load(&meeting->taken[i]) == 1);
        thread_crew_release(&meeting->crew);
        free(meeting);
    }
    CHECK(thread_count(1) == 1 && thread_count(0) == thread_cores());
    CHECK(thread_count(100000) == thread_cores());
}

struct queue {
    struct thread_turns turns;
    size_t n, pieces[1000]; /* in the order of their turns */
};

static void take_turns(void *arg, unsigned index, unsigned n)
{
    struct queue *queue = arg;
    for (size_t piece = index; piece < 1000; piece += n) {
        thread_turn_begin(&queue->turns, piece);
        queue->pieces[queue->n++] = piece;
        thread_turn_end(&queue->turns);
    }
}

static void test_turns_are_in_order(void)
{
    struct w2v_error error;
    static struct queue queue;
    CHECK(thread_turns_init(&queue.turns, &error) == W2V_OK);
    thread_run(5, take_turns, &queue);
    CHECK(queue.n == 1000);
    for (size_t i = 0; i < 1000; i++)
        CHECK(queue.pieces[i] == i);
    thread_turns_release(&queue.turns);
}

static void test_first_failure_wins(void)
{
    struct thread_failure failure = {0};
    struct w2v_error first = {W2V_EDATA, "first"}, second = {W2V_EIO, "second"}, error;
    CHECK(thread_outcome(&failure, &error) == W2V_OK && !thread_failed(&failure));
    thread_fail(&failure, &first);
    thread_fail(&failure, &second);
    CHECK(thread_failed(&failure));
    CHECK(thread_outcome(&failure, &error) == W2V_EDATA && strcmp(error.message, "first") == 0);
}

static void test_random_numbers_are_even(void)
{
    enum { N = 100000, BINS = 16 };
    int bins[BINS] = {0}, same = 0;
    for (uint64_t i = 0; i < N; i++) {
        uint32_t draw = rng_below((uint32_t)(rng_at(rng_key(7, 1), i) >> 32), BINS);
        CHECK(draw < BINS);
        bins[draw]++;
        same += draw == rng_below((uint32_t)(rng_at(rng_key(7, 2), i) >> 32), BINS);
    }
    double chi = 0, mean = (double)N / BINS;
    for (int b = 0; b < BINS; b++)
        chi += (bins[b] - mean) * (bins[b] - mean) / mean;
    CHECK_MSG(chi < 45, "chi squared %g of 15 degrees", chi); /* p < 1e-4 */
    CHECK_MSG(fabs(same - mean) < 5 * sqrt(mean), "%d equal draws of two streams", same);
}

static void test_hash_depends_on_every_byte(void)
{
    unsigned char bytes[40];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 37);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        uint64_t hash = hash_bytes(bytes, n);
        for (size_t i = 0; i < n; i++) {
            bytes[i] ^= 1;
            CHECK_MSG(hash_bytes(bytes, n) != hash, "length %zu, byte %zu", n, i);
            bytes[i] ^= 1;
        }
        CHECK(n == 0 || hash_bytes(bytes, n - 1) != hash);
    }
}

static void test_powers(void)
{
    const double exponents[] = {0.75, 0, 1, 0.5, -1, -0.25, 2, 1.0 / 3};
    for (double x = 1; x < 1e18; x *= 1.7)
        for (size_t e = 0; e < sizeof exponents / sizeof *exponents; e++) {
            double want = pow(x, exponents[e]), got = fpmath_pow(x, exponents[e]);
            CHECK_MSG(fabs(got - want) <= 1e-13 * want, "%g^%g = %.17g, not %.17g", x, exponents[e],
                      want, got);
        }
    CHECK(fpmath_pow(1, 0.75) == 1);
    CHECK(fpmath_pow(1e300, 10) == HUGE_VAL && fpmath_pow(1e300, -10) == 0);
}

/* Writes a file root/name, and its folders. */
static void write_below(const char *root, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s%s", root, name);
    for (char *slash = strchr(path + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

/*
 * The files that Linux has for control groups: the least limit of a group and those above counts.
 */
static void test_limit_of_control_groups(void)
{
    char root[] = "/tmp/w2v-test.XXXXXX", command[64];
    CHECK(mkdtemp(root) != NULL);
    const uint64_t machine = limit_memory(root).n_bytes;
    CHECK(machine > 3000000);
    write_below(root, "/proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/a/b\n0::/c/d\n");
    CHECK(limit_memory(root).n_bytes == machine);
    write_below(root, "/sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "9223372036854771712\n");
    CHECK(limit_memory(root).n_bytes == machine);
    write_below(root, "/sys/fs/cgroup/memory/a/memory.limit_in_bytes", "3000000\n");
    CHECK(limit_memory(root).n_bytes == 3000000);
    write_below(root, "/sys/fs/cgroup/c/d/memory.max", "max\n");
    CHECK(limit_memory(root).n_bytes == 3000000);
    write_below(root, "/sys/fs/cgroup/memory.max", "2000000\n");
    CHECK(limit_memory(root).n_bytes == 2000000);
    CHECK(strstr(limit_memory(root).what, "control group") != NULL);
    write_below(root, "/proc/self/cgroup", "nonsense\n");
    CHECK(limit_memory(root).n_bytes == machine);
    snprintf(command, sizeof command, "rm -r %s", root);
    CHECK(system(command) == 0);
}

int main(void)
{
    TEST(test_limit_of_control_groups);
    if (mkdtemp(folder) == NULL)
        return 1;
    TEST(test_products_do_not_overflow);
    TEST(test_bytes_are_alike);
    TEST(test_errors_are_one_line);
    TEST(test_long_errors_keep_their_ends);
    TEST(test_outfile_is_whole_or_absent);
    TEST(test_room_is_checked_before_the_first_write);
    TEST(test_files_are_mapped);
    TEST(test_pieces_of_a_crew);
    TEST(test_crew_and_tickets);
    TEST(test_turns_are_in_order);
    TEST(test_first_failure_wins);
    TEST(test_random_numbers_are_even);
    TEST(test_hash_depends_on_every_byte);
    TEST(test_powers);
    rmdir(folder);
    return test_end();
}
