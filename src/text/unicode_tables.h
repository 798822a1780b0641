/*
 * The properties of every code point that text/ asks for, as two-stage tables. unicode_gen.c
 * computes unicode_tables.c from the Unicode Character Database, and includes this file too, so the
 * two agree on every number. Use unicode.h, which looks things up; the layout is below.
 */
#ifndef W2V_TEXT_UNICODE_TABLES_H
#define W2V_TEXT_UNICODE_TABLES_H

#include <stdint.h>

/* Word_Break (UAX #29). */
enum unicode_wb {
    WB_OTHER,
    WB_ALETTER,
    WB_HEBREW_LETTER,
    WB_NUMERIC,
    WB_KATAKANA,
    WB_EXTEND_NUM_LET,
    WB_MID_LETTER,
    WB_MID_NUM,
    WB_MID_NUM_LET,
    WB_SINGLE_QUOTE,
    WB_DOUBLE_QUOTE,
    WB_REGIONAL_INDICATOR,
    WB_WSEG_SPACE,
    WB_EXTEND,
    WB_FORMAT,
    WB_ZWJ,
    WB_CR,
    WB_LF,
    WB_NEWLINE
};

/* Grapheme_Cluster_Break (UAX #29). */
enum unicode_gcb {
    GCB_OTHER,
    GCB_CR,
    GCB_LF,
    GCB_CONTROL,
    GCB_EXTEND,
    GCB_ZWJ,
    GCB_REGIONAL_INDICATOR,
    GCB_PREPEND,
    GCB_SPACING_MARK,
    GCB_L,
    GCB_V,
    GCB_T,
    GCB_LV,
    GCB_LVT
};

/* The flags of a code point. */
enum unicode_flag {
    UNICODE_WORD = 1,        /* general category L* or N* */
    UNICODE_WHITE = 2,       /* White_Space */
    UNICODE_PICTURE = 4,     /* Extended_Pictographic */
    UNICODE_FOLDS = 8,       /* full case folding changes it */
    UNICODE_DECOMPOSES = 16, /* has a canonical decomposition (Hangul syllables too) */
    UNICODE_COMPOSES = 32,   /* NFC_QC=Maybe: may combine with what stands before it */
    UNICODE_UNSETTLED = 64,  /* NFC_QC is not Yes, or folding it may leave NFC: see unicode_nfc.h */
    UNICODE_MARK = 128       /* canonical combining class other than 0 */
};

struct unicode_props {
    uint8_t wb;    /* enum unicode_wb */
    uint8_t gcb;   /* enum unicode_gcb */
    uint8_t ccc;   /* Canonical_Combining_Class */
    uint8_t flags; /* of enum unicode_flag */
};

enum { UNICODE_BLOCK_BITS = 8, UNICODE_N_CODE_POINTS = 0x110000 };

/* props of c = props[cells[blocks[c >> BLOCK_BITS] << BLOCK_BITS | c & (1 << BLOCK_BITS) - 1]] */
extern const uint8_t unicode_tables_blocks[UNICODE_N_CODE_POINTS >> UNICODE_BLOCK_BITS];
extern const uint8_t unicode_tables_cells[];
extern const struct unicode_props unicode_tables_props[];

/*
 * Two maps from a code point to a sequence of them: full case folding, and full canonical
 * decomposition (Hangul syllables excepted). Entry i maps keys[i] >> 3, ascending, to the
 * keys[i] & 7 code points in sequences[starts[i] ...].
 */
extern const uint32_t unicode_tables_fold_keys[];
extern const uint16_t unicode_tables_fold_starts[];
extern const uint32_t unicode_tables_n_folds;
extern const uint32_t unicode_tables_decomp_keys[];
extern const uint16_t unicode_tables_decomp_starts[];
extern const uint32_t unicode_tables_n_decomps;
extern const uint32_t unicode_tables_sequences[];

/* Primary composites: the pair (first, second) in ascending order, and what it composes to. */
struct unicode_pair {
    uint32_t first, second, composite;
};
extern const struct unicode_pair unicode_tables_pairs[];
extern const uint32_t unicode_tables_n_pairs;

/* "15.0.0": the version of the database. */
extern const char unicode_tables_version[];

#endif
