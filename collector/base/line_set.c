/*
 * The bitmap behind struct line_set: bit n of the words stands for line n, bit 0 is never set.
 * Words beyond word_count count as zero, and a set may end in zero words. Pure memory: no files,
 * no output.
 */
#include "collector/base/line_set.h"

#include <stdlib.h>
#include <string.h>

#define WORD_BITS       64u
#define MAX_WORD_COUNT  ((size_t)LINE_SET_MAX_LINE / WORD_BITS + 1)
#define MAX_BITMAP_SIZE (MAX_WORD_COUNT * sizeof(uint64_t))

static size_t word_of(uint32_t line)
{
    return line / WORD_BITS;
}

static uint64_t bit_of(uint32_t line)
{
    return (uint64_t)1 << (line % WORD_BITS);
}

/* The bits of a word from `first` up, and up to and including `last`. */
static uint64_t bits_from(uint32_t first)
{
    return ~(uint64_t)0 << (first % WORD_BITS);
}

static uint64_t bits_to(uint32_t last)
{
    return ~(uint64_t)0 >> (WORD_BITS - 1 - last % WORD_BITS);
}

static int set_resize(struct line_set *set, size_t word_count)
{
    uint64_t *words = realloc(set->words, word_count * sizeof *words);
    if (!words)
        return -1;
    memset(words + set->word_count, 0, (word_count - set->word_count) * sizeof *words);
    set->words = words;
    set->word_count = word_count;
    return 0;
}

/* Makes room for `line`, with some to spare so that adding line after line stays linear. */
static int set_reserve(struct line_set *set, uint32_t line)
{
    if (line > LINE_SET_MAX_LINE)
        return -1;
    size_t needed = word_of(line) + 1;
    if (needed <= set->word_count)
        return 0;
    size_t spare = set->word_count + set->word_count / 2;
    return set_resize(set, needed > spare ? needed : spare);
}

void line_set_close(struct line_set *set)
{
    free(set->words);
    *set = LINE_SET_EMPTY;
}

int line_set_add(struct line_set *set, uint32_t line)
{
    if (line == 0)
        return 0;
    if (set_reserve(set, line) < 0)
        return -1;
    set->words[word_of(line)] |= bit_of(line);
    return 0;
}

int line_set_add_range(struct line_set *set, uint32_t first, uint32_t last)
{
    if (first == 0)
        first = 1;
    if (first > last)
        return 0;
    if (set_reserve(set, last) < 0)
        return -1;
    size_t from = word_of(first);
    size_t to = word_of(last);
    if (from == to) {
        set->words[from] |= bits_from(first) & bits_to(last);
        return 0;
    }
    set->words[from] |= bits_from(first);
    for (size_t i = from + 1; i < to; i++)
        set->words[i] = ~(uint64_t)0;
    set->words[to] |= bits_to(last);
    return 0;
}

void line_set_remove(struct line_set *set, uint32_t line)
{
    if (word_of(line) < set->word_count)
        set->words[word_of(line)] &= ~bit_of(line);
}

bool line_set_has(const struct line_set *set, uint32_t line)
{
    return word_of(line) < set->word_count && (set->words[word_of(line)] & bit_of(line));
}

bool line_set_has_any(const struct line_set *set, uint32_t first, uint32_t last)
{
    if (first > last || word_of(first) >= set->word_count)
        return false;
    size_t from = word_of(first);
    size_t to = word_of(last);
    if (from == to)
        return set->words[from] & bits_from(first) & bits_to(last);
    if (set->words[from] & bits_from(first))
        return true;
    for (size_t i = from + 1; i < to && i < set->word_count; i++)
        if (set->words[i])
            return true;
    return to < set->word_count && (set->words[to] & bits_to(last));
}

int line_set_copy(struct line_set *to, const struct line_set *from)
{
    if (to == from)
        return 0;
    uint64_t *words = NULL;
    if (from->word_count) {
        words = malloc(from->word_count * sizeof *words);
        if (!words)
            return -1;
        memcpy(words, from->words, from->word_count * sizeof *words);
    }
    free(to->words);
    to->words = words;
    to->word_count = from->word_count;
    return 0;
}

int line_set_unite(struct line_set *set, const struct line_set *other)
{
    if (other->word_count > set->word_count && set_resize(set, other->word_count) < 0)
        return -1;
    for (size_t i = 0; i < other->word_count; i++)
        set->words[i] |= other->words[i];
    return 0;
}

bool line_set_view(struct line_set *set, const unsigned char *bitmap, size_t size)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uintptr_t address = (uintptr_t)bitmap;
    if (address % _Alignof(uint64_t) != 0 || size % sizeof(uint64_t) != 0 || size == 0 ||
        size > MAX_BITMAP_SIZE || (bitmap[0] & 1))
        return false;
    *set = (struct line_set){ (uint64_t *)address, size / sizeof(uint64_t) };
    return true;
#else
    return false;
#endif
}

int line_set_unite_bitmap(struct line_set *set, const unsigned char *bitmap, size_t size)
{
    struct line_set view;
    if (line_set_view(&view, bitmap, size)) {
        while (view.word_count && view.words[view.word_count - 1] == 0)
            view.word_count--;
        return line_set_unite(set, &view);
    }
    while (size && bitmap[size - 1] == 0)
        size--;
    if (size == 0)
        return 0;
    if (size > MAX_BITMAP_SIZE)
        return -1;
    size_t word_count = (size + sizeof(uint64_t) - 1) / sizeof(uint64_t);
    if (word_count > set->word_count && set_resize(set, word_count) < 0)
        return -1;
    size_t whole = size / sizeof(uint64_t);
    for (size_t i = 0; i < whole; i++) {
        uint64_t word;
        memcpy(&word, bitmap + i * sizeof word, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        set->words[i] |= word;
    }
    for (size_t i = whole * sizeof(uint64_t); i < size; i++)
        set->words[whole] |= (uint64_t)bitmap[i] << (i % sizeof(uint64_t) * 8);
    set->words[0] &= ~(uint64_t)1;
    return 0;
}

void line_set_subtract(struct line_set *set, const struct line_set *other)
{
    size_t count = set->word_count < other->word_count ? set->word_count : other->word_count;
    for (size_t i = 0; i < count; i++)
        set->words[i] &= ~other->words[i];
}

void line_set_intersect(struct line_set *set, const struct line_set *other)
{
    for (size_t i = 0; i < set->word_count; i++)
        set->words[i] &= i < other->word_count ? other->words[i] : 0;
}

bool line_set_equal(const struct line_set *a, const struct line_set *b)
{
    if (a->word_count > b->word_count) {
        const struct line_set *longer = a;
        a = b;
        b = longer;
    }
    for (size_t i = 0; i < b->word_count; i++)
        if (b->words[i] != (i < a->word_count ? a->words[i] : 0))
            return false;
    return true;
}

size_t line_set_count(const struct line_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->word_count; i++)
        count += (size_t)__builtin_popcountll(set->words[i]);
    return count;
}

uint32_t line_set_next(const struct line_set *set, uint32_t after)
{
    if (after >= LINE_SET_MAX_LINE)
        return 0;
    uint32_t line = after + 1;
    size_t i = word_of(line);
    if (i >= set->word_count)
        return 0;
    uint64_t word = set->words[i] & bits_from(line);
    while (!word) {
        if (++i >= set->word_count)
            return 0;
        word = set->words[i];
    }
    return (uint32_t)(i * WORD_BITS) + (uint32_t)__builtin_ctzll(word);
}

uint32_t line_set_last(const struct line_set *set)
{
    for (size_t i = set->word_count; i-- > 0;)
        if (set->words[i])
            return (uint32_t)(i * WORD_BITS) + WORD_BITS - 1 -
                   (uint32_t)__builtin_clzll(set->words[i]);
    return 0;
}
