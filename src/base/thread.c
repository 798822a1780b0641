/* Threads and barrier. See thread.h. */
#if defined(__linux__)
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "base/thread.h"

#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Some 20 us: bridges the spread of equal work, and does not burn a shared core. */
enum { SPINS = 2000, MAX_THREADS = 4096 };

static inline void pause_briefly(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_ia32_pause();
#endif
}

unsigned thread_cores(void)
{
#if defined(__linux__) && defined(CPU_COUNT)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
#endif
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

unsigned thread_count(unsigned wished)
{
    unsigned cores = thread_cores();
    return wished == 0 || wished > cores ? cores : wished;
}

/* What the started threads share: they wait until it is known how many they are. */
struct gang {
    thread_fn run;
    void *arg;
    unsigned n; /* 0 until known */
    pthread_mutex_t lock;
    pthread_cond_t known;
};

struct member {
    struct gang *gang;
    unsigned index;
    pthread_t thread;
};

static void *member_main(void *arg)
{
    struct member *member = arg;
    struct gang *gang = member->gang;
    pthread_mutex_lock(&gang->lock);
    while (gang->n == 0)
        pthread_cond_wait(&gang->known, &gang->lock);
    pthread_mutex_unlock(&gang->lock);
    gang->run(gang->arg, member->index, gang->n);
    return NULL;
}

void thread_run(unsigned wished, thread_fn run, void *arg)
{
    struct gang gang = {.run = run, .arg = arg};
    struct member *members = NULL;
    unsigned started = 0;
    if (wished > MAX_THREADS)
        wished = MAX_THREADS;
    if (wished > 1 && pthread_mutex_init(&gang.lock, NULL) == 0) {
        if (pthread_cond_init(&gang.known, NULL) != 0) {
            pthread_mutex_destroy(&gang.lock);
        } else {
            members = calloc(wished - 1, sizeof *members);
            if (members == NULL) {
                pthread_cond_destroy(&gang.known);
                pthread_mutex_destroy(&gang.lock);
            }
        }
    }
    if (members == NULL) {
        run(arg, 0, 1);
        return;
    }
    for (; started < wished - 1; started++) {
        members[started] = (struct member){.gang = &gang, .index = started + 1};
        if (pthread_create(&members[started].thread, NULL, member_main, &members[started]) != 0)
            break;
    }
    pthread_mutex_lock(&gang.lock);
    gang.n = started + 1;
    pthread_cond_broadcast(&gang.known);
    pthread_mutex_unlock(&gang.lock);
    run(arg, 0, started + 1);
    for (unsigned i = 0; i < started; i++)
        pthread_join(members[i].thread, NULL);
    free(members);
    pthread_cond_destroy(&gang.known);
    pthread_mutex_destroy(&gang.lock);
}

void thread_fail(struct thread_failure *failure, const struct w2v_error *error)
{
    int none = W2V_OK;
    if (atomic_compare_exchange_strong(&failure->code, &none, error->code))
        failure->error = *error;
}

int thread_outcome(struct thread_failure *failure, struct w2v_error *error)
{
    int code = atomic_load(&failure->code);
    if (code != W2V_OK && error != NULL)
        *error = failure->error;
    return code;
}

int thread_crew_init(struct thread_crew *crew, struct w2v_error *error)
{
    *crew = (struct thread_crew){0};
    if (pthread_mutex_init(&crew->lock, NULL) != 0)
        return error_set(error, W2V_ENOMEM, "cannot make a barrier");
    if (pthread_cond_init(&crew->turned, NULL) != 0) {
        pthread_mutex_destroy(&crew->lock);
        return error_set(error, W2V_ENOMEM, "cannot make a barrier");
    }
    return W2V_OK;
}

void thread_crew_release(struct thread_crew *crew)
{
    pthread_cond_destroy(&crew->turned);
    pthread_mutex_destroy(&crew->lock);
}

/* What changes between two phases; the last thread of the first one does it. */
static void turn_phase(struct thread_crew *crew)
{
    for (unsigned i = 0; i < THREAD_CREW_COUNTERS; i++)
        atomic_store_explicit(&crew->tickets[i], 0, memory_order_relaxed);
    crew->stopped = thread_failed(&crew->failure);
}

bool thread_crew_meet(struct thread_crew *crew, unsigned n)
{
    unsigned generation = atomic_load_explicit(&crew->generation, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&crew->waiting, 1, memory_order_acq_rel) + 1 == n) {
        /* The lock keeps a sleeper from missing the turn. */
        atomic_store_explicit(&crew->waiting, 0, memory_order_relaxed);
        turn_phase(crew);
        if (n > 1) {
            pthread_mutex_lock(&crew->lock);
            atomic_store_explicit(&crew->generation, generation + 1, memory_order_release);
            pthread_cond_broadcast(&crew->turned);
            pthread_mutex_unlock(&crew->lock);
        }
        return !crew->stopped;
    }
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&crew->generation, memory_order_acquire) != generation)
            return !crew->stopped;
        pause_briefly();
    }
    pthread_mutex_lock(&crew->lock);
    while (atomic_load_explicit(&crew->generation, memory_order_acquire) == generation)
        pthread_cond_wait(&crew->turned, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
    return !crew->stopped;
}

void thread_crew_fail(struct thread_crew *crew, const struct w2v_error *error)
{
    thread_fail(&crew->failure, error);
}

double thread_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
