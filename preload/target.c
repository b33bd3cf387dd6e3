/*
 * Looks at the file that is about to be executed (see target.h). A few system calls, about 5 µs:
 * cheap enough for each exec. Files are read through a descriptor of our own, closed at once;
 * what they say is checked against what was read. Runs anywhere, in a vfork child too.
 */
#include "target.h"

#include "scratch.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#if __SIZEOF_POINTER__ == 8
#define OWN_CLASS ELFCLASS64
#else
#define OWN_CLASS ELFCLASS32
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OWN_DATA ELFDATA2LSB
#else
#define OWN_DATA ELFDATA2MSB
#endif

#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#elif defined(__i386__)
#define OWN_MACHINE EM_386
#elif defined(__arm__)
#define OWN_MACHINE EM_ARM
#elif defined(__riscv)
#define OWN_MACHINE EM_RISCV
#elif defined(__powerpc64__)
#define OWN_MACHINE EM_PPC64
#elif defined(__s390__)
#define OWN_MACHINE EM_S390
#elif defined(__loongarch__)
#define OWN_MACHINE 258 /* EM_LOONGARCH, glibc 2.36 */
#else
#error "which e_machine do files of this processor have?"
#endif

/* ELF header, program headers and interpreter of most files; a script's first line, of which the
 * kernel reads 256 bytes. */
#define HEAD_SIZE        1024
#define SCRIPT_LINE_MAX  256
#define SCRIPT_DEPTH_MAX 5
#define SEGMENTS_MAX     24
/* Of the dynamic section: that many entries at a time, that many times. */
#define DYNAMIC_CHUNK      32
#define DYNAMIC_CHUNKS_MAX 16

struct elf_file {
    int descriptor;
    uint16_t type;
    size_t segment_count;
    ElfW(Phdr) segments[SEGMENTS_MAX];
};

/* All that is large, off the caller's stack. */
struct inspection {
    unsigned char head[HEAD_SIZE]; /* aligned for nothing: all is copied out */
    char interpreter[SCRIPT_LINE_MAX + 1];
    char script[SCRIPT_LINE_MAX + 1];
    struct elf_file file;
    ElfW(Dyn) entries[DYNAMIC_CHUNK];
};

/* What the dynamic section says, as far as it matters here. */
struct dynamic {
    bool has_soname;
    bool has_needed;
    bool has_strings;
    uint64_t needed;  /* of the first DT_NEEDED, an offset in the string table */
    uint64_t strings; /* address of the string table */
};

/*
 * open, read and close as bare system calls: libc's are cancellation points, and exec is none.
 */
static int open_bare(int directory, const char *path)
{
    /* O_NONBLOCK: should a FIFO have taken the file's place since stat. */
    int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_LARGEFILE;
    return (int)syscall(SYS_openat, directory, path, flags, 0);
}

static void close_bare(int descriptor)
{
    syscall(SYS_close, descriptor);
}

/* Up to `size` bytes from `offset`: how many there are, 0 for none or an error. */
static size_t read_at(int descriptor, void *buffer, size_t size, uint64_t offset)
{
    if (offset > INT64_MAX || lseek(descriptor, (off_t)offset, SEEK_SET) < 0)
        return 0;
    ssize_t got = syscall(SYS_read, descriptor, buffer, size);
    return got > 0 ? (size_t)got : 0;
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* ELF class and machine decide alone, whatever follows in the file. */
static enum target_kind classify_header(const unsigned char *head, size_t size, ElfW(Ehdr) * header)
{
    if (size < EI_NIDENT + 4)
        return TARGET_UNKNOWN;
    if (head[EI_CLASS] != OWN_CLASS)
        return TARGET_CLASS;
    if (head[EI_DATA] != OWN_DATA)
        return TARGET_MACHINE;
    if (size < sizeof *header)
        return TARGET_UNKNOWN;
    memcpy(header, head, sizeof *header);
    if (header->e_machine != OWN_MACHINE)
        return TARGET_MACHINE;
    if ((header->e_type != ET_EXEC && header->e_type != ET_DYN) ||
        header->e_phentsize != sizeof(ElfW(Phdr)) || header->e_phnum == 0 ||
        header->e_phnum > SEGMENTS_MAX)
        return TARGET_UNKNOWN;
    return TARGET_NATIVE;
}

static bool read_segments(struct elf_file *file, const ElfW(Ehdr) * header,
                          const unsigned char *head, size_t size)
{
    size_t wanted = header->e_phnum * sizeof file->segments[0];
    file->type = header->e_type;
    file->segment_count = header->e_phnum;
    if (header->e_phoff <= size && size - header->e_phoff >= wanted) {
        memcpy(file->segments, head + header->e_phoff, wanted);
        return true;
    }
    return read_at(file->descriptor, file->segments, wanted, header->e_phoff) == wanted;
}

static const ElfW(Phdr) * find_segment(const struct elf_file *file, uint32_t type)
{
    for (size_t i = 0; i < file->segment_count; i++)
        if (file->segments[i].p_type == type)
            return &file->segments[i];
    return NULL;
}

/* Is the loader one of glibc's? Others (musl, bionic, uClibc) can't load a library made for it. */
static bool has_glibc_loader(const struct elf_file *file, const ElfW(Phdr) * interpreter)
{
    /* The end of the path is enough: its last part is the name. */
    char text[64];
    size_t size = interpreter->p_filesz;
    uint64_t offset = interpreter->p_offset;
    if (size >= sizeof text) {
        offset += size - (sizeof text - 1);
        size = sizeof text - 1;
    }
    size = read_at(file->descriptor, text, size, offset);
    text[size] = '\0';
    const char *slash = strrchr(text, '/');
    const char *name = slash ? slash + 1 : text;
    return starts_with(name, "ld-linux") || starts_with(name, "ld.so.") ||
           starts_with(name, "ld64.so.");
}

static void read_dynamic(struct dynamic *dynamic, struct inspection *inspection)
{
    const struct elf_file *file = &inspection->file;
    ElfW(Dyn) *entries = inspection->entries;
    memset(dynamic, 0, sizeof *dynamic);
    const ElfW(Phdr) *segment = find_segment(file, PT_DYNAMIC);
    if (!segment)
        return;
    uint64_t left = segment->p_filesz / sizeof(ElfW(Dyn));
    uint64_t offset = segment->p_offset;
    for (int i = 0; i < DYNAMIC_CHUNKS_MAX && left > 0; i++) {
        size_t wanted = (left < DYNAMIC_CHUNK ? (size_t)left : DYNAMIC_CHUNK) * sizeof entries[0];
        size_t count = read_at(file->descriptor, entries, wanted, offset) / sizeof entries[0];
        for (size_t j = 0; j < count; j++) {
            if (entries[j].d_tag == DT_NULL)
                return;
            if (entries[j].d_tag == DT_SONAME) {
                dynamic->has_soname = true;
            } else if (entries[j].d_tag == DT_STRTAB) {
                dynamic->has_strings = true;
                dynamic->strings = entries[j].d_un.d_ptr;
            } else if (entries[j].d_tag == DT_NEEDED && !dynamic->has_needed) {
                dynamic->has_needed = true;
                dynamic->needed = entries[j].d_un.d_val;
            }
        }
        if (count == 0)
            return;
        left -= count;
        offset += count * sizeof entries[0];
    }
}

/* The name of the first library that the file asks for, cut to `size`; "" when there is none. */
static void read_first_library(char *name, size_t size, const struct elf_file *file,
                               const struct dynamic *dynamic)
{
    name[0] = '\0';
    if (!dynamic->has_needed || !dynamic->has_strings)
        return;
    for (size_t i = 0; i < file->segment_count; i++) {
        const ElfW(Phdr) *segment = &file->segments[i];
        if (segment->p_type != PT_LOAD || dynamic->strings < segment->p_vaddr ||
            dynamic->strings - segment->p_vaddr >= segment->p_filesz)
            continue;
        uint64_t offset = dynamic->strings - segment->p_vaddr + segment->p_offset + dynamic->needed;
        size_t got = read_at(file->descriptor, name, size - 1, offset);
        name[got] = '\0';
        return;
    }
}

/* The shared ASan runtime insists on being the first library; verify_asan_link_order=0 is known to
 * GCC's from version 8 (libasan.so.5) and to clang's from 5. */
static void check_asan(struct target *target, const char *library)
{
    static const char gcc_name[] = "libasan.so.";
    if (starts_with(library, gcc_name)) {
        const char *version = library + sizeof gcc_name - 1;
        if (version[0] >= '0' && version[0] <= '4' && version[1] == '\0')
            target->kind = TARGET_OTHER;
        else
            target->asan = true;
    } else if (starts_with(library, "libclang_rt.asan")) {
        target->asan = true;
    }
}

/* The kernel's rule for secure execution, but for mounts that forbid it. */
static bool runs_secure(const struct elf_file *file, const struct stat *status)
{
    uid_t uid = getuid();
    uid_t new_uid = status->st_mode & S_ISUID ? status->st_uid : geteuid();
    gid_t new_gid = getegid();
    if ((status->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
        new_gid = status->st_gid;
    if (new_uid != uid || new_gid != getgid())
        return true;
    return uid != 0 && fgetxattr(file->descriptor, "security.capability", NULL, 0) > 0;
}

static void inspect_elf(struct target *target, struct inspection *inspection, size_t size,
                        const struct stat *status)
{
    ElfW(Ehdr) header;
    struct elf_file *file = &inspection->file;
    target->kind = classify_header(inspection->head, size, &header);
    if (target->kind != TARGET_NATIVE)
        return;
    if (!read_segments(file, &header, inspection->head, size)) {
        target->kind = TARGET_UNKNOWN;
        return;
    }
    struct dynamic dynamic;
    const ElfW(Phdr) *interpreter = find_segment(file, PT_INTERP);
    read_dynamic(&dynamic, inspection);
    if (interpreter && !has_glibc_loader(file, interpreter)) {
        target->kind = TARGET_OTHER;
    } else if (!interpreter && !(file->type == ET_DYN && dynamic.has_soname)) {
        /* With a DT_SONAME it is the loader itself: `ld.so PROGRAM` preloads as usual. */
        target->kind = TARGET_STATIC;
    } else if (runs_secure(file, status)) {
        target->kind = TARGET_SETUID;
    } else {
        char library[32];
        read_first_library(library, sizeof library, file, &dynamic);
        check_asan(target, library);
    }
}

/* The interpreter on a `#!` line, as the kernel reads it. */
static bool parse_script(char *interpreter, const unsigned char *head, size_t size)
{
    if (size > SCRIPT_LINE_MAX)
        size = SCRIPT_LINE_MAX;
    size_t start = 2;
    while (start < size && (head[start] == ' ' || head[start] == '\t'))
        start++;
    size_t end = start;
    while (end < size && head[end] != ' ' && head[end] != '\t' && head[end] != '\n' && head[end])
        end++;
    if (end == start || (end == size && size == SCRIPT_LINE_MAX))
        return false;
    memcpy(interpreter, head + start, end - start);
    interpreter[end - start] = '\0';
    return true;
}

/* Looks at one file. True when it is a script: inspection->interpreter is next. */
static bool inspect_file(struct target *target, struct inspection *inspection, int directory,
                         const char *path)
{
    /* By stat first: opening a device or a FIFO can do things. */
    struct stat status;
    if (fstatat(directory, path, &status, 0) != 0 || !S_ISREG(status.st_mode) ||
        (status.st_mode & 0111) == 0) {
        target->kind = TARGET_MISSING;
        return false;
    }
    int descriptor = open_bare(directory, path);
    if (descriptor < 0)
        return false;
    const unsigned char *head = inspection->head;
    size_t size = read_at(descriptor, inspection->head, sizeof inspection->head, 0);
    bool is_script = false;
    inspection->file.descriptor = descriptor;
    if (size >= SELFMAG && memcmp(head, ELFMAG, SELFMAG) == 0)
        inspect_elf(target, inspection, size, &status);
    else if (size > 2 && head[0] == '#' && head[1] == '!')
        is_script = parse_script(inspection->interpreter, head, size);
    close_bare(descriptor);
    return is_script;
}

void target_inspect(struct target *target, int directory, const char *path)
{
    int saved = errno;
    struct inspection *inspection = scratch_take(sizeof *inspection);
    target->kind = TARGET_UNKNOWN;
    target->asan = false;
    bool again = inspection && inspect_file(target, inspection, directory, path);
    for (int depth = 1; again && depth <= SCRIPT_DEPTH_MAX; depth++) {
        memcpy(inspection->script, inspection->interpreter, sizeof inspection->script);
        again = inspect_file(target, inspection, AT_FDCWD, inspection->script);
    }
    scratch_give(inspection);
    errno = saved;
}

const char *target_reason(enum target_kind kind)
{
    switch (kind) {
    case TARGET_STATIC:
        return "static";
    case TARGET_SETUID:
        return "setuid";
    case TARGET_CLASS:
        return "class";
    case TARGET_MACHINE:
        return "machine";
    case TARGET_OTHER:
        return "other";
    case TARGET_UNKNOWN:
    case TARGET_MISSING:
    case TARGET_NATIVE:
        break;
    }
    return NULL;
}

bool target_must_not_preload(enum target_kind kind)
{
    return kind == TARGET_CLASS || kind == TARGET_MACHINE || kind == TARGET_OTHER;
}
