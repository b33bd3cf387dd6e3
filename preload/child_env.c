/*
 * Repairs the environment of a child (see child_env.h). One walk over the source serves both for
 * measuring and for building, so the two can't disagree; the second is bounded by what the first
 * found, for another thread may change the source meanwhile. No heap, no system call, no global
 * but the session, which is only read; child_env_adopt alone maps memory and sets `environ`.
 */
#include "child_env.h"

#include "session.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PRELOAD          "LD_PRELOAD="
#define PRELOAD_LENGTH   (sizeof PRELOAD - 1)
#define ASAN             "ASAN_OPTIONS="
#define ASAN_LENGTH      (sizeof ASAN - 1)
#define ASAN_FLAG        "verify_asan_link_order"
#define ASAN_SETTING     ASAN_FLAG "=0"
#define ASAN_SET_LENGTH  (sizeof ASAN_SETTING - 1)
#define OWN_PREFIX       "COVFORK_"
#define SESSION_VARIABLE "COVFORK_SESSION="

/* What separates entries in LD_PRELOAD. */
static const char separators[] = ": ";

/* New strings, one after the other; counts only, while `at` is NULL. */
struct text {
    char *at;
    size_t left;
    size_t length;
};

/* Entries that the child gets; counts only, while `entries` is NULL. */
struct list {
    char **entries;
    size_t left;
    size_t count;
};

static bool starts_with(const char *text, const char *prefix, size_t length)
{
    return strncmp(text, prefix, length) == 0;
}

static void text_add(struct text *text, const char *bytes, size_t length)
{
    text->length += length;
    if (!text->at)
        return;
    if (length > text->left) {
        text->left = 0; /* the source has grown: child_env_build compares the lengths */
        return;
    }
    memcpy(text->at, bytes, length);
    text->at += length;
    text->left -= length;
}

static void list_add(struct list *list, const char *entry)
{
    list->count++;
    if (!list->entries || list->left == 0)
        return;
    /* environ's type has no const; nobody writes. */
    *list->entries++ = (char *)(uintptr_t)entry;
    list->left--;
}

/* An entry of LD_PRELOAD's value. */
struct preload_entry {
    const char *start;
    size_t length;
    size_t separator_length; /* of what stands before it */
};

/* The next entry at or after `*position`, which moves behind it; false at the end, where
 * separator_length is what is left. */
static bool preload_next(const char **position, struct preload_entry *entry)
{
    entry->separator_length = strspn(*position, separators);
    entry->start = *position + entry->separator_length;
    entry->length = strcspn(entry->start, separators);
    *position = entry->start + entry->length;
    return entry->length > 0;
}

static const char *base_name(const char *path, size_t *length)
{
    const char *slash = memrchr(path, '/', *length);
    if (!slash)
        return path;
    *length -= (size_t)(slash + 1 - path);
    return slash + 1;
}

/* Has the entry the library's file name, in whatever folder? */
static bool preload_is_library(const struct preload_entry *entry)
{
    size_t length = entry->length;
    size_t own_length = strlen(session.library);
    const char *name = base_name(entry->start, &length);
    const char *own_name = base_name(session.library, &own_length);
    return length == own_length && memcmp(name, own_name, length) == 0;
}

/* The new value of an LD_PRELOAD, written to `text` without a NUL; true when it differs. */
static bool preload_rewrite(const struct child_env *plan, const char *value, struct text *text)
{
    size_t library_length = strlen(session.library);
    size_t begin = text->length;
    bool changed = false;
    bool present = false;
    struct preload_entry entry;
    while (preload_next(&value, &entry)) {
        const char *spelling = entry.start;
        size_t length = entry.length;
        if (preload_is_library(&entry)) {
            bool is_kept = !(plan->flags & CHILD_ENV_NO_LIBRARY) && (!present || plan->is_foreign);
            present = true;
            if (!is_kept) {
                changed = true;
                continue;
            }
            if (!plan->is_foreign &&
                (length != library_length || memcmp(spelling, session.library, length) != 0)) {
                changed = true;
                spelling = session.library;
                length = library_length;
            }
        }
        /* What separated it from an entry that is gone goes with that. */
        if (text->length > begin || !changed)
            text_add(text, entry.start - entry.separator_length, entry.separator_length);
        text_add(text, spelling, length);
    }
    if (text->length > begin || !changed)
        text_add(text, entry.start - entry.separator_length, entry.separator_length);
    if (!present && !(plan->flags & CHILD_ENV_NO_LIBRARY)) {
        changed = true;
        if (text->length > begin && entry.separator_length == 0)
            text_add(text, ":", 1);
        text_add(text, session.library, library_length);
    }
    return changed;
}

static void add_preload(const struct child_env *plan, const char *entry, struct list *list,
                        struct text *text)
{
    struct text before = *text;
    text_add(text, PRELOAD, PRELOAD_LENGTH);
    if (!preload_rewrite(plan, entry + PRELOAD_LENGTH, text)) {
        *text = before;
        list_add(list, entry);
    } else if (text->length == before.length + PRELOAD_LENGTH) {
        /* The library was all there was. */
        *text = before;
    } else {
        text_add(text, "", 1);
        list_add(list, before.at);
    }
}

static void add_asan_options(const char *entry, struct list *list, struct text *text)
{
    const char *value = entry + ASAN_LENGTH;
    const char *start = text->at;
    text_add(text, entry, strlen(entry));
    if (*value)
        text_add(text, ":", 1);
    text_add(text, ASAN_SETTING, ASAN_SET_LENGTH + 1);
    list_add(list, start);
}

/* The session's variable that `entry` sets, or variable_count. */
static size_t find_variable(const char *entry)
{
    size_t i = 0;
    for (; i < session.variable_count; i++) {
        const char *equals = strchr(session.variables[i], '=');
        if (starts_with(entry, session.variables[i], (size_t)(equals + 1 - session.variables[i])))
            break;
    }
    return i;
}

/* One that names the session, and which a child can't have a value of its own for. */
static bool names_session(const char *variable)
{
    static const char *const names[] = { SESSION_VARIABLE, "COVFORK_DIR=", "COVFORK_ROOT=" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (starts_with(variable, names[i], strlen(names[i])))
            return true;
    return false;
}

/* The whole environment, into `list` and `text`. True when it differs from the source. */
static bool walk(const struct child_env *plan, struct list *list, struct text *text)
{
    bool changed = false;
    bool has_preload = !plan->can_preload || (plan->flags & CHILD_ENV_NO_LIBRARY);
    bool has_asan = !(plan->flags & CHILD_ENV_ASAN);
    uint32_t seen = 0;
    for (size_t i = 0; i < plan->source_count && plan->source[i]; i++) {
        const char *entry = plan->source[i];
        size_t old_length = text->length;
        size_t old_count = list->count;
        if (plan->can_preload && starts_with(entry, PRELOAD, PRELOAD_LENGTH)) {
            has_preload = true;
            add_preload(plan, entry, list, text);
        } else if (!has_asan && starts_with(entry, ASAN, ASAN_LENGTH)) {
            has_asan = true;
            if (strstr(entry, ASAN_FLAG))
                list_add(list, entry);
            else
                add_asan_options(entry, list, text);
        } else if (!plan->is_foreign && starts_with(entry, OWN_PREFIX, sizeof OWN_PREFIX - 1)) {
            size_t variable = find_variable(entry);
            const char *wanted = session.variables[variable];
            bool is_known = variable < session.variable_count;
            if (is_known)
                seen |= (uint32_t)1 << variable;
            if (is_known && names_session(entry) && strcmp(entry, wanted) != 0) {
                changed = true;
                list_add(list, wanted);
            } else {
                list_add(list, entry);
            }
        } else {
            list_add(list, entry);
        }
        changed = changed || text->length != old_length || list->count == old_count;
    }
    size_t own_count = list->count;
    if (!has_preload)
        add_preload(plan, PRELOAD, list, text);
    if (!has_asan)
        add_asan_options(ASAN, list, text);
    for (size_t i = 0; i < session.variable_count && !plan->is_foreign; i++)
        if (!(seen & (uint32_t)1 << i))
            list_add(list, session.variables[i]);
    return changed || list->count != own_count;
}

/* A well-formed session that is not ours? */
static bool is_foreign_session(const char *id)
{
    size_t digits = strspn(id, "0123456789abcdef");
    return digits == sizeof session.id - 1 && id[digits] == '\0' && strcmp(id, session.id) != 0;
}

static bool starts_with_asan_runtime(const char *value)
{
    struct preload_entry entry;
    if (!preload_next(&value, &entry))
        return false;
    const char *name = base_name(entry.start, &entry.length);
    return starts_with(name, "libasan.so", 10) || starts_with(name, "libclang_rt.asan", 16);
}

void child_env_plan(struct child_env *plan, char *const envp[], unsigned flags)
{
    static char *const empty[] = { NULL };
    *plan = (struct child_env){ .source = envp ? envp : empty, .flags = flags };
    /* A path with a separator in it can't stand in LD_PRELOAD; we were loaded some other way. */
    plan->can_preload = session.library[strcspn(session.library, separators)] == '\0';
    bool has_session = false;
    for (; plan->source[plan->source_count]; plan->source_count++) {
        const char *entry = plan->source[plan->source_count];
        /* As getenv has it, the first one counts. */
        if (!has_session && starts_with(entry, SESSION_VARIABLE, sizeof SESSION_VARIABLE - 1)) {
            has_session = true;
            plan->is_foreign = is_foreign_session(entry + sizeof SESSION_VARIABLE - 1);
        } else if (starts_with(entry, PRELOAD, PRELOAD_LENGTH) &&
                   starts_with_asan_runtime(entry + PRELOAD_LENGTH)) {
            plan->flags &= ~CHILD_ENV_ASAN;
        }
    }
    struct list list = { NULL, 0, 0 };
    struct text text = { NULL, 0, 0 };
    plan->changed = walk(plan, &list, &text);
    plan->count = list.count;
    plan->text_size = text.length;
    plan->size = plan->changed ? (plan->count + 1) * sizeof(char *) + plan->text_size : 0;
}

char **child_env_build(const struct child_env *plan, void *memory)
{
    char **entries = memory;
    char *strings = (char *)(entries + plan->count + 1);
    struct list list = { entries, plan->count, 0 };
    struct text text = { strings, plan->text_size, 0 };
    walk(plan, &list, &text);
    if (list.count != plan->count || text.length != plan->text_size)
        return NULL;
    entries[plan->count] = NULL;
    return entries;
}

/*
 * Why `environ` is set for good, and not only during the call: system() runs as long as its
 * command, and what other threads set or unset meanwhile would be undone with it. By one store of
 * a pointer and not by setenv, which may move the array that another thread's getenv reads. Mapped
 * and not from the heap: a leak checker has nothing to find, and an allocator of the program's
 * nothing to see. It costs a page each time that a program empties its environment and then calls
 * one of these.
 */
void child_env_adopt(void)
{
    int saved = errno;
    struct child_env plan;
    child_env_plan(&plan, environ, 0);
    if (plan.size > 0) {
        void *memory =
            mmap(NULL, plan.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory != MAP_FAILED) {
            char **entries = child_env_build(&plan, memory);
            if (entries)
                environ = entries;
            else
                munmap(memory, plan.size);
        }
    }
    errno = saved;
}
