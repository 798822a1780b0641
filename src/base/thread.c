/* Threads and their phases. See thread.h. */
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

static const double OFFER_SECONDS = 0.002;

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
        return error_set(error, W2V_ENOMEM, "cannot start threads");
    if (pthread_cond_init(&crew->turned, NULL) != 0) {
        pthread_mutex_destroy(&crew->lock);
        return error_set(error, W2V_ENOMEM, "cannot start threads");
    }
    return W2V_OK;
}

void thread_crew_release(struct thread_crew *crew)
{
    pthread_cond_destroy(&crew->turned);
    pthread_mutex_destroy(&crew->lock);
}

void thread_phase(struct thread_member *member, uint64_t phase, size_t n_first, size_t n_second)
{
    member->phase = phase;
    member->n_pieces[0] = n_first;
    member->n_pieces[1] = n_second;
}

static bool has_ended(const struct thread_member *member)
{
    return atomic_load_explicit(&member->crew->ended, memory_order_acquire) >= member->phase;
}

/* Ends the piece that the thread holds, and with the last piece the phase. */
static void end_piece(struct thread_member *member)
{
    struct thread_crew *crew = member->crew;
    if (!member->holds_piece)
        return;
    member->holds_piece = false;
    if (atomic_fetch_add_explicit(&crew->done, 1, memory_order_acq_rel) + 1 <
        member->n_pieces[0] + member->n_pieces[1])
        return;
    atomic_store_explicit(&crew->done, 0, memory_order_relaxed);
    if (thread_failed(&crew->failure))
        atomic_store_explicit(&crew->stopped, true, memory_order_relaxed);
    /* Without the lock a thread about to sleep could miss the broadcast. */
    pthread_mutex_lock(&crew->lock);
    atomic_store_explicit(&crew->ended, member->phase, memory_order_release);
    pthread_cond_broadcast(&crew->turned);
    pthread_mutex_unlock(&crew->lock);
}

static void offer_core(struct thread_member *member)
{
    if (member->n_threads == 1)
        return;
    const double now = thread_seconds();
    if (now - member->offered < OFFER_SECONDS)
        return;
    sched_yield();
    member->offered = thread_seconds();
}

/* A thread that missed the end of the phase finds that each piece was taken in it or later. */
static bool take_piece(struct thread_member *member, _Atomic uint64_t *taken)
{
    uint64_t last = atomic_load_explicit(taken, memory_order_relaxed);
    return last < member->phase &&
           atomic_compare_exchange_strong_explicit(taken, &last, member->phase,
                                                   memory_order_relaxed, memory_order_relaxed);
}

bool thread_piece(struct thread_member *member, unsigned work, size_t *piece)
{
    const size_t n = member->n_pieces[work];
    const size_t first = n * member->index / member->n_threads;
    end_piece(member);
    offer_core(member);
    for (size_t i = 0; i < n; i++) {
        *piece = first + i < n ? first + i : first + i - n;
        member->holds_piece = take_piece(member, &member->crew->taken[work][*piece]);
        if (member->holds_piece)
            return true;
    }
    return false;
}

bool thread_phase_end(struct thread_member *member)
{
    struct thread_crew *crew = member->crew;
    end_piece(member);
    for (int i = 0; i < SPINS && !has_ended(member); i++)
        pause_briefly();
    if (!has_ended(member)) {
        pthread_mutex_lock(&crew->lock);
        while (!has_ended(member))
            pthread_cond_wait(&crew->turned, &crew->lock);
        pthread_mutex_unlock(&crew->lock);
    }
    return !atomic_load_explicit(&crew->stopped, memory_order_relaxed);
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
