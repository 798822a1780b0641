/*
 * The layout of the Unicode tables: two-stage tables of properties, and maps. unicode_gen.c makes
 * unicode_tables.c from the Unicode Character Database and includes this file too, so both agree on
 * every number. Code that wants to look something up uses unicode.h.
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
    UNICODE_COMPOSES = 32,   /* NFC_QC=Maybe: may compose with a character before it */
    UNICODE_UNSETTLED = 64,  /* NFC or folding may depend on its neighbours: unicode_gen.c */
    UNICODE_MARK = 128,      /* canonical combining class other than 0 */
    UNICODE_LOWERS = 256,    /* lower case (not Turkic) changes it */
    UNICODE_CASED = 512,
    UNICODE_CASE_IGNORABLE = 1024,
    UNICODE_COMPATIBLE = 2048,  /* its compatibility decomposition is not the canonical one */
    UNICODE_RESPELT = 4096,     /* words lose it (Default_Ignorable_Code_Point) or have an ASCII
                                   apostrophe or hyphen instead: unicode_tidy.h */
    UNICODE_JOINER = 8192,      /* ZWJ, ZWNJ, tags: words keep them between certain neighbours */
    UNICODE_JOINS_NEXT = 16384, /* Joining_Type D or L: it may join to the letter after it */
    UNICODE_JOINS_LAST = 32768, /* Joining_Type D or R: it may join to the letter before it */
    UNICODE_UNSPACED = 65536    /* a letter at which UAX #29 cuts: unicode_unspaced */
};

struct unicode_props {
    uint8_t wb;  /* enum unicode_wb */
    uint8_t gcb; /* enum unicode_gcb */
    uint8_t ccc; /* Canonical_Combining_Class */
    uint8_t unused;
    uint32_t flags; /* of enum unicode_flag; a record has 8 bytes, so that one load reads it */
};

enum { UNICODE_BLOCK_BITS = 8, UNICODE_N_CODE_POINTS = 0x110000 };

/* props of c = props[cells[blocks[c >> BLOCK_BITS] << BLOCK_BITS | c & (1 << BLOCK_BITS) - 1]] */
extern const uint8_t unicode_tables_blocks[UNICODE_N_CODE_POINTS >> UNICODE_BLOCK_BITS];
extern const uint8_t unicode_tables_cells[];
extern const struct unicode_props unicode_tables_props[];

/*
 * Maps from a code point to a sequence of code points:
 *   fold    full case folding
 *   lower   lower case, if it differs from the folding
 *   decomp  full canonical decomposition, without Hangul syllables
 *   compat  full compatibility decomposition, if it differs from the canonical one
 * Entry i maps the code point keys[i] >> UNICODE_MAP_BITS. Keys are ascending. The lower bits of
 * the key are the number of UTF-16 units of the sequence, which begins at sequences[starts[i]]. If
 * they are 0, the code point maps to itself.
 */
enum { UNICODE_MAP_BITS = 5 };

extern const uint32_t unicode_tables_fold_keys[];
extern const uint16_t unicode_tables_fold_starts[];
extern const uint32_t unicode_tables_n_folds;
extern const uint32_t unicode_tables_lower_keys[];
extern const uint16_t unicode_tables_lower_starts[];
extern const uint32_t unicode_tables_n_lowers;
extern const uint32_t unicode_tables_decomp_keys[];
extern const uint16_t unicode_tables_decomp_starts[];
extern const uint32_t unicode_tables_n_decomps;
extern const uint32_t unicode_tables_compat_keys[];
extern const uint16_t unicode_tables_compat_starts[];
extern const uint32_t unicode_tables_n_compats;
extern const uint16_t unicode_tables_sequences[];

/* The primary composites: pairs (first, second), in ascending order, and their composite. */
struct unicode_pair {
    uint32_t first, second, composite;
};
extern const struct unicode_pair unicode_tables_pairs[];
extern const uint32_t unicode_tables_n_pairs;

/* "15.0.0": the version of the database. */
extern const char unicode_tables_version[];

#endif
