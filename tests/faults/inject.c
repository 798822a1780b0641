/*
 * Injects faults: runs the program with the fault layer (layer.c) again and again, each time with
 * another call failing, and looks at what comes of it. For each command and each kind of call the
 * first call of the kind fails, then the second, and so on until a run has no call left to fail;
 * then the same with all calls from that one on. Whatever fails, a run must end, within a minute,
 *
 *   - with status 0 and the bytes that a run without a fault gives, on standard output and in files,
 *   - or with status 1, a message "w2v: ...", a start of those bytes on standard output, and each
 *     file either as it was before or complete (a checkpoint, called saved: one to go on from), and
 *     where one call alone fails, never one alone of two files that belong together;
 *
 * and leave no other file behind. Under a sanitizer a report of its gives another status.
 *
 *     BUILD=build/release build/release/tests/inject [all [COMMAND]]
 *
 * Without `all` some of the commands are tried with n = 1, 2, 4, 8, ..., for a few seconds. With
 * COMMAND only those whose names begin so are. A new subcommand is a row of `commands`.
 */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is run, in a folder of its own; inputs are in ../in. */
static const struct command {
    bool quick; /* tried without `all` too */
    const char *name, *line, *input;
} commands[] = {
    {false, "train", "train ../in/corpus -o out -q -d 8 -e 2 -t 2", NULL},
    {true, "train, all outputs", "train ../in/corpus -o out --save-vocab also -q -d 8 -e 1 -t 2",
     NULL},
    {false, "train, cbow", "train ../in/corpus -o out -q -d 8 -e 1 -m cbow -t 1", NULL},
    {false, "train, pipe", "train - -o - -q -d 8 -e 1", "corpus"},
    {true, "train, given words", "train ../in/corpus -o out -q -d 8 -e 1 --vocab ../in/vocab",
     NULL},
    {false, "train, warm",
     "train ../in/corpus -o out -q -d 8 -e 1 --init ../in/model --freeze ../in/vocab", NULL},
    {true, "train, resume", "train --resume ../in/checkpoint -o out -q -t 2 --checkpoint saved",
     NULL},
    {false, "train, little memory", "train ../in/long -o out -q -d 1 -w 1 -n 1 -e 1 --memory 13M",
     NULL},
    {true, "phrases", "phrases ../in/corpus -o out --save also -q --threshold 2 -t 2", NULL},
    {false, "phrases, pipe", "phrases - -q --threshold 2 --passes 1", "corpus"},
    {false, "phrases, given", "phrases ../in/corpus --apply ../in/phrases -q -o out", NULL},
    {false, "phrases, little memory", "phrases ../in/long -q -o out --memory 1M", NULL},
    {false, "train, phrases", "train ../in/corpus -q -o out -d 8 -e 1 --phrases 1", NULL},
    {true, "tokenize", "tokenize ../in/text ../in/corpus -o out -t 2", NULL},
    {true, "train, checkpoints",
     "train ../in/corpus -o out -q -d 8 -e 2 --checkpoint saved --checkpoint-every 700w -t 2",
     NULL},
    {false, "train, from a model",
     "train ../in/corpus -o out -q -d 8 -e 1 --init ../in/model --vocab-mode union --freeze "
     "../in/words --save-output",
     NULL},
    {false, "tokenize, gzip", "tokenize ../in/text.gz -o out", NULL},
    {false, "tokenize, gzip pipe", "tokenize -", "text.gz"},
    {false, "tokenize, pipe", "tokenize - --tokenizer chars", "text"},
    {true, "walk", "walk ../in/graph -o out --walks 2 --length 9 --p 0.5 --quiet -t 2", NULL},
    {false, "walk, pipe", "walk - --quiet --walks 1", "graph"},
    {true, "train, graph",
     "train --graph ../in/graph -o out -q -d 8 -e 1 --walks 2 --length 9 --min-count 1 -t 2", NULL},
    {false, "train, graph in little memory",
     "train --graph ../in/graph -o out -q -d 1 -w 1 -n 1 -e 1 --memory 13M --walks 1000", NULL},
    {false, "vocab", "vocab ../in/text ../in/corpus -o out -t 2", NULL},
    {false, "neighbors", "neighbors ../in/model w0 w1 w2 -t 2", NULL},
    {true, "neighbors, json", "neighbors ../in/model --json", "words"},
    {false, "neighbors, some", "neighbors ../in/model --among ../in/words --case fold", "words"},
    {false, "neighbors, word2vec", "neighbors ../in/word2vec w0 w1", NULL},
    {false, "neighbors, text", "neighbors ../in/text.vec one two", NULL},
    {false, "convert", "convert ../in/model out -q", NULL},
    {true, "convert, text", "convert ../in/word2vec out.txt --normalize -q", NULL},
    {false, "convert, npy", "convert ../in/model out.npy --to npy --top 20 -t 2 -q", NULL},
    {false, "convert, tensors", "convert ../in/text.vec out.safetensors -q", NULL},
    {true, "convert, fastText", "convert ../in/fasttext out.ftbin -q", NULL},
    {true, "convert, from fastText", "convert ../in/fasttext out -q", NULL},
    {false, "train, fastText", "train ../in/corpus -o out.ftbin -q -d 8 -e 1 -t 2", NULL},
    {true, "neighbors, composed", "neighbors ../in/fasttext unseen -t 2", NULL},
    {false, "vector, composed", "vector ../in/fasttext --case fold -q", "words"},
    {false, "eval, composed", "eval ../in/fasttext ../in/pairs -q", NULL},
    {false, "info, checkpoint", "info ../in/checkpoint --verify", NULL},
    {true, "convert, compressed", "convert ../in/model out.glove.gz -q", NULL},
    {false, "convert, projector",
     "convert ../in/model out.tsv --remove-top 1 --words ../in/words -q", NULL},
    {false, "analogy", "analogy ../in/model w0 w1 w2 --method mul", NULL},
    {false, "analogy, expression", "analogy ../in/model --expr", "expressions"},
    {false, "cluster", "cluster ../in/model -k 3 -t 2 -q", NULL},
    {false, "cluster, file", "cluster ../in/model -k 3 --stats -o out -q", NULL},
    {false, "nn-graph", "nn-graph ../in/model -k 2 -o out -q", NULL},
    {true, "map, figure", "map ../in/model -o out.svg --clusters 3 --iterations 30 -t 2 -q", NULL},
    {false, "map, page",
     "map ../in/model -o out.html --words ../in/words --arrows ../in/pairs --iterations 3 -q",
     NULL},
    {false, "map, near", "map ../in/model -o out.tsv --near w0 --method pca -q", NULL},
    {false, "similarity", "similarity ../in/model w0 w1", NULL},
    {false, "neighbors, list on standard input", "neighbors ../in/model w0 --among - --oov row",
     "words"},
    {false, "vector, rows", "vector ../in/model --oov row --case fold", "words"},
    {false, "words", "words ../in/model -o out", NULL},
    {false, "odd", "odd ../in/model w0 w1 w2", NULL},
    {false, "vector", "vector ../in/model w0 w1", NULL},
    {true, "info", "info ../in/model", NULL},
    {true, "eval, analogies", "eval ../in/model ../in/questions", NULL},
    {false, "eval, pairs", "eval ../in/model ../in/pairs", NULL},
};

static const char *const kinds[] = {"alloc", "map",   "thread",  "lock", "open",  "stat",
                                    "read",  "write", "room",    "sync", "close", "rename",
                                    "link",  "flush", "process", "wait"};

enum {
    N_COMMANDS = sizeof commands / sizeof commands[0],
    N_KINDS = sizeof kinds / sizeof kinds[0]
};
enum { PATH = 1024, SECONDS = 60, OUTPUTS = 4, NAME = 64 };

static const char old_bytes[] = "what was there before\n";
static char program[PATH], scratch[PATH - 100];
static bool all;
static const char *only = ""; /* what names begin with */

static void die(const char *what)
{
    perror(what);
    exit(1);
}

/* ---- Files ----------------------------------------------------------------------------------- */

struct bytes {
    char *at; /* NULL: no file */
    size_t n;
};

static struct bytes read_file(const char *path)
{
    struct bytes bytes = {NULL, 0};
    struct stat st;
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return bytes;
    if (fstat(fd, &st) != 0 || (bytes.at = malloc((size_t)st.st_size + 1)) == NULL)
        die(path);
    for (ssize_t n; (n = read(fd, bytes.at + bytes.n, (size_t)st.st_size - bytes.n)) > 0;)
        bytes.n += (size_t)n;
    close(fd);
    return bytes;
}

static void write_file(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, n, file) != n || fclose(file) != 0)
        die(path);
}

static bool same(struct bytes a, struct bytes b)
{
    return (a.at == NULL) == (b.at == NULL) && a.n == b.n &&
           (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

/* Removes what a run left in the folder and returns how many files that were; `names` of a few. */
static int clear_folder(const char *folder, char names[OUTPUTS][NAME])
{
    int n = 0;
    DIR *dir = opendir(folder);
    if (dir == NULL)
        die(folder);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[2 * PATH];
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (names != NULL && n < OUTPUTS)
            snprintf(names[n], NAME, "%.63s", name);
        snprintf(path, sizeof path, "%s/%s", folder, name);
        unlink(path);
        n++;
    }
    closedir(dir);
    return n;
}

/* ---- Running --------------------------------------------------------------------------------- */

/* One command's folders, and what it gives without a fault. */
struct job {
    const struct command *command;
    char here[PATH], spare[PATH], out[PATH], err[PATH], hit[PATH];
    int n_outputs; /* files that it writes, and their names */
    char outputs[OUTPUTS][NAME];
    struct bytes wanted, wanted_files[OUTPUTS];
};

struct fault {
    const char *kind, *mode; /* NULL: none */
    unsigned long n;
};

static void open_as(int wanted, const char *path, int flags)
{
    int fd = open(path, flags, 0600);
    if (fd < 0 || (fd != wanted && (dup2(fd, wanted) < 0 || close(fd) != 0)))
        _exit(126);
}

static void run_child(const struct job *job, struct fault fault)
{
    enum { MOST = 40, HIT = 9 };
    char line[PATH], value[100], input[PATH] = "/dev/null", *argv[MOST + 1] = {program};
    int argc = 1;
    char *rest = line, *word;
    snprintf(line, sizeof line, "%s", job->command->line);
    while (argc < MOST && *rest != '\0') {
        word = rest;
        rest += strcspn(rest, " ");
        if (*rest != '\0')
            *rest++ = '\0';
        argv[argc++] = word;
    }
    if (job->command->input != NULL)
        snprintf(input, sizeof input, "%s/in/%s", scratch, job->command->input);
    open_as(0, input, O_RDONLY);
    open_as(1, job->out, O_WRONLY | O_CREAT | O_TRUNC);
    open_as(2, job->err, O_WRONLY | O_CREAT | O_TRUNC);
    open_as(HIT, job->hit, O_WRONLY | O_CREAT | O_TRUNC);
    if (fault.kind != NULL) {
        snprintf(value, sizeof value, "%s %lu %s", fault.kind, fault.n, fault.mode);
        setenv("W2V_FAULT", value, 1);
        setenv("W2V_FAULT_FD", "9", 1);
    }
    setenv("TMPDIR", job->spare, 1);
    setenv("ASAN_OPTIONS", "exitcode=99:detect_leaks=1:allocator_may_return_null=1", 1);
    setenv("LSAN_OPTIONS", "exitcode=99", 1);
    setenv("TSAN_OPTIONS", "exitcode=99", 1);
    if (chdir(job->here) != 0)
        _exit(126);
    alarm(SECONDS);
    execv(program, argv);
    _exit(127);
}

/* The wait status. */
static int run(const struct job *job, struct fault fault)
{
    int status;
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0)
        run_child(job, fault);
    if (waitpid(pid, &status, 0) != pid)
        die("waitpid");
    return status;
}

static const char *output_path(const struct job *job, int i)
{
    static char path[2 * PATH];
    snprintf(path, sizeof path, "%s/%s", job->here, job->outputs[i]);
    return path;
}

/* Whether the checkpoint "saved", of another round than wanted, leads to the model wanted. */
static bool resumes(const struct job *job)
{
    static const struct command resume = {false, "", "train --resume saved -o again -q", NULL};
    struct job again = *job;
    char path[2 * PATH];
    again.command = &resume;
    snprintf(path, sizeof path, "%s/again", job->here);
    bool same_model = false;
    if (run(&again, (struct fault){NULL, NULL, 0}) == 0) {
        struct bytes model = read_file(path);
        for (int i = 0; i < job->n_outputs; i++)
            same_model |= strcmp(job->outputs[i], "out") == 0 && same(model, job->wanted_files[i]);
        free(model.at);
    }
    unlink(path);
    return same_model;
}

/*
 * Whether there may be an old file: a list of words that goes with another matrix is not replaced,
 * and a checkpoint replaces nothing but a checkpoint.
 */
static bool may_be_old(const struct job *job, int i)
{
    return strstr(job->outputs[i], ".words") == NULL && strcmp(job->outputs[i], "saved") != 0;
}

/* Whether the command writes two files that belong together. */
static bool is_pair(const struct job *job)
{
    return job->n_outputs == 2 && (strncmp(job->command->name, "phrases", 7) == 0 ||
                                   strncmp(job->command->name, "convert", 7) == 0);
}

/* NULL if all is well with the output files, else what is not. Removes them. */
static const char *judge_files(const struct job *job, bool good, bool any_old, bool once)
{
    int n_new = 0;
    const struct bytes old = {(char *)(size_t)old_bytes, sizeof old_bytes - 1}, none = {NULL, 0};
    const char *wrong = NULL;
    for (int i = 0; i < job->n_outputs; i++) {
        const bool had_old = any_old && may_be_old(job, i);
        struct bytes file = read_file(output_path(job, i));
        if (same(file, job->wanted_files[i]))
            ; /* complete */
        else if (strcmp(job->outputs[i], "saved") == 0)
            wrong = same(file, had_old ? old : none) || resumes(job) ? wrong : "damaged checkpoint";
        else if (good)
            wrong = "wrong output file";
        else if (!same(file, had_old ? old : none))
            wrong = "damaged output file";
        n_new += !good && same(file, job->wanted_files[i]);
        unlink(output_path(job, i));
        free(file.at);
    }
    /* A second failure may keep the first file from being put back. */
    if (once && is_pair(job) && n_new == 1)
        return "half a pair is new";
    return wrong;
}

static bool may_fail(const char *mode)
{
    return strcmp(mode, "once") == 0 || strcmp(mode, "on") == 0;
}

/* NULL if all is well with the run, else what is not. */
static const char *judge(const struct job *job, int status, const char *mode, struct bytes out,
                         struct bytes err)
{
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGALRM ? "does not end" : "crashes";
    const bool good = WEXITSTATUS(status) == 0;
    if (!good && WEXITSTATUS(status) != 1)
        return "wrong exit status";
    if (!good && !may_fail(mode))
        return "is no failure";
    if (good && !same(out, job->wanted))
        return "wrong standard output";
    if (!good && (out.n > job->wanted.n || memcmp(out.at, job->wanted.at, out.n) != 0))
        return "wrong start of standard output";
    if (!good && (err.n < 6 || memcmp(err.at, "w2v: ", 5) != 0))
        return "fails without a message";
    return NULL;
}

struct count {
    unsigned injected, survived;
};

/* Injects one fault. False when it was not hit. */
static bool inject(const struct job *job, struct fault fault, struct count *count, FILE *report)
{
    /* Old files are there every other time; without one there is nothing to link. */
    const bool had_old = fault.n % 2 == 0 || strcmp(fault.kind, "link") == 0;
    for (int i = 0; i < job->n_outputs && had_old; i++)
        if (may_be_old(job, i))
            write_file(output_path(job, i), old_bytes, sizeof old_bytes - 1);
    const int status = run(job, fault);
    struct bytes out = read_file(job->out), err = read_file(job->err), hit = read_file(job->hit);
    const char *wrong = judge(job, status, fault.mode, out, err);
    const char *wrong_file =
        judge_files(job, status == 0, had_old, strcmp(fault.mode, "once") == 0);
    const int n_stray = clear_folder(job->here, NULL) + clear_folder(job->spare, NULL);
    if (wrong == NULL)
        wrong = wrong_file != NULL ? wrong_file : n_stray > 0 ? "leaves a file behind" : NULL;
    count->injected += hit.n > 0;
    count->survived += hit.n > 0 && wrong == NULL;
    if (wrong != NULL)
        fprintf(report, "! %s: %s %lu %s: %s (status %d): %.*s\n", job->command->line, fault.kind,
                fault.n, fault.mode, wrong, WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                (int)(err.n < 300 ? err.n : 300), err.at);
    const bool was_hit = hit.n > 0;
    free(out.at);
    free(err.at);
    free(hit.at);
    return was_hit;
}

static struct count inject_kind(struct job *job, const char *kind, FILE *report)
{
    static const char *const failing[] = {"once", "on"}, *const odd[] = {"short", "eintr"};
    struct count count = {0, 0};
    for (size_t m = 0; m < 2; m++)
        for (unsigned long n = 1; inject(job, (struct fault){kind, failing[m], n}, &count, report);
             n = all ? n + 1 : 2 * n)
            if (!all && m == 1)
                break;
    bool transfers = strcmp(kind, "read") == 0 || strcmp(kind, "write") == 0;
    bool waits = transfers || strcmp(kind, "open") == 0 || strcmp(kind, "sync") == 0 ||
                 strcmp(kind, "room") == 0 || strcmp(kind, "close") == 0 ||
                 strcmp(kind, "wait") == 0;
    for (size_t m = 0; m < 2; m++)
        for (unsigned long n = 1; n <= 2 && (m == 0 ? transfers : waits); n++)
            inject(job, (struct fault){kind, odd[m], n}, &count, report);
    return count;
}

/* ---- Inputs ---------------------------------------------------------------------------------- */

static void make_folder(char *path, const char *name)
{
    snprintf(path, PATH, "%s/%s", scratch, name);
    if (mkdir(path, 0700) != 0)
        die(path);
}

static void put_file(const char *name, const char *bytes)
{
    char path[PATH];
    snprintf(path, sizeof path, "%s/in/%s", scratch, name);
    write_file(path, bytes, strlen(bytes));
}

static void make_job(struct job *job, const struct command *command, const char *name)
{
    char path[100];
    *job = (struct job){.command = command};
    make_folder(job->here, name);
    snprintf(path, sizeof path, "%s.spare", name);
    make_folder(job->spare, path);
    snprintf(job->out, PATH, "%s/%s.log.out", scratch, name);
    snprintf(job->err, PATH, "%s/%s.log.err", scratch, name);
    snprintf(job->hit, PATH, "%s/%s.log.hit", scratch, name);
}

/* Runs a command without a fault; its output becomes an input. */
static void make_input(const char *name, const char *line)
{
    const struct command command = {true, name, line, NULL};
    char job_name[100], from[2 * PATH], to[PATH];
    struct job job;
    snprintf(job_name, sizeof job_name, "make.%s", name);
    make_job(&job, &command, job_name);
    snprintf(from, sizeof from, "%s/out", job.here);
    snprintf(to, sizeof to, "%s/in/%s", scratch, name);
    if (run(&job, (struct fault){NULL, NULL, 0}) != 0 || rename(from, to) != 0)
        die(line);
}

/* Three times two short lines and an empty one. */
static const char packed[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcb\xcf\x4b\x55\x28\x29\xcf\x57\x28"
    "\xc9\x28\x4a\x4d\xe5\xe2\x4a\xcb\x2f\x2d\x52\x48\xcb\x2c\x4b\xe5\xca\x27\x59"
    "\x02\x00\xce\x61\x36\xac\x4b\x00\x00\x00";

static void make_inputs(void)
{
    enum { WORDS = 3000, LONG = 300000 };
    static char text[8 * LONG];
    size_t n = 0;
    unsigned random = 1;
    char path[PATH];
    make_folder(path, "in");
    for (int i = 0; i < WORDS; i++) {
        random = random * 1103515245u + 12345u;
        unsigned a = random >> 16 & 31, b = random >> 24 & 31;
        n += (size_t)snprintf(text + n, sizeof text - n, "w%u%c", a * b / 8,
                              i % 12 == 11 ? '\n' : ' ');
    }
    put_file("corpus", text);
    for (int i = 0; i < LONG; i++)
        memcpy(text + 2 * i, i % 100 == 99 ? "b\n" : i % 3 == 0 ? "a " : "c ", 2);
    text[2 * LONG] = '\0';
    put_file("long", text);
    put_file("text", "One tWo \xc3\x84rger e\xcc\x81t\xc3\xa9 \xe4\xb8\xad\xe6\x96\x87\n\nthree\n");
    snprintf(path, sizeof path, "%s/in/text.gz", scratch);
    write_file(path, packed, sizeof packed - 1);
    put_file("text.vec", "3 2\none 0.5 1e-3\ntwo -1 2.00000000000000000000000000001\nsix 3 4\n");
    put_file("word2vec", "2 1\nw0 \x01\x01\x01\x3f\nw1 \x01\x01\x01\x3e\n");
    put_file("words", "w0\nw1\n\nw2\nw3\n");
    put_file("graph", "# a square\na b\nb c 2\nc d\nd a 0.5\na c\n");
    put_file("questions", ": family\nw0 w1 w2 w3\nW4 w1 w5 w6\n: gram1\nw0 w2 w3 w1\n");
    put_file("expressions", "w0 - w1 + w2\n");
    put_file("pairs", "w0 w1 1.5\nw2 w3 2\nw4 w5 0.25\n");
    const struct bytes fasttext = read_file("tests/formats/fasttext-sg.bin");
    if (fasttext.n == 0)
        die("tests/formats/fasttext-sg.bin");
    snprintf(path, sizeof path, "%s/in/fasttext", scratch);
    write_file(path, fasttext.at, fasttext.n);
    free(fasttext.at);
    make_input("vocab", "vocab ../in/corpus -o out");
    make_input("phrases", "phrases ../in/corpus -o /dev/null --save out -q --threshold 2");
    make_input("model", "train ../in/corpus -o out -q -d 8 -e 1");
    make_input("checkpoint", "train ../in/corpus -o /dev/null -q -d 8 -e 1 --checkpoint out");
}

/* ---- The whole ------------------------------------------------------------------------------- */

/* One command, in a process of its own: counts to its report, then what went wrong. */
static void run_job(size_t c, FILE *report)
{
    char name[100];
    struct job job;
    snprintf(name, sizeof name, "job%zu", c);
    make_job(&job, &commands[c], name);
    int status = run(&job, (struct fault){NULL, NULL, 0});
    job.wanted = read_file(job.out);
    struct bytes err = read_file(job.err);
    job.n_outputs = clear_folder(job.here, job.outputs);
    if (status != 0 || clear_folder(job.spare, NULL) > 0 || job.n_outputs > OUTPUTS) {
        fprintf(report, "! %s: fails without a fault: %.*s\n", job.command->line, (int)err.n,
                err.at);
        status = 1;
    }
    if (status == 0 && run(&job, (struct fault){NULL, NULL, 0}) == 0) /* now the names are known */
        for (int i = 0; i < job.n_outputs; i++)
            job.wanted_files[i] = read_file(output_path(&job, i));
    clear_folder(job.here, NULL);
    for (size_t k = 0; k < N_KINDS && status == 0; k++) {
        struct count count = inject_kind(&job, kinds[k], report);
        fprintf(report, "= %zu %u %u\n", k, count.injected, count.survived);
    }
    free(err.at);
    free(job.wanted.at);
    for (int i = 0; i < OUTPUTS; i++)
        free(job.wanted_files[i].at); /* none where there is no such output */
}

/* The command's row of the table; what went wrong to standard error. Adds to the totals. */
static bool tell(size_t c, struct count totals[N_KINDS])
{
    char path[PATH], line[PATH];
    bool good = true;
    size_t k, n = 0;
    struct count count;
    snprintf(path, sizeof path, "%s/report%zu", scratch, c);
    FILE *report = fopen(path, "r");
    if (report == NULL)
        die(path);
    printf("# %-22s", commands[c].name);
    while (fgets(line, sizeof line, report) != NULL) {
        if (sscanf(line, "= %zu %u %u", &k, &count.injected, &count.survived) == 3 && k < N_KINDS) {
            totals[k].injected += count.injected;
            totals[k].survived += count.survived;
            if (count.injected == count.survived)
                printf(" %7u", count.injected);
            else
                printf(" %3u/%-3u", count.survived, count.injected);
            n += count.injected;
            good = good && count.injected == count.survived;
        } else {
            fputs(line, stderr);
            good = false;
        }
    }
    fclose(report);
    printf("\n%s %s: %zu faults\n", good && n > 0 ? "ok" : "not ok", commands[c].name, n);
    fflush(stdout);
    return good && n > 0;
}

static bool is_wanted(const struct command *command)
{
    if (strstr(command->name, "gzip") != NULL && system("gzip -V >/dev/null 2>&1") != 0)
        return false;
    return (all || command->quick) && strncmp(command->name, only, strlen(only)) == 0;
}

static pid_t start_job(size_t c)
{
    char path[PATH];
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    snprintf(path, sizeof path, "%s/report%zu", scratch, c);
    FILE *report = fopen(path, "w");
    if (report == NULL)
        die(path);
    run_job(c, report);
    exit(fclose(report) != 0);
}

int main(int argc, char **argv)
{
    const char *build = getenv("BUILD"), *folder = getenv("TMPDIR");
    struct count totals[N_KINDS] = {{0, 0}};
    static const char memory[] = "/dev/shm"; /* no disk to wait for */
    bool good = true;
    char remove[PATH + 20], here[PATH / 2];
    all = argc > 1 && strcmp(argv[1], "all") == 0;
    if (argc > 2)
        only = argv[2];
    if (build == NULL || getcwd(here, sizeof here) == NULL)
        die("BUILD");
    snprintf(program, sizeof program, "%s/%s/w2v-faults", build[0] == '/' ? "" : here, build);
    snprintf(scratch, sizeof scratch, "%s/w2v-faults.XXXXXX",
             folder != NULL              ? folder
             : access(memory, W_OK) == 0 ? memory
                                         : "/tmp");
    if (mkdtemp(scratch) == NULL)
        die(scratch);
    make_inputs();
    printf("# faults injected, all survived (else survived/injected)\n# %-22s", "");
    for (size_t k = 0; k < N_KINDS; k++)
        printf(" %7s", kinds[k]);
    printf("\n");
    fflush(stdout);
    long n_cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t started = 0, running = 0;
    while (started < N_COMMANDS || running > 0) {
        if (started < N_COMMANDS && !is_wanted(&commands[started])) {
            started++;
        } else if (started < N_COMMANDS && (long)running < (n_cores > 0 ? n_cores : 1)) {
            if (start_job(started++) < 0)
                die("fork");
            running++;
        } else {
            int status;
            if (wait(&status) < 0)
                die("wait");
            good = good && status == 0;
            running--;
        }
    }
    for (size_t c = 0; c < N_COMMANDS; c++)
        if (is_wanted(&commands[c]))
            good = tell(c, totals) && good;
    printf("# %-22s", "together");
    for (size_t k = 0; k < N_KINDS; k++)
        printf(" %7u", totals[k].injected);
    printf("\n");
    for (size_t k = 0; k < N_KINDS; k++) /* a kind that is never hit is one that is not wrapped */
        if (all && argc < 3 && totals[k].injected == 0)
            printf("not ok no call of kind %s\n", kinds[k]), good = false;
    snprintf(remove, sizeof remove, "rm -rf '%s'", scratch);
    if (system(remove) != 0)
        die(remove);
    return !good;
}
