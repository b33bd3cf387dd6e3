/* What libraries name, those that are loaded and those in files. */
#include "unit.h"

#include "python/loaded_objects.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const void *in_libc(void)
{
    return dlsym(RTLD_DEFAULT, "getpid");
}

static const char *path_of(const void *address)
{
    Dl_info info;
    assert_int_not_equal(dladdr(address, &info), 0);
    return info.dli_fname;
}

static void a_library_names_what_it_has(void **state)
{
    (void)state;
    assert_true(loaded_object_names(in_libc(), "getpid"));
    assert_false(loaded_object_names(in_libc(), "no_such_function_anywhere"));
}

static void a_part_of_a_name_is_none(void **state)
{
    (void)state;
    assert_false(loaded_object_names(in_libc(), "getpi"));
}

static void a_program_names_what_it_needs(void **state)
{
    (void)state;
    assert_true(loaded_object_names((const void *)(uintptr_t)in_libc, "dladdr"));
}

static void the_one_that_has_it_is_left_out(void **state)
{
    (void)state;
    assert_true(loaded_objects_new_names((const void *)(uintptr_t)in_libc, "getpid"));
}

static void what_was_asked_about_is_not_again(void **state)
{
    (void)state;
    (void)loaded_objects_new_names(in_libc(), "no_such_function_anywhere");
    assert_false(loaded_objects_new_names((const void *)(uintptr_t)in_libc, "getpid"));
}

static void a_library_that_is_loaded_later_is_found(void **state)
{
    (void)state;
    (void)loaded_objects_new_names(in_libc(), "no_such_function_anywhere");
    void *library = dlopen("libresolv.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        skip();
    assert_true(loaded_objects_new_names(in_libc(), "ns_initparse"));
    assert_false(loaded_objects_new_names(in_libc(), "ns_initparse"));
    dlclose(library);
}

static void a_library_in_a_file_names_what_it_has(void **state)
{
    (void)state;
    assert_true(library_file_names(path_of(in_libc()), "getpid"));
    assert_false(library_file_names(path_of(in_libc()), "no_such_function_anywhere"));
}

static void what_is_no_library_names_nothing(void **state)
{
    (void)state;
    assert_false(library_file_names("/dev/null", "getpid"));
    assert_false(library_file_names("/", "getpid"));
    assert_false(library_file_names("/does/not/exist", "getpid"));
}

/* Each length and a hundred garbled bytes: it may say what it likes, and reads nothing else. */
static void a_file_that_is_cut_or_garbled_does_no_harm(void **state)
{
    (void)state;
    enum { SIZE = 8192 };
    static uint8_t bytes[SIZE];
    char path[] = "/tmp/loaded_objects.XXXXXX";
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), to = mkstemp(path);
    assert_true(from >= 0 && to >= 0);
    assert_int_equal(read(from, bytes, SIZE), SIZE);
    close(from);
    for (size_t i = 0; i < 400; i++) {
        size_t size = i < 100 ? i * 8 : SIZE;
        uint8_t kept = bytes[i];
        if (i >= 100)
            bytes[i] ^= 0xff;
        assert_int_equal(ftruncate(to, 0), 0);
        assert_int_equal(pwrite(to, bytes, size, 0), (ssize_t)size);
        assert_false(library_file_names(path, "no_such_function_anywhere"));
        bytes[i] = kept;
    }
    close(to);
    unlink(path);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_library_names_what_it_has),
    cmocka_unit_test(a_part_of_a_name_is_none),
    cmocka_unit_test(a_program_names_what_it_needs),
    cmocka_unit_test(the_one_that_has_it_is_left_out),
    cmocka_unit_test(what_was_asked_about_is_not_again),
    cmocka_unit_test(a_library_that_is_loaded_later_is_found),
    cmocka_unit_test(a_library_in_a_file_names_what_it_has),
    cmocka_unit_test(what_is_no_library_names_nothing),
    cmocka_unit_test(a_file_that_is_cut_or_garbled_does_no_harm),
};

UNIT_MAIN(tests)
