/* Progress of long work. See progress.h. */
#include "cli/progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/ui.h"

static const double REDRAW_SECONDS = 0.2, PLAIN_SECONDS = 10, JSON_SECONDS = 1;

static double clock_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void progress_init(struct progress *progress, const struct opt_args *args)
{
    const char *kind = getenv("TERM");
    memset(progress, 0, sizeof *progress);
    progress->quiet = opt_flag(args, "quiet");
    progress->mode =
        progress->quiet ? PROGRESS_NONE : (enum progress_mode)opt_number(args, "progress");
    ui_as_json(progress->mode == PROGRESS_JSON);
    progress->terminal = isatty(STDERR_FILENO) && kind != NULL && strcmp(kind, "dumb") != 0;
    progress->spoken = clock_seconds();
}

void progress_results(struct progress *progress, const char *path)
{
    const bool standard = path == NULL || strcmp(path, "-") == 0;
    if (progress->terminal && standard && isatty(STDOUT_FILENO) && progress->mode == PROGRESS_AUTO)
        progress->mode = PROGRESS_NONE;
}

const char *progress_bytes(char *text, size_t n, double bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    size_t unit = 0;
    while (bytes >= 999.5 && unit + 1 < sizeof units / sizeof units[0]) {
        bytes /= 1000;
        unit++;
    }
    snprintf(text, n, unit == 0 || bytes >= 99.5 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
    return text;
}

const char *progress_time(char *text, size_t n, double seconds)
{
    unsigned long s = seconds < 1e9 ? (unsigned long)(seconds + 0.5) : 999999999;
    if (seconds < 9.95)
        snprintf(text, n, "%.1f s", seconds);
    else if (s < 60)
        snprintf(text, n, "%lu s", s);
    else if (s < 3600)
        snprintf(text, n, "%lu:%02lu", s / 60, s % 60);
    else
        snprintf(text, n, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
    return text;
}

/* Seconds left, judged by the speed of this phase so far; negative: unknown. */
static double seconds_left(const struct w2v_progress *p)
{
    if (p->done <= p->before || p->total < p->done || p->seconds <= 0)
        return -1;
    return p->seconds * ((double)(p->total - p->done) / (double)(p->done - p->before));
}

static double pace(const struct w2v_progress *p)
{
    return p->seconds > 0 ? (double)(p->done - p->before) / p->seconds : 0;
}

static void describe(const struct w2v_progress *p, char *text, size_t n)
{
    char size[32], left[32] = "";
    double percent = p->total > 0 ? 100 * (double)p->done / (double)p->total : 0;
    if (seconds_left(p) >= 0)
        progress_time(left, sizeof left, seconds_left(p));
    switch (p->phase) {
    case W2V_PHASE_READ:
        progress_bytes(size, sizeof size, (double)p->done);
        if (p->total > 0)
            snprintf(text, n, "reading: %.1f%%, %s%s%s", percent, size, left[0] ? ", left " : "",
                     left);
        else
            snprintf(text, n, "reading: %s", size);
        break;
    case W2V_PHASE_TRAIN:
        snprintf(text, n, "epoch %u/%u: %.1f%%, %.0fk words/s, loss %.4f, lr %.6f%s%s", p->epoch,
                 p->epochs, percent, pace(p) / 1000, p->loss, p->learning_rate,
                 left[0] ? ", left " : "", left);
        break;
    case W2V_PHASE_PHRASES:
        snprintf(text, n, "looking for phrases: %.1f%%%s%s", percent, left[0] ? ", left " : "",
                 left);
        break;
    case W2V_PHASE_SEGMENT:
        snprintf(text, n, "finding words: %.1f%%%s%s", percent, left[0] ? ", left " : "", left);
        break;
    case W2V_PHASE_WRITE:
        snprintf(text, n, "writing: %.1f%%", percent);
        break;
    case W2V_PHASE_CLUSTER:
        snprintf(text, n, "clustering: round %llu, mean cosine %.4f", (unsigned long long)p->done,
                 p->loss);
        break;
    case W2V_PHASE_MAP:
        snprintf(text, n, "drawing: %.1f%%%s%s", percent, left[0] ? ", left " : "", left);
        break;
    case W2V_PHASE_WALK:
        snprintf(text, n, "walking: %.1f%%%s%s", percent, left[0] ? ", left " : "", left);
        break;
    case W2V_PHASE_SEARCH:
        snprintf(text, n, "searching: %.1f%%, %.0f words/s%s%s", percent, pace(p),
                 left[0] ? ", left " : "", left);
        break;
    }
}

static void number(const char *name, double value)
{
    if (isfinite(value))
        fprintf(stderr, ", \"%s\": %.6g", name, value);
    else
        fprintf(stderr, ", \"%s\": null", name);
}

static void tell_json(const struct w2v_progress *p)
{
    static const char *const phases[] = {
        [W2V_PHASE_READ] = "read",       [W2V_PHASE_TRAIN] = "train",
        [W2V_PHASE_WRITE] = "write",     [W2V_PHASE_CLUSTER] = "cluster",
        [W2V_PHASE_SEARCH] = "search",   [W2V_PHASE_PHRASES] = "phrases",
        [W2V_PHASE_SEGMENT] = "segment", [W2V_PHASE_MAP] = "map",
        [W2V_PHASE_WALK] = "walk"};
    double left = seconds_left(p);
    fprintf(stderr, "{\"phase\": \"%s\", \"done\": %llu", phases[p->phase],
            (unsigned long long)p->done);
    if (p->total > 0)
        fprintf(stderr, ", \"total\": %llu", (unsigned long long)p->total);
    number("seconds", p->seconds);
    if (left >= 0)
        number("seconds_left", left);
    if (p->phase == W2V_PHASE_TRAIN) {
        fprintf(stderr, ", \"epoch\": %u, \"epochs\": %u", p->epoch, p->epochs);
        number("words_per_second", pace(p));
        number("learning_rate", p->learning_rate);
        number("loss", p->loss);
    }
    fputs("}\n", stderr);
}

static void tell_plain(const struct w2v_progress *p)
{
    char text[160];
    describe(p, text, sizeof text);
    ui_say("%s", text);
}

void progress_notice(void *context, enum w2v_notice kind, const char *text)
{
    static const char *const kinds[] = {
        [W2V_NOTICE_PLAN] = "plan", [W2V_NOTICE_NOTE] = "note", [W2V_NOTICE_WARNING] = "warning"};
    const struct progress *progress = context;
    if (kind == W2V_NOTICE_PLAN)
        ui_at_stake(progress->keeps ? UI_NOW : UI_NEVER); /* training begins after the plan */
    if (progress->quiet && kind != W2V_NOTICE_WARNING)
        return;
    if (progress->mode == PROGRESS_JSON) {
        ui_object(kinds[kind], text);
    } else if (kind == W2V_NOTICE_PLAN) {
        ui_shown("plan        ", text, "");
    } else {
        char before[32];
        snprintf(before, sizeof before, "w2v: %s: ", kinds[kind]);
        ui_shown(before, text, "");
    }
}

int progress_tell(void *context, const struct w2v_progress *now)
{
    struct progress *progress = context;
    const struct w2v_progress *last = &progress->last;
    double time = clock_seconds(), silent = time - progress->spoken;
    bool epoch_ended = progress->any && last->phase == W2V_PHASE_TRAIN &&
                       (now->phase != W2V_PHASE_TRAIN || now->epoch != last->epoch);
    char text[160];
    if (progress->mode == PROGRESS_JSON) {
        if (epoch_ended || silent >= JSON_SECONDS) {
            tell_json(epoch_ended ? last : now);
            progress->spoken = time;
        }
    } else if (progress->mode == PROGRESS_AUTO && progress->terminal) {
        if (silent >= REDRAW_SECONDS) {
            describe(now, text, sizeof text);
            ui_draw(text);
            progress->spoken = time;
        }
    } else if (progress->mode == PROGRESS_AUTO) {
        if (epoch_ended || silent >= PLAIN_SECONDS) {
            tell_plain(epoch_ended ? last : now);
            progress->spoken = time;
        }
    }
    if (ui_asked()) {
        if (progress->mode == PROGRESS_JSON)
            tell_json(now);
        else
            tell_plain(now);
    }
    progress->last = *now;
    progress->any = true;
    return ui_page_lost() ? -1 : ui_stopped();
}
