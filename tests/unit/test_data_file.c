/*
 * The data file of a process, in every way in which it can be made, grown, shared and refused. Its
 * state belongs to a process, so each test runs in a child of its own, which ends by _exit: what
 * is then in the folder was kept without any help at the end.
 */
#include "unit.h"

#include "data_file.h"
#include "session.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[PATH_MAX];

/* 0: as they are. Else the kernel's pages are as large as this here. */
static size_t simulated_page;

long sysconf(int name)
{
    static long (*original)(int);
    if (!original)
        *(void **)&original = dlsym(RTLD_NEXT, "sysconf");
    return name == _SC_PAGESIZE && simulated_page ? (long)simulated_page : original(name);
}

void *mmap(void *start, size_t size, int protection, int flags, int descriptor, off_t offset)
{
    if (simulated_page && (size_t)offset % simulated_page != 0) {
        errno = EINVAL;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, start, size, protection, flags, descriptor, offset);
}

/* A session in a new folder. */
static void begin_session(void)
{
    const char *parent = getenv("TMPDIR");
    snprintf(directory, sizeof directory, "%s/covfork-unit-XXXXXX", parent ? parent : "/tmp");
    assert_non_null(mkdtemp(directory));
    memset(&session, 0, sizeof session);
    simulated_page = 0;
    session.active = true;
    session.context = "";
    strcpy(session.directory, directory);
    snprintf(session.own_folder, sizeof session.own_folder, "%.3000s/s-0", directory);
    strcpy(session.folder, session.own_folder);
    snprintf(session.ledger_path, sizeof session.ledger_path, "%.3000s/s-0/ledger", directory);
}

static int end_session(void **state)
{
    (void)state;
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command);
}

/* Runs `body` in a child; returns its wait status. */
static int in_child(void (*body)(void))
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        body();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

struct seen {
    unsigned files;
    unsigned lines_records, source_records, process_records, arcs_records;
    uint32_t flags; /* of all headers */
    unsigned arcs;  /* places that are taken */
    uint64_t marks; /* bits set in all LINES records */
};

static _Alignas(8) uint8_t content[8 * 1024 * 1024];

static size_t read_whole(const char *path)
{
    int descriptor = open(path, O_RDONLY);
    assert_true(descriptor >= 0);
    size_t size = 0;
    ssize_t got;
    while ((got = read(descriptor, content + size, sizeof content - size)) > 0)
        size += (size_t)got;
    close(descriptor);
    return size;
}

/* Reads a file by format.h alone. */
static void look_at_file(const char *path, struct seen *seen)
{
    size_t size = read_whole(path);
    assert_true(size >= sizeof(struct format_header));
    assert_memory_equal(content, FORMAT_MAGIC, FORMAT_MAGIC_SIZE);
    seen->flags |= ((struct format_header *)content)->flags;
    for (size_t at = sizeof(struct format_header); at + sizeof(struct format_record) <= size;) {
        struct format_record record;
        memcpy(&record, content + at, sizeof record);
        if (record.type == RECORD_NONE && record.size == 0) {
            at = (at / FORMAT_PAGE + 1) * FORMAT_PAGE;
            continue;
        }
        assert_true(record.size >= 8 && record.size % 8 == 0 && at + record.size <= size);
        if (record.type == RECORD_LINES) {
            seen->lines_records++;
            for (size_t i = at + 8 + sizeof(struct format_lines); i < at + record.size; i++)
                seen->marks += (unsigned)__builtin_popcount(content[i]);
        }
        if (record.type == RECORD_ARCS) {
            seen->arcs_records++;
            for (size_t i = at + 8 + sizeof(struct format_arcs); i < at + record.size; i += 8)
                seen->arcs += memcmp(content + i, "\0\0\0\0\0\0\0", 8) != 0;
        }
        seen->source_records += record.type == RECORD_SOURCE;
        seen->process_records += record.type == RECORD_PROCESS;
        at += record.size;
    }
}

static struct seen look(void)
{
    struct seen seen = { 0 };
    DIR *folder = opendir(session.folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[PATH_MAX + 300];
        const char *suffix = strrchr(entry->d_name, '.');
        snprintf(path, sizeof path, "%s/%s", session.folder, entry->d_name);
        if (suffix && strcmp(suffix, FORMAT_DATA_SUFFIX) == 0) {
            seen.files++;
            look_at_file(path, &seen);
        }
    }
    closedir(folder);
    return seen;
}

static bool ledger_has(const char *text)
{
    size_t size = read_whole(session.ledger_path);
    content[size < sizeof content ? size : sizeof content - 1] = '\0';
    return strstr((char *)content, text) != NULL;
}

static void mark(uint8_t *bits, uint32_t line)
{
    assert_non_null(bits);
    bits[line / 8] |= (uint8_t)(1u << (line % 8));
}

static void mark_one(void)
{
    mark(data_file_add_lines(1, 100, NULL), 7);
}

static void marks_are_kept_without_any_end(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(mark_one), 0);
    struct seen seen = look();
    assert_int_equal(seen.files, 1);
    assert_int_equal(seen.process_records, 1);
    assert_int_equal(seen.marks, 1);
}

static int add_source(uint64_t key)
{
    static const uint8_t lines[8] = { 0x6 };
    struct format_source source = { .key = key, .bit_count = 3, .path_length = 4 };
    return data_file_add_source(&source, "/a.b", lines);
}

static void name_a_source(void)
{
    uint32_t bit_count = 0;
    assert_false(data_file_knows_source(99, &bit_count));
    assert_int_equal(add_source(99), 0);
    assert_true(data_file_knows_source(99, &bit_count));
    assert_int_equal(bit_count, 3);
}

static void mark_arcs(void)
{
    data_file_set_flags(FORMAT_FLAG_BRANCH);
    uint64_t *arcs = data_file_add_arcs(1, 16, NULL);
    assert_non_null(arcs);
    assert_int_equal(arcs[15], 0);
    arcs[15] = 7;
    uint64_t *more = data_file_add_arcs(1, 32, NULL);
    assert_non_null(more);
    more[0] = 8;
    raise(SIGKILL);
}

static void arcs_are_kept_as_lines_are(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(WTERMSIG(in_child(mark_arcs)), SIGKILL);
    struct seen seen = look();
    assert_int_equal(seen.flags, FORMAT_FLAG_BRANCH);
    assert_int_equal(seen.arcs_records, 2);
    assert_int_equal(seen.arcs, 2);
}

static void mark_and_die(void)
{
    mark_one();
    raise(SIGKILL);
}

static void marks_survive_sigkill(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(WTERMSIG(in_child(mark_and_die)), SIGKILL);
    assert_int_equal(look().marks, 1);
}

static void mark_many(void)
{
    for (uint64_t key = 1; key <= 4000; key++)
        mark(data_file_add_lines(key, 8000, NULL), 7999);
}

static void a_file_grows_over_several_mappings(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(mark_many), 0);
    struct seen seen = look();
    assert_int_equal(seen.files, 1);
    assert_int_equal(seen.lines_records, 4000);
    assert_int_equal(seen.marks, 4000);
}

static void mark_a_huge_source(void)
{
    mark(data_file_add_lines(1, 20000000, NULL), 19999999);
    mark(data_file_add_lines(2, 100, NULL), 99);
}

static void a_bitmap_beyond_one_mapping_has_its_place(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(mark_a_huge_source), 0);
    assert_int_equal(look().marks, 2);
}

static void mark_without_descriptors(void)
{
    uint8_t *first = data_file_add_lines(1, 100, NULL);
    struct rlimit none = { 3, 3 };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    for (uint64_t key = 2; key <= 100; key++)
        mark(data_file_add_lines(key, 8000, NULL), 1);
    mark(first, 1);
}

static void a_file_grows_without_a_free_descriptor(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(mark_without_descriptors), 0);
    assert_int_equal(look().marks, 100);
}

static void begin_without_descriptors(void)
{
    struct rlimit none = { 3, 3 };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    mark_one();
    raise(SIGKILL);
}

static void a_file_is_made_without_a_free_descriptor(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(WTERMSIG(in_child(begin_without_descriptors)), SIGKILL);
    assert_int_equal(look().marks, 1);
}

static void limit_file_size(size_t size)
{
    struct rlimit limit = { size, size };
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void mark_under_a_file_size_limit(void)
{
    limit_file_size(1000);
    mark_one();
}

static void a_file_size_limit_sends_no_signal(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(mark_under_a_file_size_limit), 0);
}

static void mark_beyond_a_file_size_limit(void)
{
    limit_file_size(256 * 1024);
    for (uint64_t key = 1; key <= 400; key++)
        mark(data_file_add_lines(key, 8000, NULL), 1);
}

static void what_fitted_before_a_file_size_limit_is_kept(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(mark_beyond_a_file_size_limit), 0);
    assert_true(look().marks >= 200 && look().marks < 400);
    assert_true(ledger_has("\"memory\""));
}

static void mark_in_the_overflow_file(void)
{
    limit_file_size(0);
    mark_one();
    raise(SIGKILL);
}

static void mark_arcs_in_the_overflow_file(void)
{
    limit_file_size(0);
    mark_arcs();
}

static void arcs_of_a_process_that_can_make_no_file_are_in_the_sessions_overflow(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(name_a_source), 0);
    assert_int_equal(WTERMSIG(in_child(mark_arcs_in_the_overflow_file)), SIGKILL);
    struct seen seen = look();
    assert_int_equal(seen.flags, FORMAT_FLAG_BRANCH);
    assert_int_equal(seen.arcs, 2);
}

static void a_process_that_can_make_no_file_uses_the_sessions_overflow(void **state)
{
    (void)state;
    begin_session();
    /* Made with the index, by the first process that names a source. */
    assert_int_equal(in_child(name_a_source), 0);
    assert_int_equal(WTERMSIG(in_child(mark_in_the_overflow_file)), SIGKILL);
    struct seen seen = look();
    assert_int_equal(seen.marks, 1);
    assert_int_equal(seen.process_records, 1);
}

static void move_the_folder_and_grow(void)
{
    char moved[PATH_MAX + 16];
    mark_one();
    snprintf(moved, sizeof moved, "%.4000s-moved", directory);
    assert_int_equal(rename(directory, moved), 0);
    for (uint64_t key = 2; key <= 100; key++)
        mark(data_file_add_lines(key, 8000, NULL), 1);
    assert_int_equal(add_source(7), 0);
}

static void a_file_grows_where_its_folder_was_moved_to(void **state)
{
    (void)state;
    begin_session();
    strcpy(session.id, "0123456789abcdef0123456789abcdef");
    strcpy(session.directory, directory);
    snprintf(session.own_folder, sizeof session.own_folder, "%.3000s/s-%s", directory, session.id);
    strcpy(session.folder, session.own_folder);
    assert_int_equal(in_child(move_the_folder_and_grow), 0);
    assert_int_equal(access(directory, F_OK), -1);
    strcat(directory, "-moved");
    strcpy(session.directory, directory);
    snprintf(session.own_folder, sizeof session.own_folder, "%.3000s/s-%s", directory, session.id);
    strcpy(session.folder, session.own_folder);
    assert_int_equal(look().marks, 100);
}

static void fork_by_the_system_call(void)
{
    mark_one();
    pid_t child = (pid_t)syscall(SYS_fork);
    for (uint64_t key = 2; key <= 2000; key++)
        mark(data_file_add_lines(key, 8000, NULL), child == 0 ? 1 : 2);
    if (child == 0)
        raise(SIGKILL);
    waitpid(child, NULL, 0);
}

static void a_raw_forks_child_does_not_write_into_its_parents_records(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(fork_by_the_system_call), 0);
    struct seen seen = look();
    assert_int_equal(seen.files, 2);
    assert_int_equal(seen.marks, 1 + 2 * 1999);
}

static void flush_after_going_to_memory(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t whole = limit.rlim_cur;
    limit.rlim_cur = 1000;
    setrlimit(RLIMIT_FSIZE, &limit);
    for (uint64_t key = 1; key <= 3000; key++)
        mark(data_file_add_lines(key, 8000, NULL), 1);
    limit.rlim_cur = whole;
    setrlimit(RLIMIT_FSIZE, &limit);
    data_file_flush();
}

static void what_was_kept_in_memory_is_written_at_the_end(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(flush_after_going_to_memory), 0);
    struct seen seen = look();
    assert_int_equal(seen.marks, 3000);
    assert_int_equal(seen.process_records, 1);
}

static void mark_in_a_fork(void)
{
    uint8_t *bits = data_file_add_lines(1, 100, NULL);
    mark(bits, 1);
    pid_t child = fork();
    if (child == 0) {
        data_file_after_fork_child();
        mark(data_file_add_lines(1, 100, bits), 2);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    mark(bits, 3);
}

static void a_forks_child_has_a_file_of_its_own(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(mark_in_a_fork), 0);
    struct seen seen = look();
    assert_int_equal(seen.files, 2);
    assert_int_equal(seen.marks, 3);
}

/* The folder can't be written any more, for root neither: its name is a file's now. */
static void mark_in_a_fork_that_can_make_no_file(void)
{
    uint8_t *bits = data_file_add_lines(1, 100, NULL);
    mark(bits, 1);
    pid_t child = fork();
    if (child == 0) {
        data_file_after_fork_child();
        snprintf(session.own_folder, sizeof session.own_folder, "/dev/null/s-0");
        strcpy(session.folder, session.own_folder);
        uint8_t *again = data_file_add_lines(1, 100, bits);
        assert_ptr_equal(again, bits);
        mark(again, 2);
        mark(data_file_add_lines(2, 100, NULL), 3);
        raise(SIGKILL);
    }
    waitpid(child, NULL, 0);
    mark(data_file_add_lines(3, 100, NULL), 4);
}

static void a_child_without_a_file_goes_on_in_its_parents(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(mark_in_a_fork_that_can_make_no_file), 0);
    struct seen seen = look();
    assert_int_equal(seen.files, 1);
    assert_int_equal(seen.lines_records, 3);
    assert_int_equal(seen.marks, 4);
}

static void mark_with_a_bare_umask(void)
{
    umask(0777);
    mark_many();
}

static void the_umask_does_not_matter(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(mark_with_a_bare_umask), 0);
    assert_int_equal(look().marks, 4000);
    struct stat status;
    assert_int_equal(stat(session.folder, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
}

static void find_a_named_source(void)
{
    uint32_t bit_count = 0;
    assert_true(data_file_knows_source(99, &bit_count));
    assert_int_equal(bit_count, 3);
}

static void a_source_is_named_once_a_session(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(name_a_source), 0);
    assert_int_equal(in_child(find_a_named_source), 0);
    struct seen seen = { 0 };
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/" FORMAT_SOURCES_NAME, session.folder);
    look_at_file(path, &seen);
    assert_int_equal(seen.source_records, 1);
}

static void name_sources(void)
{
    for (uint64_t key = 1; key <= 500; key++)
        add_source(key * 0x9e3779b97f4a7c15u);
}

static void sources_of_many_processes_do_not_mix(void **state)
{
    (void)state;
    begin_session();
    fflush(NULL);
    for (int i = 0; i < 4; i++) {
        if (fork() == 0) {
            name_sources();
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        ;
    struct seen seen = { 0 };
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/" FORMAT_SOURCES_NAME, session.folder);
    look_at_file(path, &seen);
    assert_true(seen.source_records == 2000);
}

static void name_long_sources(void)
{
    enum { BITS = 512 * 1024 };
    static uint8_t lines[BITS / 8];
    for (uint64_t key = 1; key <= 50; key++) {
        struct format_source source = { .key = key, .bit_count = BITS, .path_length = 4 };
        lines[key] = 1;
        assert_int_equal(data_file_add_source(&source, "/a.b", lines), 0);
    }
}

static void sources_grow_over_several_mappings(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(name_long_sources), 0);
    struct seen seen = { 0 };
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/" FORMAT_SOURCES_NAME, session.folder);
    look_at_file(path, &seen);
    assert_int_equal(seen.source_records, 50);
    assert_int_equal(look().source_records, 0);
}

/* The second has no room in the first mapping. */
static void mark_in_small_and_large(void)
{
    mark_one();
    mark(data_file_add_lines(2, 9000000, NULL), 8999999);
    mark(data_file_add_lines(3, 100000, NULL), 1);
}

/* Of sizes that put the next one anywhere. */
static void name_odd_sources(void)
{
    static uint8_t lines[70 * 8192];
    for (uint64_t key = 1; key <= 50; key++) {
        struct format_source source = { .key = key,
                                        .bit_count = (uint32_t)key * 40009,
                                        .path_length = 4 };
        assert_int_equal(data_file_add_source(&source, "/a.b", lines), 0);
    }
}

static void all_grow_on_large_pages(size_t page)
{
    begin_session();
    simulated_page = page;
    assert_int_equal(in_child(mark_in_small_and_large), 0);
    assert_int_equal(in_child(name_odd_sources), 0);
    struct seen seen = look();
    assert_int_equal(seen.marks, 3);
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/" FORMAT_SOURCES_NAME, session.folder);
    struct seen sources = { 0 };
    look_at_file(path, &sources);
    assert_int_equal(sources.source_records, 50);
}

static void files_grow_on_pages_of_16_kib(void **state)
{
    (void)state;
    all_grow_on_large_pages(16384);
}

static void files_grow_on_pages_of_64_kib(void **state)
{
    (void)state;
    all_grow_on_large_pages(65536);
}

static void name_sources_beyond_a_file_size_limit(void)
{
    name_a_source(); /* makes the overflow file */
    limit_file_size(20000);
    name_sources();
}

static void sources_beyond_a_file_size_limit_are_named_elsewhere(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(name_sources_beyond_a_file_size_limit), 0);
    struct seen seen = look();
    assert_true(seen.source_records > 0);
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/" FORMAT_SOURCES_NAME, session.folder);
    look_at_file(path, &seen);
    assert_int_equal(seen.source_records, 501);
}

static void errno_is_kept_in_child(void)
{
    errno = 4242;
    mark_one();
    assert_int_equal(errno, 4242);
    snprintf(session.own_folder, sizeof session.own_folder, "/dev/null/s-0");
    strcpy(session.folder, session.own_folder);
    assert_int_equal(add_source(5), 0);
    assert_int_equal(errno, 4242);
}

static void errno_is_kept(void **state)
{
    (void)state;
    begin_session();
    assert_int_equal(in_child(errno_is_kept_in_child), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(marks_are_kept_without_any_end, end_session),
    cmocka_unit_test_teardown(arcs_are_kept_as_lines_are, end_session),
    cmocka_unit_test_teardown(arcs_of_a_process_that_can_make_no_file_are_in_the_sessions_overflow,
                              end_session),
    cmocka_unit_test_teardown(marks_survive_sigkill, end_session),
    cmocka_unit_test_teardown(a_file_grows_over_several_mappings, end_session),
    cmocka_unit_test_teardown(a_bitmap_beyond_one_mapping_has_its_place, end_session),
    cmocka_unit_test_teardown(a_file_grows_without_a_free_descriptor, end_session),
    cmocka_unit_test_teardown(a_file_is_made_without_a_free_descriptor, end_session),
    cmocka_unit_test_teardown(a_file_size_limit_sends_no_signal, end_session),
    cmocka_unit_test_teardown(what_fitted_before_a_file_size_limit_is_kept, end_session),
    cmocka_unit_test_teardown(a_process_that_can_make_no_file_uses_the_sessions_overflow,
                              end_session),
    cmocka_unit_test_teardown(a_file_grows_where_its_folder_was_moved_to, end_session),
    cmocka_unit_test_teardown(a_raw_forks_child_does_not_write_into_its_parents_records,
                              end_session),
    cmocka_unit_test_teardown(what_was_kept_in_memory_is_written_at_the_end, end_session),
    cmocka_unit_test_teardown(a_forks_child_has_a_file_of_its_own, end_session),
    cmocka_unit_test_teardown(a_child_without_a_file_goes_on_in_its_parents, end_session),
    cmocka_unit_test_teardown(the_umask_does_not_matter, end_session),
    cmocka_unit_test_teardown(a_source_is_named_once_a_session, end_session),
    cmocka_unit_test_teardown(sources_of_many_processes_do_not_mix, end_session),
    cmocka_unit_test_teardown(sources_grow_over_several_mappings, end_session),
    cmocka_unit_test_teardown(files_grow_on_pages_of_16_kib, end_session),
    cmocka_unit_test_teardown(files_grow_on_pages_of_64_kib, end_session),
    cmocka_unit_test_teardown(sources_beyond_a_file_size_limit_are_named_elsewhere, end_session),
    cmocka_unit_test_teardown(errno_is_kept, end_session),
};

UNIT_MAIN(tests)
