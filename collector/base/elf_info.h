/*
 * What an ELF file says of itself, as far as it matters for preloading a library into it and for
 * finding CPython in it. The file is untrusted; it is read, never mapped or executed.
 */
#ifndef COVFORK_ELF_INFO_H
#define COVFORK_ELF_INFO_H

#include "collector/base/error.h"
#include "collector/base/string_list.h"

#include <stdbool.h>
#include <stdint.h>

struct elf_info {
    bool is_elf; /* nothing else is filled when it is not */
    unsigned bits;
    uint16_t machine;          /* EM_* */
    bool is_native;            /* of this program's own class and machine */
    char *loader;              /* PT_INTERP; NULL when there is none */
    char *soname;              /* NULL when there is none */
    struct string_list needed; /* DT_NEEDED, in their order */
    bool is_static;            /* a program without a loader */
    bool is_python;            /* CPython is in it, or in a libpython that it needs */
    bool has_audit_hook;       /* it exports PySys_AddAuditHook: 3.8 or newer */
};

/* 0, or -1 when it can't be read, is no regular file, or is a damaged ELF file. On success the
 * caller closes it. */
int elf_info_read(struct elf_info *info, const char *path, struct error *error);
void elf_info_close(struct elf_info *info);

/* "x86_64"; "machine 4711" for those without a name here. `text` is for the latter. */
const char *elf_info_machine_name(uint16_t machine, char text[24]);
/* Is the loader glibc's? */
bool elf_info_has_glibc(const struct elf_info *info);
bool elf_info_has_musl(const struct elf_info *info);

#endif
