/* See glob_regex.h. */
#include "collector/base/glob_regex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int memory_error(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

void glob_regex_close(struct glob_regex *regex)
{
    pcre2_code_free(regex->utf);
    pcre2_code_free(regex->bytes);
    pcre2_match_data_free(regex->match);
}

int glob_regex_init(struct glob_regex *regex, const char *text, uint32_t options)
{
    int number = 0;
    PCRE2_SIZE offset;
    memset(regex, 0, sizeof *regex);
    /* "." is what Python's is: all but a line feed. */
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (!context)
        return PCRE2_ERROR_NOMEMORY;
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    PCRE2_SPTR pattern = (PCRE2_SPTR)text;
    options |= PCRE2_ANCHORED;
    regex->utf = pcre2_compile(pattern, PCRE2_ZERO_TERMINATED, options | PCRE2_UTF | PCRE2_UCP,
                               &number, &offset, context);
    regex->bytes =
        pcre2_compile(pattern, PCRE2_ZERO_TERMINATED, options, &number, &offset, context);
    pcre2_compile_context_free(context);
    if (!regex->bytes)
        return number;
    regex->match = pcre2_match_data_create(1, NULL);
    if (!regex->match) {
        glob_regex_close(regex);
        return PCRE2_ERROR_NOMEMORY;
    }
    /* Not every machine has a JIT; the interpreter does then. */
    pcre2_jit_compile(regex->bytes, PCRE2_JIT_COMPLETE);
    if (regex->utf)
        pcre2_jit_compile(regex->utf, PCRE2_JIT_COMPLETE);
    return 0;
}

ssize_t glob_regex_match(const struct glob_regex *regex, const char *subject)
{
    int result = PCRE2_ERROR_UTF8_ERR1;
    PCRE2_SPTR text = (PCRE2_SPTR)subject;
    size_t length = strlen(subject);
    const pcre2_code *codes[] = { regex->utf, regex->bytes };
    for (size_t i = 0; i < 2; i++) {
        bool not_utf = result <= PCRE2_ERROR_UTF8_ERR1 && result >= PCRE2_ERROR_UTF8_ERR21;
        if (!codes[i] || !not_utf)
            continue;
        result = pcre2_match(codes[i], text, length, 0, 0, regex->match, NULL);
        if (result == PCRE2_ERROR_JIT_STACKLIMIT)
            result = pcre2_match(codes[i], text, length, 0, PCRE2_NO_JIT, regex->match, NULL);
    }
    if (result < 0)
        return -1;
    return (ssize_t)pcre2_get_ovector_pointer(regex->match)[1];
}

bool glob_regex_is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* The end of the piece at `at` that a pattern can't include, or `at` when it begins with none:
 * three stars, and two that are not a component of their own. */
static const char *find_wrong_stars(const char *at)
{
    size_t stars = strspn(at, "*");
    if (stars >= 3)
        return at + stars;
    size_t segment = strcspn(at, "/");
    for (size_t i = segment; i-- > 2;)
        if (at[i] == '*' && at[i - 1] == '*')
            return at + i + 1;
    if (stars == 2 && segment > 2)
        return at + segment;
    if (strncmp(at, "**/**", 5) == 0)
        return at + 5;
    return at;
}

/* Writes the glob `pattern` as a regular expression. Returns NULL, or the piece that a pattern
 * can't include, `*wrong_length` bytes long. */
static const char *write_glob(FILE *out, const char *pattern, size_t *wrong_length)
{
    const char *at = pattern;
    while (*at) {
        const char *wrong = find_wrong_stars(at);
        if (wrong > at) {
            *wrong_length = (size_t)(wrong - at);
            return at;
        }
        size_t stars = strspn(at, "*");
        if ((at == pattern || stars == 2) && stars && at[stars] == '/') {
            fputs("(?:.*[/\\\\])?", out);
            at += stars + 1;
        } else if (*at == '/' && at[1] == '*') {
            size_t after = 1 + strspn(at + 1, "*");
            bool last = !at[after] || (at[after] == '\n' && !at[after + 1]);
            fputs(last ? "[/\\\\].*" : "[/\\\\]", out);
            at += last ? after : 1;
        } else if (*at == '/') {
            fputs("[/\\\\]", out);
            at++;
        } else if (*at == '*') {
            fputs("[^/\\\\]*", out);
            at++;
        } else if (*at == '?') {
            fputs("[^/\\\\]", out);
            at++;
        } else if (*at == '[') {
            size_t length = strcspn(at, "]\n");
            /* An empty class has no end for Python's re. */
            if (at[length] != ']' || length == 1 || (length == 2 && at[1] == '^')) {
                *wrong_length = at[length] == ']' ? length + 1 : 1;
                return at;
            }
            fputc('[', out);
            for (size_t i = 1; i < length; i++)
                /* PCRE2 would see [:name:] in it, Python does not. */
                fprintf(out, at[i] == '[' ? "\\%c" : "%c", at[i]);
            fputc(']', out);
            at += length + 1;
        } else if (*at == ']') {
            *wrong_length = 1;
            return at;
        } else {
            if (!glob_regex_is_word(*at) && !(*at & 0x80))
                fputc('\\', out);
            fputc(*at, out);
            at++;
        }
    }
    return NULL;
}

char *glob_regex_translate(const char *glob, struct error *error)
{
    char *pattern;
    bool anywhere = !strpbrk(glob, "/\\");
    if (asprintf(&pattern, "%s%s", anywhere ? "**/" : "", glob) < 0) {
        memory_error(error);
        return NULL;
    }
    for (char *c = pattern; *c; c++)
        if (*c == '\\')
            *c = '/';
    char *text = NULL;
    size_t size, wrong_length = 0;
    const char *wrong = NULL;
    FILE *out = open_memstream(&text, &size);
    if (out)
        wrong = write_glob(out, pattern, &wrong_length);
    bool written = out && !ferror(out);
    if (out && fclose(out) != 0)
        written = false;
    if (!written) {
        memory_error(error);
    } else if (wrong) {
        error_set(error, ERROR_CONFIG, "File pattern can't include '%.*s': '%s'",
                  (int)(wrong_length > 200 ? 200 : wrong_length), wrong, glob);
    }
    free(pattern);
    if (written && !wrong)
        return text;
    free(text);
    return NULL;
}

int glob_regex_error(int number, const char *glob, struct error *error)
{
    if (number == PCRE2_ERROR_NOMEMORY)
        return memory_error(error);
    char text[256];
    pcre2_get_error_message(number, (PCRE2_UCHAR *)text, sizeof text);
    return error_set(error, ERROR_CONFIG, "wrong file pattern '%s': %s", glob, text);
}
