/*
 * The census of a ledger, event by event.
 */
#include "unit.h"

#include "collector/read/read_ledger.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define START(pid, time, python)                                                                   \
    "{\"event\":\"start\",\"time\":" #time ",\"pid\":" #pid ",\"ppid\":1,\"id\":\"00\","           \
    "\"exe\":\"/x\",\"argv\":[\"x\"],\"cwd\":\"/\"" python "}\n"
#define PYTHON ",\"python\":\"3.13.0\""
#define EVENT(name, pid, time, more)                                                               \
    "{\"event\":\"" name "\",\"time\":" #time ",\"pid\":" #pid more "}\n"

static void read_text(struct census *census, const char *text)
{
    char path[] = "/tmp/covfork-test-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
    int result = census_read(census, path, NULL);
    unlink(path);
    assert_int_equal(result, 0);
}

static void assert_counts(const struct census *census, size_t processes, size_t interpreters,
                          size_t with_data)
{
    struct census_counts counts = census_count(census);
    assert_int_equal(counts.processes, processes);
    assert_int_equal(counts.interpreters, interpreters);
    assert_int_equal(counts.with_data, with_data);
}

static void a_missing_ledger_is_an_empty_census(void **state)
{
    (void)state;
    struct census census;
    assert_int_equal(census_read(&census, "/nonexistent/ledger", NULL), 0);
    assert_false(census.present);
    assert_counts(&census, 0, 0, 0);
    census_close(&census);
}

static void only_starts_with_python_are_interpreters(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, "") START(11, 101, PYTHON) START(12, 102, PYTHON));
    assert_true(census.present);
    assert_int_equal(census.first_time, 100);
    assert_counts(&census, 3, 2, 0);
    census_close(&census);
}

static void a_program_that_python_came_to_later_is_an_interpreter(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, "") EVENT("fork", 11, 101, ",\"ppid\":10")
                           EVENT("python", 10, 102, PYTHON) EVENT("fork", 12, 103, ",\"ppid\":10"));
    assert_counts(&census, 3, 2, 0);
    assert_string_equal(census.images[0].python, "3.13.0");
    assert_string_equal(census.images[1].python, "");
    assert_string_equal(census.images[2].python, "3.13.0");
    census_close(&census);
}

static void a_fork_of_an_interpreter_is_one(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) EVENT("fork", 11, 101, ",\"ppid\":10")
                           EVENT("fork", 12, 102, ",\"ppid\":11"));
    assert_counts(&census, 3, 3, 0);
    census_close(&census);
}

static void a_fork_of_another_program_is_none(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, "") EVENT("fork", 11, 101, ",\"ppid\":10"));
    assert_counts(&census, 2, 0, 0);
    census_close(&census);
}

static void a_fork_that_execs_is_one_process_of_what_it_became(void **state)
{
    (void)state;
    struct census census;
    read_text(
        &census,
        START(10, 100, PYTHON) EVENT("fork", 11, 101, ",\"ppid\":10") EVENT(
            "exec", 11, 102,
            ",\"path\":\"/bin/ls\"") "{\"event\":\"start\",\"time\":103,\"pid\":11,\"ppid\":10}\n");
    assert_counts(&census, 2, 1, 0);
    census_close(&census);
}

static void an_interpreter_that_execs_another_counts_twice_as_one_process(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) EVENT("exec", 10, 101, ",\"path\":\"/py\"")
                           START(10, 102, PYTHON));
    assert_counts(&census, 1, 2, 0);
    census_close(&census);
}

static void a_number_that_is_used_again_is_another_process(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) START(10, 200, ""));
    assert_counts(&census, 2, 1, 0);
    census_close(&census);
}

static void a_used_number_that_execs_under_another_parent_is_another_process(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON)
                           EVENT("exec", 10, 150,
                                 "") "{\"event\":\"start\",\"time\":160,\"pid\":10,\"ppid\":7}\n");
    assert_counts(&census, 2, 1, 0);
    census_close(&census);
}

static void data_belongs_to_the_image_of_its_time(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) EVENT("exec", 10, 150, "") START(10, 200, PYTHON));
    census_add_data(&census, 10, 120, 1);
    assert_counts(&census, 1, 2, 1);
    census_add_data(&census, 10, 130, 1);
    assert_counts(&census, 1, 2, 1);
    census_add_data(&census, 10, 220, 1);
    assert_counts(&census, 1, 2, 2);
    census_close(&census);
}

static void data_of_an_unknown_process_is_counted(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, "");
    census_add_data(&census, 10, 120, 1);
    assert_counts(&census, 1, 1, 1);
    census_close(&census);
}

static void losses_are_counted_by_reason(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) EVENT("lost", 10, 101, ",\"reason\":\"ENOSPC\"")
                           EVENT("lost", 11, 102, ",\"reason\":\"EACCES\"")
                               EVENT("lost", 12, 103, ",\"reason\":\"ENOSPC\""));
    assert_int_equal(census_count(&census).lost, 3);
    assert_int_equal(census.lost_count, 2);
    assert_string_equal(census.lost[0].text, "ENOSPC");
    assert_int_equal(census.lost[0].count, 2);
    assert_int_equal(census.lost[1].count, 1);
    census_close(&census);
}

static void refused_targets_are_no_losses(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, EVENT("refused", 10, 101, ",\"path\":\"/go\",\"reason\":\"static\""));
    assert_int_equal(census_settle(&census, 0, CENSUS_PROGRAM_OTHER, "/go", false), 0);
    assert_int_equal(census_count(&census).lost, 0);
    assert_int_equal(census_count(&census).refused, 1);
    assert_string_equal(census.refused[0].text, "static");
    census_close(&census);
}

static void a_last_line_cut_short_is_passed_over(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) "{\"event\":\"start\",\"ti");
    assert_counts(&census, 1, 1, 0);
    assert_int_equal(census.bad_lines, 0);
    census_close(&census);
}

static void lines_that_are_no_objects_are_counted_and_passed_over(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, "nonsense\n[1]\n" START(10, 100, PYTHON));
    assert_counts(&census, 1, 1, 0);
    assert_int_equal(census.bad_lines, 2);
    census_close(&census);
}

static void fields_of_wrong_types_do_no_harm(void **state)
{
    (void)state;
    struct census census;
    read_text(&census,
              "{\"event\":7}\n{\"event\":\"start\",\"pid\":\"x\",\"time\":-3,\"python\":1}\n"
              "{\"event\":\"lost\",\"reason\":[]}\n{}\n");
    assert_counts(&census, 1, 0, 0);
    assert_int_equal(census.lost[0].count, 1);
    census_close(&census);
}

static void bytes_that_are_not_text_do_not_hide_an_event(void **state)
{
    (void)state;
    struct census census;
    read_text(&census,
              "{\"event\":\"start\",\"time\":1,\"pid\":2,\"exe\":\"/\\udcff\\udc80\\\\udcff\","
              "\"argv\":[\"\\ud83d\\ude00\",\"\\ud83d\",\"\\ud83d\\u0041\"],"
              "\"python\":\"3.13.0\"}\n");
    assert_int_equal(census.bad_lines, 0);
    assert_counts(&census, 1, 1, 0);
    census_close(&census);
}

static void losses_of_one_image_count_as_one_that_lost(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) EVENT("lost", 10, 101, ",\"reason\":\"a\"")
                           EVENT("lost", 10, 102, ",\"reason\":\"b\""));
    assert_int_equal(census_count(&census).lost, 1);
    assert_int_equal(census.lost_count, 2);
    census_close(&census);
}

#define DATA(pid, time, name) EVENT("data", pid, time, ",\"file\":\"" name "\"")

static void a_data_file_that_is_there_is_no_loss(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) DATA(10, 101, "a.data"));
    assert_int_equal(census_see_file(&census, "a.data", false, false), 0);
    assert_int_equal(census_end_files(&census), 0);
    assert_int_equal(census_count(&census).lost, 0);
    census_close(&census);
}

static void a_data_file_that_is_missing_is_named_as_lost(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) DATA(10, 101, "a.data"));
    assert_int_equal(census_end_files(&census), 0);
    assert_int_equal(census_count(&census).lost, 1);
    assert_string_equal(census.lost[0].text, "the data file a.data is missing");
    assert_int_equal(census.images[0].loss, 0);
    census_close(&census);
}

static void an_empty_data_file_that_the_ledger_names_is_lost(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) DATA(10, 101, "a.data"));
    assert_int_equal(census_see_file(&census, "a.data", true, false), 0);
    assert_int_equal(census_end_files(&census), 0);
    assert_int_equal(census_count(&census).lost, 1);
    assert_string_equal(census.lost[0].text, "the data file a.data is empty");
    census_close(&census);
}

static void an_empty_data_file_that_the_ledger_does_not_name_was_about_to_be_made(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON));
    assert_int_equal(census_see_file(&census, "a.data", true, false), 0);
    assert_int_equal(census_end_files(&census), 0);
    assert_int_equal(census_count(&census).lost, 0);
    census_close(&census);
}

static void a_damaged_data_file_is_lost_in_any_case(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON));
    assert_int_equal(census_see_file(&census, "a.data", false, true), 0);
    assert_int_equal(census_count(&census).lost, 1);
    census_close(&census);
}

#define EXEC(pid, time, path) EVENT("exec", pid, time, ",\"path\":\"" path "\"")

/* How many execs nothing came of. */
static size_t count_unsettled(const struct census *census)
{
    size_t count = 0;
    for (size_t i = 0; census_next_unsettled(census, &i); i++)
        count++;
    return count;
}

#define FORK(pid, ppid, time)                                                                      \
    "{\"event\":\"fork\",\"time\":" #time ",\"pid\":" #pid ",\"ppid\":" #ppid "}\n"
#define LOST(pid, time, reason) EVENT("lost", pid, time, ",\"reason\":\"" reason "\"")
#define SAVES(pid, time)        EVENT("engine", pid, time, ",\"engine\":\"coverage\"")
#define NOTHING(pid, time)      EVENT("nothing", pid, time, "")
#define INSTEAD(pid, name, old)                                                                    \
    EVENT("data", pid, 109, ",\"file\":\"" name "\",\"instead\":\"" old "\"")

/* The losses of a session whose data files are all there. */
static size_t losses_of(const char *text)
{
    struct census census;
    read_text(&census, text);
    for (size_t i = 0; i < census.file_count; i++)
        if (!census.files[i].is_seen)
            assert_int_equal(census_see_file(&census, census.files[i].name, false, false), 0);
    assert_int_equal(census_end_files(&census), 0);
    size_t lost = census_count(&census).lost;
    census_close(&census);
    return lost;
}

static void an_engine_that_saves_and_did_not_is_lost(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) SAVES(10, 101));
    assert_int_equal(census_end_files(&census), 0);
    assert_int_equal(census_count(&census).lost, 1);
    assert_string_equal(census.lost[0].text, "an interpreter ended before it could save: x");
    census_close(&census);
}

static void an_engine_that_saved_or_had_nothing_to_save_is_no_loss(void **state)
{
    (void)state;
    assert_int_equal(losses_of(START(10, 100, PYTHON) SAVES(10, 101) DATA(10, 102, "a")), 0);
    assert_int_equal(losses_of(START(10, 100, PYTHON) SAVES(10, 101) NOTHING(10, 102)), 0);
}

static void a_reason_for_not_saving_counts_once(void **state)
{
    (void)state;
    assert_int_equal(losses_of(START(10, 100, PYTHON) SAVES(10, 101) LOST(10, 102, "full")), 1);
}

static void the_native_engine_need_not_save(void **state)
{
    (void)state;
    assert_int_equal(
        losses_of(START(10, 100, PYTHON) EVENT("engine", 10, 101, ",\"engine\":\"native\"")), 0);
}

static void a_fork_of_an_engine_that_saves_must_save_itself(void **state)
{
    (void)state;
    assert_int_equal(
        losses_of(START(10, 100, PYTHON) SAVES(10, 101) FORK(11, 10, 102) DATA(10, 103, "a")), 1);
    assert_int_equal(losses_of(START(10, 100, PYTHON) SAVES(10, 101) FORK(11, 10, 102)
                                   DATA(10, 103, "a") DATA(11, 104, "b")),
                     0);
}

static void a_fork_on_its_way_to_an_exec_has_nothing_to_save(void **state)
{
    (void)state;
    assert_int_equal(losses_of(START(10, 100, PYTHON) SAVES(10, 101) FORK(11, 10, 102)
                                   EXEC(11, 103, "/bin/true") DATA(10, 104, "a")),
                     0);
}

static void a_file_that_a_later_one_stands_for_is_not_missing(void **state)
{
    (void)state;
    struct census census;
    read_text(&census,
              START(10, 100, PYTHON) SAVES(10, 101) DATA(10, 102, "a") INSTEAD(10, "b", "a"));
    assert_int_equal(census_see_file(&census, "b", false, false), 0);
    assert_int_equal(census_end_files(&census), 0);
    assert_int_equal(census_count(&census).lost, 0);
    census_close(&census);
}

static void a_file_can_only_be_replaced_by_its_own_process(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) DATA(10, 102, "a") START(11, 103, PYTHON)
                           INSTEAD(11, "b", "a"));
    assert_int_equal(census_see_file(&census, "b", false, false), 0);
    assert_int_equal(census_end_files(&census), 0);
    assert_int_equal(census_count(&census).lost, 1);
    census_close(&census);
}

static void an_exec_that_a_start_follows_is_settled(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, EXEC(10, 99, "/py") START(10, 100, PYTHON));
    assert_int_equal(count_unsettled(&census), 0);
    census_close(&census);
}

static void an_exec_of_a_process_that_goes_on_failed(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) EXEC(10, 101, "/a") EXEC(10, 102, "/b")
                           DATA(10, 103, "a.data"));
    assert_int_equal(count_unsettled(&census), 0);
    census_close(&census);
}

static void a_refused_exec_is_settled_with_its_reason(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, EXEC(10, 101, "/go")
                           EVENT("refused", 10, 102, ",\"path\":\"/go\",\"reason\":\"static\""));
    assert_int_equal(census.exec_count, 1);
    assert_int_equal(count_unsettled(&census), 1);
    assert_int_equal(census_settle(&census, 0, CENSUS_PROGRAM_OTHER, "/go", false), 0);
    assert_int_equal(count_unsettled(&census), 0);
    assert_string_equal(census.execs[0].refused, "static");
    assert_int_equal(census_count(&census).refused, 1);
    assert_int_equal(census_count(&census).lost, 0);
    census_close(&census);
}

static void a_refused_python_is_lost(void **state)
{
    (void)state;
    struct census census;
    read_text(&census,
              EXEC(10, 101, "/bin/python3.9")
                  EVENT("refused", 10, 102, ",\"path\":\"/bin/python3.9\",\"reason\":\"static\""));
    assert_int_equal(census_settle(&census, 0, CENSUS_PROGRAM_GONE, NULL, false), 0);
    assert_int_equal(census_count(&census).refused, 0);
    assert_counts(&census, 1, 1, 0);
    assert_int_equal(census_count(&census).lost, 1);
    assert_string_equal(census.lost[0].text,
                        "a Python that can't load libcovfork.so (static): /bin/python3.9");
    census_close(&census);
}

static void a_python_that_was_started_and_did_not_load_is_lost(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(9, 100, "") EXEC(10, 101, "/py"));
    assert_int_equal(count_unsettled(&census), 1);
    assert_int_equal(census_settle(&census, 0, CENSUS_PROGRAM_PYTHON, "/real/py", false), 0);
    assert_int_equal(count_unsettled(&census), 0);
    assert_counts(&census, 2, 1, 0);
    assert_int_equal(census_count(&census).lost, 1);
    assert_string_equal(census.lost[0].text,
                        "an interpreter was started but did not load libcovfork.so: /py");
    census_close(&census);
}

static void a_spawn_that_is_told_of_after_the_start_is_no_loss(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, START(10, 100, PYTHON) EXEC(10, 101, "/bin/x-link"));
    assert_int_equal(count_unsettled(&census), 1);
    assert_int_equal(census_settle(&census, 0, CENSUS_PROGRAM_PYTHON, "/x", false), 0);
    assert_int_equal(census_count(&census).lost, 0);
    census_close(&census);
}

#define OFF(pid, time) "{\"event\":\"off\",\"time\":" #time ",\"pid\":" #pid "}\n"

static void an_interpreter_that_rests_is_no_loss(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, EXEC(10, 99, "/x") OFF(10, 100));
    assert_int_equal(count_unsettled(&census), 0);
    census_close(&census);
}

static void a_spawn_of_one_that_rests_may_be_told_of_later(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, OFF(10, 100) EXEC(10, 101, "/x"));
    assert_int_equal(count_unsettled(&census), 0);
    census_close(&census);
}

static void one_that_rests_stands_for_one_exec_only(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, OFF(10, 100) EXEC(10, 101, "/x") EXEC(10, 102, "/x"));
    assert_int_equal(count_unsettled(&census), 1);
    census_close(&census);
}

static void a_start_stands_for_one_exec_only(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, EXEC(10, 99, "/x") START(10, 100, PYTHON) EXEC(10, 101, "/x"));
    assert_int_equal(count_unsettled(&census), 1);
    assert_int_equal(census_settle(&census, 1, CENSUS_PROGRAM_PYTHON, "/x", false), 0);
    assert_int_equal(census_count(&census).lost, 1);
    census_close(&census);
}

/* Lines as they are written today: with the number of a namespace and what image speaks. `id` is a
 * digit, of which the name of an image consists. */
#define ID4(id)   #id #id #id #id
#define IMAGE(id) ID4(id) ID4(id) ID4(id) ID4(id)
#define LINE(name, ns, pid, id, time, more)                                                        \
    "{\"event\":\"" name "\",\"time\":" #time ",\"pid\":" #pid ",\"ns\":" #ns                      \
    ",\"image\":\"" IMAGE(id) "\"" more "}\n"
/* By a child of vfork, or of a posix_spawn. */
#define STARTS(name, ns, pid, id, time, more)                                                      \
    "{\"event\":\"" name "\",\"time\":" #time ",\"pid\":" #pid ",\"ns\":" #ns                      \
    ",\"starter\":\"" IMAGE(id) "\"" more "}\n"
#define BEGIN(ns, pid, ppid, id, time, more)                                                       \
    "{\"event\":\"start\",\"time\":" #time ",\"pid\":" #pid ",\"ns\":" #ns ",\"ppid\":" #ppid      \
    ",\"id\":\"" IMAGE(id) IMAGE(id) "\",\"exe\":\"/py\",\"argv\":[\"py\"],\"cwd\":\"/\"" more     \
                                     "}\n"
#define LOADS       ",\"path\":\"/py\",\"argv\":[\"py\",\"a b.py\"],\"loads\":\"yes\""
#define LOADS_NOT   ",\"path\":\"/py\",\"argv\":[\"py\",\"a b.py\"]"
#define SPAWN(from) ",\"path\":\"/py\",\"loads\":\"yes\",\"since\":" #from

/* What is said of the execs of `text`, all of them of a Python. */
static struct census_counts settle_all(struct census *census, const char *text, bool is_alive)
{
    read_text(census, text);
    for (size_t i = 0; census_next_unsettled(census, &i); i++)
        assert_int_equal(census_settle(census, i, CENSUS_PROGRAM_PYTHON, "/py", is_alive), 0);
    return census_count(census);
}

static void assert_verdict(const char *text, size_t lost, size_t early)
{
    struct census census;
    struct census_counts counts = settle_all(&census, text, false);
    assert_int_equal(counts.lost, lost);
    assert_int_equal(counts.early, early);
    census_close(&census);
}

static void one_that_could_load_and_said_nothing_ended_before_its_first_line(void **state)
{
    (void)state;
    struct census census;
    struct census_counts counts = settle_all(
        &census, BEGIN(1, 9, 1, a, 100, PYTHON) STARTS("exec", 1, 10, a, 101, LOADS), false);
    assert_int_equal(counts.lost, 0);
    assert_int_equal(counts.early, 1);
    assert_int_equal(counts.processes, 2);
    assert_int_equal(counts.interpreters, 1);
    census_close(&census);
}

static void one_that_could_not_load_is_lost_with_its_command(void **state)
{
    (void)state;
    struct census census;
    struct census_counts counts = settle_all(
        &census, BEGIN(1, 9, 1, a, 100, PYTHON) STARTS("exec", 1, 10, a, 101, LOADS_NOT), false);
    assert_int_equal(counts.lost, 1);
    assert_int_equal(counts.early, 0);
    assert_string_equal(census.lost[0].text,
                        "an interpreter was started but did not load libcovfork.so: /py 'a b.py'");
    census_close(&census);
}

static void one_that_lives_on_without_a_word_is_lost(void **state)
{
    (void)state;
    struct census census;
    struct census_counts counts = settle_all(
        &census, BEGIN(1, 9, 1, a, 100, PYTHON) STARTS("exec", 1, 10, a, 101, LOADS), true);
    assert_int_equal(counts.lost, 1);
    assert_int_equal(counts.early, 0);
    census_close(&census);
}

static void one_that_started_a_child_is_lost(void **state)
{
    (void)state;
    assert_verdict(BEGIN(1, 9, 1, a, 100, PYTHON) STARTS("exec", 1, 10, a, 101, LOADS)
                       BEGIN(1, 11, 10, b, 102, ""),
                   1, 0);
    /* A child of another process with that number, or in another namespace, tells nothing. */
    assert_verdict(BEGIN(1, 9, 1, a, 100, PYTHON) STARTS("exec", 1, 10, a, 101, LOADS)
                       BEGIN(2, 11, 10, b, 102, ""),
                   0, 1);
    assert_verdict(BEGIN(1, 9, 1, a, 100, PYTHON) STARTS("exec", 1, 10, a, 101, LOADS)
                       LINE("fork", 1, 10, a, 102, ",\"ppid\":9") BEGIN(1, 11, 10, b, 103, ""),
                   0, 1);
}

static void a_child_with_the_number_of_a_killed_one_hides_no_loss(void **state)
{
    (void)state;
    struct census census;
    read_text(
        &census,
        BEGIN(1, 9, 1, a, 100, PYTHON) LINE("engine", 1, 9, a, 101, ",\"engine\":\"coverage\"")
            LINE("fork", 1, 10, a, 102, ",\"ppid\":9") STARTS("exec", 1, 10, a, 103, LOADS)
                BEGIN(1, 10, 9, b, 104, PYTHON) LINE("nothing", 1, 9, a, 105, ""));
    assert_int_equal(census_end_files(&census), 0);
    assert_counts(&census, 3, 3, 0);
    assert_int_equal(census_count(&census).lost, 1);
    census_close(&census);
}

static void an_exec_that_failed_is_neither(void **state)
{
    (void)state;
    assert_verdict(BEGIN(1, 9, 1, a, 100, PYTHON) STARTS("exec", 1, 10, a, 101, LOADS)
                       STARTS("failed", 1, 10, a, 102, ",\"error\":7"),
                   0, 0);
    assert_verdict(BEGIN(1, 9, 1, a, 100, PYTHON) LINE("exec", 1, 9, a, 101, LOADS_NOT)
                       LINE("failed", 1, 9, a, 102, ",\"error\":7"),
                   0, 0);
}

static void a_child_with_a_used_number_hides_no_earlier_one(void **state)
{
    (void)state;
    assert_verdict(BEGIN(1, 9, 1, a, 100, PYTHON) STARTS("exec", 1, 10, a, 101, LOADS_NOT)
                       STARTS("exec", 1, 10, a, 102, LOADS) BEGIN(1, 10, 9, b, 103, PYTHON),
                   1, 0);
    assert_verdict(BEGIN(1, 9, 1, a, 100, PYTHON) STARTS("exec", 1, 10, a, 101, LOADS_NOT)
                       LINE("fork", 1, 10, a, 102, ",\"ppid\":9")
                           LINE("data", 1, 10, a, 103, ",\"file\":\"x.data\""),
                   1, 0);
}

static void numbers_of_two_namespaces_are_two_processes(void **state)
{
    (void)state;
    struct census census;
    /* The first one lost what it had; the second one, elsewhere, saved. */
    read_text(
        &census,
        BEGIN(1, 2, 1, a, 100, PYTHON) LINE("engine", 1, 2, a, 101, ",\"engine\":\"coverage\"")
            BEGIN(2, 2, 1, b, 102, PYTHON) LINE("engine", 2, 2, b, 103, ",\"engine\":\"coverage\"")
                LINE("nothing", 2, 2, b, 104, "") LINE("end", 2, 2, b, 105, ""));
    assert_int_equal(census_end_files(&census), 0);
    assert_int_equal(census_count(&census).processes, 2);
    assert_int_equal(census_count(&census).lost, 1);
    assert_int_equal(census.images[0].loss, 0);
    assert_int_equal(census.images[0].end_time, 0);
    census_close(&census);
}

static void the_first_process_of_a_namespace_goes_on_when_it_executes(void **state)
{
    (void)state;
    struct census census;
    read_text(&census,
              BEGIN(1, 9, 1, a, 100, "") LINE("fork", 2, 1, a, 101, ",\"ppid\":9,\"pns\":1")
                  LINE("exec", 2, 1, a, 102, LOADS) BEGIN(2, 1, 0, b, 103, PYTHON));
    assert_counts(&census, 2, 1, 0);
    assert_int_equal(census.images[1].parent, 0);
    assert_int_equal(census.images[2].parent, 0);
    assert_true(census.images[1].was_replaced);
    census_close(&census);
}

static void a_spawn_is_told_of_after_all_that_its_child_wrote(void **state)
{
    (void)state;
    assert_verdict(BEGIN(1, 9, 1, a, 100, PYTHON) BEGIN(1, 10, 9, b, 102, PYTHON)
                       LINE("exec", 1, 10, b, 103, LOADS) BEGIN(1, 10, 9, c, 104, PYTHON)
                           LINE("end", 1, 10, c, 105, "") STARTS("exec", 1, 10, a, 106, SPAWN(101)),
                   0, 0);
    /* A process that had the number before is not what was made. */
    assert_verdict(BEGIN(1, 9, 1, a, 100, PYTHON) BEGIN(1, 10, 9, b, 101, PYTHON)
                       LINE("end", 1, 10, b, 105, "") STARTS("exec", 1, 10, a, 107, SPAWN(106)),
                   0, 1);
}

static void a_fork_is_of_the_program_that_its_parent_was(void **state)
{
    (void)state;
    struct census census;
    /* The child comes to speak only when its parent has become a shell. */
    read_text(&census,
              BEGIN(1, 9, 1, a, 100, PYTHON)
                  LINE("engine", 1, 9, a, 101, ",\"engine\":\"coverage\"")
                      LINE("nothing", 1, 9, a, 102, "") LINE("exec", 1, 9, a, 103, LOADS)
                          BEGIN(1, 9, 1, b, 104, "") LINE("fork", 1, 10, a, 105, ",\"ppid\":9"));
    assert_true(census.images[2].is_interpreter);
    assert_int_equal(census.images[2].parent, 0);
    assert_int_equal(census_end_files(&census), 0);
    assert_int_equal(census_count(&census).lost, 1);
    census_close(&census);
}

static void a_process_is_of_the_machine_of_its_parent(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, BEGIN(1, 9, 1, a, 100, ",\"boot\":\"x\"") BEGIN(1, 10, 9, b, 101, "")
                           LINE("exec", 1, 10, b, 102, LOADS) BEGIN(1, 10, 9, c, 103, "")
                               LINE("fork", 1, 11, c, 104, ",\"ppid\":10"));
    assert_true(census.images[0].boot != 0);
    for (size_t i = 1; i < census.image_count; i++)
        assert_true(census.images[i].boot == census.images[0].boot);
    census_close(&census);
}

static void a_start_that_was_told_twice_counts_once(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, BEGIN(1, 9, 1, a, 100, "") BEGIN(1, 9, 1, a, 100, ""));
    assert_counts(&census, 1, 0, 0);
    census_close(&census);
}

static void a_cut_line_hides_no_other(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, "{\"event\":\"exec\",\"time\":1,\"pi" BEGIN(1, 9, 1, a, 100, PYTHON));
    assert_int_equal(census.bad_lines, 0);
    assert_int_equal(census.cut_lines, 1);
    assert_int_equal(census.cut_losses, 0);
    assert_counts(&census, 1, 1, 0);
    census_close(&census);
    read_text(&census, "{\"e{\"event\":\"lost\",\"time\":1" BEGIN(1, 9, 1, a, 100, PYTHON));
    assert_int_equal(census.cut_lines, 2);
    assert_int_equal(census.cut_losses, 1);
    assert_counts(&census, 1, 1, 0);
    census_close(&census);
    read_text(&census, "no line" BEGIN(1, 9, 1, a, 100, PYTHON));
    assert_int_equal(census.bad_lines, 1);
    assert_counts(&census, 1, 1, 0);
    census_close(&census);
}

static void lines_of_two_ledgers_are_read_by_their_time(void **state)
{
    (void)state;
    static const char *const texts[] = {
        BEGIN(1, 9, 1, a, 100, PYTHON) LINE("fork", 1, 10, a, 101, ",\"ppid\":9")
            LINE("fork", 1, 10, a, 110, ",\"ppid\":9"),
        LINE("engine", 1, 10, a, 102, ",\"engine\":\"coverage\"")
            LINE("nothing", 1, 10, a, 103, ""),
    };
    char *paths[] = { strdup("/tmp/covfork-test-XXXXXX"), strdup("/tmp/covfork-test-XXXXXX") };
    struct string_list list = { .items = paths, .count = 2 };
    for (size_t i = 0; i < 2; i++) {
        int descriptor = mkstemp(paths[i]);
        assert_int_equal(write(descriptor, texts[i], strlen(texts[i])), strlen(texts[i]));
        close(descriptor);
    }
    struct census census;
    assert_int_equal(census_read_all(&census, &list, NULL), 0);
    assert_true(census.images[1].saves);
    assert_false(census.images[2].has_engine);
    census_close(&census);
    for (size_t i = 0; i < 2; i++) {
        unlink(paths[i]);
        free(paths[i]);
    }
}

static void an_event_that_is_not_known_is_a_bad_line(void **state)
{
    (void)state;
    struct census census;
    read_text(&census, LINE("news", 1, 9, a, 100, ""));
    assert_int_equal(census.bad_lines, 1);
    census_close(&census);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void read_start_of(struct census *census, pid_t pid, uint64_t when)
{
    char text[256];
    snprintf(text, sizeof text, "{\"event\":\"start\",\"time\":%llu,\"pid\":%d}\n",
             (unsigned long long)when, (int)pid);
    read_text(census, text);
}

static void a_living_process_is_found(void **state)
{
    (void)state;
    struct census census;
    read_start_of(&census, getpid(), now());
    assert_int_equal(census_find_live(&census, 0, false), getpid());
    assert_int_equal(census_find_live(&census, getpid(), false), 0);
    census_close(&census);
}

static void a_process_that_began_after_the_event_is_another(void **state)
{
    (void)state;
    struct census census;
    read_start_of(&census, getpid(), now() - 3600 * (uint64_t)1000000000);
    assert_int_equal(census_find_live(&census, 0, false), 0);
    census_close(&census);
}

static void a_process_that_ended_does_not_live(void **state)
{
    (void)state;
    struct census census;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    siginfo_t info;
    /* A zombie first, then gone. */
    assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
    read_start_of(&census, child, now());
    assert_int_equal(census_find_live(&census, 0, false), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(census_find_live(&census, 0, false), 0);
    census_close(&census);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_missing_ledger_is_an_empty_census),
    cmocka_unit_test(one_that_could_load_and_said_nothing_ended_before_its_first_line),
    cmocka_unit_test(one_that_could_not_load_is_lost_with_its_command),
    cmocka_unit_test(one_that_lives_on_without_a_word_is_lost),
    cmocka_unit_test(one_that_started_a_child_is_lost),
    cmocka_unit_test(a_child_with_the_number_of_a_killed_one_hides_no_loss),
    cmocka_unit_test(an_exec_that_failed_is_neither),
    cmocka_unit_test(a_child_with_a_used_number_hides_no_earlier_one),
    cmocka_unit_test(numbers_of_two_namespaces_are_two_processes),
    cmocka_unit_test(the_first_process_of_a_namespace_goes_on_when_it_executes),
    cmocka_unit_test(a_spawn_is_told_of_after_all_that_its_child_wrote),
    cmocka_unit_test(a_fork_is_of_the_program_that_its_parent_was),
    cmocka_unit_test(a_process_is_of_the_machine_of_its_parent),
    cmocka_unit_test(a_start_that_was_told_twice_counts_once),
    cmocka_unit_test(a_cut_line_hides_no_other),
    cmocka_unit_test(lines_of_two_ledgers_are_read_by_their_time),
    cmocka_unit_test(an_event_that_is_not_known_is_a_bad_line),
    cmocka_unit_test(only_starts_with_python_are_interpreters),
    cmocka_unit_test(a_program_that_python_came_to_later_is_an_interpreter),
    cmocka_unit_test(a_fork_of_an_interpreter_is_one),
    cmocka_unit_test(a_fork_of_another_program_is_none),
    cmocka_unit_test(a_fork_that_execs_is_one_process_of_what_it_became),
    cmocka_unit_test(an_interpreter_that_execs_another_counts_twice_as_one_process),
    cmocka_unit_test(a_number_that_is_used_again_is_another_process),
    cmocka_unit_test(a_used_number_that_execs_under_another_parent_is_another_process),
    cmocka_unit_test(data_belongs_to_the_image_of_its_time),
    cmocka_unit_test(data_of_an_unknown_process_is_counted),
    cmocka_unit_test(losses_are_counted_by_reason),
    cmocka_unit_test(refused_targets_are_no_losses),
    cmocka_unit_test(a_last_line_cut_short_is_passed_over),
    cmocka_unit_test(lines_that_are_no_objects_are_counted_and_passed_over),
    cmocka_unit_test(fields_of_wrong_types_do_no_harm),
    cmocka_unit_test(bytes_that_are_not_text_do_not_hide_an_event),
    cmocka_unit_test(losses_of_one_image_count_as_one_that_lost),
    cmocka_unit_test(a_data_file_that_is_there_is_no_loss),
    cmocka_unit_test(a_data_file_that_is_missing_is_named_as_lost),
    cmocka_unit_test(an_empty_data_file_that_the_ledger_names_is_lost),
    cmocka_unit_test(an_empty_data_file_that_the_ledger_does_not_name_was_about_to_be_made),
    cmocka_unit_test(an_engine_that_saves_and_did_not_is_lost),
    cmocka_unit_test(an_engine_that_saved_or_had_nothing_to_save_is_no_loss),
    cmocka_unit_test(a_reason_for_not_saving_counts_once),
    cmocka_unit_test(the_native_engine_need_not_save),
    cmocka_unit_test(a_fork_of_an_engine_that_saves_must_save_itself),
    cmocka_unit_test(a_fork_on_its_way_to_an_exec_has_nothing_to_save),
    cmocka_unit_test(a_file_that_a_later_one_stands_for_is_not_missing),
    cmocka_unit_test(a_file_can_only_be_replaced_by_its_own_process),
    cmocka_unit_test(a_damaged_data_file_is_lost_in_any_case),
    cmocka_unit_test(an_exec_that_a_start_follows_is_settled),
    cmocka_unit_test(an_exec_of_a_process_that_goes_on_failed),
    cmocka_unit_test(a_refused_exec_is_settled_with_its_reason),
    cmocka_unit_test(a_refused_python_is_lost),
    cmocka_unit_test(a_python_that_was_started_and_did_not_load_is_lost),
    cmocka_unit_test(a_spawn_that_is_told_of_after_the_start_is_no_loss),
    cmocka_unit_test(an_interpreter_that_rests_is_no_loss),
    cmocka_unit_test(a_spawn_of_one_that_rests_may_be_told_of_later),
    cmocka_unit_test(one_that_rests_stands_for_one_exec_only),
    cmocka_unit_test(a_start_stands_for_one_exec_only),
    cmocka_unit_test(a_living_process_is_found),
    cmocka_unit_test(a_process_that_began_after_the_event_is_another),
    cmocka_unit_test(a_process_that_ended_does_not_live),
};

UNIT_MAIN(tests)
