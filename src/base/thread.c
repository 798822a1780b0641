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

int thread_barrier_init(struct thread_barrier *barrier, struct w2v_error *error)
{
    atomic_init(&barrier->waiting, 0);
    atomic_init(&barrier->generation, 0);
    if (pthread_mutex_init(&barrier->lock, NULL) != 0)
        return error_set(error, W2V_ENOMEM, "cannot make a barrier");
    if (pthread_cond_init(&barrier->turned, NULL) != 0) {
        pthread_mutex_destroy(&barrier->lock);
        return error_set(error, W2V_ENOMEM, "cannot make a barrier");
    }
    return W2V_OK;
}

void thread_barrier_release(struct thread_barrier *barrier)
{
    pthread_cond_destroy(&barrier->turned);
    pthread_mutex_destroy(&barrier->lock);
}

void thread_barrier_wait(struct thread_barrier *barrier, unsigned n)
{
    if (n == 1)
        return;
    unsigned generation = atomic_load_explicit(&barrier->generation, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&barrier->waiting, 1, memory_order_acq_rel) + 1 == n) {
        /* The last one in turns the barrier; the lock keeps a sleeper from missing it. */
        atomic_store_explicit(&barrier->waiting, 0, memory_order_relaxed);
        pthread_mutex_lock(&barrier->lock);
        atomic_store_explicit(&barrier->generation, generation + 1, memory_order_release);
        pthread_cond_broadcast(&barrier->turned);
        pthread_mutex_unlock(&barrier->lock);
        return;
    }
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&barrier->generation, memory_order_acquire) != generation)
            return;
        pause_briefly();
    }
    pthread_mutex_lock(&barrier->lock);
    while (atomic_load_explicit(&barrier->generation, memory_order_acquire) == generation)
        pthread_cond_wait(&barrier->turned, &barrier->lock);
    pthread_mutex_unlock(&barrier->lock);
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

double thread_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
