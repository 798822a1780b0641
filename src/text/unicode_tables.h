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
    UNICODE_UNSETTLED =
        64,               /* NFC_QC is not Yes, or folding it by itself may not do: unicode_nfc.h */
    UNICODE_MARK = 128,   /* canonical combining class other than 0 */
    UNICODE_LOWERS = 256, /* lower case (not Turkic) changes it */
    UNICODE_CASED = 512,
    UNICODE_CASE_IGNORABLE = 1024,
    UNICODE_COMPATIBLE = 2048,  /* its compatibility decomposition is not the canonical one */
    UNICODE_RESPELT = 4096,     /* words have it not, or otherwise: Default_Ignorable_Code_Point
                                   and what becomes an ASCII apostrophe or hyphen */
    UNICODE_JOINER = 8192,      /* ZWJ, ZWNJ, tags: their neighbours say whether words have them */
    UNICODE_JOINS_NEXT = 16384, /* Joining_Type D, L: it may be joined to the letter behind it */
    UNICODE_JOINS_LAST = 32768  /* Joining_Type D, R: to the letter before it */
};

struct unicode_props {
    uint8_t wb;  /* enum unicode_wb */
    uint8_t gcb; /* enum unicode_gcb */
    uint8_t ccc; /* Canonical_Combining_Class */
    uint8_t unused;
    uint32_t flags; /* of enum unicode_flag; 16 of them, and 8 bytes a record are one load */
};

enum { UNICODE_BLOCK_BITS = 8, UNICODE_N_CODE_POINTS = 0x110000 };

/* props of c = props[cells[blocks[c >> BLOCK_BITS] << BLOCK_BITS | c & (1 << BLOCK_BITS) - 1]] */
extern const uint8_t unicode_tables_blocks[UNICODE_N_CODE_POINTS >> UNICODE_BLOCK_BITS];
extern const uint8_t unicode_tables_cells[];
extern const struct unicode_props unicode_tables_props[];

/*
 * Maps from a code point to a sequence of them: full case folding; lower case where it is not what
 * folding gives; full canonical decomposition (Hangul syllables excepted); full compatibility
 * decomposition where it is not the canonical one. Entry i maps keys[i] >> UNICODE_MAP_BITS,
 * ascending, to UTF-16: as many units as the lower bits say, from sequences[starts[i]] on. Where
 * they say 0, it is the code point itself.
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

/* Primary composites: the pair (first, second) in ascending order, and what it composes to. */
struct unicode_pair {
    uint32_t first, second, composite;
};
extern const struct unicode_pair unicode_tables_pairs[];
extern const uint32_t unicode_tables_n_pairs;

/* "15.0.0": the version of the database. */
extern const char unicode_tables_version[];

#endif
