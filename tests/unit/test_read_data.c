/*
 * The reader of data files: what it takes, what it salvages, what it names.
 */
#include "unit.h"

#include "preload/format.h"
#include "collector/model/process_lines.h"
#include "collector/read/read_data.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A data file in the making, and a reader for it. */
struct fixture {
    unsigned char bytes[65536];
    size_t size;
    char path[32];
    struct model model;
    struct string_list warnings;
    struct data_reader reader;
    struct data_file file;
};

static const uint8_t session_id[FORMAT_ID_SIZE] = "fifteen letters";

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f || model_init(&f->model) != 0)
        return -1;
    strcpy(f->path, "/tmp/covfork-test-XXXXXX");
    int descriptor = mkstemp(f->path);
    if (descriptor < 0)
        return -1;
    close(descriptor);
    data_reader_init(&f->reader, &f->model, &f->warnings, session_id);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    unlink(f->path);
    data_reader_close(&f->reader);
    model_close(&f->model);
    string_list_close(&f->warnings);
    free(f);
    return 0;
}

static void put(struct fixture *f, const void *bytes, size_t size)
{
    assert_true(f->size + format_padded(size) <= sizeof f->bytes);
    memcpy(f->bytes + f->size, bytes, size);
    f->size += format_padded(size);
}

static void put_header(struct fixture *f)
{
    struct format_header header = {
        .version = FORMAT_VERSION, .header_size = sizeof header, .start = 77, .pid = 4711
    };
    memcpy(header.magic, FORMAT_MAGIC, FORMAT_MAGIC_SIZE);
    memcpy(header.session, session_id, FORMAT_ID_SIZE);
    put(f, &header, sizeof header);
}

static size_t begin(struct fixture *f, uint32_t type)
{
    struct format_record record = { type, 0 };
    size_t at = f->size;
    put(f, &record, sizeof record);
    return at;
}

static void end(struct fixture *f, size_t at)
{
    uint32_t size = (uint32_t)(f->size - at);
    memcpy(f->bytes + at + 4, &size, 4);
}

static void put_source(struct fixture *f, uint64_t key, const char *path, uint64_t code_lines)
{
    size_t at = begin(f, RECORD_SOURCE);
    struct format_source source = { .key = key,
                                    .size = 10,
                                    .mtime = 20,
                                    .python = 0x030d0000,
                                    .flags = SOURCE_WHOLE_MODULE,
                                    .bit_count = 64,
                                    .path_length = (uint32_t)strlen(path) };
    put(f, &source, sizeof source);
    put(f, path, strlen(path));
    put(f, &code_lines, 8);
    end(f, at);
}

static void put_lines(struct fixture *f, uint64_t key, uint32_t context, uint64_t lines)
{
    size_t at = begin(f, RECORD_LINES);
    struct format_lines head = { key, 64, context };
    put(f, &head, sizeof head);
    put(f, &lines, 8);
    end(f, at);
}

static void put_arcs(struct fixture *f, uint64_t key, uint32_t context,
                     const struct format_arc *places, uint32_t count)
{
    size_t at = begin(f, RECORD_ARCS);
    struct format_arcs head = { key, count, context };
    put(f, &head, sizeof head);
    put(f, places, count * sizeof *places);
    end(f, at);
}

static void put_process(struct fixture *f, const char *executable, const char *context)
{
    size_t at = begin(f, RECORD_PROCESS);
    struct format_process process = { .pid = 4711,
                                      .python = 0x030d0000,
                                      .executable_length = (uint32_t)strlen(executable),
                                      .context_length = (uint32_t)strlen(context) };
    put(f, &process, sizeof process);
    put(f, executable, strlen(executable));
    put(f, context, strlen(context));
    end(f, at);
}

static void put_context(struct fixture *f, uint32_t number, const char *label)
{
    size_t at = begin(f, RECORD_CONTEXT);
    struct format_context context = { number, (uint32_t)strlen(label) };
    put(f, &context, sizeof context);
    put(f, label, strlen(label));
    end(f, at);
}

static void write_bytes(struct fixture *f, size_t size)
{
    FILE *stream = fopen(f->path, "we");
    assert_non_null(stream);
    assert_int_equal(fwrite(f->bytes, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

static void read_all(struct fixture *f)
{
    write_bytes(f, f->size);
    assert_int_equal(data_reader_read(&f->reader, f->path, &f->file, NULL), 0);
    assert_int_equal(data_reader_finish(&f->reader, NULL), 0);
}

static void assert_one_warning(const struct fixture *f, const char *text)
{
    assert_int_equal(f->warnings.count, 1);
    assert_memory_equal(f->warnings.items[0], f->path, strlen(f->path));
    if (!strstr(f->warnings.items[0], text))
        fail_msg("\"%s\" is not in \"%s\"", text, f->warnings.items[0]);
}

static uint64_t executed_word(const struct fixture *f, size_t source)
{
    struct line_set lines = LINE_SET_EMPTY;
    assert_true(source < f->model.source_count);
    assert_int_equal(model_source_executed(&f->model.sources[source], &lines), 0);
    uint64_t word = lines.word_count ? lines.words[0] : 0;
    line_set_close(&lines);
    return word;
}

static void a_file_gives_its_sources_and_lines(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_process(f, "/usr/bin/python3", "");
    put_source(f, 1, "/a.py", 0xfe);
    put_lines(f, 1, 0, 0x12);
    put_lines(f, 1, 0, 0x24);
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
    assert_false(f->file.damaged);
    assert_int_equal(f->file.pid, 4711);
    assert_int_equal(f->file.start, 77);
    assert_int_equal(f->file.lines, 2);
    assert_int_equal(f->model.source_count, 1);
    assert_string_equal(f->model.sources[0].path, "/a.py");
    assert_int_equal(f->model.sources[0].size, 10);
    assert_int_equal(f->model.sources[0].mtime, 20);
    assert_int_equal(f->model.sources[0].tables[0].lines.words[0], 0xfe);
    assert_int_equal(executed_word(f, 0), 0x36);
    assert_int_equal(f->model.interpreter_count, 1);
    assert_string_equal(f->model.interpreters[0].executable, "/usr/bin/python3");
}

/* Reads what was put, and begins another file. */
static void read_next(struct fixture *f)
{
    write_bytes(f, f->size);
    assert_int_equal(data_reader_read(&f->reader, f->path, &f->file, NULL), 0);
    f->size = 0;
    put_header(f);
}

static void processes_that_ran_the_same_sources_add_up(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0xfe);
    put_source(f, 2, "/b.py", 0xfe);
    put_source(f, 3, "/c.py", 0xfe);
    for (uint64_t i = 0; i < 4; i++) {
        put_lines(f, 1, 0, 2u << i);
        put_lines(f, 2, 0, i == 2 ? 0 : 0x20u << i);
        put_lines(f, 3, 0, 4);
        read_next(f);
        assert_int_equal(f->file.lines, i == 2 ? 2 : 3);
    }
    assert_int_equal(executed_word(f, 0), 0x1e);
    assert_int_equal(executed_word(f, 1), 0x160);
    assert_int_equal(executed_word(f, 2), 4);
    assert_int_equal(f->warnings.count, 0);
}

static void lines_in_another_order_and_of_another_length_add_up(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0xfe);
    put_source(f, 2, "/b.py", 0xfe);
    put_lines(f, 1, 0, 2);
    put_lines(f, 2, 0, 4);
    read_next(f);
    put_lines(f, 2, 0, 8);
    put_lines(f, 1, 0, 0x10);
    size_t at = begin(f, RECORD_LINES);
    struct format_lines head = { 2, 128, 0 };
    const uint64_t words[] = { 0x20, 0x40 };
    put(f, &head, sizeof head);
    put(f, words, sizeof words);
    end(f, at);
    read_next(f);
    put_lines(f, 1, 0, 2);
    put_lines(f, 2, 0, 9); /* bit 0 stands for no line */
    read_next(f);
    assert_int_equal(executed_word(f, 0), 0x12);
    assert_int_equal(executed_word(f, 1), 0x2c);
    assert_int_equal(f->model.sources[1].lines[0].lines.words[1], 0x40);
    assert_int_equal(f->warnings.count, 0);
}

static void lines_are_of_the_context_of_their_process(void **state)
{
    static const char *const contexts[] = { "", "one", "two", "one" };
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0xfe);
    put_source(f, 2, "/b.py", 0xfe);
    for (unsigned i = 0; i < 4; i++) {
        put_process(f, "/usr/bin/python3", contexts[i]);
        put_lines(f, 1, 0, 2u << i);
        put_lines(f, 2, 0, 2u << i);
        read_next(f);
    }
    for (size_t i = 0; i < 2; i++) {
        const struct model_source *source = &f->model.sources[i];
        assert_int_equal(source->lines_count, 3);
        assert_int_equal(source->lines[0].lines.words[0], 2);
        assert_int_equal(source->lines[1].lines.words[0], 0x14);
        assert_int_equal(source->lines[2].lines.words[0], 8);
    }
}

static void who_ran_the_lines_is_known(void **state)
{
    struct fixture *f = *state;
    struct process_lines processes;
    process_lines_init(&processes);
    f->model.processes = &processes;
    put_header(f);
    put_source(f, 1, "/a.py", 0xfe);
    put_source(f, 2, "/b.py", 0xfe);
    for (uint32_t i = 0; i < 3; i++) {
        size_t at = begin(f, RECORD_PROCESS);
        struct format_process process = { .pid = 10 + i, .start = 5, .python = 0x030d0000 };
        put(f, &process, sizeof process);
        end(f, at);
        put_lines(f, 1, 0, 6);
        put_lines(f, 2, 0, i == 1 ? 0 : 2u << i);
        read_next(f);
    }
    assert_int_equal(processes.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        size_t count;
        const struct process_source *sources = process_lines_of(&processes, i, &count);
        assert_int_equal(count, i == 1 ? 1 : 2);
        assert_int_equal(processes.sets[sources[0].set].words[0], 6);
        if (i != 1)
            assert_int_equal(processes.sets[sources[1].set].words[0], 2u << i);
        assert_int_equal(processes.processes[i].line_count, i == 1 ? 2 : 3);
    }
    f->model.processes = NULL;
    process_lines_close(&processes);
}

static void sources_may_follow_the_lines_that_name_them(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_lines(f, 9, 0, 0x2);
    put_source(f, 9, "/late.py", 0x2);
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
    assert_int_equal(executed_word(f, 0), 0x2);
}

static void sources_may_be_in_another_file_of_the_session(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_lines(f, 9, 0, 0x2);
    write_bytes(f, f->size);
    assert_int_equal(data_reader_read(&f->reader, f->path, &f->file, NULL), 0);
    assert_true(data_reader_is_waiting(&f->reader));
    f->size = 0;
    put_header(f);
    put_source(f, 9, "/a.py", 0x2);
    write_bytes(f, f->size);
    assert_int_equal(data_reader_read(&f->reader, f->path, &f->file, NULL), 0);
    assert_false(data_reader_is_waiting(&f->reader));
    assert_int_equal(data_reader_finish(&f->reader, NULL), 0);
    assert_int_equal(executed_word(f, 0), 0x2);
    assert_int_equal(f->warnings.count, 0);
}

static void lines_that_nothing_describes_are_named_as_lost(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0x2);
    put_lines(f, 2, 0, 0x2);
    put_lines(f, 3, 0, 0x2);
    put_lines(f, 1, 0, 0x2);
    read_all(f);
    assert_one_warning(f, "what ran in 2 source files is lost");
    assert_int_equal(executed_word(f, 0), 0x2);
}

static void a_process_context_labels_its_lines(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_process(f, "", "nightly");
    put_source(f, 1, "/a.py", 0x6);
    put_lines(f, 1, 0, 0x2);
    read_all(f);
    assert_int_equal(f->model.sources[0].lines_count, 1);
    assert_string_equal(f->model.contexts[f->model.sources[0].lines[0].context], "nightly");
}

static void numbered_contexts_label_lines(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_context(f, 7, "seven");
    put_source(f, 1, "/a.py", 0x6);
    put_lines(f, 1, 7, 0x2);
    put_lines(f, 1, 0, 0x4);
    read_all(f);
    assert_int_equal(f->model.sources[0].lines_count, 2);
    assert_string_equal(f->model.contexts[f->model.sources[0].lines[0].context], "seven");
    assert_string_equal(f->model.contexts[f->model.sources[0].lines[1].context], "");
}

static void places_of_zeros_are_no_arcs(void **state)
{
    struct fixture *f = *state;
    const struct format_arc places[] = { { 3, -1 }, { 0, 0 }, { -1, 3 }, { 3, -1 }, { 0, 0 } };
    put_header(f);
    put_context(f, 7, "seven");
    put_source(f, 1, "/a.py", 0xe);
    put_arcs(f, 1, 7, places, 5);
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
    assert_int_equal(f->model.sources[0].arcs_count, 1);
    assert_string_equal(f->model.contexts[f->model.sources[0].arcs[0].context], "seven");
    struct arc_set *arcs = &f->model.sources[0].arcs[0].arcs;
    arc_set_sort(arcs);
    assert_int_equal(arcs->count, 2);
    assert_true(arc_set_has(arcs, (struct arc){ -1, 3 }));
    assert_true(arc_set_has(arcs, (struct arc){ 3, -1 }));
}

static void arcs_may_come_before_their_source(void **state)
{
    struct fixture *f = *state;
    const struct format_arc places[] = { { 1, 2 } };
    put_header(f);
    put_arcs(f, 1, 0, places, 1);
    put_source(f, 1, "/a.py", 0x6);
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
    assert_int_equal(f->model.sources[0].arcs[0].arcs.count, 1);
}

static void an_arc_of_a_line_that_no_file_has_is_damage(void **state)
{
    struct fixture *f = *state;
    const struct format_arc places[] = { { INT32_MAX, 1 }, { 1, INT32_MIN }, { 1, 2 } };
    put_header(f);
    put_source(f, 1, "/a.py", 0x6);
    put_arcs(f, 1, 0, places, 3);
    read_all(f);
    assert_one_warning(f, "damaged");
    assert_int_equal(f->model.sources[0].arcs[0].arcs.count, 1);
}

static void more_places_than_a_record_has_are_damage(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0x6);
    size_t at = begin(f, RECORD_ARCS);
    struct format_arcs head = { 1, UINT32_MAX, 0 };
    put(f, &head, sizeof head);
    end(f, at);
    read_all(f);
    assert_one_warning(f, "damaged");
    assert_int_equal(f->model.sources[0].arcs_count, 0);
}

static void an_unknown_context_number_is_damage(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0x6);
    put_lines(f, 1, 7, 0x2);
    read_all(f);
    assert_one_warning(f, "damaged");
    assert_int_equal(executed_word(f, 0), 0);
}

static void reserved_space_is_passed_over_page_by_page(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0x6);
    f->size = 2 * FORMAT_PAGE;
    put_lines(f, 1, 0, 0x2);
    f->size = 5 * FORMAT_PAGE;
    put_lines(f, 1, 0, 0x4);
    f->size = 7 * FORMAT_PAGE;
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
    assert_int_equal(executed_word(f, 0), 0x6);
}

static void a_place_that_was_taken_in_sources_hides_no_record_behind_it(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    uint32_t flags = FORMAT_FLAG_SOURCES;
    memcpy(f->bytes + offsetof(struct format_header, flags), &flags, sizeof flags);
    put_source(f, 1, "/a.py", 0x6);
    f->size += 72;
    put_source(f, 2, "/b.py", 0x6);
    f->size = 2 * FORMAT_PAGE;
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
    assert_int_equal(f->reader.key_count, 2);
}

static void records_of_unknown_types_are_passed_over(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    size_t at = begin(f, 999);
    put(f, "something of the future", 23);
    end(f, at);
    at = begin(f, RECORD_PAD);
    end(f, at);
    put_source(f, 1, "/a.py", 0x6);
    put_lines(f, 1, 0, 0x2);
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
    assert_int_equal(executed_word(f, 0), 0x2);
}

static void a_record_that_ends_behind_the_file_is_cut_short(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0x6);
    put_lines(f, 1, 0, 0x2);
    size_t cut = f->size;
    put_lines(f, 1, 0, 0x4);
    f->size -= 8;
    read_all(f);
    char text[64];
    snprintf(text, sizeof text, ": cut short at byte %zu, the records before it are used", cut);
    assert_one_warning(f, text);
    assert_true(f->file.damaged);
    assert_int_equal(executed_word(f, 0), 0x2);
}

static void a_file_cut_anywhere_gives_what_lies_before(void **state)
{
    struct fixture *f = *state;
    size_t ends[8], count = 0;
    put_header(f);
    put_process(f, "/python", "c");
    put_source(f, 1, "/a.py", 0xfe);
    for (int i = 1; i < 8; i++) {
        put_lines(f, 1, 0, (uint64_t)1 << i);
        ends[count++] = f->size;
    }
    for (size_t size = 0; size <= f->size; size++) {
        struct model model;
        struct data_reader reader;
        struct string_list warnings = { 0 };
        assert_int_equal(model_init(&model), 0);
        data_reader_init(&reader, &model, &warnings, NULL);
        write_bytes(f, size);
        assert_int_equal(data_reader_read(&reader, f->path, &f->file, NULL), 0);
        assert_int_equal(data_reader_finish(&reader, NULL), 0);
        size_t whole = 0;
        while (whole < count && ends[whole] <= size)
            whole++;
        assert_int_equal(f->file.lines, whole);
        /* A cut inside a record's zero padding or between records can't be seen. */
        assert_true(warnings.count <= 1);
        if (whole)
            assert_int_equal(model.sources[0].lines[0].lines.words[0], ((1u << whole) - 1) << 1);
        data_reader_close(&reader);
        string_list_close(&warnings);
        model_close(&model);
    }
}

static void any_changed_byte_does_no_harm(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_process(f, "/python", "c");
    put_context(f, 1, "label");
    put_source(f, 1, "/a.py", 0xfe);
    put_lines(f, 1, 1, 0x6);
    put_arcs(f, 1, 1, &(struct format_arc){ 1, 2 }, 1);
    static const unsigned char values[] = { 0x00, 0x01, 0x07, 0x80, 0xff };
    for (size_t at = 0; at < f->size; at++)
        for (size_t i = 0; i < sizeof values; i++) {
            struct model model;
            struct data_reader reader;
            struct string_list warnings = { 0 };
            unsigned char kept = f->bytes[at];
            f->bytes[at] = values[i];
            assert_int_equal(model_init(&model), 0);
            data_reader_init(&reader, &model, &warnings, session_id);
            write_bytes(f, f->size);
            assert_int_equal(data_reader_read(&reader, f->path, &f->file, NULL), 0);
            assert_int_equal(data_reader_finish(&reader, NULL), 0);
            assert_true(model.source_count <= 1);
            data_reader_close(&reader);
            string_list_close(&warnings);
            model_close(&model);
            f->bytes[at] = kept;
        }
}

static void another_kind_of_file_is_named(void **state)
{
    struct fixture *f = *state;
    put(f, "SQLite format 3", 16);
    f->size = 4096;
    read_all(f);
    assert_one_warning(f, "not a data file of covfork");
    assert_true(f->file.damaged);
}

static void another_version_is_named(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    f->bytes[8] = 2;
    put_source(f, 1, "/a.py", 0x6);
    read_all(f);
    assert_one_warning(f, "version 2");
    assert_int_equal(f->model.source_count, 0);
}

static void a_file_of_another_session_is_left_out(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    f->bytes[16] ^= 1;
    put_source(f, 1, "/a.py", 0x6);
    read_all(f);
    assert_one_warning(f, "another session");
    assert_int_equal(f->model.source_count, 0);
}

static void a_header_of_a_later_minor_format_is_skipped_by_its_size(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    f->bytes[10] = 80;
    f->size = 80;
    put_source(f, 1, "/a.py", 0x6);
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
    assert_int_equal(f->model.source_count, 1);
}

static void a_file_of_zeros_is_one_that_nothing_was_written_to(void **state)
{
    struct fixture *f = *state;
    f->size = 16384;
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
    assert_false(f->file.damaged);
    f->size = 0;
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
}

static void lengths_beyond_their_record_are_damage(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    size_t at = f->size;
    put_source(f, 1, "/a.py", 0x6);
    uint32_t length = UINT32_MAX;
    memcpy(f->bytes + at + 8 + offsetof(struct format_source, path_length), &length, 4);
    put_source(f, 2, "/b.py", 0x6);
    at = f->size;
    put_lines(f, 2, 0, 0x6);
    memcpy(f->bytes + at + 8 + offsetof(struct format_lines, bit_count), &length, 4);
    put_lines(f, 2, 0, 0x2);
    read_all(f);
    /* One line for a file, however much is wrong with it. */
    assert_one_warning(f, "is damaged and left out");
    assert_int_equal(f->model.source_count, 1);
    assert_string_equal(f->model.sources[0].path, "/b.py");
    assert_int_equal(executed_word(f, 0), 0x2);
}

static void paths_that_are_not_absolute_are_damage(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "a.py", 0x6);
    read_all(f);
    assert_one_warning(f, "damaged");
    assert_int_equal(f->model.source_count, 0);
}

static void one_key_for_two_sources_is_damage(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0x6);
    put_source(f, 1, "/b.py", 0x6);
    put_lines(f, 1, 0, 0x2);
    read_all(f);
    assert_one_warning(f, "damaged");
    assert_int_equal(executed_word(f, 0), 0x2);
}

static void two_keys_may_describe_one_source(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0x6);
    put_source(f, 2, "/a.py", 0x8);
    put_lines(f, 1, 0, 0x2);
    put_lines(f, 2, 0, 0x8);
    read_all(f);
    assert_int_equal(f->warnings.count, 0);
    assert_int_equal(f->model.source_count, 1);
    assert_int_equal(f->model.sources[0].tables[0].lines.words[0], 0xe);
    assert_int_equal(executed_word(f, 0), 0xa);
}

static void a_damaged_record_does_not_hide_the_next(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    size_t at = begin(f, RECORD_SOURCE);
    end(f, at);
    put_source(f, 1, "/a.py", 0x6);
    put_lines(f, 1, 0, 0x2);
    read_all(f);
    assert_one_warning(f, "damaged");
    assert_int_equal(executed_word(f, 0), 0x2);
}

static void lines_without_any_line_are_no_data(void **state)
{
    struct fixture *f = *state;
    put_header(f);
    put_source(f, 1, "/a.py", 0x6);
    put_lines(f, 1, 0, 0);
    read_all(f);
    assert_int_equal(f->file.lines, 0);
    assert_int_equal(f->model.sources[0].lines_count, 0);
}

static void links_and_fifos_are_not_read(void **state)
{
    struct fixture *f = *state;
    struct error error = { 0 };
    char path[64];
    snprintf(path, sizeof path, "%s.other", f->path);
    assert_int_equal(symlink(f->path, path), 0);
    int link_result = data_reader_read(&f->reader, path, &f->file, &error);
    unlink(path);
    assert_int_equal(link_result, -1);
    assert_int_equal(error.code, ERROR_SYSTEM);
    assert_int_equal(mkfifo(path, 0600), 0);
    int fifo_result = data_reader_read(&f->reader, path, &f->file, &error);
    unlink(path);
    assert_int_equal(fifo_result, -1);
    assert_int_equal(error.code, ERROR_FORMAT);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_file_gives_its_sources_and_lines, set_up, tear_down),
    cmocka_unit_test_setup_teardown(processes_that_ran_the_same_sources_add_up, set_up, tear_down),
    cmocka_unit_test_setup_teardown(lines_in_another_order_and_of_another_length_add_up, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(lines_are_of_the_context_of_their_process, set_up, tear_down),
    cmocka_unit_test_setup_teardown(who_ran_the_lines_is_known, set_up, tear_down),
    cmocka_unit_test_setup_teardown(sources_may_follow_the_lines_that_name_them, set_up, tear_down),
    cmocka_unit_test_setup_teardown(sources_may_be_in_another_file_of_the_session, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(lines_that_nothing_describes_are_named_as_lost, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_process_context_labels_its_lines, set_up, tear_down),
    cmocka_unit_test_setup_teardown(numbered_contexts_label_lines, set_up, tear_down),
    cmocka_unit_test_setup_teardown(places_of_zeros_are_no_arcs, set_up, tear_down),
    cmocka_unit_test_setup_teardown(arcs_may_come_before_their_source, set_up, tear_down),
    cmocka_unit_test_setup_teardown(an_arc_of_a_line_that_no_file_has_is_damage, set_up, tear_down),
    cmocka_unit_test_setup_teardown(more_places_than_a_record_has_are_damage, set_up, tear_down),
    cmocka_unit_test_setup_teardown(an_unknown_context_number_is_damage, set_up, tear_down),
    cmocka_unit_test_setup_teardown(reserved_space_is_passed_over_page_by_page, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_place_that_was_taken_in_sources_hides_no_record_behind_it,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(records_of_unknown_types_are_passed_over, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_record_that_ends_behind_the_file_is_cut_short, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_file_cut_anywhere_gives_what_lies_before, set_up, tear_down),
    cmocka_unit_test_setup_teardown(any_changed_byte_does_no_harm, set_up, tear_down),
    cmocka_unit_test_setup_teardown(another_kind_of_file_is_named, set_up, tear_down),
    cmocka_unit_test_setup_teardown(another_version_is_named, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_file_of_another_session_is_left_out, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_header_of_a_later_minor_format_is_skipped_by_its_size, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_file_of_zeros_is_one_that_nothing_was_written_to, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(lengths_beyond_their_record_are_damage, set_up, tear_down),
    cmocka_unit_test_setup_teardown(paths_that_are_not_absolute_are_damage, set_up, tear_down),
    cmocka_unit_test_setup_teardown(one_key_for_two_sources_is_damage, set_up, tear_down),
    cmocka_unit_test_setup_teardown(two_keys_may_describe_one_source, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_damaged_record_does_not_hide_the_next, set_up, tear_down),
    cmocka_unit_test_setup_teardown(lines_without_any_line_are_no_data, set_up, tear_down),
    cmocka_unit_test_setup_teardown(links_and_fifos_are_not_read, set_up, tear_down),
};

UNIT_MAIN(tests)
