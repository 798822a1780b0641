/*
 * w2v: word embeddings. The whole public interface of libw2v.
 *
 * Train vectors from text, open vector files, search them. The library never prints, never exits
 * and keeps no state of its own between calls: everything it has to say comes back in a struct
 * w2v_error, a report or a callback.
 *
 * Conventions
 *   - A function that can fail returns W2V_OK (0) or one of the negative codes below and fills the
 *     caller's struct w2v_error (a NULL error is allowed). Outputs are then untouched or released.
 *   - Words are byte strings with a length (UTF-8 by custom, never required); sizes are in bytes.
 *   - V is the number of words, D the number of dimensions; matrices are row-major.
 *   - A model is immutable once opened: any number of threads may query it at the same time.
 *   - A file that is written is none of those that are read, and no two are one file, whatever
 *     their names: W2V_EARG. One that is there is replaced when the new one is whole.
 *   - Results are the same bits for any number of threads, and on any CPU with fused multiply-add.
 *   - The environment variable W2V_SIMD names the instruction set that training, search, clustering,
 *     maps and principal directions use: avx512, avx2, sse2, neon or scalar, where this CPU has it,
 *     else W2V_EARG. Without it the fastest is used. It is read at the start of each such call, so a
 *     program must not change its environment meanwhile; sse2, which has no fused multiply-add,
 *     gives other bits than the others.
 */
#ifndef W2V_H
#define W2V_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of all the library's names a program sees those below, and no others. */
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define W2V_VERSION "0.1.0"

/* The version of the library that the program runs with; W2V_VERSION is that of this header. */
const char *w2v_version(void);

/* ---- Errors ---------------------------------------------------------------------------------- */

enum {
    W2V_OK = 0,
    W2V_EIO = -1,      /* a file could not be opened, read or written */
    W2V_ENOMEM = -2,   /* memory, threads or another resource ran out */
    W2V_EFORMAT = -3,  /* a file's content is not what it must be */
    W2V_EARG = -4,     /* an option or argument is out of range */
    W2V_EDATA = -5,    /* the data do not allow the work: an empty corpus, say */
    W2V_ENUMERIC = -6, /* training left the range of finite numbers */
    W2V_ESTOPPED = -7  /* a progress callback asked to stop */
};

struct w2v_error {
    int code;           /* one of the above */
    char message[1024]; /* one line: "FILE:LINE: what is wrong; what to do", to be shown as it is */
};

/*
 * Words and names of files may hold any bytes, newlines and what drives a terminal too. Messages have
 * them escaped, and so should who prints them: \\ for a backslash, \t, \n, \r, \xHH for another byte
 * below 32, for 127 and for one of 128 to 159 that is not part of a character, \u00HH for U+0080 to
 * U+009F. Writes as much of *text (of *n_bytes) as `room` bytes, at least W2V_MIN_ESCAPE, surely
 * hold, moves on behind that, and returns how many bytes it wrote; no terminator.
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
    W2V_PHASE_PHRASES, /* done, total: tokens gone over */
    W2V_PHASE_SEGMENT, /* likewise, to find words */
    W2V_PHASE_MAP,     /* done, total: work of the layout */
    W2V_PHASE_WALK     /* done, total: walks */
};

struct w2v_progress {
    enum w2v_phase phase;
    uint64_t done, total;   /* bytes read (total 0: unknown), tokens trained, rows written */
    uint64_t before;        /* of `done`: by the run that this one resumes */
    double seconds;         /* since the phase began */
    unsigned epoch, epochs; /* the epoch being trained, from 1 */
    double learning_rate;   /* now */
    double loss;            /* mean per prediction in this epoch so far; 0 before the first */
};

/*
 * Called a few times a second from the thread that called the library. A value other than 0 stops
 * the work, which then returns W2V_ESTOPPED and leaves no output but a checkpoint that was asked
 * for; a negative one not even that, for what was read is not to be trusted (W2V_EIO in training).
 */
typedef int (*w2v_progress_fn)(void *context, const struct w2v_progress *progress);

/* What is worth saying while the work goes on: one line, to be shown as it is. From the same thread. */
enum w2v_notice { W2V_NOTICE_PLAN, W2V_NOTICE_NOTE, W2V_NOTICE_WARNING };
typedef void (*w2v_notice_fn)(void *context, enum w2v_notice kind, const char *text);

/* ---- Formats of files to write ---------------------------------------------------------------- */

enum w2v_file {
    W2V_FILE_GUESS,          /* by the output's ending, else word2vec */
    W2V_FILE_WORD2VEC,       /* w2v's own: a word2vec binary file with a trailer behind it */
    W2V_FILE_WORD2VEC_PLAIN, /* the same without the trailer */
    W2V_FILE_WORD2VEC_TEXT,  /* a line "V D", then a line a word */
    W2V_FILE_GLOVE,          /* the same without the first line */
    W2V_FILE_FASTTEXT_VEC,   /* as word2vec-text */
    W2V_FILE_FASTTEXT_BIN,   /* fastText's model: vectors, n-grams, output matrix, counts */
    W2V_FILE_NPY,            /* NumPy's, with the words beside, in NAME.words */
    W2V_FILE_SAFETENSORS,    /* one tensor, "embeddings", the words in its metadata */
    W2V_FILE_PROJECTOR       /* TSV for the embedding projector, the words in NAME.metadata.tsv */
};

/*
 * By its ending an output with none, with .bin or .w2v is word2vec; .txt, .glove, .vec, .ftbin,
 * .npy, .safetensors and .tsv are the others in their order; .gz, .bz2, .xz, .zst and .lz4 behind any of
 * these have the file compressed by the tool, also where the format is given. Another ending is
 * W2V_EARG.
 */

/* ---- Output files ---------------------------------------------------------------------------- */

/*
 * A file that is either whole or not there: what is written to the descriptor comes to `path` when
 * it is committed, and until then what was there stays. "-" is standard output.
 */
struct w2v_output;
int w2v_output_open(struct w2v_output **output, const char *path, struct w2v_error *error);
int w2v_output_fd(const struct w2v_output *output);

/* W2V_EARG where the output would replace a file of the model's, a list of its words included. */
struct w2v_model;
int w2v_output_apart(const struct w2v_output *output, const struct w2v_model *model,
                     struct w2v_error *error);

/*
 * Removes the temporary files of whatever is being written by any function of the library, and ends
 * the tools that unpack for it; that work can only fail after it. It may be called in the handler of
 * a signal that then ends the process. These files and tools are the only thing that the library
 * keeps for the whole process.
 */
void w2v_remove_unfinished(void);

/*
 * Has malloc give large pieces of memory back to the system when they are freed, in all of the
 * process, where malloc would keep some of them for later. Nothing calls it but the program.
 */
void w2v_give_memory_back(void);

/* After w2v_output_open exactly one of these. Both release it; a failed commit aborts. */
int w2v_output_commit(struct w2v_output *output, struct w2v_error *error);
void w2v_output_abort(struct w2v_output *output);

/* ---- Lines ----------------------------------------------------------------------------------- */

/*
 * Lines of an open descriptor, as they arrive, by the rules of every text that w2v reads: a UTF-8
 * byte order mark before the first is left out, LF or CR LF ends a line, the last one may lack it.
 */
struct w2v_lines;
int w2v_lines_open(struct w2v_lines **lines, int fd, struct w2v_error *error);
void w2v_lines_close(struct w2v_lines *lines); /* the descriptor stays open */

struct w2v_line {
    const char *text; /* not terminated; until the next call */
    size_t n_bytes;
    uint64_t number; /* from 1 */
    bool found;      /* else there is none at hand, or none any more */
    bool ended;
};

/* The next line; with `wait` false it may come back without one that has not arrived yet. */
int w2v_lines_next(struct w2v_lines *lines, bool wait, struct w2v_line *line,
                   struct w2v_error *error);

/* ---- Text ------------------------------------------------------------------------------------ */

enum w2v_tokenizer {
    W2V_TOKENIZER_WORDS,      /* Unicode words, each Han character by itself */
    W2V_TOKENIZER_WHITESPACE, /* what stands between white space (White_Space), as it is */
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
 * Gives the next line of a text that the program hands over itself: sets *line and *n_bytes and
 * returns 1, or returns 0 where there is no further line. The bytes must stay as they are until the
 * next call. A line end within them ends a line as well. A negative value stops the work, which
 * then returns W2V_ESTOPPED. The calls come one after the other, but from any thread.
 */
typedef int (*w2v_line_fn)(void *context, const char **line, size_t *n_bytes);

struct w2v_text_options {
    enum w2v_tokenizer tokenizer;
    enum w2v_fold fold;
    bool nfkc;      /* full-width and half-width forms, ligatures, ...: as what they are forms of */
    bool hyphens;   /* words (only): those that a hyphen joins are one */
    bool tags;      /* words (only): # and @ right before a word belong to it */
    bool emoji;     /* words (only): emoji are words */
    bool segment;   /* words (only): find those of scripts without spaces by statistics */
    bool any_bytes; /* also read files that are recognisably not text, which are refused else */
    uint64_t min_count; /* rarer words are dropped; 0 and 1: none */
    size_t max_vocab;   /* keep the most frequent words only; 0: all */
    unsigned threads;   /* 0: every core the process may use */
    w2v_progress_fn progress;
    void *progress_context;
    w2v_line_fn next_line; /* gives the text where no files are named; NULL: files have it */
    void *next_line_context;
};

/* What reading a corpus came to. */
struct w2v_text_report {
    uint64_t n_bytes; /* read */
    uint64_t n_lines;
    uint64_t n_tokens;        /* all tokens of the text */
    uint64_t n_distinct;      /* different ones */
    uint64_t n_words;         /* V: words of the vocabulary */
    uint64_t n_corpus;        /* tokens that are in the vocabulary */
    uint64_t n_invalid_bytes; /* bytes that were not UTF-8, taken as separators */
    uint64_t n_phrases;       /* found, or given; 0 where none were wanted */
    uint64_t n_joined;        /* places where one was joined; n_tokens is before that */
    uint64_t phrase_error;    /* no pair's count is low by more than this; 0: all exact */
    const char *advice;       /* a line on a tokenizer that would suit the text better; or NULL */
    double seconds;
};

void w2v_text_options_init(struct w2v_text_options *options);

/*
 * Writes the tokens of the named files ("-": standard input) to the file `output` ("-": standard
 * output), a blank between two, a line a line, in order. min_count and max_vocab are not used. A
 * file is written whole or not at all. The report may be NULL.
 */
int w2v_tokenize(const char *const *paths, size_t n_paths, const char *output,
                 const struct w2v_text_options *options, struct w2v_text_report *report,
                 struct w2v_error *error);

/* Likewise counts the words and writes WORD<TAB>COUNT lines, by falling count, ties by bytes. */
int w2v_vocab(const char *const *paths, size_t n_paths, const char *output,
              const struct w2v_text_options *options, struct w2v_text_report *report,
              struct w2v_error *error);

/* The same words in the same order, one a call, for a program. The report may be NULL. */
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
    unsigned passes; /* the most; each may join what the one before it joined. 0: no phrases */
    enum w2v_phrase_score score;
    double threshold;       /* a phrase's score is above it; NAN: 100, or 0.5 for npmi */
    uint64_t min_count;     /* pairs and words that occur less often are in no phrase */
    uint64_t memory;        /* w2v_phrases: for the text's ids and the pairs' counts; 0: half of
                               the machine's. Short of it, counting is lossy: see phrase_error */
    const char *save_path;  /* w2v_phrases: also write the table of phrases there; NULL: no */
    const char *apply_path; /* w2v_phrases: join the phrases of such a table, find none; or NULL */
};

/* 0 passes, the w2v score with its threshold, min_count 5. */
void w2v_phrase_options_init(struct w2v_phrase_options *options);

/*
 * As w2v_tokenize, with collocations joined: by "_", and by nothing between scripts written without
 * spaces. Each line is joined from left to right. The table has a line a phrase, by pass and then
 * falling score: PHRASE<TAB>COUNT<TAB>SCORE<TAB>PASS<TAB>LEFT<TAB>RIGHT. Neither file is replaced
 * unless both could be written; the text takes its name last, so that who finds it finds its table.
 */
int w2v_phrases(const char *const *paths, size_t n_paths, const char *output,
                const struct w2v_text_options *text, const struct w2v_phrase_options *options,
                struct w2v_text_report *report, struct w2v_error *error);

/* ---- Walks ----------------------------------------------------------------------------------- */

#define W2V_MAX_WALKS 1000000
#define W2V_MAX_WALK_LENGTH 100000
#define W2V_MAX_WALK_BIAS 1e9 /* of p and q; the least is 1 / that */

struct w2v_walk_options {
    unsigned walks;  /* that begin at each node */
    unsigned length; /* nodes of a walk, the first one included */
    double p, q;     /* of two steps that could follow each other one back is 1 / p times as likely,
                        one to a node that the one before has no edge to 1 / q times: node2vec */
    bool directed;   /* edges lead from the first name to the second alone */
    uint64_t seed;   /* w2v_walk; training has its own */
};

/* 10 walks of 80 nodes, p and q 1, undirected, seed 1. */
void w2v_walk_options_init(struct w2v_walk_options *options);

struct w2v_walk_report {
    uint64_t n_bytes, n_nodes, n_edges; /* of the graph */
    bool weighted;                      /* not all weights are 1 */
    uint64_t n_walks, n_steps;
    double read_seconds, walk_seconds;
};

/*
 * Reads a graph, writes random walks, and writes them to the file `output` ("-": standard output), a
 * walk a line, a blank between two names, for training with W2V_TOKENIZER_WHITESPACE. The files are
 * one list of edges, a line each: two names and, where it is wanted, a weight of 0 or more, with
 * white space between; lines that begin with # are passed over; an edge that is there twice counts
 * twice. A walk ends early at a node without a way out. Walk k of node v depends on the graph, the
 * options, k and v alone, and the order of all walks is shuffled. The report may be NULL. Of `text`
 * only threads, any_bytes and progress are used.
 */
int w2v_walk(const char *const *paths, size_t n_paths, const char *output,
             const struct w2v_text_options *text, const struct w2v_walk_options *options,
             struct w2v_walk_report *report, struct w2v_error *error);

/* ---- Training -------------------------------------------------------------------------------- */

enum w2v_architecture { W2V_SKIPGRAM, W2V_CBOW };
enum w2v_loss { W2V_NEGATIVE, W2V_HIERARCHICAL }; /* negative sampling, hierarchical softmax */

/* Limits of the options, for callers that check early; w2v_train checks them all. */
#define W2V_MAX_DIM 65536
#define W2V_MAX_WINDOW 1000
#define W2V_MAX_NEGATIVE 1000
#define W2V_MAX_EPOCHS 1000000
#define W2V_MAX_LR 1000
#define W2V_MAX_NS_EXPONENT 10 /* and -10 */
#define W2V_MAX_NGRAM 100
#define W2V_MAX_BUCKETS 100000000
#define W2V_MAX_SHARDS 128

/* The words of a run that starts from a model. */
enum w2v_vocab_mode {
    W2V_VOCAB_NEW,  /* the corpus's */
    W2V_VOCAB_OLD,  /* the model's, also those that the corpus lacks */
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
                           whatever their distance; all of them where there are no more */
    unsigned negative;   /* negatives for a prediction; 0: 5, and none with W2V_HIERARCHICAL */
    bool subwords;       /* a word's vector is the mean of its own row and those of its n-grams
                           (Bojanowski et al. 2017, arXiv 1607.04606) */
    unsigned minn, maxn; /* characters of the n-grams; with subwords, as is: */
    unsigned buckets;    /* how many rows n-grams are hashed to */
    double ns_exponent;  /* noise ~ count^exponent */
    double sample;       /* subsampling threshold; 0: none; < 0: the larger of 1e-4 and 1 / V */
    unsigned epochs;     /* 0: from 3 to 22, fewer the more words the corpus has */
    double lr;           /* first learning rate; 0: the architecture's default */
    double min_lr;       /* last learning rate; negative: lr * 1e-4 */
    uint64_t seed;
    unsigned shards;        /* most parts of the corpus that are trained at once, and so the most
                           threads of use; 1 to W2V_MAX_SHARDS */
    uint64_t memory;        /* most bytes to use; 0: half of the machine's */
    const char *vocab_path; /* use these words, a word a line, with the counts behind them
                                    or, where they have none, the corpus's; NULL: all */
    const char *save_vocab_path; /* also write the vocabulary there; NULL: no */
    enum w2v_file file;          /* what the output is to be */

    const char *init_path;          /* start from this model's vectors; NULL: at random */
    enum w2v_vocab_mode vocab_mode; /* with init_path */
    const char *freeze_path; /* a word a line: their vectors stay as they start; NULL: none */
    bool save_output; /* also the output matrix, for an init_path of later; W2V_FILE_WORD2VEC */

    const char *checkpoint_path;  /* write checkpoints there; NULL: none */
    const char *checkpoint_every; /* "30s", "10m", "2h", "1e" (epochs), "200000w"; NULL: "10m" */
    bool save_on_interrupt;       /* stopped in training, write the model as it is then */
    const struct w2v_checkpoint *resume; /* go on with that run; NULL: begin one */
    w2v_notice_fn notice;                /* may be NULL */
    void *notice_context;

    struct w2v_phrase_options phrases; /* passes on the way in; by default none */

    bool graph;                   /* the files are a graph: train on its walks as w2v_walk would
                                     write them with this seed. Of `text` what is about reading
                                     text does not count */
    struct w2v_walk_options walk; /* with graph */
};

struct w2v_train_report {
    struct w2v_text_report text;
    size_t dim;
    unsigned epochs, threads, phrase_passes;
    double lr, min_lr, sample;     /* as used */
    struct w2v_walk_report walk;   /* with graph; text's bytes are the graph's, lines are walks */
    uint64_t n_unseen;             /* words of a given vocabulary that the corpus lacks */
    const char *simd;              /* kernels' name */
    uint64_t n_trained;            /* corpus tokens gone through: epochs x corpus, exactly */
    uint64_t n_before;             /* of them by the run that this one resumed */
    uint64_t n_predictions;        /* (context, centre) pairs, or windows for CBOW */
    double *loss;                  /* per epoch: mean negative log likelihood per prediction */
    double train_seconds, seconds; /* training alone, the whole call */
    uint64_t peak_bytes;           /* the most memory that the process held so far; 0: not known */
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
    /* The library can choose the value. It does so where a number is `automatic` (of which -1 means
       every negative number), a choice is the first one, or a string is NULL. */
    W2V_OPTION_AUTO = 8,
    W2V_OPTION_OF_NEGATIVES = 16, /* for negative sampling alone */
    W2V_OPTION_OF_SUBWORDS = 32,  /* for runs with subwords alone */
    W2V_OPTION_OF_GRAPH = 64,     /* for runs on graphs alone */
    W2V_OPTION_OF_PHRASES = 128,  /* for runs that join phrases alone */
    W2V_OPTION_OF_TEXT = 256      /* for runs on text alone */
};

struct w2v_option {
    const char *key; /* as in the training record: "min_count", --min-count on the command line */
    enum w2v_option_kind kind;
    unsigned use;
    size_t offset, size;  /* of its member in struct w2v_train_options */
    const char *choices;  /* "sg|cbow", in the order of the enum */
    const char *fallback; /* the default as text; NULL: no, none, or the library chooses */
    double least, most;   /* the range of a number; a `most` of 0: there is no upper limit */
    bool above;           /* the number must be greater than `least` */
    double automatic;     /* of a number that the library can choose: see W2V_OPTION_AUTO */
};

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
    W2V_FOR_ITEMS, /* baskets, sessions, playlists: identifiers, and what belongs together a line */
    W2V_FOR_GRAPH  /* random walks: names of nodes, a walk a line */
};

/*
 * Sets the options that suit a kind of data, and visits each that it sets (`visit` may be NULL). The
 * others stay as they are; what is to be otherwise is set afterwards.
 */
void w2v_train_options_for(struct w2v_train_options *options, enum w2v_preset preset,
                           w2v_info_fn visit, void *context);

void w2v_train_report_release(struct w2v_train_report *report);

/*
 * Trains on the named files ("-": standard input), or, without any, on the lines that
 * options->text.next_line gives, and writes the model to `output`, whole or not at all, as the file
 * that its name promises (see enum w2v_file). Without `output` it is W2V_EARG, unless a run is
 * resumed. Skip-gram and CBOW, with negative sampling or hierarchical softmax (Mikolov et al. 2013,
 * arXiv 1310.4546). The same corpus, options and seed give the same file. The report (may be NULL)
 * is the caller's to release. Where training diverged (W2V_ENUMERIC) the report tells of
 * the epochs that were done.
 */
int w2v_train(const char *const *paths, size_t n_paths, const char *output,
              const struct w2v_train_options *options, struct w2v_train_report *report,
              struct w2v_error *error);

/*
 * Checkpoints. With checkpoint_path the run writes one now and then, when a progress callback stops
 * it, and when training is done; each replaces the last when it is whole. A run with `resume` goes
 * on from there and gives the same file as one that was never stopped, whatever the number of
 * threads. It takes the same options (start from w2v_checkpoint_options) and the same corpus, which
 * is read again and compared; else W2V_EARG or W2V_EDATA says what differs. Paths and output may be
 * other ones; with n_paths 0 and output NULL they are those of the checkpoint. A run that had its
 * text from next_line needs one again that gives the same lines. What says only how the work is done
 * may change, and so may `epochs`: from there on the learning rate is then that of a run of so many
 * epochs at the same place.
 */
int w2v_checkpoint_open(struct w2v_checkpoint **checkpoint, const char *path,
                        struct w2v_error *error);
void w2v_checkpoint_close(struct w2v_checkpoint *checkpoint);

/* What the run was begun with, `resume` set, checkpoint_path the file's; valid until closed. */
const struct w2v_train_options *w2v_checkpoint_options(const struct w2v_checkpoint *checkpoint);
const char *const *w2v_checkpoint_paths(const struct w2v_checkpoint *checkpoint, size_t *n_paths);
const char *w2v_checkpoint_output(const struct w2v_checkpoint *checkpoint);

/* Whether a file begins as checkpoints do. */
bool w2v_is_checkpoint(const char *path);

/* Visits what a checkpoint says of itself: words, dim, place, options, files. */
int w2v_checkpoint_info(const struct w2v_checkpoint *checkpoint, w2v_info_fn visit, void *context,
                        struct w2v_error *error);

/* ---- Models ---------------------------------------------------------------------------------- */

struct w2v_model;

struct w2v_open_options {
    unsigned threads; /* 0: every core the process may use */
    bool tolerant;    /* text: skip lines that are no rows instead of refusing the file */
};

void w2v_open_options_init(struct w2v_open_options *options);

/*
 * Opens a vector file, its format recognised by content: w2v's own (at once: only its footer is
 * read), word2vec binary and text, GloVe's text, fastText's .vec, .bin and .ftz, npy, safetensors, the
 * embedding projector's numbers. A file that is something else is called by its name, if that is
 * known: a checkpoint, a pickle, a Git LFS pointer.
 */
int w2v_open(struct w2v_model **model, const char *path, struct w2v_error *error);
int w2v_open_with(struct w2v_model **model, const char *path,
                  const struct w2v_open_options *options, struct w2v_error *error);

/*
 * What is wrong with a file that was opened tolerantly: the first fault, and how many lines were
 * skipped, with the numbers of the first ones; or NULL.
 */
const char *w2v_fault(const struct w2v_model *model);

void w2v_close(struct w2v_model *model);

/*
 * The file is mapped while the model is open, and must not be changed in place meanwhile; that a
 * new one takes its name, as all of w2v's outputs do, changes nothing. W2V_EIO if it was changed
 * since it was opened (by size and time), and answers since then may be wrong; W2V_EFORMAT if a word
 * or vector was asked for that w2v's own file cannot give since it is damaged: that word was not
 * found, that vector is zeros. To touch what was cut off a mapped file raises SIGBUS; a program that
 * must outlive that calls w2v_replace_page in a handler, as the w2v command does, and asks here
 * afterwards.
 */
int w2v_unchanged(const struct w2v_model *model, struct w2v_error *error);

/*
 * Puts a page of zeros in the place of the page at this address, which is the si_addr of a SIGBUS
 * whose si_code is BUS_ADRERR or BUS_OBJERR. False where that cannot be done.
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
 * Looks for the word as given and, where the model does not have that, as the tokenizer spelt the
 * model's words: by its training record, else in lower case. *id is the word's id, or -1.
 */
int w2v_find_folded(const struct w2v_model *model, const char *word, size_t n_bytes, int64_t *id,
                    struct w2v_error *error);

/*
 * Words without regard to case: words that are equal in full case folding and composed form, spelt as
 * the tokenizer spells words (one kind of apostrophe and hyphen, nothing invisible), are one word, for
 * which the first of them stands. Made from all words of a model, which it must not outlive; then any
 * number of threads may use it.
 */
struct w2v_folding;
int w2v_folding_open(struct w2v_folding **folding, const struct w2v_model *model,
                     struct w2v_error *error);
void w2v_folding_close(struct w2v_folding *folding);

/* Sets *id to the id of the first word that is equal to this one, or to -1. */
int w2v_folding_find(const struct w2v_folding *folding, const char *word, size_t n_bytes,
                     int64_t *id, struct w2v_error *error);

/* The same for word `id`. */
size_t w2v_folding_first(const struct w2v_folding *folding, size_t id);

/*
 * Finds the words of a list, a file or "-": a word a line, with a count behind a tab or a blank or
 * without. *ids, the caller's to free, has those that are there, in the list's order; the others
 * are counted. With a folding (or NULL) case does not matter.
 */
int w2v_find_list(const struct w2v_model *model, const char *path,
                  const struct w2v_folding *folding, size_t **ids, size_t *n, uint64_t *n_unknown,
                  struct w2v_error *error);

/* How often word `id` occurs in the corpus. False where the file does not say. */
bool w2v_count(const struct w2v_model *model, size_t id, uint64_t *count);

/*
 * The words spelt most like one that is not there, at most n (and W2V_MAX_SUGGESTIONS), nearest
 * first, then the most frequent; returns how many. Goes through all words.
 */
#define W2V_MAX_SUGGESTIONS 16
size_t w2v_suggest(const struct w2v_model *model, const char *word, size_t n_bytes, size_t *ids,
                   size_t n);

/*
 * How many characters have to be inserted, deleted, changed or swapped with a neighbour to turn one
 * text into the other (Damerau 1964); most + 1 where that is more than `most`, or one of the texts has
 * more than 48 characters.
 */
size_t w2v_distance(const char *a, size_t n_a, const char *b, size_t n_b, size_t most);

/* Copies the D numbers of word `id`. */
void w2v_vector(const struct w2v_model *model, size_t id, float *vector);

/* Whether words that are not in the vocabulary have a vector too, made of their n-grams. */
bool w2v_has_subwords(const struct w2v_model *model);

/*
 * The D numbers of any word: those of the vocabulary's, else made of its n-grams. False, and zeros,
 * where the word is not in the vocabulary and the model has no n-grams of it.
 */
bool w2v_vector_of(const struct w2v_model *model, const char *word, size_t n_bytes, float *vector);

/*
 * The same; a word that is not found as given is looked for as w2v_find_folded does it, and made of
 * the n-grams that it has as the training record says that words are spelt.
 */
bool w2v_vector_folded(const struct w2v_model *model, const char *word, size_t n_bytes,
                       float *vector);

/* Visits what the file says of itself: format, words, dim, the training record. */
int w2v_info(const struct w2v_model *model, w2v_info_fn visit, void *context,
             struct w2v_error *error);

/* Reads all of a file and checks it: digests and index where it has some; all numbers are finite. */
int w2v_verify(const struct w2v_model *model, struct w2v_error *error);

/* ---- Conversion ------------------------------------------------------------------------------ */

enum w2v_precision { W2V_F32, W2V_F16, W2V_BF16 };

struct w2v_convert_options {
    enum w2v_file file;
    enum w2v_precision precision; /* npy: not W2V_BF16; text and word2vec: W2V_F32 */
    size_t top;                   /* only the first words; 0: all */
    const char *words_path;       /* only the words listed there, a line each; NULL: all */
    bool center;                  /* take the mean away */
    size_t remove_top;            /* center, and take the first principal directions away */
    bool normalize;               /* in the end, make lengths 1 */
    unsigned threads;             /* 0: every core the process may use */
    w2v_progress_fn progress;
    void *progress_context;
};

struct w2v_convert_report {
    const char *format;    /* as w2v_format names it */
    uint64_t n_words;      /* written */
    uint64_t n_duplicates; /* left out: of equal words the first is written */
    uint64_t n_missing;    /* words of words_path that the model does not have */
    uint64_t n_respelled;  /* written with '_' for bytes that the format cannot hold */
    bool subwords;         /* the rows of n-grams were written */
    bool output;           /* the output matrix was written; else fasttext-bin has zeros there */
    char words_path[1024]; /* the second file, or "" */
};

void w2v_convert_options_init(struct w2v_convert_options *options);

/*
 * Writes a model to the file `output` ("-": standard output, where it is one file), whole or not at
 * all, in the model's order. Counts, the training record and, where the vectors are not changed, the
 * rows of n-grams and the output matrix go along between w2v's own files and fastText's .bin. The
 * result is the same bits for any number of threads. The report may be NULL.
 */
int w2v_convert(const struct w2v_model *model, const char *output,
                const struct w2v_convert_options *options, struct w2v_convert_report *report,
                struct w2v_error *error);

/* ---- Queries --------------------------------------------------------------------------------- */

struct w2v_search_options {
    size_t k;            /* answers a query */
    size_t restrict_to;  /* only the first words (the most frequent) are candidates; 0: all */
    const size_t *among; /* only these words are candidates; NULL: all */
    size_t n_among;
    const size_t *exclude; /* these words are not */
    size_t n_exclude;
    float min_score;                   /* answers score this or more; -INFINITY: anything */
    const struct w2v_folding *folding; /* words that differ in case are one word; NULL: they do
                                          not: each is its own */
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

/* A term of a query: a word, or any vector, times a weight. */
struct w2v_term {
    int64_t id;          /* the word; negative: the vector */
    const float *vector; /* D numbers, of any length but 0 */
    double weight;       /* finite; with W2V_MUL 1 or -1 */
};

#define W2V_MAX_TERMS 1024

/* A sum of terms; a single one asks for its neighbours. */
struct w2v_query {
    const struct w2v_term *terms;
    size_t n_terms; /* 1 to W2V_MAX_TERMS */
};

/*
 * The k best answers to each of n queries. Exact; equal scores by id; a query's own words never
 * answer it, and of equal words only the first is an answer. With c the cosine to a term, W2V_MUL's score is the product of (1 + c) / 2 over the
 * terms of weight 1, divided by that of (1 + c) / 2 + 0.001 over the others. `hits` is (n, k), row
 * i filled up to n_hits[i] (fewer than k where there are fewer candidates).
 */
int w2v_search(const struct w2v_model *model, const struct w2v_query *queries, size_t n,
               enum w2v_method method, const struct w2v_search_options *options,
               struct w2v_hit *hits, size_t *n_hits, struct w2v_error *error);

/* The same for n single words. */
int w2v_neighbors(const struct w2v_model *model, const size_t *ids, size_t n,
                  const struct w2v_search_options *options, struct w2v_hit *hits, size_t *n_hits,
                  struct w2v_error *error);

/*
 * The same for every word, or the first options->restrict_to, in the order of the model and a block
 * at a time; of equal words only the first is asked for. `found` is called for each, from the
 * caller's thread, and gets hits that are valid until it returns. The progress function may be NULL.
 */
typedef void (*w2v_neighbors_fn)(void *context, size_t id, const struct w2v_hit *hits,
                                 size_t n_hits);
int w2v_neighbors_of_all(const struct w2v_model *model, const struct w2v_search_options *options,
                         w2v_neighbors_fn found, void *context, w2v_progress_fn progress,
                         void *progress_context, struct w2v_error *error);

/* The same for n times "A - B + C"; `ids` is (n, 3). */
int w2v_analogy(const struct w2v_model *model, const size_t *ids, size_t n, enum w2v_method method,
                const struct w2v_search_options *options, struct w2v_hit *hits, size_t *n_hits,
                struct w2v_error *error);

/* An expression taken apart: the terms in order, a word each, which lives as long as it. */
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
 * Takes apart "king - man + woman", "0.5 * king + queen": + and - between words, weights in front,
 * all of them between blanks. A word in double quotes may hold blanks or be an operator; there, \"
 * and \\ stand for " and \. The caller's to release.
 */
int w2v_parse_expression(struct w2v_expression *expression, const char *text, size_t n_bytes,
                         struct w2v_error *error);
void w2v_expression_release(struct w2v_expression *expression);

/* Cosine of two words, and of two vectors. */
float w2v_similarity(const struct w2v_model *model, size_t a, size_t b);
float w2v_cosine(const float *a, const float *b, size_t dim);

/* For each of n words its cosine to the mean of their unit vectors; the least is the odd one. */
int w2v_odd(const struct w2v_model *model, const size_t *ids, size_t n, float *cosines,
            struct w2v_error *error);

/* The same for n vectors of D numbers. */
int w2v_odd_vector(const float *const *vectors, size_t n, size_t dim, float *cosines,
                   struct w2v_error *error);

/* ---- Clusters -------------------------------------------------------------------------------- */

struct w2v_cluster_options {
    size_t k;            /* clusters; 0: 100, of fewer than 200 words half as many as words */
    size_t restrict_to;  /* only the first words (the most frequent); 0: all */
    const size_t *among; /* only these words; NULL: all. Then restrict_to counts them */
    size_t n_among;
    uint64_t seed;
    unsigned max_rounds; /* fewer where nothing is gained any more */
    unsigned threads;
    w2v_progress_fn progress;
    void *progress_context;
};

void w2v_cluster_options_init(struct w2v_cluster_options *options);

#define W2V_NO_CLUSTER UINT32_MAX /* of a word that has no direction: zeros, or not finite */

struct w2v_cluster_report {
    size_t n_words, k;
    uint32_t *cluster;       /* (n_words): 0 to k - 1, the largest cluster first */
    float *cosine;           /* (n_words), to the centre */
    size_t *begin, *members; /* members[begin[j] .. begin[j + 1]): words of j, nearest first */
    unsigned rounds;
    double mean_cosine;
};

/*
 * Spherical k-means, begun by k-means++. No cluster is empty. With `among` the report counts words
 * by their places there. The result depends on vectors, k,
 * seed and max_rounds alone. The report is the caller's to release.
 */
int w2v_cluster(const struct w2v_model *model, const struct w2v_cluster_options *options,
                struct w2v_cluster_report *report, struct w2v_error *error);
void w2v_cluster_report_release(struct w2v_cluster_report *report);

/* ---- Maps ------------------------------------------------------------------------------------ */

enum w2v_layout {
    W2V_LAYOUT_TSNE, /* near words near: van der Maaten and Hinton 2008 */
    W2V_LAYOUT_PCA   /* the two directions in which the words vary most */
};

struct w2v_map_options {
    enum w2v_layout layout;
    size_t top;             /* the first words (the most frequent), or `near` with so many words
                               in all; 0: 2000, or 200 */
    const char *words_path; /* the words listed there, a line each, behind a tab their group;
                               NULL: the first ones */
    const size_t *near;     /* these words and those nearest to them; not with words_path */
    size_t n_near;
    const char *arrows_path; /* draw arrows, two words a line; the words too. NULL: none */
    size_t clusters;         /* groups are so many clusters of the words; 0: as given, or none */
    size_t labels;           /* words written out, at the most; 0: none */
    double perplexity;       /* neighbours that count, about; fewer where there are few words */
    unsigned iterations;
    uint64_t seed;
    unsigned threads; /* 0: every core the process may use */
    w2v_progress_fn progress;
    void *progress_context;
};

#define W2V_MAX_PERPLEXITY 1000
#define W2V_MAX_MAP_WORDS 16777216 /* 2^24 */

struct w2v_map_report {
    size_t n_words, n_groups, n_arrows, n_labels; /* drawn; labels: those of an SVG */
    size_t n_missing;  /* words of words_path that are not in the model */
    size_t n_left_out; /* words whose vector is zeros or not finite */
    size_t n_unpaired; /* arrows that lack a word */
};

/* t-SNE of perplexity 30 in 1000 iterations; as many labels as there is room for. */
void w2v_map_options_init(struct w2v_map_options *options);

/*
 * Draws the words as a map, by their directions, into a file, whole or not at all, whose ending
 * says what it is: .svg, a figure; .html, a page to move about in, which needs nothing else; .tsv,
 * WORD<TAB>X<TAB>Y<TAB>GROUP. W2V_EARG, before anything is done, for another ending or options that
 * contradict each other. The same bytes for any number of threads. The report may be NULL.
 */
int w2v_map(const struct w2v_model *model, const char *output,
            const struct w2v_map_options *options, struct w2v_map_report *report,
            struct w2v_error *error);

/* ---- Evaluation ------------------------------------------------------------------------------ */

struct w2v_eval_options {
    size_t restrict_to; /* only the first words are candidates; 0: all */
    enum w2v_method method;
    const struct w2v_folding *folding; /* as in w2v_search_options; NULL: case counts */
    size_t score_column;               /* of a similarity set, from 1; 0: it is found */
    bool compose; /* words of a similarity set that are not in the vocabulary are made of their
                     n-grams, unless restrict_to is given; by default they are */
    unsigned threads;
};

void w2v_eval_options_init(struct w2v_eval_options *options);

#define W2V_MAX_BAD_LINES 5

struct w2v_eval_row {
    const char *section;  /* or "semantic", "syntactic", "total" */
    const char *measure;  /* "accuracy", "spearman" or "pearson" */
    double score;         /* NAN where nothing could be used */
    uint64_t used, total; /* questions or pairs */
};

struct w2v_eval_report {
    struct w2v_eval_row *rows;
    size_t n_rows;
    uint64_t n_not_words;                  /* questions left out: a word is not in the vocabulary */
    uint64_t n_restricted;                 /* questions left out: a word is beyond restrict_to */
    uint64_t n_composed;                   /* pairs used of which a word was made of its n-grams */
    uint64_t n_not_finite;                 /* questions left out: a vector is not finite */
    uint64_t n_used, n_total;              /* questions or pairs of the whole set */
    uint64_t n_bad;                        /* lines passed over: neither a question nor a pair */
    uint64_t bad_lines[W2V_MAX_BAD_LINES]; /* the numbers of the first of them */
    char bad_text[96];                     /* what stands in the first, or its beginning */
    char *names;                           /* storage of the sections' names */
};

/*
 * Scores an analogy set or a similarity set, recognised by content. Analogies are scored as gensim
 * does it: a question's words and those that are one with them do not answer it. A set without a
 * single question or pair is W2V_EFORMAT.
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
