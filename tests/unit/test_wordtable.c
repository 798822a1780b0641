/* text/wordtable and base/hash: input that is made to collide does not make the table slow. */
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "text/wordtable.h"

static int compare(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/*
 * The words consist of pairs of blocks of 8 bytes. In a product modulo 2^64, the highest bit of one
 * factor changes only the highest bit of the product. So if a hash multiplies and then folds by a
 * known shift, an attacker can undo in the second block of a pair the change made in the first
 * block. Each pair then doubles the number of words that collide, for any key.
 */
static void test_no_words_can_be_made_to_collide(void)
{
    enum { PAIRS = 11, WORDS = 1 << PAIRS, BYTES = 16 * PAIRS };
    struct wordtable table = {0};
    struct w2v_error error;
    static uint32_t hashes[WORDS];
    size_t n_distinct = 1;
    for (unsigned w = 0; w < WORDS; w++) {
        char word[BYTES];
        uint32_t id;
        memset(word, 'a', sizeof word);
        for (unsigned p = 0; p < PAIRS; p++)
            if (w >> p & 1) {
                word[16 * p + 7] ^= (char)0x80;
                word[16 * p + 8 + 7] ^= (char)0x80;
                word[16 * p + 8 + 3] ^= (char)0x80;
            }
        CHECK(wordtable_add_word(&table, word, sizeof word, 1, &id, &error) == W2V_OK && id == w);
    }
    for (unsigned w = 0; w < WORDS; w++)
        hashes[w] = table.words[w].hash;
    qsort(hashes, WORDS, sizeof *hashes, compare);
    for (unsigned w = 1; w < WORDS; w++)
        n_distinct += hashes[w] != hashes[w - 1];
    CHECK_MSG(n_distinct > WORDS - 10, "%zu different hashes of %d words", n_distinct, WORDS);
    wordtable_release(&table);
}

/* hash_product is the exclusive or of the two halves of the product. */
static void test_product(void)
{
    CHECK(hash_product(3, 5) == 15);
    CHECK(hash_product(UINT64_MAX, UINT64_MAX) == (1 ^ (UINT64_MAX - 1)));
    CHECK(hash_product((uint64_t)1 << 63, 6) == 3);
    CHECK(hash_product(0x123456789abcdef0u, 0xfedcba9876543211u) ==
          (0x123456789abcdef0u * 0xfedcba9876543211u ^ 0x121fa00ad77d7422u));
}

/* All tables of a process have the same key, because merging uses the stored hashes. */
static void test_one_key(void)
{
    const struct hash_key a = hash_key(), b = hash_key();
    CHECK(a.start == b.start && a.factor == b.factor && (a.factor & 1) == 1);
}

int main(void)
{
    TEST(test_no_words_can_be_made_to_collide);
    TEST(test_product);
    TEST(test_one_key);
    return test_end();
}
