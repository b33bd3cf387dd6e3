/*
 * What a ledger tells of the processes whose lines are known.
 */
#include "unit.h"

#include "collector/read/process_census.h"

#include <stdlib.h>
#include <unistd.h>

static const uint8_t session[MODEL_ID_SIZE] = { 7 };

/* Reads a ledger of these lines; numbers of processes are none that can live. */
static void read_census(struct census *census, const char *ledger)
{
    char path[] = "/tmp/covfork-test-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, ledger, strlen(ledger)), strlen(ledger));
    close(descriptor);
    assert_int_equal(census_read(census, path, NULL), 0);
    unlink(path);
}

static void add_data(struct process_lines *lines, struct census *census, int64_t pid,
                     uint64_t start)
{
    uint32_t process;
    struct line_set set = LINE_SET_EMPTY;
    assert_int_equal(line_set_add(&set, 1), 0);
    assert_int_equal(process_lines_add_process(lines, session, pid, start, &process), 0);
    assert_int_equal(process_lines_add(lines, process, 0, &set), 0);
    census_add_data(census, pid, start, 1);
    line_set_close(&set);
}

static const struct run_process *find(const struct process_lines *lines, int64_t pid,
                                      const char *command)
{
    for (size_t i = 0; i < lines->count; i++)
        if (lines->processes[i].pid == pid && strcmp(lines->processes[i].command, command) == 0)
            return &lines->processes[i];
    fail_msg("no process %d runs %s", (int)pid, command);
    return NULL;
}

#define PARENT "99999001"
#define CHILD  "99999002"
#define START(time, pid, ppid, python, argv)                                                       \
    "{\"event\":\"start\",\"time\":" time ",\"pid\":" pid ",\"ppid\":" ppid                        \
    ",\"id\":\"00\",\"python\":\"" python "\",\"exe\":\"/x\",\"cwd\":\"/\",\"argv\":[" argv "]}\n"

static void data_gets_the_command_of_its_process(void **state)
{
    (void)state;
    struct process_lines lines;
    struct census census;
    process_lines_init(&lines);
    read_census(&census, START("100", PARENT, "1", "", "\"sh\",\"a b\"")
                             START("200", CHILD, PARENT, "3.12.1", "\"python\",\"it's.py\""));
    add_data(&lines, &census, 99999002, 250);
    assert_int_equal(process_census_add(&lines, session, &census), 0);
    assert_int_equal(lines.count, 2);
    const struct run_process *child = find(&lines, 99999002, "python 'it'\\''s.py'");
    assert_true(child->has_lines && child->is_interpreter && child->is_known);
    assert_int_equal(child->began, 200);
    assert_string_equal(child->python, "3.12.1");
    assert_ptr_equal(&lines.processes[child->parent], find(&lines, 99999001, "sh 'a b'"));
    census_close(&census);
    process_lines_close(&lines);
}

static void data_of_two_namespaces_is_of_two_processes(void **state)
{
    (void)state;
    struct process_lines lines;
    struct census census;
    process_lines_init(&lines);
    /* The first one's data is made after the second one of its number has begun. */
    read_census(&census,
                "{\"event\":\"start\",\"time\":100,\"pid\":1,\"ns\":11,\"ppid\":0,\"id\":"
                "\"aaaaaaaaaaaaaaaa0000000000000000\",\"python\":\"3.12.1\",\"exe\":\"/x\","
                "\"cwd\":\"/\",\"argv\":[\"one\"]}\n"
                "{\"event\":\"start\",\"time\":200,\"pid\":1,\"ns\":22,\"ppid\":0,\"id\":"
                "\"bbbbbbbbbbbbbbbb0000000000000000\",\"python\":\"3.12.1\",\"exe\":\"/x\","
                "\"cwd\":\"/\",\"argv\":[\"two\"]}\n"
                "{\"event\":\"data\",\"time\":300,\"pid\":1,\"ns\":11,\"image\":"
                "\"aaaaaaaaaaaaaaaa\",\"file\":\"first.data\"}\n"
                "{\"event\":\"data\",\"time\":400,\"pid\":1,\"ns\":22,\"image\":"
                "\"bbbbbbbbbbbbbbbb\",\"file\":\"second.data\"}\n");
    const char *names[] = { "first.data", "second.data" };
    for (size_t i = 0; i < 2; i++) {
        uint32_t process;
        struct line_set set = LINE_SET_EMPTY;
        for (uint32_t line = 1; line <= i + 1; line++)
            assert_int_equal(line_set_add(&set, line), 0);
        assert_int_equal(process_lines_add_process(&lines, session, 1, 300 + 100 * i, &process), 0);
        assert_int_equal(process_lines_add(&lines, process, 0, &set), 0);
        census_add_data_of(&census, names[i], 1, 300 + 100 * i, i + 1);
        line_set_close(&set);
    }
    assert_int_equal(process_census_add(&lines, session, &census), 0);
    assert_int_equal(lines.count, 2);
    assert_int_equal(find(&lines, 1, "one")->start, 300);
    assert_int_equal(find(&lines, 1, "two")->start, 400);
    census_close(&census);
    process_lines_close(&lines);
}

static void an_end_that_was_said_is_known(void **state)
{
    (void)state;
    struct process_lines lines;
    struct census census;
    process_lines_init(&lines);
    read_census(&census, START("100", PARENT, "1", "3.12.1",
                               "\"python\"") "{\"event\":\"end\","
                                             "\"time\":900,\"pid\":" PARENT "}\n");
    assert_int_equal(process_census_add(&lines, session, &census), 0);
    assert_int_equal(lines.processes[0].ending, RUN_ENDING_SAID);
    assert_int_equal(lines.processes[0].end, 900);
    assert_string_equal(lines.processes[0].note, "ran no measured line");
    census_close(&census);
    process_lines_close(&lines);
}

static void a_parent_lived_until_its_child_began(void **state)
{
    (void)state;
    struct process_lines lines;
    struct census census;
    process_lines_init(&lines);
    read_census(&census, START("100", PARENT, "1", "3.12.1", "\"python\"")
                             START("700", CHILD, PARENT, "", "\"ls\""));
    assert_int_equal(process_census_add(&lines, session, &census), 0);
    const struct run_process *parent = find(&lines, 99999001, "python");
    assert_int_equal(parent->ending, RUN_ENDING_LATER);
    assert_int_equal(parent->end, 700);
    assert_int_equal(find(&lines, 99999002, "ls")->ending, RUN_ENDING_UNKNOWN);
    census_close(&census);
    process_lines_close(&lines);
}

static void an_exec_is_the_next_program_of_a_process(void **state)
{
    (void)state;
    struct process_lines lines;
    struct census census;
    process_lines_init(&lines);
    read_census(&census, START("100", PARENT, "1", "",
                               "\"env\"") "{\"event\":\"exec\",\"time\":150,"
                                          "\"pid\":" PARENT ",\"path\":\"/x\"}\n" START(
                                              "200", PARENT, "1", "3.12.1", "\"python\""));
    assert_int_equal(process_census_add(&lines, session, &census), 0);
    const struct run_process *before = find(&lines, 99999001, "env");
    const struct run_process *after = find(&lines, 99999001, "python");
    assert_int_equal(before->ending, RUN_ENDING_REPLACED);
    assert_int_equal(before->end, 200);
    assert_ptr_equal(&lines.processes[after->previous], before);
    census_close(&census);
    process_lines_close(&lines);
}

static void a_child_on_its_way_to_exec_is_not_shown(void **state)
{
    (void)state;
    struct process_lines lines;
    struct census census;
    process_lines_init(&lines);
    read_census(&census, START("100", PARENT, "1", "3.12.1", "\"python\"") //
                "{\"event\":\"fork\",\"time\":150,\"pid\":" CHILD ",\"ppid\":" PARENT "}\n"
                "{\"event\":\"exec\",\"time\":160,\"pid\":" CHILD ",\"path\":\"/x\"}\n" //
                START("200", CHILD, PARENT, "", "\"ls\""));
    assert_int_equal(process_census_add(&lines, session, &census), 0);
    assert_int_equal(lines.count, 2);
    const struct run_process *child = find(&lines, 99999002, "ls");
    assert_int_equal(child->previous, PROCESS_NONE);
    assert_ptr_equal(&lines.processes[child->parent], find(&lines, 99999001, "python"));
    census_close(&census);
    process_lines_close(&lines);
}

static void to_be_told_twice_changes_nothing(void **state)
{
    (void)state;
    struct process_lines lines;
    struct census census;
    process_lines_init(&lines);
    read_census(&census, START("100", PARENT, "1", "", "\"sh\"")
                             START("200", CHILD, PARENT, "3.12.1", "\"python\""));
    add_data(&lines, &census, 99999002, 250);
    assert_int_equal(process_census_add(&lines, session, &census), 0);
    assert_int_equal(process_census_add(&lines, session, &census), 0);
    assert_int_equal(lines.count, 2);
    assert_false(find(&lines, 99999002, "python")->is_fork);
    census_close(&census);
    process_lines_close(&lines);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(data_gets_the_command_of_its_process),
    cmocka_unit_test(data_of_two_namespaces_is_of_two_processes),
    cmocka_unit_test(an_end_that_was_said_is_known),
    cmocka_unit_test(a_parent_lived_until_its_child_began),
    cmocka_unit_test(an_exec_is_the_next_program_of_a_process),
    cmocka_unit_test(a_child_on_its_way_to_exec_is_not_shown),
    cmocka_unit_test(to_be_told_twice_changes_nothing),
};

UNIT_MAIN(tests)
