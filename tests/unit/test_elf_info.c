/*
 * ELF files: this program itself, what the C compiler makes here, and files that are damaged.
 */
#include "unit.h"

#include "collector/base/elf_info.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/covfork-test-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : -1;
}

/* Compiles `source` to `name` in the folder; false where the compiler can't. */
static bool compile(char *path, size_t size, const char *name, const char *options,
                    const char *source)
{
    char command[1024];
    snprintf(path, size, "%s/%s", folder, name);
    snprintf(command, sizeof command, "echo '%s' | cc -w -x c -o '%s' %s - 2>/dev/null", source,
             path, options);
    return system(command) == 0;
}

static void write_file(char *path, size_t size, const char *name, const void *bytes, size_t length)
{
    snprintf(path, size, "%s/%s", folder, name);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}

static void this_program_is_native_and_dynamic(void **state)
{
    (void)state;
    struct elf_info info;
    assert_int_equal(elf_info_read(&info, "/proc/self/exe", NULL), 0);
    assert_true(info.is_elf);
    assert_true(info.is_native);
    assert_int_equal(info.bits, sizeof(void *) * 8);
    assert_false(info.is_static);
    assert_non_null(info.loader);
    assert_false(info.is_python);
    bool has_cmocka = false;
    for (size_t i = 0; i < info.needed.count; i++)
        has_cmocka |= strncmp(info.needed.items[i], "libcmocka.so", 12) == 0;
    assert_true(has_cmocka);
    elf_info_close(&info);
}

static void a_static_program_is_told(void **state)
{
    (void)state;
    struct elf_info info;
    char path[256];
    if (!compile(path, sizeof path, "static", "-static", "int main(void){return 0;}"))
        skip();
    assert_int_equal(elf_info_read(&info, path, NULL), 0);
    assert_true(info.is_static);
    assert_null(info.loader);
    elf_info_close(&info);
}

static void a_program_of_another_class_is_not_native(void **state)
{
    (void)state;
    struct elf_info info;
    char path[256];
    if (!compile(path, sizeof path, "other", "-m32 -nostdlib -shared", "int f(void){return 0;}"))
        skip();
    assert_int_equal(elf_info_read(&info, path, NULL), 0);
    assert_int_equal(info.bits, 32);
    assert_false(info.is_native);
    elf_info_close(&info);
}

static void a_shared_library_with_a_name_is_no_static_program(void **state)
{
    (void)state;
    struct elf_info info;
    char path[256];
    assert_true(compile(path, sizeof path, "library.so", "-shared -fPIC -Wl,-soname,mine.so.1",
                        "int f(void){return 0;}"));
    assert_int_equal(elf_info_read(&info, path, NULL), 0);
    assert_string_equal(info.soname, "mine.so.1");
    assert_false(info.is_static);
    elf_info_close(&info);
}

static void what_exports_the_functions_of_python_is_one(void **state)
{
    (void)state;
    struct elf_info info;
    char path[256];
    assert_true(compile(path, sizeof path, "python", "-rdynamic",
                        "int Py_GetVersion(void){return 0;} int PySys_AddAuditHook(void){return 0;}"
                        " int main(void){return 0;}"));
    assert_int_equal(elf_info_read(&info, path, NULL), 0);
    assert_true(info.is_python);
    assert_true(info.has_audit_hook);
    elf_info_close(&info);
}

static void an_old_python_has_no_audit_hook(void **state)
{
    (void)state;
    struct elf_info info;
    char path[256];
    assert_true(compile(path, sizeof path, "python2", "-rdynamic",
                        "int Py_GetVersion(void){return 0;} int main(void){return 0;}"));
    assert_int_equal(elf_info_read(&info, path, NULL), 0);
    assert_true(info.is_python);
    assert_false(info.has_audit_hook);
    elf_info_close(&info);
}

static void what_only_uses_a_function_of_python_is_none(void **state)
{
    (void)state;
    struct elf_info info;
    char path[256];
    assert_true(compile(path, sizeof path, "extension.so", "-shared -fPIC",
                        "int Py_GetVersion(void); int f(void){return Py_GetVersion();}"));
    assert_int_equal(elf_info_read(&info, path, NULL), 0);
    assert_false(info.is_python);
    elf_info_close(&info);
}

static void what_needs_a_libpython_is_python(void **state)
{
    (void)state;
    struct elf_info info;
    char library[256], path[256], options[512];
    assert_true(compile(library, sizeof library, "libpython3.99.so.1.0",
                        "-shared -fPIC -Wl,-soname,libpython3.99.so.1.0",
                        "int Py_BytesMain(void){return 0;}"));
    snprintf(options, sizeof options, "-Wl,--no-as-needed -x none '%s' -x c", library);
    assert_true(compile(path, sizeof path, "linked", options, "int main(void){return 0;}"));
    assert_int_equal(elf_info_read(&info, path, NULL), 0);
    assert_true(info.is_python);
    assert_int_equal(info.needed.count, 2);
    elf_info_close(&info);
}

static void a_text_is_no_elf_file_and_no_error(void **state)
{
    (void)state;
    struct elf_info info;
    char path[256];
    write_file(path, sizeof path, "text", "#!/bin/sh\n", 10);
    assert_int_equal(elf_info_read(&info, path, NULL), 0);
    assert_false(info.is_elf);
    elf_info_close(&info);
}

static void an_empty_file_is_no_elf_file(void **state)
{
    (void)state;
    struct elf_info info;
    char path[256];
    write_file(path, sizeof path, "empty", "", 0);
    assert_int_equal(elf_info_read(&info, path, NULL), 0);
    assert_false(info.is_elf);
    elf_info_close(&info);
}

static void what_is_missing_or_no_file_is_an_error(void **state)
{
    (void)state;
    struct elf_info info;
    struct error error = { 0 };
    assert_int_equal(elf_info_read(&info, "/nonexistent/x", &error), -1);
    assert_non_null(strstr(error.text, "/nonexistent/x"));
    assert_int_equal(elf_info_read(&info, folder, &error), -1);
    assert_int_equal(elf_info_read(&info, "/dev/null", &error), -1);
}

/* Every cut and every changed byte of a small file: no crash, whatever it answers. */
static void a_damaged_file_does_no_harm(void **state)
{
    (void)state;
    struct elf_info info;
    char path[256], damaged[256];
    assert_true(compile(path, sizeof path, "small.so", "-shared -fPIC -nostdlib -s",
                        "int Py_GetVersion(void){return 0;}"));
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    static unsigned char bytes[65536];
    size_t size = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    assert_in_range(size, 256, sizeof bytes - 1);
    for (size_t i = 0; i < size; i += i < 1024 ? 1 : 61) {
        unsigned char kept = bytes[i];
        bytes[i] = (unsigned char)~kept;
        write_file(damaged, sizeof damaged, "damaged", bytes, size);
        if (elf_info_read(&info, damaged, NULL) == 0)
            elf_info_close(&info);
        bytes[i] = kept;
        write_file(damaged, sizeof damaged, "damaged", bytes, i);
        if (elf_info_read(&info, damaged, NULL) == 0)
            elf_info_close(&info);
    }
    write_file(damaged, sizeof damaged, "damaged", bytes, size);
    assert_int_equal(elf_info_read(&info, damaged, NULL), 0);
    assert_true(info.is_python);
    elf_info_close(&info);
}

static void loaders_are_known_by_their_names(void **state)
{
    (void)state;
    char glibc[] = "/lib64/ld-linux-x86-64.so.2", musl[] = "/lib/ld-musl-x86_64.so.1";
    assert_true(elf_info_has_glibc(&(struct elf_info){ .loader = glibc }));
    assert_false(elf_info_has_musl(&(struct elf_info){ .loader = glibc }));
    assert_true(elf_info_has_musl(&(struct elf_info){ .loader = musl }));
    assert_false(elf_info_has_glibc(&(struct elf_info){ .loader = musl }));
    assert_false(elf_info_has_glibc(&(struct elf_info){ 0 }));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(this_program_is_native_and_dynamic),
    cmocka_unit_test(a_static_program_is_told),
    cmocka_unit_test(a_program_of_another_class_is_not_native),
    cmocka_unit_test(a_shared_library_with_a_name_is_no_static_program),
    cmocka_unit_test(what_exports_the_functions_of_python_is_one),
    cmocka_unit_test(an_old_python_has_no_audit_hook),
    cmocka_unit_test(what_only_uses_a_function_of_python_is_none),
    cmocka_unit_test(what_needs_a_libpython_is_python),
    cmocka_unit_test(a_text_is_no_elf_file_and_no_error),
    cmocka_unit_test(an_empty_file_is_no_elf_file),
    cmocka_unit_test(what_is_missing_or_no_file_is_an_error),
    cmocka_unit_test(a_damaged_file_does_no_harm),
    cmocka_unit_test(loaders_are_known_by_their_names),
};

UNIT_MAIN_WITH(tests, set_up, tear_down)
