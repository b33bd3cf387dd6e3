/* See loaded_objects.h. */
#include "loaded_objects.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

struct file_bytes {
    const uint8_t *start;
    size_t size;
};

/* `size` bytes at `offset`, aligned for the structs of ELF; NULL where the file has not so many. */
static const void *part_of(const struct file_bytes *file, uint64_t offset, uint64_t size)
{
    if (offset % sizeof(ElfW(Addr)) != 0 || offset > file->size || size > file->size - offset)
        return NULL;
    return file->start + offset;
}

struct file_parts {
    const ElfW(Phdr) * first;
    size_t count;
};

static struct file_parts parts_of(const struct file_bytes *file)
{
    const ElfW(Ehdr) *header = part_of(file, 0, sizeof *header);
    struct file_parts parts = { NULL, 0 };
    if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != (sizeof(ElfW(Addr)) == 8 ? ELFCLASS64 : ELFCLASS32) ||
        header->e_phentsize != sizeof(ElfW(Phdr)))
        return parts;
    parts.first = part_of(file, header->e_phoff, (uint64_t)header->e_phnum * sizeof(ElfW(Phdr)));
    parts.count = parts.first ? header->e_phnum : 0;
    return parts;
}

/* The bytes that will be at `address`, up to the end of what is loaded with them. */
static struct file_bytes bytes_at(const struct file_bytes *file, const struct file_parts *parts,
                                  uint64_t address)
{
    for (size_t i = 0; i < parts->count; i++) {
        const ElfW(Phdr) *part = &parts->first[i];
        uint64_t within = address - part->p_vaddr;
        if (part->p_type != PT_LOAD || address < part->p_vaddr || within >= part->p_filesz ||
            part->p_offset > file->size || part->p_filesz > file->size - part->p_offset)
            continue;
        return (struct file_bytes){ file->start + part->p_offset + within,
                                    (size_t)(part->p_filesz - within) };
    }
    return (struct file_bytes){ NULL, 0 };
}

static bool bytes_name(const struct file_bytes *file, const char *symbol)
{
    struct file_parts parts = parts_of(file);
    const ElfW(Dyn) *entry = NULL;
    size_t count = 0;
    for (size_t i = 0; i < parts.count; i++)
        if (parts.first[i].p_type == PT_DYNAMIC) {
            entry = part_of(file, parts.first[i].p_offset, parts.first[i].p_filesz);
            count = entry ? parts.first[i].p_filesz / sizeof *entry : 0;
        }
    uint64_t address = 0, size = 0;
    for (size_t i = 0; i < count && entry[i].d_tag != DT_NULL; i++) {
        if (entry[i].d_tag == DT_STRTAB)
            address = entry[i].d_un.d_ptr;
        else if (entry[i].d_tag == DT_STRSZ)
            size = entry[i].d_un.d_val;
    }
    struct file_bytes strings = bytes_at(file, &parts, address);
    return strings.start && size <= strings.size &&
           memmem(strings.start, size, symbol, strlen(symbol) + 1) != NULL;
}

bool library_file_names(const char *path, const char *symbol)
{
    int saved = errno;
    bool found = false;
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size > 0) {
        size_t size = (size_t)status.st_size;
        void *start = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (start != MAP_FAILED) {
            struct file_bytes file = { start, size };
            found = bytes_name(&file, symbol);
            munmap(start, size);
        }
    }
    if (descriptor >= 0)
        close(descriptor);
    errno = saved;
    return found;
}
