/*
 * Who ran what, through a combined file and back; and files that lie.
 */
#include "unit.h"

#include "collector/model/process_lines.h"
#include "collector/read/read_data.h"
#include "collector/write/write_data.h"

#include <stdlib.h>
#include <unistd.h>

/* A model that keeps who ran what. */
struct kept {
    struct model model;
    struct process_lines processes;
};

static const uint8_t session[MODEL_ID_SIZE] = { 1, 2, 3 };

static void kept_init(struct kept *kept)
{
    assert_int_equal(model_init(&kept->model), 0);
    process_lines_init(&kept->processes);
    kept->model.processes = &kept->processes;
}

static void kept_close(struct kept *kept)
{
    model_close(&kept->model);
    process_lines_close(&kept->processes);
}

static uint32_t add_source(struct kept *kept, const char *path)
{
    uint32_t source;
    struct line_set *lines;
    assert_int_equal(model_add_source(&kept->model, path, strlen(path), 10, 20, &source), 0);
    assert_int_equal(model_add_table(&kept->model, source, 0x030c0000, 0, &lines), 0);
    assert_int_equal(line_set_add_range(lines, 1, 400), 0);
    return source;
}

static uint32_t add_process(struct kept *kept, int64_t pid)
{
    uint32_t process;
    assert_int_equal(
        process_lines_add_process(&kept->processes, session, pid, 1000 + (uint64_t)pid, &process),
        0);
    return process;
}

static void add_lines(struct kept *kept, uint32_t process, uint32_t source, uint32_t last)
{
    struct line_set *lines, set = LINE_SET_EMPTY;
    assert_int_equal(line_set_add_range(&set, 1, last), 0);
    assert_int_equal(model_add_lines(&kept->model, source, 0, &lines), 0);
    assert_int_equal(line_set_unite(lines, &set), 0);
    assert_int_equal(
        process_lines_add(&kept->processes, process, kept->model.sources[source].number, &set), 0);
    line_set_close(&set);
}

/* Two sources and 300 processes, each third of which ran more; the last is the child of the first.
 */
static void fill(struct kept *kept, bool backwards)
{
    kept_init(kept);
    uint32_t a = add_source(kept, backwards ? "/b.py" : "/a.py");
    uint32_t b = add_source(kept, backwards ? "/a.py" : "/b.py");
    uint32_t first = backwards ? b : a, second = backwards ? a : b;
    for (int64_t i = 0; i < 300; i++) {
        int64_t pid = backwards ? 300 - i : i + 1;
        uint32_t process = add_process(kept, pid);
        add_lines(kept, process, first, pid % 3 == 0 ? 300 : 2);
        if (pid % 7 == 0)
            add_lines(kept, process, second, 5);
    }
    struct run_process *last = &kept->processes.processes[add_process(kept, 300)];
    last->parent = add_process(kept, 1);
    last->is_known = last->is_lost = last->is_interpreter = true;
    last->began = 5;
    last->end = 6;
    last->ending = RUN_ENDING_SAID;
    assert_int_equal(run_process_set(&last->command, "python 'a b'", 12), 0);
    assert_int_equal(run_process_set(&last->note, "why", 3), 0);
    assert_int_equal(run_process_set(&last->context, "day", 3), 0);
}

static unsigned char *encode(struct kept *kept, size_t *size)
{
    unsigned char *bytes;
    assert_int_equal(write_data_encode(&kept->model, &bytes, size, NULL), 0);
    return bytes;
}

/* How many warnings there were. */
static size_t read_into(struct kept *kept, const unsigned char *bytes, size_t size)
{
    char path[] = "/tmp/covfork-test-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, size), size);
    close(descriptor);
    struct string_list warnings = { 0 };
    struct data_reader reader;
    struct data_file file;
    data_reader_init(&reader, &kept->model, &warnings, NULL);
    assert_int_equal(data_reader_read(&reader, path, &file, NULL), 0);
    assert_int_equal(data_reader_finish(&reader, NULL), 0);
    data_reader_close(&reader);
    unlink(path);
    size_t count = warnings.count;
    string_list_close(&warnings);
    return count;
}

static size_t count_lines(const struct kept *kept)
{
    size_t total = 0;
    for (size_t i = 0; i < kept->processes.count; i++)
        total += kept->processes.processes[i].line_count;
    return total;
}

static void a_combined_file_keeps_who_ran_what(void **state)
{
    (void)state;
    struct kept written, read;
    size_t size;
    fill(&written, false);
    unsigned char *bytes = encode(&written, &size);
    kept_init(&read);
    assert_int_equal(read_into(&read, bytes, size), 0);
    assert_int_equal(read.processes.count, 300);
    assert_int_equal(read.processes.set_count, 3);
    assert_int_equal(count_lines(&read), count_lines(&written));
    const struct run_process *last = &read.processes.processes[299];
    assert_int_equal(last->pid, 300);
    assert_int_equal(read.processes.processes[last->parent].pid, 1);
    assert_string_equal(last->command, "python 'a b'");
    assert_string_equal(last->note, "why");
    assert_string_equal(last->context, "day");
    assert_int_equal(last->ending, RUN_ENDING_SAID);
    assert_true(last->is_known && last->is_lost && last->is_interpreter && !last->is_fork);
    free(bytes);
    kept_close(&written);
    kept_close(&read);
}

static void the_order_of_arrival_makes_no_difference(void **state)
{
    (void)state;
    struct kept one, other;
    size_t size, other_size;
    fill(&one, false);
    fill(&other, true);
    unsigned char *bytes = encode(&one, &size), *other_bytes = encode(&other, &other_size);
    assert_int_equal(size, other_size);
    assert_memory_equal(bytes, other_bytes, size);
    free(bytes);
    free(other_bytes);
    kept_close(&one);
    kept_close(&other);
}

static void what_is_read_twice_is_kept_once(void **state)
{
    (void)state;
    struct kept written, read;
    size_t size, again_size;
    fill(&written, false);
    unsigned char *bytes = encode(&written, &size);
    kept_init(&read);
    assert_int_equal(read_into(&read, bytes, size), 0);
    assert_int_equal(read_into(&read, bytes, size), 0);
    unsigned char *again = encode(&read, &again_size);
    assert_int_equal(again_size, size);
    assert_memory_equal(again, bytes, size);
    free(bytes);
    free(again);
    kept_close(&written);
    kept_close(&read);
}

static void who_does_not_ask_reads_the_lines_alone(void **state)
{
    (void)state;
    struct kept written, read;
    size_t size;
    fill(&written, false);
    unsigned char *bytes = encode(&written, &size);
    kept_init(&read);
    read.model.processes = NULL;
    assert_int_equal(read_into(&read, bytes, size), 0);
    assert_int_equal(read.processes.count, 0);
    assert_int_equal(read.model.source_count, 2);
    free(bytes);
    kept_close(&written);
    kept_close(&read);
}

/* Each byte of the file changed in turn: a warning or none, but no harm. */
static void a_file_changed_anywhere_does_no_harm(void **state)
{
    (void)state;
    struct kept written;
    size_t size;
    kept_init(&written);
    uint32_t source = add_source(&written, "/a.py");
    for (int64_t pid = 1; pid < 6; pid++)
        add_lines(&written, add_process(&written, pid), source, pid == 3 ? 9 : 4);
    unsigned char *bytes = encode(&written, &size);
    size_t warned = 0;
    for (size_t i = sizeof(struct format_header); i < size; i++) {
        struct kept read;
        unsigned char before = bytes[i];
        bytes[i] ^= 0xff;
        kept_init(&read);
        warned += read_into(&read, bytes, size) > 0;
        bytes[i] = before;
        kept_close(&read);
    }
    assert_true(warned > 0);
    free(bytes);
    kept_close(&written);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_combined_file_keeps_who_ran_what),
    cmocka_unit_test(the_order_of_arrival_makes_no_difference),
    cmocka_unit_test(what_is_read_twice_is_kept_once),
    cmocka_unit_test(who_does_not_ask_reads_the_lines_alone),
    cmocka_unit_test(a_file_changed_anywhere_does_no_harm),
};

UNIT_MAIN(tests)
