/*
 * The walk and its formats. The expected texts are what coverage.py writes for such files.
 */
#include "unit.h"

#include "collector/report/report.h"

#include <stdlib.h>
#include <unistd.h>

/* A report into memory. */
struct output {
    char *text;
    size_t size;
    FILE *stream;
};

static void output_open(struct output *output)
{
    output->stream = open_memstream(&output->text, &output->size);
    assert_non_null(output->stream);
}

static void output_expect(struct output *output, const char *expected)
{
    assert_int_equal(fclose(output->stream), 0);
    assert_string_equal(output->text, expected);
    free(output->text);
}

static void add_numbers(struct line_set *set, const char *lines)
{
    char *end;
    for (; *lines; lines = end) {
        assert_int_equal(line_set_add(set, (uint32_t)strtoul(lines, &end, 10)), 0);
        end += strspn(end, " ");
    }
}

/* Hands a file of these statements and executed lines to a format. */
static void hand(const struct report_format *format, void *state, struct report_numbers *total,
                 const char *name, const char *statements, const char *executed)
{
    struct analysis analysis = { .line_count = 20 };
    struct line_set ran = LINE_SET_EMPTY, missing = LINE_SET_EMPTY;
    add_numbers(&analysis.statements, statements);
    add_numbers(&ran, executed);
    assert_int_equal(line_set_copy(&missing, &analysis.statements), 0);
    line_set_subtract(&missing, &ran);
    struct report_file file = {
        .path = name,
        .name = name,
        .analysis = &analysis,
        .executed = &ran,
        .missing = &missing,
        .numbers = { 1, line_set_count(&analysis.statements), 0, line_set_count(&missing) },
    };
    total->files++;
    total->statements += file.numbers.statements;
    total->missing += file.numbers.missing;
    int result = format->file(state, &file, NULL);
    line_set_close(&analysis.statements);
    line_set_close(&ran);
    line_set_close(&missing);
    assert_int_equal(result, 0);
}

/* The report of four files whose order differs from column to column. */
static void expect_table(struct report_text text, const char *expected)
{
    struct output output;
    struct report_numbers total = { 0 };
    output_open(&output);
    text.stream = output.stream;
    assert_int_equal(report_text_format.begin(&text, NULL), 0);
    hand(&report_text_format, &text, &total, "m10.py", "1 2 3 4", "1 2 3 4");
    hand(&report_text_format, &text, &total, "m9.py", "1 2 3 5 9 11", "1 9");
    hand(&report_text_format, &text, &total, "empty.py", "", "");
    hand(&report_text_format, &text, &total, "pkg/a_b.py", "1 2 3", "1 2");
    assert_int_equal(report_text_format.end(&text, &total, NULL), 0);
    report_text_close(&text);
    output_expect(&output, expected);
}

static void the_table_is_sorted_as_people_count(void **state)
{
    (void)state;
    expect_table((struct report_text){ 0 }, "Name         Stmts   Miss  Cover\n"
                                            "--------------------------------\n"
                                            "empty.py         0      0   100%\n"
                                            "m9.py            6      4    33%\n"
                                            "m10.py           4      0   100%\n"
                                            "pkg/a_b.py       3      1    67%\n"
                                            "--------------------------------\n"
                                            "TOTAL           13      5    62%\n");
}

static void missing_lines_join_over_what_is_no_statement(void **state)
{
    (void)state;
    expect_table((struct report_text){ .show_missing = true, .sort = "-cover" },
                 "Name         Stmts   Miss  Cover   Missing\n"
                 "------------------------------------------\n"
                 "m10.py           4      0   100%\n"
                 "empty.py         0      0   100%\n"
                 "pkg/a_b.py       3      1    67%   3\n"
                 "m9.py            6      4    33%   2-5, 11\n"
                 "------------------------------------------\n"
                 "TOTAL           13      5    62%\n");
}

static void precision_widens_the_column(void **state)
{
    (void)state;
    expect_table((struct report_text){ .precision = 3, .sort = "miss" },
                 "Name         Stmts   Miss    Cover\n"
                 "----------------------------------\n"
                 "empty.py         0      0 100.000%\n"
                 "m10.py           4      0 100.000%\n"
                 "pkg/a_b.py       3      1  66.667%\n"
                 "m9.py            6      4  33.333%\n"
                 "----------------------------------\n"
                 "TOTAL           13      5  61.538%\n");
}

static void covered_files_are_skipped_and_counted(void **state)
{
    (void)state;
    expect_table((struct report_text){ .skip_covered = true },
                 "Name         Stmts   Miss  Cover\n"
                 "--------------------------------\n"
                 "m9.py            6      4    33%\n"
                 "pkg/a_b.py       3      1    67%\n"
                 "--------------------------------\n"
                 "TOTAL           13      5    62%\n"
                 "\n"
                 "2 files skipped due to complete coverage.\n");
}

static void empty_files_are_skipped_and_counted(void **state)
{
    (void)state;
    expect_table((struct report_text){ .skip_empty = true, .sort = "Stmts" },
                 "Name         Stmts   Miss  Cover\n"
                 "--------------------------------\n"
                 "pkg/a_b.py       3      1    67%\n"
                 "m10.py           4      0   100%\n"
                 "m9.py            6      4    33%\n"
                 "--------------------------------\n"
                 "TOTAL           13      5    62%\n"
                 "\n"
                 "1 empty file skipped.\n");
}

static void markdown_escapes_names(void **state)
{
    (void)state;
    expect_table((struct report_text){ .style = REPORT_MARKDOWN, .show_missing = true },
                 "| Name        |    Stmts |     Miss |   Cover |   Missing |\n"
                 "|------------ | -------: | -------: | ------: | --------: |\n"
                 "| empty.py    |        0 |        0 |    100% |           |\n"
                 "| m9.py       |        6 |        4 |     33% |   2-5, 11 |\n"
                 "| m10.py      |        4 |        0 |    100% |           |\n"
                 "| pkg/a\\_b.py |        3 |        1 |     67% |         3 |\n"
                 "| **TOTAL**   |   **13** |    **5** | **62%** |           |\n");
}

static void the_total_can_stand_alone(void **state)
{
    (void)state;
    expect_table((struct report_text){ .style = REPORT_TOTAL, .precision = 2 }, "61.54\n");
}

static void more_than_one_run_is_said(void **state)
{
    (void)state;
    setenv("TZ", "UTC", 1);
    expect_table((struct report_text){ .skip_covered = true,
                                       .origin = { .runs = 3, .since = 86400000000000u } },
                 "Name         Stmts   Miss  Cover\n"
                 "--------------------------------\n"
                 "m9.py            6      4    33%\n"
                 "pkg/a_b.py       3      1    67%\n"
                 "--------------------------------\n"
                 "TOTAL           13      5    62%\n"
                 "\n"
                 "2 files skipped due to complete coverage.\n"
                 "\n"
                 "Combined from 3 runs since 1970-01-02 00:00:00.\n");
}

static void names_can_not_steer_a_terminal(void **state)
{
    (void)state;
    struct output output;
    struct report_numbers total = { 0 };
    struct report_text text = { 0 };
    output_open(&output);
    text.stream = output.stream;
    hand(&report_text_format, &text, &total, "a\033[1m\n\xff\xe2\x80\xae.py", "1", "1");
    hand(&report_text_format, &text, &total, "\xc3\xa4\xe6\x97\xa5.py", "1", "1");
    assert_int_equal(report_text_format.end(&text, &total, NULL), 0);
    report_text_close(&text);
    output_expect(&output, "Name          Stmts   Miss  Cover\n"
                           "---------------------------------\n"
                           "a?[1m???.py       1      0   100%\n"
                           "\xc3\xa4\xe6\x97\xa5.py             1      0   100%\n"
                           "---------------------------------\n"
                           "TOTAL             2      0   100%\n");
}

static void an_unknown_column_is_an_error(void **state)
{
    (void)state;
    struct report_text text = { .sort = "branch" };
    struct error error = { 0 };
    assert_int_equal(report_text_format.begin(&text, &error), -1);
    assert_string_equal(error.text, "Invalid sorting option: 'branch'");
}

/* Writes a source file and gives its path. */
static void write_source(char path[40], const char *suffix, const char *text)
{
    snprintf(path, 40, "/tmp/covfork-test-XXXXXX%s", suffix);
    int descriptor = mkstemps(path, (int)strlen(suffix));
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
}

static int walk(const char *path, const char *code_lines, bool ignore_errors,
                struct string_list *warnings, struct error *error)
{
    struct output output;
    struct source_file file = { .path = (char *)(uintptr_t)path, .python = 0x030d0000 };
    add_numbers(&file.table, code_lines);
    struct source_files files = { .items = &file, .count = 1 };
    struct analysis_rules *rules = analysis_rules_new(NULL, 0, error);
    assert_non_null(rules);
    struct report_input input = {
        .files = &files, .rules = rules, .directory = "/", .ignore_errors = ignore_errors
    };
    struct report_numbers total;
    output_open(&output);
    struct report_text text = { .stream = output.stream };
    int result = report_walk(&input, &report_text_format, &text, &total, warnings, error);
    report_text_close(&text);
    fclose(output.stream);
    free(output.text);
    line_set_close(&file.table);
    analysis_rules_free(rules);
    return result;
}

static void a_source_that_is_gone_is_an_error(void **state)
{
    (void)state;
    struct string_list warnings = { 0 };
    struct error error = { 0 };
    assert_int_equal(walk("/nonexistent/x.py", "1", false, &warnings, &error), -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_string_equal(error.text, "No source for code: '/nonexistent/x.py'.");
    assert_int_equal(warnings.count, 0);
}

static void a_source_that_is_gone_can_be_ignored(void **state)
{
    (void)state;
    struct string_list warnings = { 0 };
    struct error error = { 0 };
    /* Then there is nothing left to report here. */
    assert_int_equal(walk("/nonexistent/x.py", "1", true, &warnings, &error), -1);
    assert_int_equal(error.code, ERROR_NO_DATA);
    assert_int_equal(warnings.count, 1);
    assert_non_null(strstr(warnings.items[0], "/nonexistent/x.py"));
    string_list_close(&warnings);
}

static void what_is_not_python_is_an_error_by_its_name(void **state)
{
    (void)state;
    struct string_list warnings = { 0 };
    struct error error = { 0 };
    char path[40];
    write_source(path, ".py", "'''never ends\n");
    int python = walk(path, "1", false, &warnings, &error);
    unlink(path);
    assert_int_equal(python, -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.text, path));
    write_source(path, ".tmpl", "'''never ends\n");
    int other = walk(path, "1", false, &warnings, &error);
    unlink(path);
    assert_int_equal(other, -1);
    assert_int_equal(error.code, ERROR_NO_DATA);
    assert_int_equal(warnings.count, 0);
}

static void no_files_are_no_data(void **state)
{
    (void)state;
    struct source_files files = { 0 };
    struct report_input input = { .files = &files, .directory = "/" };
    struct report_text text = { 0 };
    struct report_numbers total;
    struct error error = { 0 };
    assert_int_equal(report_walk(&input, &report_text_format, &text, &total, NULL, &error), -1);
    assert_int_equal(error.code, ERROR_NO_DATA);
}

/* Of a report with one file: what comes behind `from`. */
static void expect_json(const struct analysis *analysis, const char *name, bool pretty_print,
                        const char *from, const char *expected)
{
    struct output output;
    struct line_set none = LINE_SET_EMPTY;
    output_open(&output);
    struct report_json json = { .stream = output.stream,
                                .pretty_print = pretty_print,
                                .is_first = true };
    struct report_file file = {
        .path = name,
        .name = name,
        .analysis = analysis,
        .executed = &analysis->statements,
        .missing = &none,
        .numbers = { .files = 1, .statements = line_set_count(&analysis->statements) }
    };
    assert_int_equal(report_json_format.begin(&json, NULL), 0);
    assert_int_equal(report_json_format.file(&json, &file, NULL), 0);
    assert_int_equal(report_json_format.end(&json, &file.numbers, NULL), 0);
    assert_int_equal(fclose(output.stream), 0);
    const char *found = strstr(output.text, from);
    assert_non_null(found);
    if (strncmp(found, expected, strlen(expected)) != 0)
        fail_msg("expected %s\nin %s", expected, output.text);
    free(output.text);
}

static void json_names_are_ascii(void **state)
{
    (void)state;
    struct analysis analysis = { 0 };
    expect_json(
        &analysis, "\xc3\xa4\"\\\t\x7f\xf0\x9f\x98\x80\xff.py", false, "\"files\"",
        "\"files\": {\"\\u00e4\\\"\\\\\\t\\u007f\\ud83d\\ude00\\udcff.py\": "
        "{\"executed_lines\": [], \"summary\": {\"covered_lines\": 0, \"num_statements\": 0, "
        "\"percent_covered\": 100.0, \"percent_covered_display\": \"100\", ");
}

static void json_can_be_printed_for_people(void **state)
{
    (void)state;
    struct analysis analysis = { .line_count = 3 };
    add_numbers(&analysis.statements, "1 3");
    expect_json(&analysis, "a.py", true, "    \"files\"",
                "    \"files\": {\n"
                "        \"a.py\": {\n"
                "            \"executed_lines\": [\n"
                "                1,\n"
                "                3\n"
                "            ],\n"
                "            \"summary\": {\n"
                "                \"covered_lines\": 2,\n"
                "                \"num_statements\": 2,\n"
                "                \"percent_covered\": 100.0,\n"
                "                \"percent_covered_display\": \"100\",\n"
                "                \"missing_lines\": 0,\n"
                "                \"excluded_lines\": 0,\n"
                "                \"percent_statements_covered\": 100.0,\n"
                "                \"percent_statements_covered_display\": \"100\"\n"
                "            },\n"
                "            \"missing_lines\": [],\n"
                "            \"excluded_lines\": [],\n"
                "            \"functions\": {\n"
                "                \"\": {\n");
    line_set_close(&analysis.statements);
}

#define EMPTY_SUMMARY                                                                              \
    "\"summary\": {\"covered_lines\": 0, \"num_statements\": 0, \"percent_covered\": 100.0, "      \
    "\"percent_covered_display\": \"100\", \"missing_lines\": 0, \"excluded_lines\": 0, "          \
    "\"percent_statements_covered\": 100.0, \"percent_statements_covered_display\": \"100\"}, "    \
    "\"missing_lines\": [], \"excluded_lines\": [], "
#define FULL_SUMMARY                                                                               \
    "\"summary\": {\"covered_lines\": 1, \"num_statements\": 1, \"percent_covered\": 100.0, "      \
    "\"percent_covered_display\": \"100\", \"missing_lines\": 0, \"excluded_lines\": 0, "          \
    "\"percent_statements_covered\": 100.0, \"percent_statements_covered_display\": \"100\"}, "    \
    "\"missing_lines\": [], \"excluded_lines\": [], "

static void the_first_function_with_statements_keeps_the_name(void **state)
{
    (void)state;
    char name[] = "f";
    struct region regions[3] = { { REGION_FUNCTION, name, 1, LINE_SET_EMPTY },
                                 { REGION_FUNCTION, name, 3, LINE_SET_EMPTY },
                                 { REGION_FUNCTION, name, 5, LINE_SET_EMPTY } };
    struct analysis analysis = { .line_count = 6, .regions = regions, .region_count = 3 };
    add_numbers(&analysis.statements, "4 6");
    add_numbers(&regions[0].lines, "2");
    add_numbers(&regions[1].lines, "4");
    add_numbers(&regions[2].lines, "6");
    expect_json(&analysis, "a.py", false, "\"functions\"",
                "\"functions\": {"
                "\"f@1\": {\"executed_lines\": [], " EMPTY_SUMMARY "\"start_line\": 1}, "
                "\"f\": {\"executed_lines\": [4], " FULL_SUMMARY "\"start_line\": 3}, "
                "\"f@5\": {\"executed_lines\": [6], " FULL_SUMMARY "\"start_line\": 5}, "
                "\"\": {\"executed_lines\": [], " EMPTY_SUMMARY "\"start_line\": 1}}, "
                "\"classes\": {\"\": {\"executed_lines\": [4, 6], ");
    line_set_close(&analysis.statements);
    for (size_t i = 0; i < 3; i++)
        line_set_close(&regions[i].lines);
}

static void long_lines_fit_the_terminal(void **state)
{
    (void)state;
    struct output output;
    struct report_numbers total = { 0 };
    struct report_text text = { .show_missing = true, .width = 56 };
    output_open(&output);
    text.stream = output.stream;
    hand(&report_text_format, &text, &total, "a/folder/with/\xc3\xa4/long/name.py",
         "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19", "2 4 6 8 10 12 14 16");
    assert_int_equal(report_text_format.end(&text, &total, NULL), 0);
    report_text_close(&text);
    output_expect(&output, "Name              Stmts   Miss  Cover   Missing\n"
                           "-----------------------------------------------\n"
                           "...long/name.py      19     11    42%   1, 3, 5, 7, 9,\n"
                           "                                        11, 13, 15,\n"
                           "                                        17-19\n"
                           "-----------------------------------------------\n"
                           "TOTAL                19     11    42%\n");
}

/* Of lines 1 and 3, that have two ways on each, one way of line 1 ran. */
static void put_branches(struct branches *branches)
{
    static struct branch_line lines[] = { { 1, 2, 1 }, { 3, 2, 0 } };
    *branches = (struct branches){
        .lines = lines, .line_count = 2, .total = 4, .covered = 1, .partial = 1
    };
    assert_int_equal(arc_set_add(&branches->executed, (struct arc){ 1, 5 }), 0);
    assert_int_equal(arc_set_add(&branches->missing, (struct arc){ 1, -1 }), 0);
    assert_int_equal(arc_set_add(&branches->missing, (struct arc){ 3, 4 }), 0);
    assert_int_equal(arc_set_add(&branches->missing, (struct arc){ 3, 5 }), 0);
    arc_set_sort(&branches->executed);
    arc_set_sort(&branches->missing);
}

static void expect_branches(const struct report_format *format, void *state, FILE **stream,
                            const char *expected)
{
    struct output output;
    struct analysis analysis = { .line_count = 5 };
    struct line_set executed = LINE_SET_EMPTY, missing = LINE_SET_EMPTY;
    struct branches branches;
    put_branches(&branches);
    add_numbers(&analysis.statements, "1 3 4 5");
    add_numbers(&executed, "1 5");
    add_numbers(&missing, "3 4");
    struct report_file file = { .path = "/a.py",
                                .name = "a.py",
                                .analysis = &analysis,
                                .executed = &executed,
                                .missing = &missing,
                                .branches = &branches,
                                .numbers = { 1, 4, 0, 2, 4, 3, 1 } };
    output_open(&output);
    *stream = output.stream;
    assert_int_equal(format->begin(state, NULL), 0);
    assert_int_equal(format->file(state, &file, NULL), 0);
    assert_int_equal(format->end(state, &file.numbers, NULL), 0);
    assert_int_equal(fclose(output.stream), 0);
    if (!strstr(output.text, expected))
        fail_msg("expected %s\nin %s", expected, output.text);
    free(output.text);
    branches.lines = NULL;
    branches_close(&branches);
    line_set_close(&analysis.statements);
    line_set_close(&executed);
    line_set_close(&missing);
}

static void the_table_has_branches(void **state)
{
    (void)state;
    struct report_text text = { .show_missing = true, .origin.has_branches = true };
    expect_branches(&report_text_format, &text, &text.stream,
                    "Name    Stmts   Miss Branch BrPart  Cover   Missing\n"
                    "---------------------------------------------------\n"
                    "a.py        4      2      4      1    38%   1->exit, 3-4\n"
                    "---------------------------------------------------\n"
                    "TOTAL       4      2      4      1    38%\n");
    report_text_close(&text);
}

static void xml_lines_have_branches(void **state)
{
    (void)state;
    struct report_xml xml = { .origin.has_branches = true };
    expect_branches(
        &report_xml_format, &xml, &xml.stream,
        "<line number=\"1\" hits=\"1\" branch=\"true\" condition-coverage=\"50% (1/2)\" "
        "missing-branches=\"exit\"/>\n"
        "\t\t\t\t\t\t<line number=\"3\" hits=\"0\" branch=\"true\" "
        "condition-coverage=\"0% (0/2)\" missing-branches=\"4,5\"/>\n");
    report_xml_close(&xml);
}

static void json_has_the_branches_of_each_file(void **state)
{
    (void)state;
    struct report_json json = { .origin.has_branches = true, .is_first = true };
    expect_branches(&report_json_format, &json, &json.stream,
                    "\"executed_branches\": [[1, 5]], "
                    "\"missing_branches\": [[1, -1], [3, 4], [3, 5]], \"functions\"");
}

/* What is in the XML report of one file behind `from`. */
static void expect_xml(struct report_xml xml, const char *path, const char *name, const char *from,
                       const char *expected)
{
    struct output output;
    struct analysis analysis = { .line_count = 3 };
    struct line_set missing = LINE_SET_EMPTY;
    output_open(&output);
    xml.stream = output.stream;
    add_numbers(&analysis.statements, "1 3");
    add_numbers(&missing, "3");
    struct report_file file = { .path = path,
                                .name = name,
                                .analysis = &analysis,
                                .missing = &missing,
                                .numbers = { .files = 1, .statements = 2, .missing = 1 } };
    assert_int_equal(report_xml_format.begin(&xml, NULL), 0);
    assert_int_equal(report_xml_format.file(&xml, &file, NULL), 0);
    assert_int_equal(report_xml_format.end(&xml, &file.numbers, NULL), 0);
    assert_int_equal(fclose(output.stream), 0);
    const char *found = strstr(output.text, from);
    if (!found || strncmp(found, expected, strlen(expected)) != 0)
        fail_msg("expected %s\nin %s", expected, output.text);
    free(output.text);
    report_xml_close(&xml);
    line_set_close(&analysis.statements);
    line_set_close(&missing);
}

static void xml_escapes_names(void **state)
{
    (void)state;
    expect_xml((struct report_xml){ 0 }, "/w/<a>/\"&\n\xff.py", "<a>/\"&\n\xff.py", "\t<sources>",
               "\t<sources>\n\t\t<source>/w</source>\n\t</sources>\n\t<packages>\n"
               "\t\t<package name=\"&lt;a&gt;\" line-rate=\"0.5\" branch-rate=\"0\" "
               "complexity=\"0\">\n\t\t\t<classes>\n"
               "\t\t\t\t<class name=\"&quot;&amp;??.py\" filename=\"&lt;a&gt;/&quot;&amp;??.py\" ");
}

static void xml_packages_have_the_depth_asked_for(void **state)
{
    (void)state;
    expect_xml((struct report_xml){ .package_depth = 2 }, "/w/a/b/c/d.py", "a/b/c/d.py",
               "\t\t<package name", "\t\t<package name=\"a.b\" ");
    expect_xml((struct report_xml){ .package_depth = 2 }, "/w/a/b/c/d.py", "a/b/c/d.py",
               "<class name", "<class name=\"c/d.py\" filename=\"a/b/c/d.py\" ");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(long_lines_fit_the_terminal),
    cmocka_unit_test(the_table_has_branches),
    cmocka_unit_test(xml_lines_have_branches),
    cmocka_unit_test(json_has_the_branches_of_each_file),
    cmocka_unit_test(xml_escapes_names),
    cmocka_unit_test(xml_packages_have_the_depth_asked_for),
    cmocka_unit_test(the_table_is_sorted_as_people_count),
    cmocka_unit_test(missing_lines_join_over_what_is_no_statement),
    cmocka_unit_test(precision_widens_the_column),
    cmocka_unit_test(covered_files_are_skipped_and_counted),
    cmocka_unit_test(empty_files_are_skipped_and_counted),
    cmocka_unit_test(markdown_escapes_names),
    cmocka_unit_test(the_total_can_stand_alone),
    cmocka_unit_test(more_than_one_run_is_said),
    cmocka_unit_test(names_can_not_steer_a_terminal),
    cmocka_unit_test(an_unknown_column_is_an_error),
    cmocka_unit_test(a_source_that_is_gone_is_an_error),
    cmocka_unit_test(a_source_that_is_gone_can_be_ignored),
    cmocka_unit_test(what_is_not_python_is_an_error_by_its_name),
    cmocka_unit_test(no_files_are_no_data),
    cmocka_unit_test(json_names_are_ascii),
    cmocka_unit_test(json_can_be_printed_for_people),
    cmocka_unit_test(the_first_function_with_statements_keeps_the_name),
};

UNIT_MAIN(tests)
