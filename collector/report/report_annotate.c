/*
 * Annotated sources: ">" ran, "!" did not, "-" excluded, nothing before blank lines and comments.
 */
#include "collector/report/report.h"

#include "collector/base/checksum.h"
#include "collector/base/output_file.h"
#include "collector/source/source_text.h"

#include <stdlib.h>
#include <string.h>

static int annotate_begin(void *state, struct error *error)
{
    (void)state;
    (void)error;
    return 0;
}

/* Bytes of the white space at `text` as Python's `\s` matches it; 0 where there is none. */
static size_t measure_space(const char *text, size_t size)
{
    static const char *const wide[] = { "\xc2\x85", "\u00a0", "\u1680", "\u2000", "\u2001",
                                        "\u2002",   "\u2003", "\u2004", "\u2005", "\u2006",
                                        "\u2007",   "\u2008", "\u2009", "\u200a", "\u2028",
                                        "\u2029",   "\u202f", "\u205f", "\u3000" };
    unsigned char c = (unsigned char)*text;
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        size_t length = strlen(wide[i]);
        if (length <= size && memcmp(text, wide[i], length) == 0)
            return length;
    }
    return 0;
}

static size_t skip_space(const struct source_line *line, size_t at)
{
    while (at < line->whole) {
        size_t space = measure_space(line->bytes + at, line->whole - at);
        if (!space)
            break;
        at += space;
    }
    return at;
}

/* Has the line nothing but a comment from there on? */
static bool is_blank(const struct source_line *line, size_t at)
{
    at = skip_space(line, at);
    return at == line->whole || line->bytes[at] == '#';
}

/* Nothing but `else:`? */
static bool is_else(const struct source_line *line)
{
    size_t at = skip_space(line, 0);
    if (line->whole - at < 4 || memcmp(line->bytes + at, "else", 4) != 0)
        return false;
    at = skip_space(line, at + 4);
    return at < line->whole && line->bytes[at] == ':' && is_blank(line, at + 1);
}

static void put_lines(FILE *stream, const struct report_file *file, const struct source_text *text)
{
    const struct line_set *statements = &file->analysis->statements;
    struct source_line line;
    size_t at = 0;
    bool covered = true;
    for (uint32_t number = 1; source_text_next_line(text, &at, &line); number++) {
        if (line_set_has(statements, number))
            covered = !line_set_has(file->missing, number);
        const char *mark = covered ? "> " : "! ";
        if (is_blank(&line, 0)) {
            mark = "  ";
        } else if (is_else(&line)) {
            /* As what follows. */
            uint32_t statement = line_set_next(statements, number - 1);
            mark = statement && statement == line_set_next(file->missing, number - 1) ? "! " : "> ";
        } else if (line_set_has(&file->analysis->excluded, number)) {
            mark = "- ";
        }
        fputs(mark, stream);
        fwrite(line.bytes, 1, line.whole, stream);
    }
}

/* The one folder has files of many: a sum of the source's folder comes before its name. Dots become
 * underscores but for that of the suffix. Caller frees; NULL when memory ran out. */
static char *flat_name(const char *directory, const char *name)
{
    const char *base = name + strlen(name);
    while (base > name && base[-1] != '/' && base[-1] != '\\')
        base--;
    char *path;
    if (base > name) {
        uint8_t sum[CHECKSUM_SHA3_SIZE];
        char digits[17];
        size_t length = (size_t)(base - name) - (base - name > 1);
        checksum_sha3(name, length, sum);
        for (size_t i = 0; i < 8; i++)
            snprintf(digits + 2 * i, 3, "%02x", sum[i]);
        if (asprintf(&path, "%s/z_%s_%s,cover", directory, digits, base) < 0)
            return NULL;
    } else if (asprintf(&path, "%s/%s,cover", directory, base) < 0) {
        return NULL;
    }
    char *shown = path + strlen(path) - strlen(base) - strlen(",cover");
    char *end = path + strlen(path) - strlen(",cover");
    char *suffix = memrchr(shown, '.', (size_t)(end - shown));
    /* A name may begin with dots and have no suffix. */
    if (suffix && strspn(shown, ".") > (size_t)(suffix - shown))
        suffix = NULL;
    for (char *c = shown; c < end; c++)
        if (*c == '.' && c != suffix)
            *c = '_';
    return path;
}

static int annotate_file(void *state, const struct report_file *file, struct error *error)
{
    const struct report_annotate *annotate = state;
    char *path = NULL;
    if (annotate->directory)
        path = flat_name(annotate->directory, file->name);
    else if (asprintf(&path, "%s,cover", file->path) < 0)
        path = NULL;
    if (!path)
        return error_set(error, ERROR_MEMORY, "out of memory");
    struct source_text text = { 0 };
    struct output_file output = { 0 };
    int result = source_text_decode(&text, file->path, file->bytes, file->size, error);
    if (result == 0)
        result = output_file_open(&output, path, error);
    if (result == 0) {
        put_lines(output.stream, file, &text);
        result = output_file_commit(&output, error);
    }
    output_file_close(&output);
    source_text_close(&text);
    free(path);
    return result;
}

static int annotate_end(void *state, const struct report_numbers *total, struct error *error)
{
    (void)state;
    (void)total;
    (void)error;
    return 0;
}

const struct report_format report_annotate_format = { annotate_begin, annotate_file, annotate_end,
                                                      report_always_needs_bytes };
