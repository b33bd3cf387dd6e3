/*
 * A Python that comes after the start of the process, with a library: a plugin of a server, a
 * program that looks for its libpython first. And one that is initialised again.
 *
 * Whatever way it came, CPython asks setlocale(LC_CTYPE, NULL) when it begins to initialise, before
 * it has run anything (_PyPreConfig_Read, 3.8 to 3.15), and in each of its lives. So setlocale is
 * wrapped, and who calls it is looked at while no Python is being recorded: a call that programs
 * make a few times. Nothing is different about how the library was loaded: dlopen looks at its
 * caller's RUNPATH, $ORIGIN and namespace, and so it must not be us who call it.
 *
 * A library that was loaded with RTLD_DEEPBIND, or by dlmopen, calls libc's own setlocale. Nothing
 * in it runs before somebody has asked dlsym for something in it: the handle is looked at then. To
 * that end dlopen, dlmopen and dlsym are wrapped, by jumps, so that their caller stays who it is.
 * With RTLD_DEEPBIND the library's other calls would not reach us either: they are led to us by
 * changing where they jump to. With dlmopen they are its own libc's, and left alone but for two:
 * what it starts has our variables from its environment.
 */
#include "ledger.h"
#include "process.h"
#include "python/api.h"
#include "python/audit.h"
#include "python/engine.h"
#include "python/loaded_objects.h"
#include "real.h"
#include "session.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

/* One thread looks; another that comes meanwhile initialises another Python, or none. */
static atomic_flag is_looking = ATOMIC_FLAG_INIT;

#if !defined(__x86_64__) && !defined(__aarch64__)
/* It is not wrapped: there is no jump for this machine. */
#define real_dlsym   dlsym
#define real_dlopen  dlopen
#define real_dlmopen dlmopen
#endif

/* The original can't be found with itself. */
static bool find_dlsym(void)
{
#ifndef real_dlsym
    static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5" };
    for (size_t i = 0; !real_dlsym && i < sizeof versions / sizeof versions[0]; i++)
        *(void **)&real_dlsym = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
#endif
    return real_dlsym != NULL;
}

/* The object that the Python that was found is in. */
static struct {
    uintptr_t start, end; /* 0 before it was found */
    uintptr_t base;
    const ElfW(Dyn) * dynamic;
    uintptr_t read_only_start, read_only_end; /* what is made so once it has been relocated */
    bool is_in_our_namespace;
} home;

static bool is_in_python(const void *address)
{
    return (uintptr_t)address >= home.start && (uintptr_t)address < home.end;
}

static int note_namespace(struct dl_phdr_info *info, size_t size, void *base)
{
    (void)size;
    home.is_in_our_namespace |= info->dlpi_addr == *(const uintptr_t *)base;
    return 0;
}

/* Of any namespace: its headers are at the beginning of what was loaded. */
static void find_object(const void *address)
{
    Dl_info info;
    struct link_map *map = NULL;
    if (dladdr1(address, &info, (void **)&map, RTLD_DL_LINKMAP) == 0 || !map ||
        memcmp(info.dli_fbase, ELFMAG, SELFMAG) != 0)
        return;
    const ElfW(Ehdr) *header = info.dli_fbase;
    const ElfW(Phdr) *part = (const ElfW(Phdr) *)((const char *)info.dli_fbase + header->e_phoff);
    uintptr_t end = 0;
    for (int i = 0; i < header->e_phnum; i++, part++) {
        uintptr_t start = map->l_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && start + part->p_memsz > end)
            end = start + part->p_memsz;
        if (part->p_type == PT_GNU_RELRO) {
            home.read_only_start = start;
            home.read_only_end = start + part->p_memsz;
        }
    }
    home.base = map->l_addr;
    home.dynamic = map->l_ld;
    home.start = (uintptr_t)info.dli_fbase;
    home.end = end;
    dl_iterate_phdr(note_namespace, &home.base);
}

/* A handle of the object that `address` is in. False: not to be had. */
static bool open_object(const void *address, void **handle)
{
    Dl_info object, mark;
    void *global = real_dlsym(RTLD_DEFAULT, PYTHON_MARK);
    if (!dladdr(address, &object))
        return false;
    *handle = RTLD_DEFAULT;
    if (global && dladdr(global, &mark) && mark.dli_fbase == object.dli_fbase)
        return true;
    *handle = real_dlopen(object.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    return *handle != NULL;
}

/* The program may close its handle. A handle of the object that `address` is in, or, where there is
 * none to be had, the same. */
static void *hold(void *handle, const void *address)
{
    Dl_info object;
    Lmid_t space;
    if (handle == RTLD_DEFAULT || dlinfo(handle, RTLD_DI_LMID, &space) != 0 ||
        !dladdr(address, &object))
        return handle;
    void *held = real_dlmopen(space, object.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    return held ? held : handle;
}

static void see_python(void *handle)
{
    static bool is_said;
    void *mark = real_dlsym(handle, PYTHON_MARK);
    if (!mark)
        return;
    if (!python.major) {
        process_see_python(hold(handle, mark));
        if (python.major)
            find_object(mark);
    } else if (session.active && mark != (void *)python.add_audit_hook && !is_said) {
        is_said = true;
        const char *pairs[] = { "reason", "a second Python in one process is not recorded", NULL };
        ledger_event("lost", pairs);
    }
}

static void look_at_caller(const void *caller)
{
    int saved = errno;
    void *handle;
    if (!home.end && python.major)
        find_object((const void *)python.add_audit_hook);
    if (is_in_python(caller))
        process_see_python(RTLD_DEFAULT); /* it is known where */
    else if (real_init() == 0 && find_dlsym() && open_object(caller, &handle))
        see_python(handle);
    dlerror();
    errno = saved;
}

static void see_question(int category, const char *locale, const void *caller)
{
    if (category == LC_CTYPE && !locale && (audit_is_waiting() || !is_in_python(caller)) &&
        (is_in_python(caller) || loaded_object_names(caller, PYTHON_MARK)) &&
        !atomic_flag_test_and_set_explicit(&is_looking, memory_order_acquire)) {
        look_at_caller(caller);
        atomic_flag_clear_explicit(&is_looking, memory_order_release);
    }
}

void load_after_fork_child(void)
{
    atomic_flag_clear(&is_looking);
}

char *setlocale(int category, const char *locale)
{
    see_question(category, locale, __builtin_return_address(0));
    return REAL(setlocale)(category, locale);
}

#if defined(__x86_64__) || defined(__aarch64__)
/* --- libraries that don't call us ---------------------------------------------------------------
 */

/* Was one loaded? Then handles are looked at. */
static atomic_bool is_watching;
/* Handles that were looked at since so many libraries had been loaded. */
static struct {
    unsigned long long added;
    void *handles[32];
    size_t count;
} seen;

static int note_added(struct dl_phdr_info *object, size_t size, void *added)
{
    (void)size;
    *(unsigned long long *)added = object->dlpi_adds;
    return 1;
}

/* Was it looked at? The same handle may be another library's once one has gone. */
static bool is_seen(void *handle)
{
    unsigned long long added = 0;
    dl_iterate_phdr(note_added, &added);
    if (added != seen.added)
        seen.count = 0;
    seen.added = added;
    for (size_t i = 0; i < seen.count; i++)
        if (seen.handles[i] == handle)
            return true;
    if (seen.count < sizeof seen.handles / sizeof seen.handles[0])
        seen.handles[seen.count++] = handle;
    return false;
}

#if defined(__x86_64__)
#define IS_SLOT(type) ((type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_GLOB_DAT)
#elif defined(__aarch64__)
#define IS_SLOT(type) ((type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_GLOB_DAT)
#endif

/* Without pointers, which would all be relocated in each process. */
static const char hook_names[][16] = {
#define HOOK(need, type, name, parameters) #name,
#include "hooks.def"
#undef HOOK
};

/* Those of the libc of the namespace that Python is in; NULL: it is ours. */
static char *(*other_setlocale)(int category, const char *locale);

static char *setlocale_of_other(int category, const char *locale)
{
    see_question(category, locale, __builtin_return_address(0));
    return other_setlocale(category, locale);
}

static int (*other_pthread_create)(pthread_t *thread, const pthread_attr_t *attributes,
                                   void *(*start)(void *), void *argument);

static int pthread_create_of_other(pthread_t *thread, const pthread_attr_t *attributes,
                                   void *(*start)(void *), void *argument)
{
    trace_expect_thread(start);
    return other_pthread_create(thread, attributes, start, argument);
}

/* Keeps what others may read there as they do. */
static void write_slot(void **slot, void *value)
{
    uintptr_t page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    void *page = (void *)((uintptr_t)slot & ~(page_size - 1));
    bool is_read_only =
        (uintptr_t)slot >= home.read_only_start && (uintptr_t)slot < home.read_only_end;
    if (is_read_only && mprotect(page, page_size, PROT_READ | PROT_WRITE) != 0)
        return;
    __atomic_store_n(slot, value, __ATOMIC_RELEASE);
    if (is_read_only)
        mprotect(page, page_size, PROT_READ);
}

/* `own`: a handle of our library, or NULL. */
static void lead_slots(void *own, const char *strings, const ElfW(Sym) * symbols,
                       const ElfW(Rela) * first, size_t size)
{
    for (size_t i = 0; first && i < size / sizeof *first; i++) {
        if (!IS_SLOT(ELF64_R_TYPE(first[i].r_info)))
            continue;
        const char *name = strings + symbols[ELF64_R_SYM(first[i].r_info)].st_name;
        void **slot = (void **)(home.base + first[i].r_offset);
        for (size_t k = 0; own && k < sizeof hook_names / sizeof hook_names[0]; k++)
            if (strcmp(name, hook_names[k]) == 0)
                write_slot(slot, real_dlsym(own, name));
        if (other_setlocale && strcmp(name, "setlocale") == 0)
            write_slot(slot, (void *)setlocale_of_other);
        if (other_pthread_create && strcmp(name, "pthread_create") == 0)
            write_slot(slot, (void *)pthread_create_of_other);
    }
}

/* What Python's object asks of libc comes to us, as it does where it was loaded without
 * RTLD_DEEPBIND. In another namespace libc is another one: only what is no more than
 * told of, and handed on. */
static void lead_calls_here(void *handle)
{
    const ElfW(Rela) *data = NULL, *calls = NULL;
    const ElfW(Sym) *symbols = NULL;
    const char *strings = NULL;
    size_t data_size = 0, calls_size = 0;
    for (const ElfW(Dyn) *entry = home.dynamic; entry && entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_STRTAB)
            strings = (const char *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_SYMTAB)
            symbols = (const ElfW(Sym) *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_RELA)
            data = (const ElfW(Rela) *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_RELASZ)
            data_size = entry->d_un.d_val;
        else if (entry->d_tag == DT_JMPREL)
            calls = (const ElfW(Rela) *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_PLTRELSZ)
            calls_size = entry->d_un.d_val;
    }
    if (!strings || !symbols)
        return;
    void *own = NULL;
    if (home.is_in_our_namespace) {
        own = real_dlopen(session.library, RTLD_LAZY | RTLD_NOLOAD);
    } else {
        *(void **)&other_setlocale = real_dlsym(handle, "setlocale");
        *(void **)&other_pthread_create = real_dlsym(handle, "pthread_create");
    }
    lead_slots(own, strings, symbols, data, data_size);
    lead_slots(own, strings, symbols, calls, calls_size);
}

static void look_at_handle(void *handle)
{
    if (atomic_flag_test_and_set_explicit(&is_looking, memory_order_acquire))
        return;
    int saved = errno;
    if (!is_seen(handle)) {
        bool was_known = python.major != 0;
        see_python(handle);
        if (!was_known && python.major)
            lead_calls_here(handle);
    }
    errno = saved;
    atomic_flag_clear_explicit(&is_looking, memory_order_release);
}

/*
 * What the jumps ask where to go, with the arguments of the call. In any thread, also before our
 * constructor has run.
 */
void *load_before_dlopen(const char *file, int mode);
void *load_before_dlmopen(Lmid_t space, const char *file, int mode);
void *load_before_dlsym(void *handle, const char *name);

void *load_before_dlopen(const char *file, int mode)
{
    if (file && (mode & RTLD_DEEPBIND))
        atomic_store_explicit(&is_watching, true, memory_order_relaxed);
    return (void *)REAL(dlopen);
}

void *load_before_dlmopen(Lmid_t space, const char *file, int mode)
{
    (void)file;
    (void)mode;
    if (space != LM_ID_BASE || (mode & RTLD_DEEPBIND))
        atomic_store_explicit(&is_watching, true, memory_order_relaxed);
    return (void *)REAL(dlmopen);
}

void *load_before_dlsym(void *handle, const char *name)
{
    (void)name;
    if (find_dlsym() && atomic_load_explicit(&is_watching, memory_order_relaxed) &&
        handle != RTLD_DEFAULT && handle != RTLD_NEXT)
        look_at_handle(handle);
    return (void *)real_dlsym;
}

/* A function of three arguments that goes where load_before_NAME says, with its caller's return
 * address in its place. */
#if defined(__x86_64__)
#define JUMP(name)                                                                                 \
    __asm__(".text\n"                                                                              \
            ".globl " #name "\n"                                                                   \
            ".type " #name ", @function\n" #name ":\n"                                             \
            ".cfi_startproc\n"                                                                     \
            "endbr64\n"                                                                            \
            "push %rdi\n"                                                                          \
            ".cfi_adjust_cfa_offset 8\n"                                                           \
            "push %rsi\n"                                                                          \
            ".cfi_adjust_cfa_offset 8\n"                                                           \
            "push %rdx\n"                                                                          \
            ".cfi_adjust_cfa_offset 8\n"                                                           \
            "call load_before_" #name "\n"                                                         \
            "pop %rdx\n"                                                                           \
            ".cfi_adjust_cfa_offset -8\n"                                                          \
            "pop %rsi\n"                                                                           \
            ".cfi_adjust_cfa_offset -8\n"                                                          \
            "pop %rdi\n"                                                                           \
            ".cfi_adjust_cfa_offset -8\n"                                                          \
            "jmp *%rax\n"                                                                          \
            ".cfi_endproc\n"                                                                       \
            ".size " #name ", . - " #name "\n");
#elif defined(__aarch64__)
#define JUMP(name)                                                                                 \
    __asm__(".text\n"                                                                              \
            ".globl " #name "\n"                                                                   \
            ".type " #name ", %function\n" #name ":\n"                                             \
            ".cfi_startproc\n"                                                                     \
            "hint #34\n" /* bti c */                                                               \
            "stp x29, x30, [sp, #-48]!\n"                                                          \
            ".cfi_def_cfa_offset 48\n"                                                             \
            ".cfi_offset 29, -48\n"                                                                \
            ".cfi_offset 30, -40\n"                                                                \
            "stp x0, x1, [sp, #16]\n"                                                              \
            "str x2, [sp, #32]\n"                                                                  \
            "bl load_before_" #name "\n"                                                           \
            "mov x16, x0\n"                                                                        \
            "ldr x2, [sp, #32]\n"                                                                  \
            "ldp x0, x1, [sp, #16]\n"                                                              \
            "ldp x29, x30, [sp], #48\n"                                                            \
            ".cfi_restore 30\n"                                                                    \
            ".cfi_restore 29\n"                                                                    \
            ".cfi_def_cfa_offset 0\n"                                                              \
            "br x16\n"                                                                             \
            ".cfi_endproc\n"                                                                       \
            ".size " #name ", . - " #name "\n");
#endif
JUMP(dlopen)
JUMP(dlmopen)
JUMP(dlsym)
#endif
