/*
 * w2v: word embeddings. The whole public interface of libw2v.
 *
 * Train vectors from text, open vector files, search them. The library never prints and never exits. It
 * reports through a struct w2v_error, a report or a callback. Between calls it keeps no state except the
 * list of w2v_remove_unfinished and a random key for its hash tables.
 *
 * Conventions
 *   - A function that can fail returns W2V_OK (0) or one of the negative codes below. When it fails,
 *     it fills the caller's struct w2v_error, which may be NULL, and its outputs are untouched or
 *     released.
 *   - A pointer must not be NULL unless this header says so. Every close, abort and release takes NULL.
 *   - Words are byte strings with a length (UTF-8 by custom, never required); sizes are in bytes.
 *   - V is the number of words, D the number of dimensions; matrices are row-major. The id of a word is
 *     below V. Functions that can fail check it, and the others do not.
 *   - A model is immutable once opened: any number of threads may query it at the same time.
 *   - A call must not write a file that it also reads, nor one file twice, under any names:
 *     W2V_EARG. There are two exceptions: w2v_convert may replace its model, and a resumed run its
 *     checkpoint. An existing file is replaced when the new one is complete.
 *   - Results are the same bits for any number of threads, and on any CPU with fused multiply-add.
 *   - The environment variable W2V_SIMD names the instruction set that training, search, clustering,
 *     maps and principal directions use: avx512, avx2, sse2, neon or scalar. A name that this CPU
 *     cannot run is W2V_EARG. Without the variable the fastest set is used. Each such call reads the
 *     variable when it starts, so no thread may change the environment then. sse2 has no fused
 *     multiply-add, so its results differ in their last bits.
 */
#ifndef W2V_H
#define W2V_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The library exports the names below and no others. */
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define W2V_VERSION "0.1.0"

/* The version of the library that is linked; W2V_VERSION is the version of this header. */
const char *w2v_version(void);

/* ---- Errors ---------------------------------------------------------------------------------- */

enum {
    W2V_OK = 0,
    W2V_EIO = -1,      /* a file could not be opened, read or written */
    W2V_ENOMEM = -2,   /* memory, threads or another resource ran out */
    W2V_EFORMAT = -3,  /* a file is damaged, or of another format */
    W2V_EARG = -4,     /* an option or argument is out of range */
    W2V_EDATA = -5,    /* the data do not allow the work: an empty corpus, say */
    W2V_ENUMERIC = -6, /* training diverged: numbers are no longer finite */
    W2V_ESTOPPED = -7  /* a progress callback asked to stop */
};

struct w2v_error {
    int code;           /* one of the above */
    char message[1024]; /* one line: "FILE:LINE: what is wrong; what to do", to be shown as it is */
};

/*
 * Escapes bytes for display. Words and file names may hold any bytes, also newlines and control codes
 * of terminals. Messages of the library are escaped already; escape words before you print them.
 *
 *   \t \n \r  tab, LF, CR
 *   \xHH     another byte below 32, 127, and a byte of 128 to 159 that is not part of a character
 *   \u00HH   the characters U+0080 to U+009F
 *
 * A backslash stays as it is.
 *
 * Writes to `to` as much of *text (*n_bytes long) as fits into `room` bytes, without a terminator.
 * `room` is at least W2V_MIN_ESCAPE. Moves *text and *n_bytes behind what was escaped. Returns how
 * many bytes were written.
 */
#define W2V_MIN_ESCAPE 8
size_t w2v_escape(char *to, size_t room, const char **text, size_t *n_bytes);

/* ---- Progress -------------------------------------------------------------------------------- */

enum w2v_phase {
    W2V_PHASE_READ,
    W2V_PHASE_TRAIN,
    W2V_PHASE_WRITE,
    W2V_PHASE_CLUSTER, /* done: rounds; loss: the mean cosine */
    W2V_PHASE_SEARCH,  /* done, total: words */
    W2V_PHASE_PHRASES, /* done, total: tokens processed */
    W2V_PHASE_SEGMENT, /* finding words; done, total: tokens processed */
    W2V_PHASE_MAP,     /* done, total: work of the layout */
    W2V_PHASE_WALK     /* done, total: walks */
};

struct w2v_progress {
    enum w2v_phase phase;
    uint64_t done, total;   /* bytes read (total 0: unknown), tokens trained, rows written */
    uint64_t before;        /* the part of `done` that the resumed run had done */
    double seconds;         /* since the phase began */
    unsigned epoch, epochs; /* the epoch being trained, from 1 */
    double learning_rate;   /* the current one */
    double loss;            /* mean per prediction in this epoch so far; 0 before the first */
};

/*
 * Called a few times a second from the thread that called the library. Return 0 to go on. A positive
 * value stops the work: the call returns W2V_ESTOPPED and leaves no output, except a checkpoint that was
 * asked for and, with save_on_interrupt, the model. A negative value says that what was read cannot be
 * trusted. Then training leaves no checkpoint either and returns W2V_EIO. Other functions take it as a
 * positive value.
 */
typedef int (*w2v_progress_fn)(void *context, const struct w2v_progress *progress);

/* Called during the work, from the same thread, with one line that can be shown as it is. */
enum w2v_notice { W2V_NOTICE_PLAN, W2V_NOTICE_NOTE, W2V_NOTICE_WARNING };
typedef void (*w2v_notice_fn)(void *context, enum w2v_notice kind, const char *text);

/* ---- Formats of files to write ---------------------------------------------------------------- */

enum w2v_file {
    W2V_FILE_GUESS,          /* the format that the output's ending says, see below */
    W2V_FILE_WORD2VEC,       /* w2v's own: a word2vec binary file with a trailer behind it */
    W2V_FILE_WORD2VEC_PLAIN, /* the same without the trailer */
    W2V_FILE_WORD2VEC_TEXT,  /* a line "V D", then a line a word */
    W2V_FILE_GLOVE,          /* the same without the first line */
    W2V_FILE_FASTTEXT_VEC,   /* as word2vec-text */
    W2V_FILE_FASTTEXT_BIN,   /* fastText's model: vectors, n-grams, output matrix, counts */
    W2V_FILE_NPY,            /* NumPy's, vec.npy, with the words beside, in vec.words */
    W2V_FILE_SAFETENSORS,    /* one tensor, "embeddings", the words in its metadata */
    W2V_FILE_PROJECTOR       /* the embedding projector's vec.tsv, with vec.metadata.tsv */
};

/*
 * The ending of an output's name chooses the format:
 *
 *   none, .bin, .w2v   W2V_FILE_WORD2VEC
 *   .txt               W2V_FILE_WORD2VEC_TEXT
 *   .glove             W2V_FILE_GLOVE
 *   .vec               W2V_FILE_FASTTEXT_VEC
 *   .ftbin             W2V_FILE_FASTTEXT_BIN
 *   .npy .safetensors  what they are called after
 *   .tsv               W2V_FILE_PROJECTOR
 *
 * A second ending .gz, .bz2, .xz, .zst or .lz4 compresses the file, also when `file` gives the format.
 * Another ending is W2V_EARG, unless `file` gives the format.
 */

/* ---- Output files ---------------------------------------------------------------------------- */

/*
 * An output file that is complete or not there. A commit puts what the program wrote to the descriptor
 * at `path`. Until then `path` holds what it held before. "-" is standard output. A pipe
 * or a device, /dev/fd/N, /proc/self/fd/N and /dev/stdout are written directly and are not replaced.
 * If the name ends in .gz, .bz2, .xz, .zst or .lz4, the file is compressed. A program that has copied
 * the descriptor closes the copies before it commits.
 */
struct w2v_output;
int w2v_output_open(struct w2v_output **output, const char *path, struct w2v_error *error);
int w2v_output_fd(const struct w2v_output *output);

/* W2V_EARG if the output, or with NULL standard output, is a file that the model is read from. */
struct w2v_model;
int w2v_output_apart(const struct w2v_output *output, const struct w2v_model *model,
                     struct w2v_error *error);

/*
 * Removes the temporary files of the library and ends the child processes in which it runs gzip and the
 * like. Calls that still use them fail afterwards. A signal handler may call this before it ends the
 * process. The list of these files and processes has room for a limited number of them.
 */
void w2v_remove_unfinished(void);

/*
 * Makes free() return large blocks to the system at once, in the whole process. The library itself
 * never calls this.
 */
void w2v_give_memory_back(void);

/*
 * Call exactly one of these after w2v_output_open. All release the output, and a failed commit aborts.
 * w2v_output_fail aborts after a write to the descriptor has failed. errno must be that of the write.
 * The function returns W2V_EIO. The error has the reason: what the compressing program says, or errno.
 */
int w2v_output_commit(struct w2v_output *output, struct w2v_error *error);
void w2v_output_abort(struct w2v_output *output);
int w2v_output_fail(struct w2v_output *output, struct w2v_error *error);

/* ---- Lines ----------------------------------------------------------------------------------- */

/*
 * Reads lines from an open descriptor as they arrive. A UTF-8 byte order mark before the first line is
 * skipped. LF or CR LF ends a line; the last line may lack it.
 */
struct w2v_lines;
int w2v_lines_open(struct w2v_lines **lines, int fd, struct w2v_error *error);
void w2v_lines_close(struct w2v_lines *lines); /* the descriptor stays open */

struct w2v_line {
    const char *text; /* not terminated; until the next call */
    size_t n_bytes;
    uint64_t number; /* from 1 */
    bool found;      /* false: no line has arrived, or there are no more */
    bool ended;      /* there are no more */
};

/* Reads the next line. With `wait` false it does not wait for a line that has not arrived yet. */
int w2v_lines_next(struct w2v_lines *lines, bool wait, struct w2v_line *line,
                   struct w2v_error *error);

/* ---- Text ------------------------------------------------------------------------------------ */

enum w2v_tokenizer {
    W2V_TOKENIZER_WORDS,      /* Unicode words, each Han character by itself */
    W2V_TOKENIZER_WHITESPACE, /* the text is split at white space (White_Space), NUL and bytes that
                                 are not UTF-8 */
    W2V_TOKENIZER_CHARS       /* user-perceived characters */
};

/* What is done to case (words, chars). */
enum w2v_fold {
    W2V_FOLD_LOWER,  /* lower case by the Unicode rules: final sigma, and ß stays */
    W2V_FOLD_FULL,   /* full case folding: ß is ss, every sigma the same */
    W2V_FOLD_TURKIC, /* lower case of Turkish and Azerbaijani: I is ı, İ is i */
    W2V_FOLD_NONE
};

/*
 * Gives the library the next line of a text that the program holds. Sets *line and *n_bytes and
 * returns 1, or returns 0 when there are no more lines. The bytes must not change until the next
 * call. A line end inside them ends a line too. A negative value stops the work: the call returns
 * W2V_ESTOPPED. Calls never overlap, but they may come from any thread.
 */
typedef int (*w2v_line_fn)(void *context, const char **line, size_t *n_bytes);

struct w2v_text_options {
    enum w2v_tokenizer tokenizer;
    enum w2v_fold fold;
    bool nfkc;          /* normal form NFKC, which unifies wide and narrow forms, ligatures, ... */
    bool hyphens;       /* words (only): words joined by a hyphen are one word */
    bool tags;          /* words (only): # and @ right before a word belong to it */
    bool emoji;         /* words (only): emoji are words */
    bool segment;       /* words (only): find those of scripts without spaces by statistics */
    bool any_bytes;     /* also read files that are clearly not text, and train on text if more
                           than a quarter of it is not UTF-8; else they are refused */
    uint64_t min_count; /* rarer words are dropped; 0 and 1: none */
    size_t max_vocab;   /* keep the most frequent words only; 0: all */
    unsigned threads;   /* 0: every core the process may use */
    w2v_progress_fn progress;
    void *progress_context;
    w2v_line_fn next_line; /* gives the text if no files are named; NULL: files are named */
    void *next_line_context;
};

/* What reading a corpus came to. */
struct w2v_text_report {
    uint64_t n_bytes; /* read */
    uint64_t n_lines;
    uint64_t n_tokens;        /* all tokens of the text */
    uint64_t n_distinct;      /* different ones, with the words of a given vocabulary */
    uint64_t n_words;         /* V: words of the vocabulary */
    uint64_t n_corpus;        /* tokens that are in the vocabulary */
    uint64_t n_invalid_bytes; /* bytes that were not UTF-8, taken as separators */
    uint64_t n_phrases;       /* found, or given; 0 where none were wanted */
    uint64_t n_joined;        /* places where a phrase was joined; n_tokens counts before that */
    uint64_t phrase_error;    /* counts of pairs are too low by this at most; 0: all exact */
    const char *advice;       /* a line on an option or encoding that would suit better; or NULL */
    double seconds;
};

void w2v_text_options_init(struct w2v_text_options *options);

/*
 * Writes the tokens of the named files ("-": standard input) to the file `output` ("-": standard
 * output). Blanks separate tokens, and each line of the input is a line of the output. min_count and
 * max_vocab are not used. The file is written completely or not at all. The report may be NULL.
 */
int w2v_tokenize(const char *const *paths, size_t n_paths, const char *output,
                 const struct w2v_text_options *options, struct w2v_text_report *report,
                 struct w2v_error *error);

/* Counts the words of such files and writes WORD<TAB>COUNT lines by falling count, ties by bytes. */
int w2v_vocab(const char *const *paths, size_t n_paths, const char *output,
              const struct w2v_text_options *options, struct w2v_text_report *report,
              struct w2v_error *error);

/* Calls `visit` for each of the same words in the same order. The report may be NULL. */
typedef void (*w2v_word_fn)(void *context, const char *word, size_t n_bytes, uint64_t count);
int w2v_count_words(const char *const *paths, size_t n_paths,
                    const struct w2v_text_options *options, w2v_word_fn visit, void *context,
                    struct w2v_text_report *report, struct w2v_error *error);

/* ---- Phrases --------------------------------------------------------------------------------- */

enum w2v_phrase_score {
    W2V_PHRASE_W2V, /* (count(ab) - min_count) / (count(a) count(b)) tokens: arXiv 1310.4546 */
    W2V_PHRASE_NPMI /* normalised pointwise mutual information, -1 to 1: Bouma 2009 */
};

#define W2V_MAX_PHRASE_PASSES 30

struct w2v_phrase_options {
    unsigned passes; /* the most; each pass can join phrases of the pass before. 0: no phrases */
    enum w2v_phrase_score score;
    double threshold;       /* a phrase's score is above it; NAN: 100, or 0.5 for npmi */
    uint64_t min_count;     /* pairs and words that occur less often are in no phrase */
    uint64_t memory;        /* w2v_phrases: for the text's ids and the counts of pairs; 0: half of
                               what the process may use. If it is too small, counts are lossy:
                               phrase_error */
    const char *save_path;  /* w2v_phrases: also write the table of phrases there; NULL: no */
    const char *apply_path; /* w2v_phrases: join the phrases of such a table; NULL: find some */
};

/* 0 passes, the w2v score with its threshold, min_count 5. */
void w2v_phrase_options_init(struct w2v_phrase_options *options);

/*
 * Does the same as w2v_tokenize and joins collocations: with "_", or with nothing between scripts that
 * are written without spaces. Each line is joined from left to right. The table has a line for each
 * phrase, PHRASE<TAB>COUNT<TAB>SCORE<TAB>PASS<TAB>LEFT<TAB>RIGHT, ordered by pass and falling score.
 * Either both files are replaced or neither. The text is renamed last, so its table is there first.
 */
int w2v_phrases(const char *const *paths, size_t n_paths, const char *output,
                const struct w2v_text_options *text, const struct w2v_phrase_options *options,
                struct w2v_text_report *report, struct w2v_error *error);

/* ---- Walks ----------------------------------------------------------------------------------- */

#define W2V_MAX_WALKS 1000000
#define W2V_MAX_WALK_LENGTH 100000
#define W2V_MAX_WALK_BIAS 1e9 /* of p and q; the least is 1 / W2V_MAX_WALK_BIAS */

struct w2v_walk_options {
    unsigned walks;  /* walks that begin at each node */
    unsigned length; /* nodes of a walk, the first one included */
    double p, q;     /* node2vec: a step back to the previous node is 1 / p times as likely, a step
                        to a node to which the previous node has no edge 1 / q times */
    bool directed;   /* edges lead from the first name to the second only */
    uint64_t seed;   /* for w2v_walk; training has a seed of its own */
};

/* 10 walks of 80 nodes, p and q 1, undirected, seed 1. */
void w2v_walk_options_init(struct w2v_walk_options *options);

struct w2v_walk_report {
    uint64_t n_bytes, n_nodes, n_edges; /* of the graph */
    uint64_t n_remarks;                 /* lines that begin with #, which were skipped */
    bool weighted;                      /* not all weights are 1 */
    bool lone_first; /* no other line has one of the first line's names: they may be headings */
    uint64_t n_walks, n_steps;
    double read_seconds, walk_seconds;
};

/*
 * Reads a graph and writes random walks on it to the file `output` ("-": standard output). Each walk
 * is a line of names with blanks between, for training with W2V_TOKENIZER_WHITESPACE. All files
 * together are one list of edges. An edge is a line: two names and, optionally, a weight of 0 or more,
 * with white space between, but not both tabs and blanks. Lines that begin with # are skipped. All lines
 * must be UTF-8. An edge that is
 * there twice counts twice. A walk ends early at a node without a way out. Walk k of node v depends only on
 * the graph, the options, k and v; the order of all walks is shuffled. The report may be NULL. Of `text` only
 * threads, any_bytes, progress and next_line are used.
 */
int w2v_walk(const char *const *paths, size_t n_paths, const char *output,
             const struct w2v_text_options *text, const struct w2v_walk_options *options,
             struct w2v_walk_report *report, struct w2v_error *error);

/* ---- Training -------------------------------------------------------------------------------- */

enum w2v_architecture { W2V_SKIPGRAM, W2V_CBOW };
enum w2v_loss { W2V_NEGATIVE, W2V_HIERARCHICAL }; /* negative sampling, hierarchical softmax */

/* Limits of the options, for programs that check them early; w2v_train checks all of them. */
#define W2V_MAX_DIM 65536
#define W2V_MAX_WINDOW 1000
#define W2V_MAX_NEGATIVE 1000
#define W2V_MAX_EPOCHS 1000000
#define W2V_MAX_LR 1000
#define W2V_MAX_NS_EXPONENT 10 /* and -10 */
#define W2V_MAX_NGRAM 100
#define W2V_MAX_BUCKETS 100000000
#define W2V_MAX_SHARDS 128

/* Whether contexts that stand close together attract each other. It has no effect in CBOW. */
enum w2v_attract { W2V_ATTRACT_NO, W2V_ATTRACT_YES };

/* The words of a run that starts from a model. */
enum w2v_vocab_mode {
    W2V_VOCAB_NEW,  /* the words of the corpus */
    W2V_VOCAB_OLD,  /* the words of the model, also those that the corpus lacks */
    W2V_VOCAB_UNION /* both */
};

struct w2v_checkpoint;

struct w2v_train_options {
    struct w2v_text_options text; /* threads and progress of the whole run stand here */
    enum w2v_architecture model;
    enum w2v_loss loss;
    size_t dim;          /* D; 0: that of the model at init_path */
    unsigned window;     /* most words on each side */
    bool fixed_window;   /* always the whole window; else 1..window, drawn evenly */
    bool whole_line;     /* a centre's contexts are `window` words drawn from the rest of its line,
                           at any distance; all of them if the line has no more */
    unsigned negative;   /* negatives for a prediction; 0: 5, and none with W2V_HIERARCHICAL */
    bool subwords;       /* a word's vector is the mean of its own row and those of its n-grams
                           (Bojanowski et al. 2017, arXiv 1607.04606) */
    unsigned minn, maxn; /* with subwords: least and most characters of an n-gram */
    unsigned buckets;    /* with subwords: n-grams are hashed to so many rows */
    double ns_exponent;  /* noise ~ count^exponent */
    double sample;       /* subsampling threshold; 0: none; < 0: the larger of 1e-4 and 1 / V */
    unsigned epochs;     /* 0: from 3 to 22; the more words the corpus has, the fewer */
    double lr;           /* first learning rate; 0: from 0.025 to 0.1, for CBOW to 0.25, and less in
                            wide windows of skip-gram; the more predictions the run makes for each
                            word, the lower */
    double min_lr;       /* last learning rate; negative: lr * 1e-4 */
    uint64_t seed;
    enum w2v_attract attract;
    unsigned shards;             /* parts of the corpus that are trained at once, and so the most
                                    threads that can help; 1 to W2V_MAX_SHARDS */
    uint64_t memory;             /* bytes to use at most; 0: half of what the process may use */
    const char *vocab_path;      /* use only the words of this file, a word a line. Counts may
                                    follow; else the corpus gives the counts. NULL: all */
    const char *save_vocab_path; /* also write the vocabulary there; NULL: no */
    enum w2v_file file;          /* the format of the output */

    const char *init_path;          /* start from this model's vectors; NULL: at random */
    enum w2v_vocab_mode vocab_mode; /* with init_path */
    const char *freeze_path;        /* a word a line: their vectors never change; NULL: none */
    bool save_output; /* W2V_FILE_WORD2VEC: also save the output matrix, for a later init_path */

    const char *checkpoint_path;  /* write checkpoints there; NULL: none */
    const char *checkpoint_every; /* "30s", "10m", "2h", "1e" (epochs), "200000w"; NULL: "10m" */
    bool save_on_interrupt;       /* when training is stopped, write the model as it is then */
    const struct w2v_checkpoint *resume; /* continue that run; NULL: start a new one */
    w2v_notice_fn notice;                /* may be NULL */
    void *notice_context;

    struct w2v_phrase_options phrases; /* phrases are joined before training; by default none */

    bool graph;                   /* the files are a graph: train on the walks that w2v_walk would
                                     write with this seed. Options about reading text have no
                                     effect */
    struct w2v_walk_options walk; /* with graph */
};

struct w2v_train_report {
    struct w2v_text_report text;
    size_t dim;
    unsigned epochs, threads, phrase_passes;
    unsigned shards;               /* of a round: at most so many of the threads train */
    double lr, min_lr, sample;     /* as used */
    struct w2v_walk_report walk;   /* with graph; then text.n_bytes is the graph's size, and
                                      text.n_lines the number of walks */
    uint64_t n_unseen;             /* words of a given vocabulary that the corpus lacks */
    uint64_t n_alike;              /* words not written, since others are written like them */
    const char *simd;              /* the instruction set that was used */
    uint64_t n_trained;            /* tokens processed: epochs x text.n_corpus, exactly */
    uint64_t n_before;             /* the part of n_trained that the resumed run had done */
    uint64_t n_predictions;        /* (context, centre) pairs, or windows for CBOW */
    double *loss;                  /* per epoch: mean negative log likelihood per prediction; NaN if
                                      there was none */
    double train_seconds, seconds; /* training alone, the whole call */
    uint64_t peak_bytes;           /* the most memory that the process ever held; 0: unknown */
};

void w2v_train_options_init(struct w2v_train_options *options);

/*
 * The training options as a table, for programs that set options from text or show which options
 * there are. The command line, its help, the training record, the checkpoints and the checks of
 * w2v_train all use this table.
 */
enum w2v_option_kind {
    W2V_OPTION_FLAG,   /* a bool; as text "yes" or "no" */
    W2V_OPTION_COUNT,  /* an unsigned integer of `size` bytes; as text its digits */
    W2V_OPTION_BYTES,  /* the same, an amount of memory */
    W2V_OPTION_REAL,   /* a double */
    W2V_OPTION_CHOICE, /* an enum; as text one of `choices` */
    W2V_OPTION_TEXT,   /* a string or NULL */
    W2V_OPTION_FILE    /* the same, the name of a file */
};

/* The bits of `use`. The options of a group (OF) have no effect outside it. */
enum {
    W2V_OPTION_KEPT = 1,    /* checkpoints keep it */
    W2V_OPTION_SHOWN = 2,   /* the training record shows it */
    W2V_OPTION_DECIDES = 4, /* it decides the result: a resumed run must have the same value */
    /* The library can choose the value. It does so where a number is `automatic` (-1: any negative
       number), a choice is the first one, or a string is NULL. */
    W2V_OPTION_AUTO = 8,
    W2V_OPTION_OF_NEGATIVES = 16, /* for negative sampling alone */
    W2V_OPTION_OF_SUBWORDS = 32,  /* for runs with subwords alone */
    W2V_OPTION_OF_GRAPH = 64,     /* for runs on graphs alone */
    W2V_OPTION_OF_PHRASES = 128,  /* for runs that join phrases alone */
    W2V_OPTION_OF_TEXT = 256,     /* for runs on text alone */
    W2V_OPTION_OF_SKIPGRAM = 512  /* for skip-gram alone */
};

struct w2v_option {
    /* As in the training record: "min_count", --min-count on the command line. Two have other names there:
       "file" is --to, and "phrase_passes" is --phrases. */
    const char *key;
    enum w2v_option_kind kind;
    unsigned use;
    size_t offset, size; /* of its member in struct w2v_train_options */
    const char *choices; /* "sg|cbow", in the order of the enum */
    /* The default as text; NULL: no, none, or the library chooses. With W2V_OPTION_AUTO: what the library
       chooses where the option has an effect; the default itself is `automatic`, or NULL. */
    const char *fallback;
    double least, most; /* the range of a number; a `most` of 0: there is no upper limit */
    bool above;         /* the number must be greater than `least` */
    double automatic;   /* of a number that the library can choose: see W2V_OPTION_AUTO */
};

/* The groups, W2V_OPTION_OF_..., whose options have no effect in a run with these options. */
unsigned w2v_train_options_idle(const struct w2v_train_options *options);

/* Option number i of the table, from 0; NULL behind the last one. */
const struct w2v_option *w2v_train_option(size_t i);

/*
 * Sets the option with this key from text. A string is not copied, so it must live as long as the
 * options. W2V_EARG if there is no such option or the text is no value of its kind; ranges are
 * checked by w2v_train.
 */
int w2v_train_option_set(struct w2v_train_options *options, const char *key, const char *value,
                         struct w2v_error *error);

/* A fact, or an option as the training record has it ("min_count", "5"). */
typedef void (*w2v_info_fn)(void *context, const char *key, const char *value);

/* Kinds of data. */
enum w2v_preset {
    W2V_FOR_TEXT,
    W2V_FOR_ITEMS, /* baskets, sessions, playlists: each line has identifiers that belong together */
    W2V_FOR_GRAPH  /* random walks: each line has the names of a walk's nodes */
};

/*
 * Sets the options that suit a kind of data and calls `visit`, which may be NULL, for each. Options
 * that only another kind sets get their defaults back. No other option changes. To override one of them,
 * set it afterwards.
 */
void w2v_train_options_for(struct w2v_train_options *options, enum w2v_preset preset,
                           w2v_info_fn visit, void *context);

void w2v_train_report_release(struct w2v_train_report *report);

/*
 * Trains skip-gram or CBOW with negative sampling or hierarchical softmax (Mikolov et al. 2013, arXiv
 * 1310.4546). The text is the named files ("-": standard input), or the lines of
 * options->text.next_line if no file is named. The model is written to `output`, completely or not at
 * all, in the format that its ending or options->file says. A missing `output` is W2V_EARG, unless a
 * run is resumed. The same corpus, options and seed give the same file. The report may be NULL, else
 * the caller releases it. If training diverges (W2V_ENUMERIC), the report has the epochs so far. If the
 * last checkpoint cannot be written, the call fails, but the model is written, and the error says so.
 */
int w2v_train(const char *const *paths, size_t n_paths, const char *output,
              const struct w2v_train_options *options, struct w2v_train_report *report,
              struct w2v_error *error);

/*
 * Checkpoints. With checkpoint_path the run writes a checkpoint from time to time, when a progress
 * callback stops it, and when training is done. A complete checkpoint replaces the one before. A run
 * with `resume` continues from a checkpoint. It gives the same file as a run that was never stopped,
 * for any number of threads.
 *
 * It needs the same options (start from w2v_checkpoint_options) and the same corpus, which is read
 * again and compared. W2V_EARG or W2V_EDATA says what differs. Paths and output may change; with
 * n_paths 0 and output NULL those of the checkpoint are used. A run that took its text from next_line
 * needs a next_line with the same lines. Options that do not decide the result may change. `epochs`
 * may change too: the first learning rate stays, and after the checkpoint the rate falls as in a run of
 * so many epochs.
 */
int w2v_checkpoint_open(struct w2v_checkpoint **checkpoint, const char *path,
                        struct w2v_error *error);
void w2v_checkpoint_close(struct w2v_checkpoint *checkpoint);

/*
 * The options that the run began with; `resume` and checkpoint_path are set to this checkpoint. What
 * these functions return is valid until the checkpoint is closed.
 */
const struct w2v_train_options *w2v_checkpoint_options(const struct w2v_checkpoint *checkpoint);
const char *const *w2v_checkpoint_paths(const struct w2v_checkpoint *checkpoint, size_t *n_paths);
const char *w2v_checkpoint_output(const struct w2v_checkpoint *checkpoint);

/* Whether the file begins like a checkpoint. */
bool w2v_is_checkpoint(const char *path);

/* Calls `visit` with each fact of a checkpoint: words, dim, place, options, files. */
int w2v_checkpoint_info(const struct w2v_checkpoint *checkpoint, w2v_info_fn visit, void *context,
                        struct w2v_error *error);

/* ---- Models ---------------------------------------------------------------------------------- */

struct w2v_model;

struct w2v_open_options {
    unsigned threads; /* 0: every core the process may use */
    bool tolerant;    /* skip bad lines of text; take the whole rows of a file that is cut off */
};

void w2v_open_options_init(struct w2v_open_options *options);

/*
 * Opens a vector file. Its content tells the format: w2v's own, word2vec binary and text, GloVe's text,
 * fastText's .vec, .bin and .ftz, npy, safetensors, the embedding projector's numbers. w2v's own files
 * open at once: only the header and the footer are read, and where the first and the last row lie. For
 * another kind of file the error says what it is, if that is known: a checkpoint, a pickle, a Git LFS
 * pointer.
 */
int w2v_open(struct w2v_model **model, const char *path, struct w2v_error *error);
int w2v_open_with(struct w2v_model **model, const char *path,
                  const struct w2v_open_options *options, struct w2v_error *error);

/*
 * What is wrong with a file that was opened with `tolerant`: the first fault, how many lines were
 * skipped, and the numbers of the first ones. NULL: nothing is wrong.
 */
const char *w2v_fault(const struct w2v_model *model);

void w2v_close(struct w2v_model *model);

/*
 * Whether the model's file is still as it was when it was opened. The file is mapped while the model is
 * open, so nobody may change it in place. A new file may take its name, as all outputs of w2v do.
 *
 *   W2V_EIO      the file's size or time changed; answers since then may be wrong
 *   W2V_EFORMAT  w2v's own file is damaged where a word or vector was asked for: that word was not
 *                found, or that vector was zeros
 *
 * Reading a part of a mapped file that was cut off raises SIGBUS. A program that must survive this
 * calls w2v_replace_page in a signal handler, as the w2v command does, and then this function.
 */
int w2v_unchanged(const struct w2v_model *model, struct w2v_error *error);

/*
 * Puts a page of zeros in the place of the page at this address: the si_addr of a SIGBUS whose si_code
 * is BUS_ADRERR or BUS_OBJERR. False if that is not possible.
 */
bool w2v_replace_page(void *address);

const char *w2v_format(const struct w2v_model *model); /* "w2v", "word2vec", ... */
size_t w2v_n_words(const struct w2v_model *model);     /* V */
size_t w2v_dim(const struct w2v_model *model);         /* D */

/* Word `id` (below V), not terminated; its bytes live as long as the model. */
const char *w2v_word(const struct w2v_model *model, size_t id, size_t *n_bytes);

/* The id of a word, or -1. */
int64_t w2v_find(const struct w2v_model *model, const char *word, size_t n_bytes);

/*
 * Looks for the word as it is given. If the model does not have it, looks for the spelling that the
 * model's tokenizer gives the word, by the training record. If the record is missing or says that words
 * kept their case, looks for the word in lower case. *id is the word's id, or -1.
 */
int w2v_find_folded(const struct w2v_model *model, const char *word, size_t n_bytes, int64_t *id,
                    struct w2v_error *error);

/*
 * A look-up that ignores case. Words are equal if their full case folding, in composed form and spelt
 * as the tokenizer spells words (one kind of apostrophe and hyphen, nothing invisible), is the same.
 * The first of equal words stands for all of them. The folding covers all words of a model and must be
 * closed before the model. Any number of threads may use it at the same time.
 */
struct w2v_folding;
int w2v_folding_open(struct w2v_folding **folding, const struct w2v_model *model,
                     struct w2v_error *error);
void w2v_folding_close(struct w2v_folding *folding);

/* Sets *id to the id of the first word that is equal to this one, or to -1. */
int w2v_folding_find(const struct w2v_folding *folding, const char *word, size_t n_bytes,
                     int64_t *id, struct w2v_error *error);

/* The first word that is equal to word `id`. */
size_t w2v_folding_first(const struct w2v_folding *folding, size_t id);

/*
 * Finds the words of a list. `path` is a file or "-", with a word on each line. Anything behind a tab, or
 * a count behind a blank, may follow. *ids gets the words that the model has, in the list's order; the
 * caller frees it, and it is not NULL even if there are none. *n_unknown counts the others. With a
 * folding, which may be NULL, case is ignored.
 */
int w2v_find_list(const struct w2v_model *model, const char *path,
                  const struct w2v_folding *folding, size_t **ids, size_t *n, uint64_t *n_unknown,
                  struct w2v_error *error);

/* How often word `id` occurs in the corpus. False if the file does not say. */
bool w2v_count(const struct w2v_model *model, size_t id, uint64_t *count);

/*
 * Finds the words that are spelt most like a word that the model lacks: at most n, and at most
 * W2V_MAX_SUGGESTIONS. The nearest come first, of equally near ones the first in the model. Returns how
 * many there are. Compares all words.
 */
#define W2V_MAX_SUGGESTIONS 16
size_t w2v_suggest(const struct w2v_model *model, const char *word, size_t n_bytes, size_t *ids,
                   size_t n);

/*
 * The edit distance of two texts: how many characters must be inserted, deleted, changed or swapped
 * with a neighbour to turn one into the other (Damerau 1964), if no place is edited twice. It is
 * most + 1 if the distance is more than `most` or one of the texts has more than 48 characters.
 */
size_t w2v_distance(const char *a, size_t n_a, const char *b, size_t n_b, size_t most);

/* Copies the D numbers of word `id`. */
void w2v_vector(const struct w2v_model *model, size_t id, float *vector);

/* Whether the model can compose vectors of unknown words from n-grams. */
bool w2v_has_subwords(const struct w2v_model *model);

/*
 * The vector of any word: the vector in the model, else one composed of the word's n-grams. False, and
 * zeros, if the model has neither.
 */
bool w2v_vector_of(const struct w2v_model *model, const char *word, size_t n_bytes, float *vector);

/*
 * The same with the spellings of w2v_find_folded: first the word as it is given, then as the model's
 * tokenizer spells it. N-grams are those of the second spelling, unless the model's words kept their
 * case.
 */
bool w2v_vector_folded(const struct w2v_model *model, const char *word, size_t n_bytes,
                       float *vector);

/* Calls `visit` with each fact of the file: format, words, dim, the training record. */
int w2v_info(const struct w2v_model *model, w2v_info_fn visit, void *context,
             struct w2v_error *error);

/* Reads and checks the whole file: digests, index, and that all vectors are finite. */
int w2v_verify(const struct w2v_model *model, struct w2v_error *error);

/* ---- Conversion ------------------------------------------------------------------------------ */

enum w2v_precision { W2V_F32, W2V_F16, W2V_BF16 };

struct w2v_convert_options {
    enum w2v_file file;
    enum w2v_precision precision; /* npy: not W2V_BF16; text and word2vec: W2V_F32 */
    size_t top;                   /* only the first words; 0: all */
    const char *words_path;       /* only the words listed there, a line each; NULL: all */
    bool center;                  /* subtract the mean */
    size_t remove_top;            /* center, and remove the first principal directions */
    bool normalize;               /* last of all, make lengths 1 */
    bool tolerant;                /* leave out words whose vectors are not finite, no error */
    unsigned threads;             /* 0: every core the process may use */
    w2v_progress_fn progress;
    void *progress_context;
};

struct w2v_convert_report {
    const char *format;    /* as w2v_format names it */
    uint64_t n_words;      /* written */
    uint64_t n_duplicates; /* chosen rows left out, since an equal word comes before them */
    uint64_t n_alike;      /* words left out, since they would be written like another one */
    uint64_t n_not_finite; /* words left out, since their vectors are not finite */
    uint64_t n_missing;    /* words of words_path that the model does not have */
    uint64_t n_beyond;     /* words of words_path beyond the first `top` of the model */
    uint64_t n_respelled;  /* words written with '_' for bytes that the format cannot hold */
    bool subwords;         /* the rows of n-grams were written */
    bool cut_subwords;     /* the model's n-grams, if it has any, are pruned or quantized */
    bool output;           /* the output matrix was written; without one fasttext-bin has zeros */
    char words_path[4096]; /* the second file, or "" */
};

void w2v_convert_options_init(struct w2v_convert_options *options);

/*
 * Writes a model to the file `output` ("-": standard output, for formats of one file), completely or not
 * at all. The order of the words stays. Between w2v's own files and fastText's .bin the counts are kept
 * too, and those lines of the training record that fastText's header can hold. If the vectors do not
 * change, the rows of n-grams and the output matrix are kept as well. The bits are the same for any
 * number of threads. The report may be NULL.
 */
int w2v_convert(const struct w2v_model *model, const char *output,
                const struct w2v_convert_options *options, struct w2v_convert_report *report,
                struct w2v_error *error);

/* ---- Queries --------------------------------------------------------------------------------- */

struct w2v_search_options {
    size_t k;            /* answers for a query, at most */
    size_t restrict_to;  /* only the first words are candidates; 0: all */
    const size_t *among; /* only these words are candidates; NULL: all */
    size_t n_among;
    const size_t *exclude; /* these words are no candidates; NULL: none */
    size_t n_exclude;
    float min_score;                   /* answers score this or more; -INFINITY: any score */
    const struct w2v_folding *folding; /* words that differ in case are one word; NULL: they are
                                          different words */
    unsigned threads;                  /* 0: every core the process may use */
};

void w2v_search_options_init(struct w2v_search_options *options);

struct w2v_hit {
    size_t id;
    float score;
};

enum w2v_method {
    W2V_ADD, /* 3CosAdd: cosine to the sum of the terms, unit vectors times weights */
    W2V_MUL  /* 3CosMul: Levy and Goldberg 2014, "Linguistic regularities" */
};

/* A term of a query: a weight times a word or any vector. */
struct w2v_term {
    int64_t id;          /* the word; negative: `vector` is used */
    const float *vector; /* D numbers, of any length but 0 */
    double weight;       /* finite; with W2V_MUL 1 or -1 */
};

/*
 * With W2V_ADD the weights of equal words are added up first. A word is left out of a sum if its |weight|
 * is then below W2V_LEAST_WEIGHT x the sum of all |weight|. W2V_MUL takes each term by itself.
 */
#define W2V_LEAST_WEIGHT 1e-12
#define W2V_MAX_TERMS 1024
#define W2V_MAX_MUL_TERMS 64 /* the product of more could be too small or too large */

/* A sum of terms; a single term asks for its neighbours. */
struct w2v_query {
    const struct w2v_term *terms;
    size_t n_terms; /* 1 to W2V_MAX_TERMS, with W2V_MUL 1 to W2V_MAX_MUL_TERMS */
};

/*
 * Finds the k best answers to each of n queries. The search is exact. Equal scores are ordered by id.
 * A query's own words never answer it, and of equal words only the first is an answer. A word whose vector
 * is zeros or not finite is never an answer. `hits` is (n, k); row i has n_hits[i] answers, fewer than k
 * if there are fewer candidates. With W2V_ADD a query has no answer if its sum is not finite, or if the
 * length of the sum is at most 1e-6 x the sum of |weight|, after the weights of each word are added up.
 * With c the cosine of a word to a term, the score of W2V_MUL is
 *
 *   product of (1 + c) / 2 over the terms of weight 1
 *   -----------------------------------------------------
 *   product of (1 + c) / 2 + 0.001 over the other terms
 */
int w2v_search(const struct w2v_model *model, const struct w2v_query *queries, size_t n,
               enum w2v_method method, const struct w2v_search_options *options,
               struct w2v_hit *hits, size_t *n_hits, struct w2v_error *error);

/* The same for n single words. */
int w2v_neighbors(const struct w2v_model *model, const size_t *ids, size_t n,
                  const struct w2v_search_options *options, struct w2v_hit *hits, size_t *n_hits,
                  struct w2v_error *error);

/*
 * The same for every word, or for the first options->restrict_to words, in the order of the model. Of
 * equal words only the first is a query. `found` is called for each word, from the caller's thread; the
 * hits are valid until it returns. The progress function may be NULL.
 */
typedef void (*w2v_neighbors_fn)(void *context, size_t id, const struct w2v_hit *hits,
                                 size_t n_hits);
int w2v_neighbors_of_all(const struct w2v_model *model, const struct w2v_search_options *options,
                         w2v_neighbors_fn found, void *context, w2v_progress_fn progress,
                         void *progress_context, struct w2v_error *error);

/* As w2v_search, for n queries "A - B + C". `ids` is (n, 3): the ids of A, B and C. */
int w2v_analogy(const struct w2v_model *model, const size_t *ids, size_t n, enum w2v_method method,
                const struct w2v_search_options *options, struct w2v_hit *hits, size_t *n_hits,
                struct w2v_error *error);

/* A parsed expression: its terms in order. The words live as long as the expression. */
struct w2v_expression_term {
    const char *word;
    size_t n_bytes;
    double weight;
};

struct w2v_expression {
    struct w2v_expression_term *terms;
    size_t n_terms;
    char *text; /* storage of the words */
};

/*
 * Parses an expression such as "king - man + woman" or "0.5 * king + queen". Blanks separate words,
 * operators and weights. A word in double quotes may hold blanks or be an operator; in quotes, \" and
 * \\ stand for " and \. The caller releases the expression.
 */
int w2v_parse_expression(struct w2v_expression *expression, const char *text, size_t n_bytes,
                         struct w2v_error *error);
void w2v_expression_release(struct w2v_expression *expression);

/* The cosine of two words, and of two vectors. */
float w2v_similarity(const struct w2v_model *model, size_t a, size_t b);
float w2v_cosine(const float *a, const float *b, size_t dim);

/* Gives each of n words its cosine to the mean of their unit vectors. The odd word has the least. */
int w2v_odd(const struct w2v_model *model, const size_t *ids, size_t n, float *cosines,
            struct w2v_error *error);

/* The same for n vectors of D numbers. */
int w2v_odd_vector(const float *const *vectors, size_t n, size_t dim, float *cosines,
                   struct w2v_error *error);

/* ---- Clusters -------------------------------------------------------------------------------- */

struct w2v_cluster_options {
    size_t k;            /* clusters; 0: 100, or half the number of words if that is less */
    size_t restrict_to;  /* only the first words; 0: all */
    const size_t *among; /* only these words; restrict_to then counts them. NULL: all */
    size_t n_among;
    uint64_t seed;
    unsigned max_rounds; /* one that raises the mean cosine by less than 1e-5 is the last */
    unsigned threads;
    w2v_progress_fn progress;
    void *progress_context;
};

void w2v_cluster_options_init(struct w2v_cluster_options *options);

/*
 * The cluster of a word that is left out: its vector is zeros or not finite, an equal word comes before
 * it, or `among` names it earlier.
 */
#define W2V_NO_CLUSTER UINT32_MAX

struct w2v_cluster_report {
    size_t n_words, k;
    uint32_t *cluster;       /* (n_words): 0 to k - 1, the largest cluster first */
    float *cosine;           /* (n_words), to the centre */
    size_t *begin, *members; /* members[begin[j] .. begin[j + 1]): words of cluster j, those
                                nearest to the centre first */
    unsigned rounds;
    double mean_cosine;
    size_t n_left_out; /* words whose vector is zeros or not finite */
};

/*
 * Clusters words by spherical k-means that starts with k-means++. No cluster is empty. With `among` the
 * report numbers words by their places in `among`. The result depends only on the vectors, k, seed and
 * max_rounds. The caller releases the report.
 */
int w2v_cluster(const struct w2v_model *model, const struct w2v_cluster_options *options,
                struct w2v_cluster_report *report, struct w2v_error *error);
void w2v_cluster_report_release(struct w2v_cluster_report *report);

/* ---- Maps ------------------------------------------------------------------------------------ */

enum w2v_layout {
    W2V_LAYOUT_TSNE, /* similar words stand together: van der Maaten and Hinton 2008. Up to three words,
                        and words that t-SNE puts on one point, are placed as by W2V_LAYOUT_PCA */
    W2V_LAYOUT_PCA /* the two directions in which the words vary most */
};

struct w2v_map_options {
    enum w2v_layout layout;
    size_t top;             /* how many words: the first, or with `near` those and their neighbours;
                               0: 2000, or 200 with `near` */
    const char *words_path; /* the words of this file, one a line; a tab and a group may follow.
                               NULL: the first words */
    const size_t *near; /* these words and those nearest to them, not with words_path; or NULL */
    size_t n_near;
    const char *arrows_path; /* draw arrows and their words: two words a line. NULL: none */
    size_t clusters;   /* make so many groups of the words. 0: keep the groups of words_path or
                          of several near words. `clusters` must then be 0 */
    size_t labels;     /* labels in an SVG, at most; 0: none */
    double perplexity; /* about how many neighbours count; fewer if there are few words */
    unsigned iterations;
    uint64_t seed;
    unsigned threads; /* 0: every core the process may use */
    w2v_progress_fn progress;
    void *progress_context;
};

#define W2V_MAX_PERPLEXITY 1000
#define W2V_MAX_MAP_WORDS 16777216 /* 2^24 */

struct w2v_map_report {
    size_t n_words, n_groups; /* that were drawn */
    size_t n_arrows;   /* that an SVG has; words that nearly touch have no arrow. A page has all
                          and hides the shortest. Else 0 */
    size_t n_labels;   /* in an SVG */
    size_t n_missing;  /* words of words_path that are not in the model */
    size_t n_left_out; /* words whose vector is zeros or not finite */
    size_t n_unpaired; /* arrows that lack a word */
};

/* t-SNE of perplexity 30 in 1000 iterations; as many labels as there is room for. */
void w2v_map_options_init(struct w2v_map_options *options);

/*
 * Draws a map of words by the directions of their vectors. The file is written completely or not at
 * all. Its ending chooses the kind: .svg is a figure; .html is an interactive page that needs no other
 * file; .tsv has lines WORD<TAB>X<TAB>Y<TAB>GROUP. Another ending, or options that contradict each
 * other, are W2V_EARG before any work. The bytes are the same for any number of threads. The report may
 * be NULL.
 */
int w2v_map(const struct w2v_model *model, const char *output,
            const struct w2v_map_options *options, struct w2v_map_report *report,
            struct w2v_error *error);

/* ---- Evaluation ------------------------------------------------------------------------------ */

struct w2v_eval_options {
    size_t restrict_to; /* only the first words are candidates; 0: all */
    enum w2v_method method;
    const struct w2v_folding *folding; /* as in w2v_search_options; NULL: case counts */
    size_t score_column;               /* of a similarity set, from 1; 0: find it */
    bool compose; /* compose unknown words of a similarity set from n-grams, if restrict_to is 0;
                     true by default */
    unsigned threads;
};

void w2v_eval_options_init(struct w2v_eval_options *options);

#define W2V_MAX_BAD_LINES 5

struct w2v_eval_row {
    const char *section;  /* or "semantic", "syntactic", "total" */
    const char *measure;  /* "accuracy", "spearman" or "pearson" */
    double score;         /* NAN if nothing could be used */
    uint64_t used, total; /* questions or pairs */
};

struct w2v_eval_report {
    struct w2v_eval_row *rows;
    size_t n_rows;
    uint64_t n_not_words;                  /* questions left out: a word is not in the vocabulary */
    uint64_t n_restricted;                 /* questions left out: a word is beyond restrict_to */
    uint64_t n_composed;                   /* pairs used with a word composed of n-grams */
    uint64_t n_unusable;                   /* questions left out: a vector is zeros or not finite */
    uint64_t n_used, n_total;              /* questions or pairs of the whole set */
    uint64_t n_bad;                        /* lines passed over: neither a question nor a pair */
    uint64_t bad_lines[W2V_MAX_BAD_LINES]; /* the numbers of the first of them */
    char bad_text[96];                     /* the beginning of the first of them, not escaped */
    char *names;                           /* storage of the sections' names */
};

/*
 * Scores a model on an analogy set or a similarity set; the content tells which it is. Analogies are
 * scored as in gensim: the words of a question, and with a folding words equal to them, cannot be its
 * answer. A set without any question or pair is W2V_EFORMAT.
 */
int w2v_eval(const struct w2v_model *model, const char *path,
             const struct w2v_eval_options *options, struct w2v_eval_report *report,
             struct w2v_error *error);
void w2v_eval_report_release(struct w2v_eval_report *report);

#ifdef __cplusplus
}
#endif

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#endif
