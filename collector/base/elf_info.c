/*
 * By libelf's section view: what has lost its section headers is taken for a program that needs
 * nothing and exports nothing.
 */
#include "collector/base/elf_info.h"

#include "collector/base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void elf_info_close(struct elf_info *info)
{
    free(info->loader);
    free(info->soname);
    string_list_close(&info->needed);
    *info = (struct elf_info){ 0 };
}

/* Of this program: what libcovfork.so is built for, too. */
static bool find_own_machine(uint16_t *machine)
{
    static uint16_t own;
    if (own == 0) {
        ElfW(Ehdr) header;
        FILE *stream = fopen("/proc/self/exe", "re");
        if (stream && fread(&header, sizeof header, 1, stream) == 1)
            own = header.e_machine;
        if (stream)
            fclose(stream);
    }
    *machine = own;
    return own != 0;
}

static int read_loader(struct elf_info *info, Elf *elf, const GElf_Phdr *segment)
{
    if (segment->p_filesz == 0 || segment->p_filesz > PATH_MAX)
        return 0;
    Elf_Data *data = elf_getdata_rawchunk(elf, (int64_t)segment->p_offset,
                                          (size_t)segment->p_filesz, ELF_T_BYTE);
    if (!data || !data->d_buf)
        return 0;
    info->loader = strndup(data->d_buf, data->d_size);
    return info->loader ? 0 : -1;
}

static int read_segments(struct elf_info *info, Elf *elf)
{
    size_t count;
    if (elf_getphdrnum(elf, &count) != 0 || count > 1000)
        return 0;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;
        if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_INTERP && !info->loader &&
            read_loader(info, elf, &segment) != 0)
            return -1;
    }
    return 0;
}

static int read_dynamic(struct elf_info *info, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Dyn entry;
    for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
        if (entry.d_tag != DT_NEEDED && entry.d_tag != DT_SONAME)
            continue;
        const char *name = elf_strptr(elf, header->sh_link, entry.d_un.d_val);
        if (!name)
            continue;
        if (entry.d_tag == DT_NEEDED) {
            info->is_python |= strncmp(name, "libpython", 9) == 0;
            if (string_list_add(&info->needed, name) != 0)
                return -1;
        } else if (!info->soname) {
            info->soname = strdup(name);
            if (!info->soname)
                return -1;
        }
    }
    return 0;
}

static void read_symbols(struct elf_info *info, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Sym symbol;
    for (int i = 0; data && gelf_getsym(data, i, &symbol); i++) {
        if (symbol.st_shndx == SHN_UNDEF)
            continue;
        const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
        if (!name || name[0] != 'P' || name[1] != 'y')
            continue;
        info->is_python |= strcmp(name, "Py_GetVersion") == 0;
        info->has_audit_hook |= strcmp(name, "PySys_AddAuditHook") == 0;
    }
}

static int read_sections(struct elf_info *info, Elf *elf)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(elf, section)) != NULL) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header))
            continue;
        if (header.sh_type == SHT_DYNAMIC && read_dynamic(info, elf, section, &header) != 0)
            return -1;
        if (header.sh_type == SHT_DYNSYM)
            read_symbols(info, elf, section, &header);
    }
    return 0;
}

static int read_elf(struct elf_info *info, Elf *elf, const char *path, struct error *error)
{
    GElf_Ehdr header;
    if (elf_kind(elf) != ELF_K_ELF)
        return 0;
    info->is_elf = true;
    if (!gelf_getehdr(elf, &header))
        return error_set(error, ERROR_FORMAT, "%s: a damaged ELF file: %s", path, elf_errmsg(-1));
    info->bits = gelf_getclass(elf) == ELFCLASS64 ? 64 : 32;
    info->machine = header.e_machine;
    uint16_t own;
    info->is_native = info->bits == sizeof(void *) * CHAR_BIT && find_own_machine(&own) &&
                      own == header.e_machine;
    if (read_segments(info, elf) != 0 || read_sections(info, elf) != 0)
        return error_set(error, ERROR_MEMORY, "out of memory");
    info->is_static =
        !info->loader && !info->soname && (header.e_type == ET_EXEC || header.e_type == ET_DYN);
    return 0;
}

int elf_info_read(struct elf_info *info, const char *path, struct error *error)
{
    *info = (struct elf_info){ 0 };
    struct stat status;
    /* By stat first: opening a device can do things. */
    if (stat(path, &status) != 0)
        return error_set(error, ERROR_SYSTEM, "%s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_set(error, ERROR_FORMAT, "%s: not a regular file", path);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return error_set(error, ERROR_SYSTEM, "%s: %s", path, strerror(errno));
    Elf *elf = elf_version(EV_CURRENT) == EV_NONE ? NULL : elf_begin(descriptor, ELF_C_READ, NULL);
    int result = elf ? read_elf(info, elf, path, error)
                     : error_set(error, ERROR_FORMAT, "%s: %s", path, elf_errmsg(-1));
    if (elf)
        elf_end(elf);
    close(descriptor);
    if (result != 0)
        elf_info_close(info);
    return result;
}

const char *elf_info_machine_name(uint16_t machine, char text[24])
{
    switch (machine) {
    case EM_X86_64:
        return "x86_64";
    case EM_386:
        return "i386";
    case EM_AARCH64:
        return "aarch64";
    case EM_ARM:
        return "arm";
    case EM_RISCV:
        return "riscv";
    case EM_PPC64:
        return "ppc64";
    case EM_S390:
        return "s390";
    default:
        snprintf(text, 24, "machine %u", (unsigned)machine);
        return text;
    }
}

bool elf_info_has_musl(const struct elf_info *info)
{
    return info->loader && strncmp(path_base_name(info->loader), "ld-musl", 7) == 0;
}

bool elf_info_has_glibc(const struct elf_info *info)
{
    if (!info->loader || elf_info_has_musl(info))
        return false;
    const char *name = path_base_name(info->loader);
    return strncmp(name, "ld-linux", 8) == 0 || strncmp(name, "ld64.so", 7) == 0 ||
           strncmp(name, "ld.so", 5) == 0 || strncmp(name, "ld-2.", 5) == 0;
}
