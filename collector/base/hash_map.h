/*
 * A small open-addressing table from 64-bit hashes to 32-bit indexes into an array that the caller
 * keeps. It stores no keys: the caller compares. Entries are never removed.
 */
#ifndef COVFORK_HASH_MAP_H
#define COVFORK_HASH_MAP_H

#include <stddef.h>
#include <stdint.h>

struct hash_map {
    struct hash_map_slot *slots; /* owned; NULL when empty */
    size_t capacity, count;
};

/* What hash_map_first and hash_map_next give when there is no further entry. */
#define HASH_MAP_END SIZE_MAX

void hash_map_close(struct hash_map *map);
/* 0 or -1 (memory; the map is unchanged). Equal hashes may be added more than once. */
int hash_map_add(struct hash_map *map, uint64_t hash, uint32_t value);
/* Positions of the entries with this hash, for `hash_map_value`; valid until the next add. */
size_t hash_map_first(const struct hash_map *map, uint64_t hash);
size_t hash_map_next(const struct hash_map *map, uint64_t hash, size_t position);
uint32_t hash_map_value(const struct hash_map *map, size_t position);
void hash_map_set(struct hash_map *map, size_t position, uint32_t value);

/* A bijection: two integers have one hash only when they are equal. */
uint64_t hash_integer(uint64_t value);
uint64_t hash_bytes(const void *bytes, size_t size);

#endif
