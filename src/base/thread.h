/*
 * Threads: one function run on several of them, and a barrier. Work is distributed by tickets (an
 * atomic counter), by pieces (which prefer a thread) or by thread index. This decides which thread
 * computes a result, never the result.
 */
#ifndef W2V_BASE_THREAD_H
#define W2V_BASE_THREAD_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/error.h"
#include "base/fetch.h"

/* The cores that this process may run on; at least 1. */
unsigned thread_cores(void);

/*
 * The number of threads to use: `wished`, but at most the number of cores, because more threads
 * would only wait for each other. 0 means all cores.
 */
unsigned thread_count(unsigned wished);

/*
 * Calls run(arg, index, n) for index 0 .. n-1 on n threads at once (index 0 on the calling thread)
 * and returns when all calls have returned. n is `wished`, or less where the system refuses to
 * start more threads.
 */
typedef void (*thread_fn)(void *arg, unsigned index, unsigned n);
void thread_run(unsigned wished, thread_fn run, void *arg);

/*
 * The next ticket below `n`, or n when none is left. Reset `next` to 0 before the threads start.
 */
static inline size_t thread_ticket(atomic_size_t *next, size_t n)
{
    size_t ticket = atomic_fetch_add_explicit(next, 1, memory_order_relaxed);
    return ticket < n ? ticket : n;
}

/*
 * The first failure of several threads. Workers call thread_fail and check thread_failed. The
 * thread that started them calls thread_outcome after they have ended. Begin with {0}.
 */
struct thread_failure {
    atomic_int code;
    struct w2v_error error;
};

/* Records `error`, unless another thread was first. */
void thread_fail(struct thread_failure *failure, const struct w2v_error *error);

static inline bool thread_failed(struct thread_failure *failure)
{
    return atomic_load_explicit(&failure->code, memory_order_relaxed) != W2V_OK;
}

/*
 * W2V_OK, or the code of the first failure with *error set. Call it after the threads have ended.
 */
int thread_outcome(struct thread_failure *failure, struct w2v_error *error);

/*
 * A crew: threads that go through phases together. A phase ends at a barrier, which spins briefly
 * and then sleeps. After the barrier all work is free again, and all threads agree on whether to go
 * on: a failure takes effect at the end of the phase in which it happens.
 *
 * A phase may have several kinds of work, which consist of tickets or of pieces. Tickets are given
 * out in order. A piece goes to the same thread in each phase if it can, since the thread then has
 * the piece's memory in its cache. A thread that has done its own pieces takes those of others.
 */
enum { THREAD_CREW_WORKS = 2, THREAD_CREW_PIECES = 128 };

struct thread_crew {
    /* The gaps keep `generation`, which waiting threads read, off the lines that others write. */
    atomic_uint generation;
    char gap_1[2 * FETCH_LINE];
    atomic_uint waiting;
    char gap_2[2 * FETCH_LINE];
    atomic_size_t tickets[THREAD_CREW_WORKS];
    /* For each piece, 1 + the generation in which it was taken last, or 0. */
    atomic_uint taken[THREAD_CREW_WORKS][THREAD_CREW_PIECES];
    pthread_mutex_t lock;
    pthread_cond_t turned;
    struct thread_failure failure; /* the first failure */
    bool stopped;                  /* there was a failure before the last barrier */
};

int thread_crew_init(struct thread_crew *crew, struct w2v_error *error);
void thread_crew_release(struct thread_crew *crew);

/* Ends a phase. Returns when n threads have called it: true if the crew goes on. */
bool thread_crew_meet(struct thread_crew *crew, unsigned n);

/* The next ticket below `n` of `work` in this phase, or n when none is left. */
static inline size_t thread_crew_ticket(struct thread_crew *crew, unsigned work, size_t n)
{
    return thread_ticket(&crew->tickets[work], n);
}

/*
 * A piece below `n` of `work` that nobody has taken in this phase, or n when none is left. n is at
 * most THREAD_CREW_PIECES. Thread `index` of n_threads first gets the pieces of its own share, then
 * those of the threads after it. A crew that uses pieces ends before 2^32 phases.
 */
size_t thread_crew_piece(struct thread_crew *crew, unsigned work, size_t n, unsigned index,
                         unsigned n_threads);

/* Records a failure. The phase goes on to its end, then all threads stop. */
void thread_crew_fail(struct thread_crew *crew, const struct w2v_error *error);

/*
 * Turns: threads make the pieces 0, 1, 2, ... in any order and use them in this order, each in its
 * turn. Every piece must take its turn, also one that failed, or the later ones wait for ever.
 */
struct thread_turns {
    pthread_mutex_t lock;
    pthread_cond_t turned;
    size_t next; /* the piece whose turn it is */
};

int thread_turns_init(struct thread_turns *turns, struct w2v_error *error);
void thread_turns_release(struct thread_turns *turns);

/* Waits for the turn of a piece. Until thread_turn_end the calling thread holds turns->lock. */
void thread_turn_begin(struct thread_turns *turns, size_t piece);
void thread_turn_end(struct thread_turns *turns);

/* Seconds on a clock that only goes forward. */
double thread_seconds(void);

#endif
