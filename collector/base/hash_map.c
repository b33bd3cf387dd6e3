/*
 * Linear probing over a power of two of slots, at most half of them used.
 */
#include "collector/base/hash_map.h"

#include <stdlib.h>
#include <string.h>

struct hash_map_slot {
    uint64_t hash;
    uint32_t value;
    uint32_t used;
};

void hash_map_close(struct hash_map *map)
{
    free(map->slots);
    *map = (struct hash_map){ NULL, 0, 0 };
}

static void insert(struct hash_map_slot *slots, size_t capacity, uint64_t hash, uint32_t value)
{
    size_t at = hash & (capacity - 1);
    while (slots[at].used)
        at = (at + 1) & (capacity - 1);
    slots[at] = (struct hash_map_slot){ hash, value, 1 };
}

int hash_map_add(struct hash_map *map, uint64_t hash, uint32_t value)
{
    if ((map->count + 1) * 2 > map->capacity) {
        size_t capacity = map->capacity ? map->capacity * 2 : 64;
        struct hash_map_slot *slots = calloc(capacity, sizeof *slots);
        if (!slots)
            return -1;
        for (size_t i = 0; i < map->capacity; i++)
            if (map->slots[i].used)
                insert(slots, capacity, map->slots[i].hash, map->slots[i].value);
        free(map->slots);
        map->slots = slots;
        map->capacity = capacity;
    }
    insert(map->slots, map->capacity, hash, value);
    map->count++;
    return 0;
}

static size_t find_from(const struct hash_map *map, uint64_t hash, size_t at)
{
    while (map->slots[at].used) {
        if (map->slots[at].hash == hash)
            return at;
        at = (at + 1) & (map->capacity - 1);
    }
    return HASH_MAP_END;
}

size_t hash_map_first(const struct hash_map *map, uint64_t hash)
{
    if (!map->slots)
        return HASH_MAP_END;
    return find_from(map, hash, hash & (map->capacity - 1));
}

size_t hash_map_next(const struct hash_map *map, uint64_t hash, size_t position)
{
    return find_from(map, hash, (position + 1) & (map->capacity - 1));
}

uint32_t hash_map_value(const struct hash_map *map, size_t position)
{
    return map->slots[position].value;
}

void hash_map_set(struct hash_map *map, size_t position, uint32_t value)
{
    map->slots[position].value = value;
}

uint64_t hash_integer(uint64_t value)
{
    value ^= value >> 30;
    value *= 0xbf58476d1ce4e5b9u;
    value ^= value >> 27;
    value *= 0x94d049bb133111ebu;
    return value ^ value >> 31;
}

uint64_t hash_bytes(const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint64_t hash = 0x9e3779b97f4a7c15u ^ size;
    for (; size >= 8; at += 8, size -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = hash_integer(hash ^ word) + 0x9e3779b97f4a7c15u;
    }
    uint64_t rest = 0;
    for (size_t i = 0; i < size; i++)
        rest |= (uint64_t)at[i] << (8 * i);
    return hash_integer(hash ^ rest);
}
