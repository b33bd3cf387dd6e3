/*
 * The page of the runs: what is known of each process, for run.js to draw, and what was lost.
 */
#include "collector/report/html/html_report.h"

#include <stdlib.h>
#include <string.h>

static void put_run_line(struct html_text *text, const struct model_run *run)
{
    html_put(text, "<p>");
    if (run->start) {
        html_put(text, "Began ");
        html_put_time(text, run->start);
    } else {
        html_put(text, "Its start is not known");
    }
    if (*run->root) {
        html_put(text, " in <code>");
        html_put_name(text, run->root);
        html_put(text, "</code>");
    }
    html_put(text, ": ");
    html_put_count(text, run->processes);
    html_put(text, run->processes == 1 ? " process, " : " processes, ");
    html_put_count(text, run->interpreters);
    html_put(text, run->interpreters == 1 ? " interpreter, " : " interpreters, ");
    html_put_count(text, run->with_data);
    html_put(text, " with data, ");
    html_put_count(text, run->lost);
    html_put(text, " lost");
    if (run->early) {
        html_put(text, ", ");
        html_put_count(text, run->early);
        html_put(text, run->early == 1 ? " ended before its first line"
                                       : " ended before their first line");
    }
    html_put(text, ".</p>\n");
}

static void put_losses(struct html_text *text, const struct report_html *report)
{
    const struct model *model = report->model;
    size_t count = 0;
    for (size_t i = 0; i < model->run_count; i++)
        count += model->runs[i].note_count;
    html_put(text, "<section id=\"lost\" class=\"losses\" tabindex=\"-1\">\n<h2>What was "
                   "lost</h2>\n");
    if (count == 0) {
        html_put(text, report->origin.lost
                           ? "<p>Data was lost, for reasons that were not recorded.</p>\n"
                           : "<p>Nothing: each interpreter that started left data, ran no "
                             "measured line, or ended before its first line.</p>\n");
    } else {
        html_put(text, "<ul>\n");
        for (size_t i = 0; i < model->run_count; i++)
            for (size_t j = 0; j < model->runs[i].note_count; j++) {
                const struct model_note *note = &model->runs[i].notes[j];
                html_put(text, "<li>");
                html_put_name(text, *note->reason ? note->reason : "for a reason not recorded");
                if (note->count > 1) {
                    html_put(text, " <b>× ");
                    html_put_count(text, note->count);
                    html_put(text, "</b>");
                }
                html_put(text, "</li>\n");
            }
        html_put(text, "</ul>\n");
    }
    html_put(text, "</section>\n");
}

#define PLAIN_ROWS_MAX 2000

static void put_plain_table(struct html_text *text, const struct process_lines *processes)
{
    html_put(text, "<noscript>\n<table class=\"plain\"><thead><tr><th scope=\"col\">Process"
                   "<th scope=\"col\">Command<th scope=\"col\">Python<th scope=\"col\">Lines"
                   "<th scope=\"col\">Remark</thead><tbody>\n");
    for (size_t i = 0; i < processes->count && i < PLAIN_ROWS_MAX; i++) {
        const struct run_process *process = &processes->processes[i];
        html_put(text, "<tr><td>");
        html_put_number(text, (uint64_t)process->pid);
        html_put(text, "<td>");
        html_put_name(text, process->command);
        html_put(text, "<td>");
        html_put_name(text, process->python);
        html_put(text, "<td>");
        html_put_number(text, process->line_count);
        html_put(text, "<td>");
        html_put_name(text, process->note);
        html_put(text, "\n");
    }
    html_put(text, "</tbody></table>\n</noscript>\n");
}

void html_run_make(struct html_text *text, const struct report_html *report)
{
    static const char *const scripts[] = { "common.js", "files.js", "run-data.js", "run.js", NULL };
    html_put_head(text, report, "Run", "run", scripts);
    html_put_report_bar(text, report, "run");
    html_put(text, "<main>\n<section class=\"summary\">\n<h1>");
    html_put(text, report->model->run_count == 1 ? "The run" : "The runs");
    html_put(text, "</h1>\n");
    for (size_t i = 0; i < report->model->run_count; i++)
        put_run_line(text, &report->model->runs[i]);
    html_put(text, "</section>\n");
    put_losses(text, report);
    if (report->processes && report->processes->count) {
        html_put(text, "<section id=\"processes\" aria-label=\"Processes\">\n<h2>Processes</h2>\n"
                       "<div id=\"line\"></div>\n");
        if (report->processes->is_cut)
            html_put(text, "<p class=\"skipped\">There were too many different sets of lines to "
                           "keep: who ran what is not complete.</p>\n");
        put_plain_table(text, report->processes);
        html_put(text, "</section>\n");
    } else {
        html_put(text, "<p class=\"empty\">Of this data it is not known which process ran "
                       "what.</p>\n");
    }
    html_put(text, "</main>\n");
    html_put_foot(text, report);
}

static int compare_alone(const void *a, const void *b)
{
    const struct html_alone *left = a, *right = b;
    if (left->process != right->process)
        return left->process < right->process ? -1 : 1;
    if (left->file != right->file)
        return left->file < right->file ? -1 : 1;
    return (left->first > right->first) - (left->first < right->first);
}

/* How many statements, and [file, first, last, …] of each file. */
static void put_alone(struct html_text *text, const struct html_alone *alone, size_t count)
{
    uint64_t statements = 0;
    for (size_t i = 0; i < count; i++)
        statements += alone[i].statements;
    html_put_number(text, statements);
    html_put(text, ",[");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || alone[i].file != alone[i - 1].file) {
            html_put(text, i ? "],[" : "[");
            html_put_number(text, alone[i].file);
        }
        html_put(text, ",");
        html_put_number(text, alone[i].first);
        html_put(text, ",");
        html_put_number(text, alone[i].last);
    }
    html_put(text, count ? "]]" : "]");
}

static uint64_t first_start(const struct process_lines *processes)
{
    uint64_t first = 0;
    for (size_t i = 0; i < processes->count; i++) {
        uint64_t start = processes->processes[i].began;
        if (start && (first == 0 || start < first))
            first = start;
    }
    return first;
}

/* Microseconds since the first start: what a number of JavaScript holds exactly. */
static void put_moment(struct html_text *text, uint64_t time, uint64_t first)
{
    if (time < first || time == 0)
        html_put(text, "-1");
    else
        html_put_number(text, (time - first) / 1000);
}

static void put_index(struct html_text *text, uint32_t index)
{
    if (index == PROCESS_NONE)
        html_put(text, "-1");
    else
        html_put_number(text, index);
}

static uint32_t find_run(const struct model *model, const uint8_t session[MODEL_ID_SIZE])
{
    for (size_t i = 0; i < model->run_count; i++)
        if (memcmp(model->runs[i].session, session, MODEL_ID_SIZE) == 0)
            return (uint32_t)i;
    return 0;
}

#define FLAG_INTERPRETER 1u
#define FLAG_FORK        2u
#define FLAG_LOST        4u
#define FLAG_LINES       8u
#define FLAG_KNOWN       16u

static void put_process(struct html_text *text, const struct report_html *report,
                        const struct run_process *process, uint64_t first)
{
    unsigned flags = (process->is_interpreter ? FLAG_INTERPRETER : 0) |
                     (process->is_fork ? FLAG_FORK : 0) | (process->is_lost ? FLAG_LOST : 0) |
                     (process->has_lines ? FLAG_LINES : 0) | (process->is_known ? FLAG_KNOWN : 0);
    html_put(text, "[");
    html_put_number(text, find_run(report->model, process->session));
    html_put(text, ",");
    html_put_number(text, (uint64_t)process->pid);
    html_put(text, ",");
    put_index(text, process->parent);
    html_put(text, ",");
    put_index(text, process->previous);
    html_put(text, ",");
    put_moment(text, process->began, first);
    html_put(text, ",");
    put_moment(text, process->end, first);
    html_put(text, ",");
    html_put_number(text, process->ending);
    html_put(text, ",");
    html_put_number(text, flags);
    html_put(text, ",");
    html_put_number(text, process->line_count);
    html_put(text, ",");
    html_put_string(text, process->command);
    html_put(text, ",");
    html_put_string(text, process->python);
    html_put(text, ",");
    html_put_string(text, process->context);
    html_put(text, ",");
    html_put_string(text, process->note);
    html_put(text, ",");
}

void html_run_put_data(struct html_text *text, struct report_html *report)
{
    const struct process_lines *processes = report->processes;
    uint64_t first = processes ? first_start(processes) : 0;
    if (report->alone_count > 1)
        qsort(report->alone, report->alone_count, sizeof *report->alone, compare_alone);
    html_put(text, "\"use strict\";\nvar covforkStart = ");
    html_put_number(text, first / 1000000);
    html_put(text, ";\nvar covforkProcesses = [\n");
    for (size_t i = 0, from = 0, to; processes && i < processes->count; i++, from = to) {
        for (to = from; to < report->alone_count && report->alone[to].process == i;)
            to++;
        html_put(text, i ? ",\n" : "");
        put_process(text, report, &processes->processes[i], first);
        put_alone(text, report->alone + from, to - from);
        html_put(text, "]");
    }
    html_put(text, "];\n");
}

/* What a process does not say of itself, those say that it goes on from. */
static const struct run_process *find_speaker(const struct process_lines *processes, size_t index)
{
    const struct run_process *process = &processes->processes[index];
    for (int depth = 0; depth < 100 && process->is_fork && process->parent != PROCESS_NONE; depth++)
        process = &processes->processes[process->parent];
    return process;
}

void html_run_put_processes(struct html_text *text, const struct report_html *report)
{
    const struct process_lines *processes = report->processes;
    html_put(text, "\"use strict\";\nvar covforkProcesses = [\n");
    for (size_t i = 0; processes && i < processes->count; i++) {
        const struct run_process *process = &processes->processes[i];
        html_put(text, i ? ",\n" : "");
        /* Nobody looks those up that ran nothing. */
        if (!process->has_lines) {
            html_put(text, "0");
            continue;
        }
        const struct run_process *speaker = find_speaker(processes, i);
        html_put(text, "[");
        html_put_number(text, (uint64_t)process->pid);
        html_put(text, ",");
        html_put_string(text, speaker->command);
        html_put(text, ",");
        html_put_string(text, process->python);
        html_put(text, ",");
        html_put_string(text, process->context);
        html_put(text, process->is_fork ? ",1]" : ",0]");
    }
    html_put(text, "];\n");
}
