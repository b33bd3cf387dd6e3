/*
 * MD5 by RFC 1321, SHA3-256 by FIPS 202.
 */
#include "collector/base/checksum.h"

#include <string.h>

static uint32_t rotate32(uint32_t value, unsigned count)
{
    return value << count | value >> (32 - count);
}

static uint64_t rotate64(uint64_t value, unsigned count)
{
    return count ? value << count | value >> (64 - count) : value;
}

static uint64_t load_little(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

static void store_little(uint8_t *bytes, size_t size, uint64_t value)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

#define MD5_BLOCK 64

/* floor(2^32 × |sin(i + 1)|) */
static const uint32_t md5_sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};
static const uint8_t md5_shifts[4][4] = {
    { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 }
};

static void md5_add_block(uint32_t state[4], const uint8_t *block)
{
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (unsigned i = 0; i < 64; i++) {
        uint32_t mixed;
        unsigned word;
        if (i < 16) {
            mixed = (b & c) | (~b & d);
            word = i;
        } else if (i < 32) {
            mixed = (d & b) | (~d & c);
            word = (5 * i + 1) % 16;
        } else if (i < 48) {
            mixed = b ^ c ^ d;
            word = (3 * i + 5) % 16;
        } else {
            mixed = c ^ (b | ~d);
            word = 7 * i % 16;
        }
        mixed += a + md5_sines[i] + (uint32_t)load_little(block + 4 * (size_t)word, 4);
        a = d;
        d = c;
        c = b;
        b += rotate32(mixed, md5_shifts[i / 16][i % 4]);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void checksum_md5(const void *bytes, size_t size, uint8_t sum[CHECKSUM_MD5_SIZE])
{
    uint32_t state[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
    const uint8_t *at = bytes;
    uint8_t last[2 * MD5_BLOCK] = { 0 };
    size_t left = size;
    for (; left >= MD5_BLOCK; at += MD5_BLOCK, left -= MD5_BLOCK)
        md5_add_block(state, at);
    if (left)
        memcpy(last, at, left);
    last[left] = 0x80;
    size_t padded = left + 9 <= MD5_BLOCK ? MD5_BLOCK : 2 * MD5_BLOCK;
    store_little(last + padded - 8, 8, (uint64_t)size * 8);
    for (size_t i = 0; i < padded; i += MD5_BLOCK)
        md5_add_block(state, last + i);
    for (size_t i = 0; i < 4; i++)
        store_little(sum + 4 * i, 4, state[i]);
}

#define SHA3_RATE   136
#define SHA3_ROUNDS 24

/* The state is 5 × 5 words: word x of row y is state[x + 5 * y]. */
static void keccak_theta(uint64_t state[25])
{
    uint64_t column[5];
    for (size_t x = 0; x < 5; x++)
        column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
    for (size_t i = 0; i < 25; i++)
        state[i] ^= column[(i + 4) % 5] ^ rotate64(column[(i + 1) % 5], 1);
}

/* Rotates each word and moves it: the steps rho and pi. */
static void keccak_move(uint64_t state[25])
{
    uint64_t moved = state[1];
    size_t x = 1, y = 0;
    for (unsigned i = 0; i < 24; i++) {
        size_t next = (2 * x + 3 * y) % 5;
        x = y;
        y = next;
        uint64_t kept = state[x + 5 * y];
        state[x + 5 * y] = rotate64(moved, (i + 1) * (i + 2) / 2 % 64);
        moved = kept;
    }
}

static void keccak_chi(uint64_t state[25])
{
    for (size_t y = 0; y < 25; y += 5) {
        uint64_t row[5];
        memcpy(row, state + y, sizeof row);
        for (size_t x = 0; x < 5; x++)
            state[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
}

static void keccak_permute(uint64_t state[25])
{
    uint8_t shift_register = 1; /* gives the bits of the round constants */
    for (unsigned round = 0; round < SHA3_ROUNDS; round++) {
        keccak_theta(state);
        keccak_move(state);
        keccak_chi(state);
        for (unsigned i = 0; i < 7; i++) {
            if (shift_register & 1)
                state[0] ^= (uint64_t)1 << ((1u << i) - 1);
            /* x^8 + x^6 + x^5 + x^4 + 1 */
            shift_register = (uint8_t)(shift_register << 1 ^ (shift_register & 0x80 ? 0x171 : 0));
        }
    }
}

static void sha3_add_block(uint64_t state[25], const uint8_t *block)
{
    for (size_t i = 0; i < SHA3_RATE / 8; i++)
        state[i] ^= load_little(block + 8 * i, 8);
    keccak_permute(state);
}

void checksum_sha3(const void *bytes, size_t size, uint8_t sum[CHECKSUM_SHA3_SIZE])
{
    uint64_t state[25] = { 0 };
    const uint8_t *at = bytes;
    uint8_t last[SHA3_RATE] = { 0 };
    for (; size >= SHA3_RATE; at += SHA3_RATE, size -= SHA3_RATE)
        sha3_add_block(state, at);
    if (size)
        memcpy(last, at, size);
    last[size] = 0x06;
    last[SHA3_RATE - 1] |= 0x80;
    sha3_add_block(state, last);
    for (size_t i = 0; i < CHECKSUM_SHA3_SIZE / 8; i++)
        store_little(sum + 8 * i, 8, state[i]);
}
