/*
 * Cobertura's XML, with the attributes that coverage.py gives it and laid out as it is there. Files
 * come in the order of their paths; the report has them by package, so their text is kept until the
 * end.
 */
#include "collector/report/report.h"

#include "collector/base/human_order.h"
#include "collector/base/number_format.h"
#include "collector/base/printable.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A folder with its files: what is a package in Java. */
struct xml_package {
    char *name;
    struct report_numbers numbers;
};

struct xml_class {
    char *name; /* of its file, relative to its source folder */
    size_t package;
    char *text; /* the element, indented */
};

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

void report_xml_close(struct report_xml *xml)
{
    for (size_t i = 0; i < xml->package_count; i++)
        free(xml->packages[i].name);
    for (size_t i = 0; i < xml->class_count; i++) {
        free(xml->classes[i].name);
        free(xml->classes[i].text);
    }
    free(xml->packages);
    free(xml->classes);
    string_list_close(&xml->roots);
    xml->roots = (struct string_list){ 0 };
    xml->packages = NULL;
    xml->classes = NULL;
    xml->package_count = xml->class_count = xml->class_room = 0;
}

/* `text` is printable: no control characters. */
static void put_escaped(FILE *stream, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            fputs_unlocked("&amp;", stream);
        else if (*text == '<')
            fputs_unlocked("&lt;", stream);
        else if (*text == '>')
            fputs_unlocked("&gt;", stream);
        else if (*text == '"')
            fputs_unlocked("&quot;", stream);
        else
            putc_unlocked(*text, stream);
    }
}

static void put_attribute(FILE *stream, const char *name, const char *value)
{
    fprintf(stream, " %s=\"", name);
    put_escaped(stream, value);
    putc_unlocked('"', stream);
}

/* A share as it is written there: four digits, and never "0" or "1" by rounding alone. */
static void put_rate(FILE *stream, const char *name, size_t hits, size_t all)
{
    double rate = all ? (double)hits / (double)all : 1.0;
    if (rate > 0.0 && rate < 0.0001)
        rate = 0.0001;
    if (rate < 1.0 && rate > 0.9999)
        rate = 0.9999;
    fprintf(stream, " %s=\"%.4g\"", name, rate);
}

static void put_rates(const struct report_xml *xml, FILE *stream,
                      const struct report_numbers *numbers)
{
    put_rate(stream, "line-rate", numbers->statements - numbers->missing, numbers->statements);
    if (xml->origin.has_branches)
        put_rate(stream, "branch-rate", numbers->branches - numbers->missing_branches,
                 numbers->branches);
    else
        fputs(" branch-rate=\"0\"", stream);
}

static int xml_begin(void *state, struct error *error)
{
    struct report_xml *xml = state;
    if (xml->package_depth < 0)
        return error_set(error, ERROR_CONFIG, "[xml] package_depth = %d is less than 1",
                         xml->package_depth);
    for (size_t i = 0; xml->sources && i < xml->sources->count; i++)
        if (string_list_add(&xml->roots, xml->sources->items[i]) != 0)
            return out_of_memory(error);
    return 0;
}

static int add_root(struct string_list *roots, const char *path, size_t length)
{
    while (length && path[length - 1] == '/')
        length--;
    char *root = strndup(path, length);
    int result = root ? 0 : -1;
    bool known = false;
    for (size_t i = 0; root && i < roots->count; i++)
        known |= strcmp(roots->items[i], root) == 0;
    if (root && !known)
        result = string_list_add(roots, root);
    free(root);
    return result;
}

/* The name of a file relative to the first root that it is below; where there is none, as other
 * reports name it, and what is before that becomes a root. NULL: out of memory. */
static const char *find_name(struct report_xml *xml, const struct report_file *file)
{
    const char *path = xml->relative_files ? file->name : file->path;
    for (size_t i = 0; i < xml->roots.count; i++) {
        size_t length = strlen(xml->roots.items[i]);
        if (length && strncmp(path, xml->roots.items[i], length) == 0 && path[length] == '/')
            return path + length + 1;
    }
    size_t length = strlen(path) - strlen(file->name);
    return add_root(&xml->roots, path, length) == 0 ? file->name : NULL;
}

/* How much of the name is the package's folder. */
static size_t measure_folder(const char *name, int depth)
{
    const char *last = strrchr(name, '/');
    size_t length = last ? (size_t)(last - name) : 0;
    for (size_t i = 0; depth && i < length; i++)
        if (name[i] == '/' && --depth == 0)
            return i;
    return length;
}

/* The package of a folder, new where there is none; its index, or SIZE_MAX (memory). */
static size_t find_package(struct report_xml *xml, const char *folder, size_t length)
{
    char *name = length ? strndup(folder, length) : strdup(".");
    for (char *c = name; c && *c; c++)
        if (*c == '/')
            *c = '.';
    /* Files of one folder follow each other. */
    for (size_t i = xml->package_count; name && i-- > 0;)
        if (strcmp(xml->packages[i].name, name) == 0) {
            free(name);
            return i;
        }
    struct xml_package *larger =
        name ? realloc(xml->packages, (xml->package_count + 1) * sizeof *larger) : NULL;
    if (!larger) {
        free(name);
        return SIZE_MAX;
    }
    xml->packages = larger;
    xml->packages[xml->package_count] = (struct xml_package){ .name = name };
    return xml->package_count++;
}

static const struct branch_line *find_branch(const struct branches *branches, size_t *at,
                                             uint32_t line)
{
    while (*at < branches->line_count && branches->lines[*at].line < line)
        ++*at;
    return *at < branches->line_count && branches->lines[*at].line == line ? &branches->lines[*at]
                                                                           : NULL;
}

static void put_missing_branches(FILE *stream, const struct branches *branches, uint32_t line)
{
    size_t count;
    const struct arc *arcs = arc_set_leaving(&branches->missing, (int32_t)line, &count);
    for (size_t i = 0; i < count; i++) {
        fputs(i ? "," : " missing-branches=\"", stream);
        if (arcs[i].to < 0)
            fputs("exit", stream);
        else
            fprintf(stream, "%d", arcs[i].to);
    }
    if (count)
        putc_unlocked('"', stream);
}

/* The beginning of a line's element. Put together here: there is one for each statement. */
static void put_line(FILE *stream, uint32_t line, bool ran)
{
    static const char start[] = "\t\t\t\t\t\t<line number=\"", hits[] = "\" hits=\"";
    char text[sizeof start + NUMBER_COUNT_SIZE + sizeof hits + 2];
    size_t at = sizeof start - 1;
    memcpy(text, start, at);
    at += number_format_count(text + at, line);
    memcpy(text + at, hits, sizeof hits - 1);
    at += sizeof hits - 1;
    text[at++] = ran ? '1' : '0';
    text[at++] = '"';
    fwrite_unlocked(text, 1, at, stream);
}

static void put_lines(FILE *stream, const struct report_file *file)
{
    const struct line_set *statements = &file->analysis->statements;
    size_t at = 0;
    for (uint32_t line = 0; (line = line_set_next(statements, line)) != 0;) {
        put_line(stream, line, !line_set_has(file->missing, line));
        const struct branch_line *branch =
            file->branches ? find_branch(file->branches, &at, line) : NULL;
        if (branch)
            fprintf(stream, " branch=\"true\" condition-coverage=\"%u%% (%u/%u)\"",
                    (unsigned)(100ull * branch->taken / branch->exits), branch->taken,
                    branch->exits);
        if (file->branches)
            put_missing_branches(stream, file->branches, line);
        fwrite_unlocked("/>\n", 1, 3, stream);
    }
}

static void put_class(const struct report_xml *xml, FILE *stream, const struct report_file *file,
                      const char *name, size_t folder)
{
    fputs("\t\t\t\t<class", stream);
    put_attribute(stream, "name", folder ? name + folder + 1 : name);
    put_attribute(stream, "filename", name);
    fputs(" complexity=\"0\"", stream);
    put_rates(xml, stream, &file->numbers);
    fputs(">\n\t\t\t\t\t<methods/>\n", stream);
    if (file->numbers.statements) {
        fputs("\t\t\t\t\t<lines>\n", stream);
        put_lines(stream, file);
        fputs("\t\t\t\t\t</lines>\n", stream);
    } else {
        fputs("\t\t\t\t\t<lines/>\n", stream);
    }
    fputs("\t\t\t\t</class>\n", stream);
}

/* Takes over `name`. 0 or -1 (memory). */
static int add_class(struct report_xml *xml, const struct report_file *file, char *name)
{
    if (xml->class_count == xml->class_room) {
        size_t room = xml->class_room ? xml->class_room * 2 : 64;
        struct xml_class *larger = realloc(xml->classes, room * sizeof *larger);
        if (!larger) {
            free(name);
            return -1;
        }
        xml->classes = larger;
        xml->class_room = room;
    }
    struct xml_class *class = &xml->classes[xml->class_count++];
    size_t folder = measure_folder(name, xml->package_depth);
    *class = (struct xml_class){ .name = name, .package = find_package(xml, name, folder) };
    if (class->package == SIZE_MAX)
        return -1;
    report_numbers_add(&xml->packages[class->package].numbers, &file->numbers);
    size_t size;
    FILE *stream = open_memstream(&class->text, &size);
    if (!stream)
        return -1;
    put_class(xml, stream, file, name, folder);
    bool failed = ferror(stream) != 0;
    return fclose(stream) == 0 && !failed ? 0 : -1;
}

static int xml_file(void *state, const struct report_file *file, struct error *error)
{
    struct report_xml *xml = state;
    if (xml->skip_empty && file->numbers.statements == 0)
        return 0;
    const char *found = find_name(xml, file);
    char *name = found ? printable_copy(found) : NULL;
    return name && add_class(xml, file, name) == 0 ? 0 : out_of_memory(error);
}

static int compare_roots(const void *a, const void *b)
{
    return human_compare(*(const char *const *)a, *(const char *const *)b);
}

static int compare_classes(const void *a, const void *b, void *argument)
{
    const struct xml_class *left = a, *right = b;
    const struct xml_package *packages = argument;
    if (left->package != right->package)
        return human_compare(packages[left->package].name, packages[right->package].name);
    return human_compare(left->name, right->name);
}

static int put_sources(struct report_xml *xml)
{
    FILE *stream = xml->stream;
    if (xml->roots.count == 0) {
        fputs("\t<sources/>\n", stream);
        return 0;
    }
    qsort(xml->roots.items, xml->roots.count, sizeof *xml->roots.items, compare_roots);
    fputs("\t<sources>\n", stream);
    for (size_t i = 0; i < xml->roots.count; i++) {
        char *shown = printable_copy(xml->roots.items[i]);
        if (!shown)
            return -1;
        fputs("\t\t<source>", stream);
        put_escaped(stream, shown);
        fputs("</source>\n", stream);
        free(shown);
    }
    fputs("\t</sources>\n", stream);
    return 0;
}

static void put_packages(const struct report_xml *xml)
{
    FILE *stream = xml->stream;
    if (xml->class_count == 0) {
        fputs("\t<packages/>\n", stream);
        return;
    }
    fputs("\t<packages>\n", stream);
    for (size_t i = 0; i < xml->class_count; i++) {
        size_t package = xml->classes[i].package;
        if (i == 0 || package != xml->classes[i - 1].package) {
            fputs("\t\t<package", stream);
            put_attribute(stream, "name", xml->packages[package].name);
            put_rates(xml, stream, &xml->packages[package].numbers);
            fputs(" complexity=\"0\">\n\t\t\t<classes>\n", stream);
        }
        fputs(xml->classes[i].text, stream);
        if (i + 1 == xml->class_count || package != xml->classes[i + 1].package)
            fputs("\t\t\t</classes>\n\t\t</package>\n", stream);
    }
    fputs("\t</packages>\n", stream);
}

/* The attributes of the root that say how much ran of what is in the packages. */
static void put_totals(const struct report_xml *xml)
{
    struct report_numbers sum = { 0 };
    for (size_t i = 0; i < xml->package_count; i++)
        report_numbers_add(&sum, &xml->packages[i].numbers);
    FILE *stream = xml->stream;
    fprintf(stream, " lines-valid=\"%zu\" lines-covered=\"%zu\"", sum.statements,
            sum.statements - sum.missing);
    put_rate(stream, "line-rate", sum.statements - sum.missing, sum.statements);
    if (xml->origin.has_branches) {
        fprintf(stream, " branches-valid=\"%zu\" branches-covered=\"%zu\"", sum.branches,
                sum.branches - sum.missing_branches);
        put_rate(stream, "branch-rate", sum.branches - sum.missing_branches, sum.branches);
    } else {
        fputs(" branches-covered=\"0\" branches-valid=\"0\" branch-rate=\"0\"", stream);
    }
    fputs(" complexity=\"0\">\n", stream);
}

static int xml_end(void *state, const struct report_numbers *total, struct error *error)
{
    (void)total;
    struct report_xml *xml = state;
    struct timespec now = { 0, 0 };
    clock_gettime(CLOCK_REALTIME, &now);
    if (xml->class_count)
        qsort_r(xml->classes, xml->class_count, sizeof *xml->classes, compare_classes,
                xml->packages);
    fprintf(xml->stream,
            "<?xml version=\"1.0\" ?>\n<coverage version=\"" COVFORK_VERSION
            "\" timestamp=\"%lld\"",
            (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    put_totals(xml);
    fputs("\t<!-- Written by covfork " COVFORK_VERSION ". -->\n", xml->stream);
    if (put_sources(xml) != 0)
        return out_of_memory(error);
    put_packages(xml);
    fputs("</coverage>\n", xml->stream);
    return 0;
}

const struct report_format report_xml_format = { xml_begin, xml_file, xml_end, NULL };
