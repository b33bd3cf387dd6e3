/* See loaded_objects.h. */
#include "loaded_objects.h"

#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What was asked about: so many objects were loaded, and so many gone, by then. */
static unsigned long long seen_added, seen_removed;

struct search {
    uintptr_t address;
    const char *symbol;
    bool inside; /* is it asked about the object of `address`, or of all others? */
    bool found;
    unsigned long long to_skip;
    unsigned long long added, removed;
};

static bool is_in(const struct dl_phdr_info *object, uintptr_t address)
{
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && address >= start && address - start < part->p_memsz)
            return true;
    }
    return false;
}

/* Its dynamic section; NULL: it has none. */
static const ElfW(Dyn) * dynamic_of(const struct dl_phdr_info *object)
{
    for (int i = 0; i < object->dlpi_phnum; i++)
        if (object->dlpi_phdr[i].p_type == PT_DYNAMIC)
            return (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
    return NULL;
}

static bool names(const struct dl_phdr_info *object, const char *symbol)
{
    uintptr_t strings = 0;
    size_t size = 0, length = strlen(symbol);
    const ElfW(Dyn) *entry = dynamic_of(object);
    for (; entry && entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_STRTAB)
            strings = entry->d_un.d_ptr;
        else if (entry->d_tag == DT_STRSZ)
            size = entry->d_un.d_val;
    }
    /* glibc has made it an address, but not in the kernel's own library. */
    if (strings && !is_in(object, strings))
        strings += object->dlpi_addr;
    if (size <= length || !is_in(object, strings) || !is_in(object, strings + size - 1))
        return false;
    /* A name may be the end of a longer one: only its own end is sure. */
    return memmem((const char *)strings, size, symbol, length + 1) != NULL;
}

static int look_at(struct dl_phdr_info *object, size_t size, void *data)
{
    struct search *search = data;
    (void)size;
    search->added = object->dlpi_adds;
    search->removed = object->dlpi_subs;
    if (!search->inside) {
        if (search->added == seen_added && search->removed == seen_removed)
            return 1;
        /* They come in the order in which they were loaded, unless some are gone. */
        if (search->removed == seen_removed && search->to_skip > 0) {
            search->to_skip--;
            return 0;
        }
    }
    if (is_in(object, search->address) == search->inside)
        search->found = search->found || names(object, search->symbol);
    return search->found;
}

bool loaded_object_names(const void *address, const char *symbol)
{
    int saved = errno;
    struct search search = { .address = (uintptr_t)address, .symbol = symbol, .inside = true };
    dl_iterate_phdr(look_at, &search);
    errno = saved;
    return search.found;
}

bool loaded_objects_new_names(const void *address, const char *symbol)
{
    int saved = errno;
    struct search search = { .address = (uintptr_t)address,
                             .symbol = symbol,
                             .to_skip = seen_added - seen_removed };
    dl_iterate_phdr(look_at, &search);
    seen_added = search.added;
    seen_removed = search.removed;
    errno = saved;
    return search.found;
}
