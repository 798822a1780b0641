/*
 * An encoded text is an array of 32-bit numbers, one a token. The low 31 bits are the id of a word.
 * The highest bit is set in the last token of a line, so line ends take no room.
 */
#ifndef W2V_TEXT_IDS_H
#define W2V_TEXT_IDS_H

#include <stdint.h>

#define CORPUS_LINE_END 0x80000000u
#define CORPUS_ID(token) ((token) & ~CORPUS_LINE_END)

/* Replaces a token that became part of the word before it. */
#define CORPUS_GONE UINT32_MAX

#endif
