/*
 * The classification of what is about to be executed, on ELF files made here. Built with target.c
 * alone. Where a test needs another user's file, it gives up root in a child.
 */
#include "unit.h"

#include "target.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define GLIBC_LOADER "/lib64/ld-linux-x86-64.so.2"
#define UNPRIVILEGED 65534

/* A program of a few kilobytes that is never run; what is NULL or 0 is left out. */
struct program {
    const char *interpreter;
    const char *library; /* first DT_NEEDED */
    const char *soname;
    uint16_t type;
    size_t dynamic_filler; /* entries before those that matter */
};

static char folder[64];
static char path[128];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/test_target.XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0755), 0);
    snprintf(path, sizeof path, "%s/program", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void write_file(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(name, 0755), 0);
}

/* Header, segments, interpreter, dynamic section, strings: in this order, addresses shifted. */
static size_t make_program(unsigned char *out, size_t size, const struct program *program)
{
    enum { ADDRESS = 0x400000 };
    memset(out, 0, size);
    ElfW(Ehdr) header = { .e_type = program->type, .e_version = EV_CURRENT };
    unsigned char own[EI_NIDENT + 4];
    FILE *self = fopen("/proc/self/exe", "rb");
    assert_non_null(self);
    assert_int_equal(fread(own, 1, sizeof own, self), sizeof own);
    fclose(self);
    memcpy(header.e_ident, own, EI_NIDENT);
    memcpy(&header.e_machine, own + EI_NIDENT + 2, 2);
    header.e_phoff = sizeof header;
    header.e_phentsize = sizeof(ElfW(Phdr));
    header.e_ehsize = sizeof header;

    ElfW(Phdr) segments[3];
    size_t count = 0;
    size_t at = sizeof header + sizeof segments;
    memset(segments, 0, sizeof segments);
    segments[count++] =
        (ElfW(Phdr)){ .p_type = PT_LOAD, .p_vaddr = ADDRESS, .p_filesz = size, .p_memsz = size };
    if (program->interpreter) {
        size_t length = strlen(program->interpreter) + 1;
        segments[count++] = (ElfW(Phdr)){ .p_type = PT_INTERP, .p_offset = at, .p_filesz = length };
        memcpy(out + at, program->interpreter, length);
        at += length;
    }
    at = (at + 15) & ~(size_t)15;
    size_t entries = program->dynamic_filler + 5;
    size_t strings = at + entries * sizeof(ElfW(Dyn));
    ElfW(Dyn) *dynamic = (ElfW(Dyn) *)(void *)(out + at);
    segments[count++] = (ElfW(
        Phdr)){ .p_type = PT_DYNAMIC, .p_offset = at, .p_filesz = entries * sizeof(ElfW(Dyn)) };
    size_t next = strings + 1;
    for (size_t i = 0; i < program->dynamic_filler; i++)
        (dynamic++)->d_tag = DT_DEBUG;
    if (program->library) {
        *dynamic++ = (ElfW(Dyn)){ .d_tag = DT_NEEDED, .d_un.d_val = next - strings };
        strcpy((char *)out + next, program->library);
        next += strlen(program->library) + 1;
        *dynamic++ = (ElfW(Dyn)){ .d_tag = DT_NEEDED, .d_un.d_val = next - strings };
        strcpy((char *)out + next, "libasan.so.8");
        next += sizeof "libasan.so.8";
    }
    if (program->soname)
        *dynamic++ = (ElfW(Dyn)){ .d_tag = DT_SONAME, .d_un.d_val = 0 };
    *dynamic++ = (ElfW(Dyn)){ .d_tag = DT_STRTAB, .d_un.d_ptr = ADDRESS + strings };
    header.e_phnum = (uint16_t)count;
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, segments, count * sizeof segments[0]);
    assert_true(next < size);
    return next;
}

static unsigned char image[16384];

static void write_program(const struct program *program)
{
    write_file(path, image, make_program(image, sizeof image, program));
}

static const struct program dynamic_program = { .interpreter = GLIBC_LOADER,
                                                .library = "libc.so.6",
                                                .type = ET_DYN };

static void assert_kind(const char *name, enum target_kind kind)
{
    struct target target;
    errno = 77;
    target_inspect(&target, AT_FDCWD, name);
    assert_int_equal(errno, 77);
    assert_int_equal(target.kind, kind);
}

static void own_program_is_native(void **state)
{
    (void)state;
    assert_kind("/proc/self/exe", TARGET_NATIVE);
}

static void dynamic_program_is_native(void **state)
{
    (void)state;
    write_program(&dynamic_program);
    assert_kind(path, TARGET_NATIVE);
}

static void other_class_is_class(void **state)
{
    (void)state;
    size_t size = make_program(image, sizeof image, &dynamic_program);
    image[EI_CLASS] = image[EI_CLASS] == ELFCLASS64 ? ELFCLASS32 : ELFCLASS64;
    write_file(path, image, size);
    assert_kind(path, TARGET_CLASS);
}

static void other_machine_is_machine(void **state)
{
    (void)state;
    size_t size = make_program(image, sizeof image, &dynamic_program);
    image[EI_NIDENT + 2] ^= 0x5a;
    write_file(path, image, size);
    assert_kind(path, TARGET_MACHINE);
}

static void other_byte_order_is_machine(void **state)
{
    (void)state;
    size_t size = make_program(image, sizeof image, &dynamic_program);
    image[EI_DATA] = image[EI_DATA] == ELFDATA2LSB ? ELFDATA2MSB : ELFDATA2LSB;
    write_file(path, image, size);
    assert_kind(path, TARGET_MACHINE);
}

static void program_without_interpreter_is_static(void **state)
{
    (void)state;
    write_program(&(struct program){ .type = ET_EXEC });
    assert_kind(path, TARGET_STATIC);
}

static void static_pie_is_static(void **state)
{
    (void)state;
    write_program(&(struct program){ .type = ET_DYN });
    assert_kind(path, TARGET_STATIC);
}

static void loader_run_as_a_program_is_native(void **state)
{
    (void)state;
    write_program(&(struct program){ .type = ET_DYN, .soname = "ld-linux-x86-64.so.2" });
    assert_kind(path, TARGET_NATIVE);
}

static void musl_and_other_loaders_are_other(void **state)
{
    (void)state;
    static const char *const loaders[] = { "/lib/ld-musl-x86_64.so.1", "/system/bin/linker64",
                                           "/lib/ld64-uClibc.so.0" };
    for (size_t i = 0; i < sizeof loaders / sizeof loaders[0]; i++) {
        write_program(&(struct program){ .type = ET_DYN, .interpreter = loaders[i] });
        assert_kind(path, TARGET_OTHER);
    }
}

static void glibc_loader_in_a_long_path_is_native(void **state)
{
    (void)state;
    char loader[512];
    memset(loader, 'x', 400);
    memcpy(loader, "/nix/store/", 11);
    strcpy(loader + 400, "/lib/ld-linux-x86-64.so.2");
    write_program(&(struct program){ .type = ET_DYN, .interpreter = loader });
    assert_kind(path, TARGET_NATIVE);
}

static void assert_asan(const char *library, bool asan, enum target_kind kind)
{
    struct target target;
    write_program(
        &(struct program){ .type = ET_DYN, .interpreter = GLIBC_LOADER, .library = library });
    target_inspect(&target, AT_FDCWD, path);
    assert_int_equal(target.kind, kind);
    assert_int_equal(target.asan, asan);
}

static void first_library_tells_an_asan_program(void **state)
{
    (void)state;
    assert_asan("libasan.so.8", true, TARGET_NATIVE);
    assert_asan("libasan.so.5", true, TARGET_NATIVE);
    assert_asan("libasan.so.10", true, TARGET_NATIVE);
    assert_asan("libclang_rt.asan-x86_64.so", true, TARGET_NATIVE);
}

static void asan_runtime_behind_another_library_is_not_told(void **state)
{
    (void)state;
    assert_asan("libfirst.so", false, TARGET_NATIVE);
    assert_asan("libasan_not.so", false, TARGET_NATIVE);
}

static void asan_runtime_without_the_option_is_other(void **state)
{
    (void)state;
    assert_asan("libasan.so.4", false, TARGET_OTHER);
}

static void asan_is_told_in_a_long_dynamic_section(void **state)
{
    (void)state;
    struct target target;
    write_program(&(struct program){ .type = ET_DYN,
                                     .interpreter = GLIBC_LOADER,
                                     .library = "libasan.so.8",
                                     .dynamic_filler = 200 });
    target_inspect(&target, AT_FDCWD, path);
    assert_true(target.asan);
}

static void segments_far_into_the_file_are_found(void **state)
{
    (void)state;
    size_t size = make_program(image, sizeof image, &dynamic_program);
    ElfW(Ehdr) header;
    memcpy(&header, image, sizeof header);
    memmove(image + 8192, image + header.e_phoff, header.e_phnum * sizeof(ElfW(Phdr)));
    memset(image + header.e_phoff, 0, header.e_phnum * sizeof(ElfW(Phdr)));
    header.e_phoff = 8192;
    memcpy(image, &header, sizeof header);
    assert_true(size < 8192);
    write_file(path, image, 8192 + header.e_phnum * sizeof(ElfW(Phdr)));
    assert_kind(path, TARGET_NATIVE);
}

static void script_is_what_its_interpreter_is(void **state)
{
    (void)state;
    char text[256];
    char script[160];
    write_program(&(struct program){ .type = ET_EXEC });
    snprintf(script, sizeof script, "%s/script", folder);
    snprintf(text, sizeof text, "#!%s\necho\n", path);
    write_file(script, text, strlen(text));
    assert_kind(script, TARGET_STATIC);
    snprintf(text, sizeof text, "#! \t%s -x y", path);
    write_file(script, text, strlen(text));
    assert_kind(script, TARGET_STATIC);
}

static void script_of_a_script_is_followed(void **state)
{
    (void)state;
    char text[256];
    char script[160];
    write_program(&(struct program){ .type = ET_EXEC });
    const char *before = "program";
    static const char *const names[] = { "one", "two", "three" };
    for (size_t i = 0; i < 3; i++) {
        snprintf(script, sizeof script, "%s/%s", folder, names[i]);
        snprintf(text, sizeof text, "#!%s/%s\n", folder, before);
        write_file(script, text, strlen(text));
        before = names[i];
    }
    assert_kind(script, TARGET_STATIC);
}

static void script_that_names_itself_ends(void **state)
{
    (void)state;
    char text[256];
    snprintf(text, sizeof text, "#!%s\n", path);
    write_file(path, text, strlen(text));
    assert_kind(path, TARGET_UNKNOWN);
}

static void script_without_its_interpreter_is_missing(void **state)
{
    (void)state;
    static const char text[] = "#!/no/such/interpreter\n";
    write_file(path, text, sizeof text - 1);
    assert_kind(path, TARGET_MISSING);
}

static void script_without_a_first_line_is_unknown(void **state)
{
    (void)state;
    static const char *const texts[] = { "echo hello\n", "#!\n", "#!", "#", "" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        write_file(path, texts[i], strlen(texts[i]));
        assert_kind(path, TARGET_UNKNOWN);
    }
}

static void overlong_script_line_is_unknown(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'x', sizeof text);
    memcpy(text, "#!/", 3);
    write_file(path, text, sizeof text);
    assert_kind(path, TARGET_UNKNOWN);
}

static void file_cut_anywhere_is_survived(void **state)
{
    (void)state;
    size_t size = make_program(image, sizeof image, &dynamic_program);
    for (size_t cut = 0; cut < size; cut++) {
        struct target target;
        write_file(path, image, cut);
        target_inspect(&target, AT_FDCWD, path);
        assert_true(target.kind <= TARGET_OTHER);
        if (cut < sizeof(ElfW(Ehdr)))
            assert_int_equal(target.kind, TARGET_UNKNOWN);
    }
}

static void wild_numbers_are_survived(void **state)
{
    (void)state;
    size_t size = make_program(image, sizeof image, &dynamic_program);
    for (size_t at = EI_NIDENT; at + 8 <= size; at += 4) {
        struct target target;
        unsigned char saved[8];
        memcpy(saved, image + at, 8);
        memset(image + at, 0xff, 8);
        write_file(path, image, size);
        target_inspect(&target, AT_FDCWD, path);
        assert_true(target.kind <= TARGET_OTHER);
        memcpy(image + at, saved, 8);
    }
}

static void more_segments_than_are_looked_at_is_unknown(void **state)
{
    (void)state;
    make_program(image, sizeof image, &dynamic_program);
    ElfW(Ehdr) header;
    memcpy(&header, image, sizeof header);
    header.e_phnum = 200;
    memcpy(image, &header, sizeof header);
    write_file(path, image, sizeof image);
    assert_kind(path, TARGET_UNKNOWN);
}

static void what_cannot_be_executed_is_missing(void **state)
{
    (void)state;
    write_program(&dynamic_program);
    assert_int_equal(chmod(path, 0644), 0);
    assert_kind(path, TARGET_MISSING);
    assert_kind("/no/such/file", TARGET_MISSING);
    assert_kind("", TARGET_MISSING);
    assert_kind(folder, TARGET_MISSING);
    assert_kind("/dev/null", TARGET_MISSING);
}

static void fifo_does_not_block(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(path, 0755), 0);
    alarm(5);
    assert_kind(path, TARGET_MISSING);
    alarm(0);
}

static void path_is_relative_to_the_folder(void **state)
{
    (void)state;
    struct target target;
    write_program(&(struct program){ .type = ET_EXEC });
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(descriptor >= 0);
    target_inspect(&target, descriptor, "program");
    close(descriptor);
    assert_int_equal(target.kind, TARGET_STATIC);
}

static void no_descriptor_stays_open(void **state)
{
    (void)state;
    int before = dup(0);
    close(before);
    assert_kind("/proc/self/exe", TARGET_NATIVE);
    assert_kind("/bin/sh", TARGET_NATIVE);
    int after = dup(0);
    close(after);
    assert_int_equal(before, after);
}

static void out_of_descriptors_is_unknown(void **state)
{
    (void)state;
    write_program(&dynamic_program);
    pid_t child = fork();
    if (child == 0) {
        struct target target;
        while (dup(0) >= 0)
            ;
        target_inspect(&target, AT_FDCWD, path);
        _exit(target.kind == TARGET_UNKNOWN ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* What an unprivileged child takes `path` for. */
static enum target_kind kind_without_privileges(void)
{
    pid_t child = fork();
    if (child == 0) {
        struct target target;
        if (setgid(UNPRIVILEGED) != 0 || setuid(UNPRIVILEGED) != 0)
            _exit(100);
        target_inspect(&target, AT_FDCWD, path);
        _exit((int)target.kind);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_not_equal(WEXITSTATUS(status), 100);
    return (enum target_kind)WEXITSTATUS(status);
}

static void setuid_file_of_our_own_is_native(void **state)
{
    (void)state;
    write_program(&dynamic_program);
    assert_int_equal(chmod(path, 04755), 0);
    assert_kind(path, TARGET_NATIVE);
}

static void setuid_file_of_another_user_is_setuid(void **state)
{
    (void)state;
    if (getuid() != 0)
        skip();
    write_program(&dynamic_program);
    assert_int_equal(chmod(path, 04755), 0);
    assert_int_equal(kind_without_privileges(), TARGET_SETUID);
}

static void setgid_file_of_another_group_is_setuid(void **state)
{
    (void)state;
    if (getuid() != 0)
        skip();
    write_program(&dynamic_program);
    assert_int_equal(chmod(path, 02755), 0);
    assert_int_equal(kind_without_privileges(), TARGET_SETUID);
}

static void setgid_without_group_execute_is_native(void **state)
{
    (void)state;
    if (getuid() != 0)
        skip();
    write_program(&dynamic_program);
    assert_int_equal(chmod(path, 02745), 0);
    assert_int_equal(kind_without_privileges(), TARGET_NATIVE);
}

static void file_with_capabilities_is_setuid(void **state)
{
    (void)state;
    /* VFS_CAP_REVISION_2, cap_net_bind_service permitted */
    static const unsigned char capability[20] = { 0, 0, 0, 2, 0, 4 };
    if (getuid() != 0)
        skip();
    write_program(&dynamic_program);
    if (setxattr(path, "security.capability", capability, sizeof capability, 0) != 0)
        skip();
    assert_int_equal(kind_without_privileges(), TARGET_SETUID);
}

static void unreadable_file_is_unknown(void **state)
{
    (void)state;
    if (getuid() != 0)
        skip();
    write_program(&dynamic_program);
    assert_int_equal(chmod(path, 0711), 0);
    assert_int_equal(kind_without_privileges(), TARGET_UNKNOWN);
}

static void setuid_bit_of_a_script_counts_for_nothing(void **state)
{
    (void)state;
    if (getuid() != 0)
        skip();
    static const char text[] = "#!/bin/sh\n";
    write_file(path, text, sizeof text - 1);
    assert_int_equal(chmod(path, 04755), 0);
    assert_int_equal(kind_without_privileges(), TARGET_NATIVE);
}

static void reasons_are_those_of_the_ledger(void **state)
{
    (void)state;
    assert_null(target_reason(TARGET_NATIVE));
    assert_null(target_reason(TARGET_UNKNOWN));
    assert_null(target_reason(TARGET_MISSING));
    assert_string_equal(target_reason(TARGET_STATIC), "static");
    assert_string_equal(target_reason(TARGET_SETUID), "setuid");
    assert_string_equal(target_reason(TARGET_CLASS), "class");
    assert_string_equal(target_reason(TARGET_MACHINE), "machine");
    assert_string_equal(target_reason(TARGET_OTHER), "other");
}

static void only_loaders_that_would_complain_get_no_preload(void **state)
{
    (void)state;
    assert_true(target_must_not_preload(TARGET_CLASS));
    assert_true(target_must_not_preload(TARGET_MACHINE));
    assert_true(target_must_not_preload(TARGET_OTHER));
    assert_false(target_must_not_preload(TARGET_STATIC));
    assert_false(target_must_not_preload(TARGET_SETUID));
    assert_false(target_must_not_preload(TARGET_UNKNOWN));
    assert_false(target_must_not_preload(TARGET_NATIVE));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(own_program_is_native, set_up, tear_down),
    cmocka_unit_test_setup_teardown(dynamic_program_is_native, set_up, tear_down),
    cmocka_unit_test_setup_teardown(other_class_is_class, set_up, tear_down),
    cmocka_unit_test_setup_teardown(other_machine_is_machine, set_up, tear_down),
    cmocka_unit_test_setup_teardown(other_byte_order_is_machine, set_up, tear_down),
    cmocka_unit_test_setup_teardown(program_without_interpreter_is_static, set_up, tear_down),
    cmocka_unit_test_setup_teardown(static_pie_is_static, set_up, tear_down),
    cmocka_unit_test_setup_teardown(loader_run_as_a_program_is_native, set_up, tear_down),
    cmocka_unit_test_setup_teardown(musl_and_other_loaders_are_other, set_up, tear_down),
    cmocka_unit_test_setup_teardown(glibc_loader_in_a_long_path_is_native, set_up, tear_down),
    cmocka_unit_test_setup_teardown(first_library_tells_an_asan_program, set_up, tear_down),
    cmocka_unit_test_setup_teardown(asan_runtime_behind_another_library_is_not_told, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(asan_runtime_without_the_option_is_other, set_up, tear_down),
    cmocka_unit_test_setup_teardown(asan_is_told_in_a_long_dynamic_section, set_up, tear_down),
    cmocka_unit_test_setup_teardown(segments_far_into_the_file_are_found, set_up, tear_down),
    cmocka_unit_test_setup_teardown(script_is_what_its_interpreter_is, set_up, tear_down),
    cmocka_unit_test_setup_teardown(script_of_a_script_is_followed, set_up, tear_down),
    cmocka_unit_test_setup_teardown(script_that_names_itself_ends, set_up, tear_down),
    cmocka_unit_test_setup_teardown(script_without_its_interpreter_is_missing, set_up, tear_down),
    cmocka_unit_test_setup_teardown(script_without_a_first_line_is_unknown, set_up, tear_down),
    cmocka_unit_test_setup_teardown(overlong_script_line_is_unknown, set_up, tear_down),
    cmocka_unit_test_setup_teardown(file_cut_anywhere_is_survived, set_up, tear_down),
    cmocka_unit_test_setup_teardown(wild_numbers_are_survived, set_up, tear_down),
    cmocka_unit_test_setup_teardown(more_segments_than_are_looked_at_is_unknown, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_cannot_be_executed_is_missing, set_up, tear_down),
    cmocka_unit_test_setup_teardown(fifo_does_not_block, set_up, tear_down),
    cmocka_unit_test_setup_teardown(path_is_relative_to_the_folder, set_up, tear_down),
    cmocka_unit_test_setup_teardown(no_descriptor_stays_open, set_up, tear_down),
    cmocka_unit_test_setup_teardown(out_of_descriptors_is_unknown, set_up, tear_down),
    cmocka_unit_test_setup_teardown(setuid_file_of_our_own_is_native, set_up, tear_down),
    cmocka_unit_test_setup_teardown(setuid_file_of_another_user_is_setuid, set_up, tear_down),
    cmocka_unit_test_setup_teardown(setgid_file_of_another_group_is_setuid, set_up, tear_down),
    cmocka_unit_test_setup_teardown(setgid_without_group_execute_is_native, set_up, tear_down),
    cmocka_unit_test_setup_teardown(file_with_capabilities_is_setuid, set_up, tear_down),
    cmocka_unit_test_setup_teardown(unreadable_file_is_unknown, set_up, tear_down),
    cmocka_unit_test_setup_teardown(setuid_bit_of_a_script_counts_for_nothing, set_up, tear_down),
    cmocka_unit_test_setup_teardown(reasons_are_those_of_the_ledger, set_up, tear_down),
    cmocka_unit_test_setup_teardown(only_loaders_that_would_complain_get_no_preload, set_up,
                                    tear_down),
};

UNIT_MAIN(tests)
