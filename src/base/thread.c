/* Threads and their barrier. See thread.h. */
#if defined(__linux__)
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "base/thread.h"

#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/*
 * SPINS is about 20 us. That bridges the differences between equal pieces of work without wasting a
 * shared core.
 */
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

/* One call of thread_run. Its threads wait until it is known how many of them were started. */
struct thread_call {
    thread_fn run;
    void *arg;
    unsigned n; /* 0 until known */
    pthread_mutex_t lock;
    pthread_cond_t known;
};

struct started_thread {
    struct thread_call *call;
    unsigned index;
    pthread_t thread;
};

static void *thread_main(void *arg)
{
    struct started_thread *started = arg;
    struct thread_call *call = started->call;
    pthread_mutex_lock(&call->lock);
    while (call->n == 0)
        pthread_cond_wait(&call->known, &call->lock);
    pthread_mutex_unlock(&call->lock);
    call->run(call->arg, started->index, call->n);
    return NULL;
}

void thread_run(unsigned wished, thread_fn run, void *arg)
{
    struct thread_call call = {.run = run, .arg = arg};
    struct started_thread *threads = NULL;
    unsigned started = 0;
    if (wished > MAX_THREADS)
        wished = MAX_THREADS;
    if (wished > 1 && pthread_mutex_init(&call.lock, NULL) == 0) {
        if (pthread_cond_init(&call.known, NULL) != 0) {
            pthread_mutex_destroy(&call.lock);
        } else {
            threads = calloc(wished - 1, sizeof *threads);
            if (threads == NULL) {
                pthread_cond_destroy(&call.known);
                pthread_mutex_destroy(&call.lock);
            }
        }
    }
    if (threads == NULL) {
        run(arg, 0, 1);
        return;
    }
    for (; started < wished - 1; started++) {
        threads[started] = (struct started_thread){.call = &call, .index = started + 1};
        if (pthread_create(&threads[started].thread, NULL, thread_main, &threads[started]) != 0)
            break;
    }
    pthread_mutex_lock(&call.lock);
    call.n = started + 1;
    pthread_cond_broadcast(&call.known);
    pthread_mutex_unlock(&call.lock);
    run(arg, 0, started + 1);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i].thread, NULL);
    free(threads);
    pthread_cond_destroy(&call.known);
    pthread_mutex_destroy(&call.lock);
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

/* The last thread to reach the barrier calls this, between two phases. */
static void turn_phase(struct thread_crew *crew)
{
    for (unsigned i = 0; i < THREAD_CREW_WORKS; i++)
        atomic_store_explicit(&crew->tickets[i], 0, memory_order_relaxed);
    crew->stopped = thread_failed(&crew->failure);
}

bool thread_crew_meet(struct thread_crew *crew, unsigned n)
{
    unsigned generation = atomic_load_explicit(&crew->generation, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&crew->waiting, 1, memory_order_acq_rel) + 1 == n) {
        atomic_store_explicit(&crew->waiting, 0, memory_order_relaxed);
        turn_phase(crew);
        /* Without the lock a thread about to sleep could miss the broadcast. */
        pthread_mutex_lock(&crew->lock);
        atomic_store_explicit(&crew->generation, generation + 1, memory_order_release);
        pthread_cond_broadcast(&crew->turned);
        pthread_mutex_unlock(&crew->lock);
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

size_t thread_crew_piece(struct thread_crew *crew, unsigned work, size_t n, unsigned index,
                         unsigned n_threads)
{
    const unsigned now = atomic_load_explicit(&crew->generation, memory_order_relaxed) + 1;
    atomic_uint *taken = crew->taken[work];
    const size_t first = n * index / n_threads;
    for (size_t i = 0; i < n; i++) {
        const size_t piece = first + i < n ? first + i : first + i - n;
        if (atomic_load_explicit(&taken[piece], memory_order_relaxed) != now &&
            atomic_exchange_explicit(&taken[piece], now, memory_order_relaxed) != now)
            return piece;
    }
    return n;
}

void thread_crew_fail(struct thread_crew *crew, const struct w2v_error *error)
{
    thread_fail(&crew->failure, error);
}

int thread_turns_init(struct thread_turns *turns, struct w2v_error *error)
{
    *turns = (struct thread_turns){.next = 0};
    if (pthread_mutex_init(&turns->lock, NULL) != 0)
        return error_set(error, W2V_ENOMEM, "cannot make a lock");
    if (pthread_cond_init(&turns->turned, NULL) != 0) {
        pthread_mutex_destroy(&turns->lock);
        return error_set(error, W2V_ENOMEM, "cannot make a lock");
    }
    return W2V_OK;
}

void thread_turns_release(struct thread_turns *turns)
{
    pthread_cond_destroy(&turns->turned);
    pthread_mutex_destroy(&turns->lock);
}

void thread_turn_begin(struct thread_turns *turns, size_t piece)
{
    pthread_mutex_lock(&turns->lock);
    while (turns->next != piece)
        pthread_cond_wait(&turns->turned, &turns->lock);
}

void thread_turn_end(struct thread_turns *turns)
{
    turns->next++;
    pthread_cond_broadcast(&turns->turned);
    pthread_mutex_unlock(&turns->lock);
}

double thread_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
