/*
 * The file, whose numbers are this machine's own: another program's would be no use.
 *
 *   header                                   entry, a multiple of 8 bytes
 *    0  8  magic "COVFORKA"                   0  …  struct entry
 *    8  8  hash of all that follows           …  …  path
 *   16  4  length of the maker                …  …  line table, statements, excluded, no branch:
 *   20  4  number of entries                        words of bitmaps
 *   24  …  maker: see make_text               …  …  folds: pairs of a line and its first line
 *    …  …  entries                            …  …  regions: struct region_entry, name, words
 *                                             …  …  arcs, reasons, fixes, names of struct flow
 *
 * Texts are padded with zeros to a multiple of 8. The hash finds accidents; the lengths are checked
 * besides, so that a file made on purpose can lie, but do no harm.
 */
#include "collector/project/analysis_cache.h"

#include "collector/source/exclude.h"
#include "collector/base/hash_map.h"
#include "collector/source/regions.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define NAME           "analysis.cache"
#define NAME_SIZE      (sizeof NAME + 7) /* of a temporary one, which folder.c knows */
#define MAGIC          "COVFORKA"
#define FILE_SIZE_MAX  ((size_t)64 << 20)
#define SETTLE_SECONDS 2

struct header {
    char magic[8];
    uint64_t hash;
    uint32_t maker_size;
    uint32_t entry_count;
};

/* A source as it was. */
struct identity {
    uint64_t device, inode, size;
    int64_t modified[2], changed[2];
};

struct entry {
    uint32_t size; /* of all of it */
    uint32_t path_size;
    struct identity identity;
    uint32_t table_words, statement_words, excluded_words, no_branch_words;
    uint32_t line_count, fold_count, region_count;
    uint32_t arc_count, reason_count, fix_count, names_size;
    uint32_t reserved;
};

struct fold {
    uint32_t line, first;
};

struct region_entry {
    uint32_t kind, start, name_size, word_count;
};

_Static_assert(sizeof(struct header) % 8 == 0 && sizeof(struct entry) % 8 == 0 &&
                   sizeof(struct fold) == 8 && sizeof(struct region_entry) % 8 == 0 &&
                   sizeof(struct flow_reason) % 4 == 0 && sizeof(struct flow_fix) % 8 == 0,
               "parts of an entry");

struct analysis_cache {
    char *directory;
    char *maker;
    size_t maker_size;
    unsigned char *bytes; /* of the file; NULL: none */
    const struct entry **entries;
    size_t entry_count;
    struct hash_map map; /* paths to entries */
    struct entry **added;
    size_t added_count;
};

static size_t padded(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

/* Who made the file, and by which rules: the version, the program's file, what searches for
 * patterns, and these. 0 or -1. */
static int make_text(struct analysis_cache *cache, const struct analysis_rules *rules)
{
    struct stat program = { 0 };
    size_t rules_size;
    const void *text = analysis_rules_text(rules, &rules_size);
    char *maker;
    if (stat("/proc/self/exe", &program) != 0)
        return -1;
    int length =
        asprintf(&maker, "%s %s %llu %llu %lld.%09ld %zu", COVFORK_VERSION, exclude_engine(),
                 (unsigned long long)program.st_ino, (unsigned long long)program.st_size,
                 (long long)program.st_mtim.tv_sec, program.st_mtim.tv_nsec, sizeof(struct entry));
    if (length < 0)
        return -1;
    cache->maker_size = padded((size_t)length + 1 + rules_size);
    cache->maker = calloc(1, cache->maker_size);
    if (cache->maker) {
        memcpy(cache->maker, maker, (size_t)length);
        if (rules_size)
            memcpy(cache->maker + length + 1, text, rules_size);
    }
    free(maker);
    return cache->maker ? 0 : -1;
}

/* Opens the folder, which is no link. -1: it can't be used. */
static int open_folder(const struct analysis_cache *cache)
{
    return open(cache->directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The bytes of the file, which is the user's own. NULL: none that can be used. Caller frees. */
static unsigned char *load(const struct analysis_cache *cache, size_t *size)
{
    int folder = open_folder(cache);
    if (folder < 0)
        return NULL;
    int descriptor =
        openat(folder, NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    close(folder);
    if (descriptor < 0)
        return NULL;
    struct stat status;
    unsigned char *bytes = NULL;
    *size = 0;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
        (size_t)status.st_size >= sizeof(struct header) && (size_t)status.st_size <= FILE_SIZE_MAX)
        bytes = malloc((size_t)status.st_size);
    while (bytes && *size < (size_t)status.st_size) {
        ssize_t got = read(descriptor, bytes + *size, (size_t)status.st_size - *size);
        if (got > 0) {
            *size += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            free(bytes);
            bytes = NULL;
        }
    }
    close(descriptor);
    return bytes;
}

static const char *entry_path(const struct entry *entry)
{
    return (const char *)(entry + 1);
}

/* Lists the entries of the `size` bytes at `at`. False where they are not whole. */
static bool list_entries(struct analysis_cache *cache, const unsigned char *at, size_t size,
                         uint32_t count)
{
    if (count > size / sizeof(struct entry))
        return false;
    cache->entries = calloc((size_t)count + 1, sizeof *cache->entries);
    if (!cache->entries)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const struct entry *entry = (const void *)at;
        if (size < sizeof *entry || entry->size < sizeof *entry || entry->size % 8 != 0 ||
            entry->size > size || padded(entry->path_size) > entry->size - sizeof *entry)
            return false;
        uint64_t hash = hash_bytes(entry_path(entry), entry->path_size);
        if (hash_map_add(&cache->map, hash, i) != 0)
            return false;
        cache->entries[cache->entry_count++] = entry;
        at += entry->size;
        size -= entry->size;
    }
    return size == 0;
}

/* Is the file whole, and made by this program and these rules? */
static bool use_bytes(struct analysis_cache *cache, size_t size)
{
    struct header header;
    memcpy(&header, cache->bytes, sizeof header);
    const unsigned char *at = cache->bytes + sizeof header;
    size -= sizeof header;
    if (memcmp(header.magic, MAGIC, sizeof header.magic) != 0 ||
        header.maker_size != cache->maker_size || header.maker_size > size ||
        memcmp(at, cache->maker, cache->maker_size) != 0 || hash_bytes(at, size) != header.hash)
        return false;
    return list_entries(cache, at + header.maker_size, size - header.maker_size,
                        header.entry_count);
}

static void forget(struct analysis_cache *cache)
{
    free(cache->bytes);
    free(cache->entries);
    hash_map_close(&cache->map);
    cache->bytes = NULL;
    cache->entries = NULL;
    cache->entry_count = 0;
}

struct analysis_cache *analysis_cache_open(const char *directory,
                                           const struct analysis_rules *rules)
{
    struct analysis_cache *cache = calloc(1, sizeof *cache);
    size_t size;
    if (!cache)
        return NULL;
    cache->directory = strdup(directory);
    if (!cache->directory || make_text(cache, rules) != 0) {
        analysis_cache_free(cache);
        return NULL;
    }
    cache->bytes = load(cache, &size);
    if (cache->bytes && !use_bytes(cache, size))
        forget(cache);
    return cache;
}

void analysis_cache_free(struct analysis_cache *cache)
{
    if (!cache)
        return;
    forget(cache);
    for (size_t i = 0; i < cache->added_count; i++)
        free(cache->added[i]);
    free(cache->added);
    free(cache->maker);
    free(cache->directory);
    free(cache);
}

static struct identity identify(const struct stat *status)
{
    return (struct identity){
        .device = status->st_dev,
        .inode = status->st_ino,
        .size = (uint64_t)status->st_size,
        .modified = { status->st_mtim.tv_sec, status->st_mtim.tv_nsec },
        .changed = { status->st_ctim.tv_sec, status->st_ctim.tv_nsec },
    };
}

/* Would a later change of the file show? */
static bool is_settled(const struct stat *status)
{
    time_t now = time(NULL);
    return status->st_ctim.tv_sec + SETTLE_SECONDS < now &&
           status->st_mtim.tv_sec + SETTLE_SECONDS < now;
}

/* Words up to the last that is not zero. */
static uint32_t count_words(const struct line_set *set)
{
    size_t count = set->word_count;
    while (count && set->words[count - 1] == 0)
        count--;
    return (uint32_t)count;
}

/* Reading an entry: a place in it, and what is left. */
struct cursor {
    const unsigned char *at;
    size_t left;
};

/* The next `count` items of `size` bytes, padded; NULL where they are not there. */
static const void *take(struct cursor *cursor, size_t count, size_t size)
{
    if (count > cursor->left / size || padded(count * size) > cursor->left)
        return NULL;
    const void *taken = cursor->at;
    cursor->at += padded(count * size);
    cursor->left -= padded(count * size);
    return taken;
}

static bool take_set(struct cursor *cursor, struct line_set *set, uint32_t word_count)
{
    const uint64_t *words = take(cursor, word_count, sizeof *words);
    if (!words || (word_count && words[0] & 1) ||
        word_count > LINE_SET_MAX_LINE / (8 * sizeof *words) + 1)
        return false;
    const struct line_set view = { (uint64_t *)(uintptr_t)words, word_count };
    return line_set_copy(set, &view) == 0;
}

static bool take_folds(struct cursor *cursor, struct analysis *analysis, uint32_t count)
{
    const struct fold *folds = take(cursor, count, sizeof *folds);
    if (!folds)
        return false;
    analysis->first_line = malloc(((size_t)analysis->line_count + 1) * sizeof(uint32_t));
    if (!analysis->first_line)
        return false;
    for (uint32_t line = 0; line <= analysis->line_count; line++)
        analysis->first_line[line] = line;
    for (uint32_t i = 0; i < count; i++) {
        if (folds[i].line > analysis->line_count || folds[i].first > analysis->line_count)
            return false;
        analysis->first_line[folds[i].line] = folds[i].first;
    }
    return true;
}

static bool take_regions(struct cursor *cursor, struct analysis *analysis, uint32_t count)
{
    if (count > cursor->left / sizeof(struct region_entry))
        return false;
    analysis->regions = calloc((size_t)count + 1, sizeof *analysis->regions);
    if (!analysis->regions)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct region *region = &analysis->regions[analysis->region_count++];
        const struct region_entry *entry = take(cursor, 1, sizeof *entry);
        const char *name = entry ? take(cursor, entry->name_size, 1) : NULL;
        if (!name || (entry->kind != REGION_FUNCTION && entry->kind != REGION_CLASS))
            return false;
        region->kind = entry->kind;
        region->start = entry->start;
        region->name = strndup(name, entry->name_size);
        if (!region->name || !take_set(cursor, &region->lines, entry->word_count))
            return false;
    }
    return true;
}

static bool is_line(int32_t line)
{
    return line >= -(int32_t)LINE_SET_MAX_LINE && line <= (int32_t)LINE_SET_MAX_LINE;
}

static bool is_arc(struct arc arc)
{
    return is_line(arc.from) && is_line(arc.to);
}

static int compare_arcs(struct arc a, struct arc b)
{
    if (a.from != b.from)
        return a.from < b.from ? -1 : 1;
    return (a.to > b.to) - (a.to < b.to);
}

/* Are the numbers such as can be, and in the order that is counted on? */
static bool is_flow(const struct entry *entry, const struct arc *arcs,
                    const struct flow_reason *reasons, const struct flow_fix *fixes)
{
    for (uint32_t i = 0; i < entry->arc_count; i++)
        if (!is_arc(arcs[i]) || (i > 0 && compare_arcs(arcs[i - 1], arcs[i]) >= 0))
            return false;
    for (uint32_t i = 0; i < entry->reason_count; i++)
        if (!is_arc(reasons[i].arc) || reasons[i].name >= entry->names_size ||
            reasons[i].cause > FLOW_CAUSE_NO_EXCEPTION || reasons[i].action > FLOW_ACTION_EXCEPT ||
            (i > 0 && compare_arcs(reasons[i - 1].arc, reasons[i].arc) > 0))
            return false;
    for (uint32_t i = 0; i < entry->fix_count; i++)
        if (!is_arc(fixes[i].arc) || !is_arc(fixes[i].instead) ||
            (i > 0 && compare_arcs(fixes[i - 1].arc, fixes[i].arc) > 0))
            return false;
    return true;
}

static void *copy(const void *from, size_t size)
{
    void *to = malloc(size + 1);
    if (to)
        memcpy(to, from, size);
    return to;
}

static bool take_flow(struct cursor *cursor, struct flow *flow, const struct entry *entry)
{
    const struct arc *arcs = take(cursor, entry->arc_count, sizeof *arcs);
    const struct flow_reason *reasons = take(cursor, entry->reason_count, sizeof *reasons);
    const struct flow_fix *fixes = take(cursor, entry->fix_count, sizeof *fixes);
    const char *names = take(cursor, entry->names_size, 1);
    if (!arcs || !reasons || !fixes || !names ||
        (entry->names_size && names[entry->names_size - 1] != '\0') ||
        !is_flow(entry, arcs, reasons, fixes))
        return false;
    if (entry->arc_count) {
        flow->possible = (struct arc_set){ .items = copy(arcs, entry->arc_count * sizeof *arcs),
                                           .count = entry->arc_count,
                                           .room = entry->arc_count,
                                           .sorted = entry->arc_count };
        if (!flow->possible.items)
            return false;
    }
    if (!entry->reason_count && !entry->fix_count)
        return true;
    flow->reasons = copy(reasons, entry->reason_count * sizeof *reasons);
    flow->fixes = copy(fixes, entry->fix_count * sizeof *fixes);
    flow->names = copy(names, entry->names_size);
    flow->reason_count = flow->reasons ? entry->reason_count : 0;
    flow->fix_count = flow->fixes ? entry->fix_count : 0;
    return flow->reasons && flow->fixes && flow->names;
}

/* `cursor` is behind the line table. */
static bool take_analysis(struct cursor *cursor, const struct entry *entry,
                          struct analysis *analysis)
{
    /* Each line has a byte at least. */
    if (entry->line_count > entry->identity.size + 1)
        return false;
    analysis->line_count = entry->line_count;
    return take_set(cursor, &analysis->statements, entry->statement_words) &&
           take_set(cursor, &analysis->excluded, entry->excluded_words) &&
           take_set(cursor, &analysis->no_branch, entry->no_branch_words) &&
           take_folds(cursor, analysis, entry->fold_count) &&
           take_regions(cursor, analysis, entry->region_count) &&
           take_flow(cursor, &analysis->flow, entry);
}

static const struct entry *find_entry(const struct analysis_cache *cache, const char *path)
{
    size_t size = strlen(path);
    uint64_t hash = hash_bytes(path, size);
    for (size_t at = hash_map_first(&cache->map, hash); at != HASH_MAP_END;
         at = hash_map_next(&cache->map, hash, at)) {
        const struct entry *entry = cache->entries[hash_map_value(&cache->map, at)];
        if (entry->path_size == size && memcmp(entry_path(entry), path, size) == 0)
            return entry;
    }
    return NULL;
}

bool analysis_cache_find(const struct analysis_cache *cache, const char *path,
                         const struct stat *status, const struct line_set *table,
                         struct analysis *analysis)
{
    const struct entry *entry = cache ? find_entry(cache, path) : NULL;
    const struct identity identity = identify(status);
    if (!entry || memcmp(&entry->identity, &identity, sizeof identity) != 0 ||
        entry->table_words != count_words(table))
        return false;
    struct cursor cursor = { (const unsigned char *)(entry + 1), entry->size - sizeof *entry };
    take(&cursor, entry->path_size, 1);
    const void *words = take(&cursor, entry->table_words, sizeof(uint64_t));
    if (!words || (entry->table_words &&
                   memcmp(words, table->words, entry->table_words * sizeof(uint64_t)) != 0))
        return false;
    *analysis = (struct analysis){ 0 };
    if (take_analysis(&cursor, entry, analysis))
        return true;
    analysis_close(analysis);
    return false;
}

/* Writing an entry: first to no place, to know its size. */
struct writer {
    unsigned char *at; /* NULL: only counting */
    size_t size;
};

static void put(struct writer *writer, const void *bytes, size_t size)
{
    if (writer->at && size) {
        memcpy(writer->at, bytes, size);
        writer->at += padded(size);
    }
    writer->size += padded(size);
}

static void put_set(struct writer *writer, const struct line_set *set)
{
    put(writer, set->words, count_words(set) * sizeof(uint64_t));
}

static uint32_t put_folds(struct writer *writer, const struct analysis *analysis)
{
    uint32_t count = 0;
    for (uint32_t line = 0; line <= analysis->line_count; line++) {
        const struct fold fold = { line, analysis->first_line[line] };
        if (fold.first == line)
            continue;
        put(writer, &fold, sizeof fold);
        count++;
    }
    return count;
}

static void put_entry(struct writer *writer, struct entry *entry, const char *path,
                      const struct line_set *table, const struct analysis *analysis)
{
    const struct flow *flow = &analysis->flow;
    put(writer, entry, sizeof *entry);
    put(writer, path, entry->path_size);
    put_set(writer, table);
    put_set(writer, &analysis->statements);
    put_set(writer, &analysis->excluded);
    put_set(writer, &analysis->no_branch);
    entry->fold_count = put_folds(writer, analysis);
    for (size_t i = 0; i < analysis->region_count; i++) {
        const struct region *region = &analysis->regions[i];
        const struct region_entry head = { region->kind, region->start,
                                           (uint32_t)strlen(region->name),
                                           count_words(&region->lines) };
        put(writer, &head, sizeof head);
        put(writer, region->name, head.name_size);
        put_set(writer, &region->lines);
    }
    put(writer, flow->possible.items, flow->possible.count * sizeof *flow->possible.items);
    put(writer, flow->reasons, flow->reason_count * sizeof *flow->reasons);
    put(writer, flow->fixes, flow->fix_count * sizeof *flow->fixes);
    put(writer, flow->names, entry->names_size);
}

/* Bytes of the names that the reasons speak of. */
static size_t measure_names(const struct flow *flow)
{
    size_t size = 0;
    for (size_t i = 0; i < flow->reason_count; i++) {
        size_t end = flow->reasons[i].name + strlen(flow->names + flow->reasons[i].name) + 1;
        size = end > size ? end : size;
    }
    return size;
}

void *analysis_cache_pack(const struct analysis_cache *cache, const char *path,
                          const struct stat *status, const struct line_set *table,
                          const struct analysis *analysis)
{
    if (!cache || !is_settled(status))
        return NULL;
    struct entry entry = {
        .path_size = (uint32_t)strlen(path),
        .identity = identify(status),
        .table_words = count_words(table),
        .statement_words = count_words(&analysis->statements),
        .excluded_words = count_words(&analysis->excluded),
        .no_branch_words = count_words(&analysis->no_branch),
        .line_count = analysis->line_count,
        .region_count = (uint32_t)analysis->region_count,
        .arc_count = (uint32_t)analysis->flow.possible.count,
        .reason_count = (uint32_t)analysis->flow.reason_count,
        .fix_count = (uint32_t)analysis->flow.fix_count,
        .names_size = (uint32_t)measure_names(&analysis->flow),
    };
    struct writer writer = { NULL, 0 };
    put_entry(&writer, &entry, path, table, analysis);
    if (writer.size > FILE_SIZE_MAX)
        return NULL;
    entry.size = (uint32_t)writer.size;
    unsigned char *packed = calloc(1, writer.size);
    writer = (struct writer){ packed, 0 };
    if (packed)
        put_entry(&writer, &entry, path, table, analysis);
    return packed;
}

void analysis_cache_add(struct analysis_cache *cache, void *packed)
{
    if (!cache || !packed) {
        free(packed);
        return;
    }
    if ((cache->added_count & (cache->added_count - 1)) == 0) {
        size_t room = cache->added_count ? 2 * cache->added_count : 1;
        struct entry **larger = realloc(cache->added, room * sizeof *larger);
        if (!larger) {
            free(packed);
            return;
        }
        cache->added = larger;
    }
    cache->added[cache->added_count++] = packed;
}

/* Is the source still as the entry says? */
static bool is_as_it_was(const struct entry *entry)
{
    char *path = strndup(entry_path(entry), entry->path_size);
    struct stat status;
    bool same = path && stat(path, &status) == 0;
    if (same) {
        const struct identity identity = identify(&status);
        same = memcmp(&entry->identity, &identity, sizeof identity) == 0;
    }
    free(path);
    return same;
}

/* Was the entry's source added anew? `added` has the paths of the added ones. */
static bool is_replaced(const struct analysis_cache *cache, const struct hash_map *added,
                        const struct entry *entry)
{
    uint64_t hash = hash_bytes(entry_path(entry), entry->path_size);
    for (size_t at = hash_map_first(added, hash); at != HASH_MAP_END;
         at = hash_map_next(added, hash, at)) {
        const struct entry *other = cache->added[hash_map_value(added, at)];
        if (other->path_size == entry->path_size &&
            memcmp(entry_path(other), entry_path(entry), entry->path_size) == 0)
            return true;
    }
    return false;
}

/* All of the new file, NULL when memory ran out. Caller frees. */
static unsigned char *make_file(const struct analysis_cache *cache, size_t *size)
{
    struct hash_map added = { 0 };
    size_t room = sizeof(struct header) + cache->maker_size;
    for (size_t i = 0; i < cache->added_count; i++) {
        const struct entry *entry = cache->added[i];
        if (hash_map_add(&added, hash_bytes(entry_path(entry), entry->path_size), (uint32_t)i) !=
            0) {
            hash_map_close(&added);
            return NULL;
        }
        room += entry->size;
    }
    for (size_t i = 0; i < cache->entry_count; i++)
        room += cache->entries[i]->size;
    unsigned char *bytes = room <= 2 * FILE_SIZE_MAX ? malloc(room) : NULL;
    struct header header = { .magic = MAGIC, .maker_size = (uint32_t)cache->maker_size };
    *size = sizeof header;
    if (bytes) {
        memcpy(bytes + *size, cache->maker, cache->maker_size);
        *size += cache->maker_size;
    }
    for (size_t i = 0; bytes && i < cache->added_count + cache->entry_count; i++) {
        bool is_new = i < cache->added_count;
        const struct entry *entry =
            is_new ? cache->added[i] : cache->entries[i - cache->added_count];
        if (*size + entry->size > FILE_SIZE_MAX ||
            (!is_new && (is_replaced(cache, &added, entry) || !is_as_it_was(entry))))
            continue;
        memcpy(bytes + *size, entry, entry->size);
        *size += entry->size;
        header.entry_count++;
    }
    hash_map_close(&added);
    if (bytes) {
        header.hash = hash_bytes(bytes + sizeof header, *size - sizeof header);
        memcpy(bytes, &header, sizeof header);
    }
    return bytes;
}

static bool write_all(int descriptor, const unsigned char *bytes, size_t size)
{
    while (size) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return true;
}

/* Makes a file in the folder with a name that no other has. A descriptor, or -1. */
static int make_temporary(int folder, char name[NAME_SIZE])
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    unsigned long chosen = (unsigned long)now.tv_nsec + (unsigned long)getpid() * 65537u;
    int descriptor = -1;
    for (int i = 0; i < 10 && descriptor < 0; i++, chosen += 7919) {
        snprintf(name, NAME_SIZE, NAME ".%06lx", chosen & 0xffffff);
        descriptor =
            openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (descriptor < 0 && errno != EEXIST)
            break;
    }
    return descriptor;
}

void analysis_cache_save(struct analysis_cache *cache)
{
    if (!cache || !cache->added_count)
        return;
    (void)mkdir(cache->directory, 0700);
    int folder = open_folder(cache);
    size_t size;
    unsigned char *bytes = folder < 0 ? NULL : make_file(cache, &size);
    char name[NAME_SIZE];
    int descriptor = bytes ? make_temporary(folder, name) : -1;
    if (descriptor >= 0) {
        bool written = write_all(descriptor, bytes, size);
        written = close(descriptor) == 0 && written;
        if (!written || renameat(folder, name, folder, NAME) != 0)
            unlinkat(folder, name, 0);
    }
    free(bytes);
    if (folder >= 0)
        close(folder);
}
