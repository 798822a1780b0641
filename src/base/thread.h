/*
 * Threads: one function run on several of them, and phases that they go through together. Work is
 * distributed by tickets (an atomic counter), by pieces (which prefer a thread) or by thread index.
 * This decides which thread computes a result, never the result.
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
 * Takes the next stretch of at most `length` of n things: *count things from *first on. False when none is
 * left. Reset `next` to 0 before the threads start.
 */
static inline bool thread_stretch(atomic_size_t *next, size_t n, size_t length, size_t *first,
                                  size_t *count)
{
    const size_t n_stretches = n / length + (n % length > 0),
                 ticket = thread_ticket(next, n_stretches);
    *first = ticket * length;
    *count = ticket + 1 < n_stretches ? length : n - *first;
    return ticket < n_stretches;
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
 * A crew: threads that go through phases together. A phase consists of pieces of work and ends when
 * all pieces are done. A thread takes the pieces of its own share first, since it then has their
 * memory in its cache. After that it takes what is left of the others' shares.
 *
 * A phase waits for its pieces, not for its threads. On a busy machine a thread loses its core to
 * another process for some milliseconds, which is several phases. Meanwhile the others do its share,
 * unless it holds a piece. So each thread offers its core to other processes between two pieces,
 * before the system takes the core within one. When the thread returns, it finds no pieces in the
 * phases that it missed and runs through them.
 *
 * The numbers of phases are above 0 and rise. All threads give a phase the
 * same number and the same pieces. A thread may leave out a phase that has ended.
 */
enum { THREAD_CREW_WORKS = 2, THREAD_CREW_PIECES = 128 };

struct thread_crew {
    /* The gaps keep `ended`, which waiting threads read, off the lines that are written more often. */
    _Atomic uint64_t ended; /* the last phase that has ended */
    char gap_1[2 * FETCH_LINE];
    atomic_size_t done; /* pieces of the present phase */
    char gap_2[2 * FETCH_LINE];
    /* The last phase in which each piece was taken, or 0. */
    _Atomic uint64_t taken[THREAD_CREW_WORKS][THREAD_CREW_PIECES];
    pthread_mutex_t lock;
    pthread_cond_t turned;
    struct thread_failure failure; /* the first failure */
    atomic_bool stopped;           /* a phase has ended after a failure */
};

int thread_crew_init(struct thread_crew *crew, struct w2v_error *error);
void thread_crew_release(struct thread_crew *crew);

/*
 * Records a failure. The phase goes on to its end, then all threads stop. A thread that is still in
 * an earlier phase may stop at the end of that.
 */
void thread_crew_fail(struct thread_crew *crew, const struct w2v_error *error);

/* A thread of a crew. The first three members are the caller's, the others begin as 0. */
struct thread_member {
    struct thread_crew *crew;
    unsigned index, n_threads;
    uint64_t phase;
    size_t n_pieces[THREAD_CREW_WORKS]; /* in this phase */
    bool holds_piece;
    double offered; /* when it last offered its core, by thread_seconds */
};

/*
 * Enters a phase with two kinds of work, which have n_first and n_second pieces (at most
 * THREAD_CREW_PIECES). A phase has at least one piece.
 */
void thread_phase(struct thread_member *member, uint64_t phase, size_t n_first, size_t n_second);

/*
 * Ends the piece that the thread holds, and takes one of `work` (0 or 1) that nobody has taken in
 * this phase. False if none is left.
 */
bool thread_piece(struct thread_member *member, unsigned work, size_t *piece);

/*
 * Ends the piece that the thread holds, and waits until the phase has ended. The wait spins briefly,
 * then sleeps. True if the crew goes on.
 */
bool thread_phase_end(struct thread_member *member);

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
