/*
 * The translation of Python's `re` syntax to PCRE2's, by the rules of CPython's re parser, and the
 * search. What Python refuses is refused, what PCRE2 reads differently is written differently:
 * \s, \w, \d and \b by their Unicode classes in Python, \Z, \v, {,n}, named groups, inline flags.
 */
#include "collector/source/exclude.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS_MAX      200 /* nested groups; PCRE2's limit is 250 */
#define NAMES_MAX       100
#define REPEAT_MAX      65535
#define JIT_STACK_START ((size_t)32 * 1024)
#define JIT_STACK_MAX   ((size_t)8 * 1024 * 1024)
#define CODE_POINT_MAX  0x10ffffu
#define JOINT           "|"

/* str.isspace(), str.isalnum() or "_", str.isdecimal(): the insides of a class. */
#define SPACE                                                                                      \
    "\\t-\\r\\x1c-\\x20\\x85\\xa0\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}"          \
    "\\x{205f}\\x{3000}"
#define NOT_SPACE                                                                                  \
    "\\x00-\\x08\\x0e-\\x1b\\x21-\\x84\\x86-\\x9f\\xa1-\\x{167f}\\x{1681}-\\x{1fff}"               \
    "\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}"                 \
    "\\x{3001}-\\x{10ffff}"
#define WORD            "\\p{L}\\p{N}_"
#define DIGIT           "\\p{Nd}"
#define NOT_DIGIT       "\\P{Nd}"
#define ASCII_SPACE     "\\t-\\r\\x20"
#define ASCII_NOT_SPACE "\\x00-\\x08\\x0e-\\x1f\\x21-\\x{10ffff}"
#define ASCII_WORD      "A-Za-z0-9_"
#define ASCII_DIGIT     "0-9"
#define ASCII_NOT_DIGIT "\\x00-\\x2f\\x3a-\\x{10ffff}"

/*
 * The patterns are searched one by one, and of their next matches the first one counts, the same
 * as if they were alternatives of one expression: PCRE2 then finds where a match can begin much
 * faster. Patterns with references are one expression, since their groups are counted through.
 */
struct expression {
    pcre2_code *code;
    pcre2_match_data *data;
    /* The next match, while a text is searched. */
    bool exhausted;
    PCRE2_SIZE start, end;
};

struct exclude {
    struct expression *expressions;
    size_t count;
    bool is_shared; /* the code is another's */
    pcre2_match_context *context;
    pcre2_jit_stack *jit_stack;
};

enum flag {
    FLAG_IGNORE_CASE = 1,
    FLAG_MULTILINE = 2,
    FLAG_DOT_ALL = 4,
    FLAG_VERBOSE = 8,
    FLAG_ASCII = 16,
    FLAG_UNICODE = 32,
};

enum item { ITEM_NONE, ITEM_POSITION, ITEM_REPEAT, ITEM_OTHER };

struct name {
    const char *start;
    size_t size;
    unsigned group;
};

struct translator {
    const char *pattern; /* the one that is being translated */
    const char *p;       /* where in it; it ends with a NUL */
    const char *problem; /* set on failure */
    char *out;
    size_t size, capacity;
    bool no_memory;
    unsigned group_count; /* over all patterns, as they are joined */
    unsigned first_group; /* those of the patterns before this one */
    unsigned condition;   /* the highest group that a conditional of this pattern names */
    bool has_reference;   /* to a group */
    struct name names[NAMES_MAX];
    size_t name_count;
    unsigned flags;
    struct open_group {
        unsigned flags;  /* that hold again behind it */
        unsigned number; /* 0: does not capture */
    } open[GROUPS_MAX];
    size_t depth;
    enum item item; /* what a quantifier would repeat */
};

static bool refuse(struct translator *translator, const char *problem)
{
    if (!translator->problem)
        translator->problem = problem;
    return false;
}

static void emit_bytes(struct translator *translator, const char *bytes, size_t size)
{
    if (translator->no_memory)
        return;
    if (translator->capacity - translator->size <= size) {
        size_t capacity = (translator->capacity + size + 64) * 2;
        char *out = realloc(translator->out, capacity);
        if (!out) {
            translator->no_memory = true;
            return;
        }
        translator->out = out;
        translator->capacity = capacity;
    }
    memcpy(translator->out + translator->size, bytes, size);
    translator->size += size;
    translator->out[translator->size] = '\0';
}

static void emit(struct translator *translator, const char *text)
{
    emit_bytes(translator, text, strlen(text));
}

/* A character as a literal, inside a class or out. */
static void emit_code_point(struct translator *translator, uint32_t c)
{
    if (c < 0x80 && isalnum((int)c)) {
        char byte = (char)c;
        emit_bytes(translator, &byte, 1);
        return;
    }
    char text[16];
    int size = snprintf(text, sizeof text, "\\x{%x}", (unsigned)c);
    emit_bytes(translator, text, (size_t)size);
}

static void emit_number(struct translator *translator, const char *before, unsigned long number,
                        const char *behind)
{
    char text[32];
    int size = snprintf(text, sizeof text, "%lu", number);
    emit(translator, before);
    emit_bytes(translator, text, (size_t)size);
    emit(translator, behind);
}

/* Takes one character of the pattern; it was checked to be UTF-8. */
static uint32_t take(struct translator *translator)
{
    const unsigned char *p = (const unsigned char *)translator->p;
    if (p[0] < 0x80) {
        translator->p++;
        return p[0];
    }
    unsigned size = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t c = p[0] & (0xffu >> (size + 1));
    for (unsigned i = 1; i < size; i++)
        c = c << 6 | (p[i] & 0x3f);
    translator->p += size;
    return c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

static bool take_hex(struct translator *translator, unsigned digits, uint32_t *c)
{
    *c = 0;
    for (unsigned i = 0; i < digits; i++) {
        char digit = *translator->p;
        if (!isxdigit((unsigned char)digit))
            return refuse(translator, "incomplete escape");
        *c = *c * 16 + (uint32_t)(is_digit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
        translator->p++;
    }
    if (*c > CODE_POINT_MAX)
        return refuse(translator, "bad escape: no such character");
    if (*c >= 0xd800 && *c <= 0xdfff)
        return refuse(translator, "surrogates are not supported");
    return true;
}

/* Takes up to `digits` octal digits. */
static uint32_t take_octal(struct translator *translator, unsigned digits)
{
    uint32_t c = 0;
    for (unsigned i = 0; i < digits && is_octal(*translator->p); i++)
        c = c * 8 + (uint32_t)(*translator->p++ - '0');
    return c;
}

/* The escapes that stand for one character in a class and out; `letter` is behind the backslash
 * and is taken. False without a problem when it is none of them. */
static bool take_plain_escape(struct translator *translator, char letter, uint32_t *c)
{
    switch (letter) {
    case 'a':
        *c = 0x07;
        return true;
    case 'f':
        *c = 0x0c;
        return true;
    case 'n':
        *c = 0x0a;
        return true;
    case 'r':
        *c = 0x0d;
        return true;
    case 't':
        *c = 0x09;
        return true;
    case 'v':
        *c = 0x0b;
        return true;
    case 'x':
        return take_hex(translator, 2, c);
    case 'u':
        return take_hex(translator, 4, c);
    case 'U':
        return take_hex(translator, 8, c);
    case 'N':
        return refuse(translator, "\\N{...} is not supported");
    default:
        break;
    }
    if (isalnum((unsigned char)letter))
        return false;
    translator->p--;
    *c = take(translator);
    return true;
}

/* The inside of a class for \d, \D, \s, \S, \w; NULL for \W, which has none, and for others. */
static const char *class_of(const struct translator *translator, char letter)
{
    bool ascii = translator->flags & FLAG_ASCII;
    switch (letter) {
    case 'd':
        return ascii ? ASCII_DIGIT : DIGIT;
    case 'D':
        return ascii ? ASCII_NOT_DIGIT : NOT_DIGIT;
    case 's':
        return ascii ? ASCII_SPACE : SPACE;
    case 'S':
        return ascii ? ASCII_NOT_SPACE : NOT_SPACE;
    case 'w':
        return ascii ? ASCII_WORD : WORD;
    default:
        return NULL;
    }
}

static void emit_boundary(struct translator *translator, bool is_boundary)
{
    const char *word = class_of(translator, 'w');
    const char *const parts[] = { "(?:(?<=[", word, is_boundary ? "])(?![" : "])(?=[", word,
                                  "])|(?<![", word, is_boundary ? "])(?=[" : "])(?![", word,
                                  "]))" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        emit(translator, parts[i]);
}

static void emit_reference(struct translator *translator, unsigned group)
{
    emit_number(translator, "\\g{", group, "}");
    translator->has_reference = true;
    translator->item = ITEM_OTHER;
}

/* Each pattern must be right by itself, where its groups count from 1, but in the joined expression
 * a number means a group of all patterns. */
static bool take_reference(struct translator *translator, unsigned group)
{
    if (group == 0 || group > translator->group_count - translator->first_group)
        return refuse(translator, "invalid group reference");
    for (size_t i = 0; i < translator->depth; i++)
        if (translator->open[i].number == group ||
            translator->open[i].number == group + translator->first_group)
            return refuse(translator, "cannot refer to an open group");
    emit_reference(translator, group);
    return true;
}

/* An escape outside of a class; the backslash is taken. */
static bool take_escape(struct translator *translator)
{
    char letter = *translator->p;
    if (letter == '\0')
        return refuse(translator, "bad escape (end of pattern)");
    translator->p++;
    if (letter == '0') {
        emit_code_point(translator, take_octal(translator, 2));
        translator->item = ITEM_OTHER;
        return true;
    }
    if (is_digit(letter)) {
        unsigned group = (unsigned)(letter - '0');
        if (is_digit(*translator->p)) {
            if (is_octal(letter) && is_octal(translator->p[0]) && is_octal(translator->p[1])) {
                translator->p--;
                uint32_t c = take_octal(translator, 3);
                if (c > 0377)
                    return refuse(translator, "octal escape value outside of range 0-0o377");
                emit_code_point(translator, c);
                translator->item = ITEM_OTHER;
                return true;
            }
            group = group * 10 + (unsigned)(*translator->p++ - '0');
        }
        return take_reference(translator, group);
    }
    translator->item = ITEM_POSITION;
    switch (letter) {
    case 'A':
        emit(translator, "\\A");
        return true;
    case 'Z':
    case 'z':
        emit(translator, "\\z");
        return true;
    case 'b':
    case 'B':
        emit_boundary(translator, letter == 'b');
        return true;
    default:
        break;
    }
    translator->item = ITEM_OTHER;
    if (letter == 'W') {
        emit(translator, "[^");
        emit(translator, class_of(translator, 'w'));
        emit(translator, "]");
        return true;
    }
    const char *class = class_of(translator, letter);
    if (class) {
        emit(translator, "[");
        emit(translator, class);
        emit(translator, "]");
        return true;
    }
    uint32_t c;
    if (!take_plain_escape(translator, letter, &c))
        return refuse(translator, "bad escape");
    emit_code_point(translator, c);
    return true;
}

/* What one member of a class is: a character, or a class such as \d (then `*class` is set, or
 * `*not_word` for \W). */
static bool take_member(struct translator *translator, uint32_t *c, const char **class,
                        bool *not_word)
{
    *class = NULL;
    *not_word = false;
    if (*translator->p == '\0')
        return refuse(translator, "unterminated character set");
    if (*translator->p != '\\') {
        *c = take(translator);
        return true;
    }
    translator->p++;
    char letter = *translator->p;
    if (letter == '\0')
        return refuse(translator, "bad escape (end of pattern)");
    if (is_octal(letter)) {
        *c = take_octal(translator, 3);
        if (*c > 0377)
            return refuse(translator, "octal escape value outside of range 0-0o377");
        return true;
    }
    translator->p++;
    if (letter == 'b') {
        *c = 0x08;
        return true;
    }
    *not_word = letter == 'W';
    *class = class_of(translator, letter);
    if (*class || *not_word || take_plain_escape(translator, letter, c))
        return true;
    return refuse(translator, "bad escape");
}

/* A class; its "[" is taken. */
static bool take_class(struct translator *translator)
{
    bool negated = *translator->p == '^';
    if (negated)
        translator->p++;
    size_t start = translator->size;
    bool any_not_word = false;
    bool first = true;
    for (;; first = false) {
        if (*translator->p == ']' && !first)
            break;
        uint32_t low, high;
        const char *class;
        bool not_word;
        if (!take_member(translator, &low, &class, &not_word))
            return false;
        if (translator->p[0] == '-' && translator->p[1] != ']') {
            translator->p++;
            const char *high_class;
            bool high_not_word;
            if (!take_member(translator, &high, &high_class, &high_not_word))
                return false;
            if (class || not_word || high_class || high_not_word || high < low)
                return refuse(translator, "bad character range");
            emit_code_point(translator, low);
            emit(translator, "-");
            emit_code_point(translator, high);
            continue;
        }
        any_not_word = any_not_word || not_word;
        if (class)
            emit(translator, class);
        else if (!not_word)
            emit_code_point(translator, low);
    }
    translator->p++;
    translator->item = ITEM_OTHER;
    if (translator->no_memory)
        return true;
    /* Members were written first, since only now it is known what goes around them. */
    size_t size = translator->size - start;
    char *members = malloc(size + 1);
    if (!members) {
        translator->no_memory = true;
        return true;
    }
    if (size)
        memcpy(members, translator->out + start, size);
    members[size] = '\0';
    translator->size = start;
    const char *word = class_of(translator, 'w');
    if (!any_not_word) {
        emit(translator, negated ? "[^" : "[");
        emit(translator, members);
        emit(translator, "]");
    } else if (negated) {
        /* Neither one of the members nor a character outside of \w: a word character. */
        emit(translator, size ? "(?:(?![" : "[");
        emit(translator, members);
        emit(translator, size ? "])[" : "");
        emit(translator, word);
        emit(translator, size ? "])" : "]");
    } else {
        emit(translator, size ? "(?:[" : "[^");
        emit(translator, members);
        emit(translator, size ? "]|[^" : "");
        emit(translator, word);
        emit(translator, size ? "])" : "]");
    }
    free(members);
    return true;
}

/* "{m}", "{m,}", "{,n}", "{m,n}"; the "{" is taken. False when it is a literal brace. */
static bool take_braces(struct translator *translator)
{
    const char *p = translator->p;
    unsigned long low = 0, high = 0;
    bool has_high = false;
    if (*p == '}')
        return false;
    const char *start = p;
    for (; is_digit(*p); p++)
        low = low > REPEAT_MAX ? low : low * 10 + (unsigned long)(*p - '0');
    bool has_low = p > start;
    if (*p == ',') {
        start = ++p;
        for (; is_digit(*p); p++)
            high = high > REPEAT_MAX ? high : high * 10 + (unsigned long)(*p - '0');
        has_high = p > start;
        if (*p != '}')
            return false;
        /* Nothing is that long: the same as no limit. */
        if (high > REPEAT_MAX)
            has_high = false;
    } else {
        if (*p != '}' || !has_low)
            return false;
        high = low;
        has_high = true;
    }
    translator->p = p + 1;
    if (low > REPEAT_MAX)
        refuse(translator, "the repetition number is too large");
    else if (has_high && high < low)
        refuse(translator, "min repeat greater than max repeat");
    emit_number(translator, "{", low, has_high ? "," : ",}");
    if (has_high)
        emit_number(translator, "", high, "}");
    return true;
}

/* A quantifier; its first character is taken. */
static bool take_repeat(struct translator *translator, char c)
{
    enum item item = translator->item;
    if (c == '{') {
        if (!take_braces(translator)) {
            emit(translator, "\\{");
            translator->item = ITEM_OTHER;
            return true;
        }
    } else {
        emit_bytes(translator, &c, 1);
    }
    if (item == ITEM_NONE || item == ITEM_POSITION)
        return refuse(translator, "nothing to repeat");
    if (item == ITEM_REPEAT)
        return refuse(translator, "multiple repeat");
    if (*translator->p == '?' || *translator->p == '+')
        emit_bytes(translator, translator->p++, 1);
    translator->item = ITEM_REPEAT;
    return !translator->problem;
}

static bool take_name(struct translator *translator, char end, const char **name, size_t *size)
{
    const char *close = strchr(translator->p, end);
    if (!close)
        return refuse(translator, "missing character after a group name");
    *name = translator->p;
    *size = (size_t)(close - translator->p);
    if (*size == 0)
        return refuse(translator, "missing group name");
    translator->p = close + 1;
    return true;
}

static unsigned find_group(const struct translator *translator, const char *name, size_t size)
{
    for (size_t i = 0; i < translator->name_count; i++)
        if (translator->names[i].size == size &&
            memcmp(translator->names[i].start, name, size) == 0)
            return translator->names[i].group;
    return 0;
}

static bool is_identifier(const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c < 0x80 && c != '_' && !isalpha(c) && !(i > 0 && isdigit(c)))
            return false;
    }
    return true;
}

static bool open_group(struct translator *translator, const char *text)
{
    if (translator->depth == GROUPS_MAX)
        return refuse(translator, "groups are nested too deeply");
    translator->open[translator->depth++] = (struct open_group){ translator->flags, 0 };
    emit(translator, text);
    translator->item = ITEM_NONE;
    return true;
}

static bool open_capture(struct translator *translator)
{
    if (!open_group(translator, "("))
        return false;
    translator->open[translator->depth - 1].number = ++translator->group_count;
    return true;
}

/* A name stands for the group itself, whatever its number in the joined expression. */
static bool take_named_reference(struct translator *translator, unsigned group)
{
    if (group <= translator->first_group)
        return refuse(translator, "unknown group name");
    for (size_t i = 0; i < translator->depth; i++)
        if (translator->open[i].number == group)
            return refuse(translator, "cannot refer to an open group");
    emit_reference(translator, group);
    return true;
}

/* "(?P" is taken. */
static bool take_named(struct translator *translator)
{
    const char *name;
    size_t size;
    char kind = *translator->p;
    if (kind == '=') {
        translator->p++;
        if (!take_name(translator, ')', &name, &size))
            return false;
        return take_named_reference(translator, find_group(translator, name, size));
    }
    if (kind != '<')
        return refuse(translator, "unknown extension ?P");
    translator->p++;
    if (!take_name(translator, '>', &name, &size))
        return false;
    if (!is_identifier(name, size))
        return refuse(translator, "bad character in group name");
    if (find_group(translator, name, size))
        return refuse(translator, "redefinition of group name");
    if (translator->name_count == NAMES_MAX)
        return refuse(translator, "too many named groups");
    if (!open_capture(translator))
        return false;
    translator->names[translator->name_count++] =
        (struct name){ name, size, translator->group_count };
    return true;
}

/* "(?(" is taken: a group that depends on another. */
static bool take_conditional(struct translator *translator)
{
    const char *name;
    size_t size;
    if (!take_name(translator, ')', &name, &size))
        return false;
    unsigned long group = 0;
    if (is_digit(*name)) {
        char *end;
        group = strtoul(name, &end, 10);
        if (end != name + size || group > REPEAT_MAX)
            return refuse(translator, "bad character in group name");
        if (group == 0)
            return refuse(translator, "bad group number");
        if (group > translator->condition)
            translator->condition = (unsigned)group;
    } else {
        group = find_group(translator, name, size);
        if (group <= translator->first_group)
            return refuse(translator, "unknown group name");
    }
    if (!open_group(translator, "(?"))
        return false;
    emit_number(translator, "(", group, ")");
    translator->has_reference = true;
    return true;
}

static unsigned flag_of(char letter)
{
    switch (letter) {
    case 'i':
        return FLAG_IGNORE_CASE;
    case 'm':
        return FLAG_MULTILINE;
    case 's':
        return FLAG_DOT_ALL;
    case 'x':
        return FLAG_VERBOSE;
    case 'a':
        return FLAG_ASCII;
    case 'u':
        return FLAG_UNICODE;
    default:
        return 0;
    }
}

static unsigned take_flags(struct translator *translator)
{
    unsigned flags = 0;
    for (unsigned flag; (flag = flag_of(*translator->p)); translator->p++)
        flags |= flag;
    return flags;
}

static void emit_flags(struct translator *translator, unsigned flags)
{
    if (flags & FLAG_IGNORE_CASE)
        emit(translator, "i");
    if (flags & FLAG_MULTILINE)
        emit(translator, "m");
    if (flags & FLAG_DOT_ALL)
        emit(translator, "s");
}

/* "(?" is taken, and flags follow. */
static bool take_scoped_flags(struct translator *translator)
{
    unsigned on = take_flags(translator);
    unsigned off = 0;
    if (*translator->p == 'L')
        return refuse(translator, "bad inline flags: cannot use 'L' flag with a str pattern");
    if ((on & FLAG_ASCII) && (on & FLAG_UNICODE))
        return refuse(translator, "bad inline flags: flags 'a' and 'u' are incompatible");
    if (*translator->p == ')')
        return refuse(translator, "global flags not at the start of the expression");
    if (*translator->p == '-') {
        translator->p++;
        off = take_flags(translator);
        if (!off || (off & (FLAG_ASCII | FLAG_UNICODE)) || (on & off))
            return refuse(translator, "bad inline flags");
    }
    if (*translator->p != ':')
        return refuse(translator, "unknown flag");
    translator->p++;
    if (!open_group(translator, "(?"))
        return false;
    emit_flags(translator, on);
    if (off & (FLAG_IGNORE_CASE | FLAG_MULTILINE | FLAG_DOT_ALL)) {
        emit(translator, "-");
        emit_flags(translator, off);
    }
    emit(translator, ":");
    if (on & FLAG_UNICODE)
        off |= FLAG_ASCII;
    translator->flags = (translator->flags | on) & ~off;
    return true;
}

/* A group; its "(" is taken. */
static bool take_group(struct translator *translator)
{
    if (*translator->p != '?')
        return open_capture(translator);
    translator->p++;
    char kind = *translator->p;
    char next = kind ? translator->p[1] : '\0';
    switch (kind) {
    case '\0':
        return refuse(translator, "unexpected end of pattern");
    case 'P':
        translator->p++;
        return take_named(translator);
    case ':':
        translator->p++;
        return open_group(translator, "(?:");
    case '=':
        translator->p++;
        return open_group(translator, "(?=");
    case '!':
        translator->p++;
        return open_group(translator, "(?!");
    case '>':
        translator->p++;
        return open_group(translator, "(?>");
    case '<':
        if (next != '=' && next != '!')
            return refuse(translator, "unknown extension ?<");
        translator->p += 2;
        return open_group(translator, next == '=' ? "(?<=" : "(?<!");
    case '(':
        translator->p++;
        return take_conditional(translator);
    case '#': {
        const char *close = strchr(translator->p, ')');
        if (!close)
            return refuse(translator, "missing ), unterminated comment");
        translator->p = close + 1;
        return true;
    }
    default:
        if (flag_of(kind) || kind == '-' || kind == 'L')
            return take_scoped_flags(translator);
        return refuse(translator, "unknown extension");
    }
}

static void skip_verbose_comment(struct translator *translator)
{
    while (*translator->p && *translator->p != '\n')
        translator->p++;
}

/* One element of a pattern. */
static bool take_element(struct translator *translator)
{
    char c = *translator->p;
    if (translator->flags & FLAG_VERBOSE) {
        if (isspace((unsigned char)c)) {
            translator->p++;
            return true;
        }
        if (c == '#') {
            skip_verbose_comment(translator);
            return true;
        }
    }
    if ((unsigned char)c >= 0x80 || !strchr("|()[\\*+?{^$.", c)) {
        emit_code_point(translator, take(translator));
        translator->item = ITEM_OTHER;
        return true;
    }
    translator->p++;
    switch (c) {
    case '|':
        emit(translator, "|");
        translator->item = ITEM_NONE;
        return true;
    case '(':
        return take_group(translator);
    case ')':
        if (translator->depth == 0)
            return refuse(translator, "unbalanced parenthesis");
        emit(translator, ")");
        translator->flags = translator->open[--translator->depth].flags;
        translator->item = ITEM_OTHER;
        return true;
    case '[':
        return take_class(translator);
    case '\\':
        return take_escape(translator);
    case '^':
    case '$':
        emit_bytes(translator, &c, 1);
        translator->item = ITEM_POSITION;
        return true;
    case '.':
        emit(translator, ".");
        translator->item = ITEM_OTHER;
        return true;
    default:
        return take_repeat(translator, c);
    }
}

/* Takes "(?FLAGS)" off the start of a pattern. */
static const char *skip_global_flags(const char *pattern, unsigned *flags)
{
    while (pattern[0] == '(' && pattern[1] == '?') {
        unsigned found = 0;
        const char *p = pattern + 2;
        for (unsigned flag; (flag = flag_of(*p)); p++)
            found |= flag;
        if (!found || *p != ')')
            break;
        *flags |= found;
        pattern = p + 1;
    }
    return pattern;
}

static bool translate_pattern(struct translator *translator, const char *pattern)
{
    unsigned ignored = 0;
    unsigned flags = translator->flags;
    translator->pattern = pattern;
    translator->p = skip_global_flags(pattern, &ignored);
    translator->depth = 0;
    translator->item = ITEM_NONE;
    translator->first_group = translator->group_count;
    translator->condition = 0;
    while (*translator->p)
        if (!take_element(translator))
            return false;
    translator->flags = flags;
    if (translator->depth)
        return refuse(translator, "missing ), unterminated subpattern");
    if (translator->condition > translator->group_count - translator->first_group)
        return refuse(translator, "invalid group reference");
    return !translator->problem;
}

static bool is_utf8(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p) {
        unsigned size = *p < 0x80   ? 1
                        : *p < 0xc2 ? 0
                        : *p < 0xe0 ? 2
                        : *p < 0xf0 ? 3
                        : *p < 0xf5 ? 4
                                    : 0;
        if (size == 0)
            return false;
        if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
            (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
            return false;
        for (unsigned i = 1; i < size; i++)
            if ((p[i] & 0xc0) != 0x80)
                return false;
        p += size;
    }
    return true;
}

/* Translates all patterns into translator->out, each in a group of its own behind a "|". `ends`
 * receives where each one ends. */
static bool translate(struct translator *translator, const char *const *patterns, size_t count,
                      unsigned flags, size_t *ends)
{
    translator->flags = flags;
    for (size_t i = 0; i < count; i++)
        skip_global_flags(patterns[i], &translator->flags);
    for (size_t i = 0; i < count; i++) {
        translator->pattern = patterns[i];
        if (!is_utf8(patterns[i]))
            return refuse(translator, "not UTF-8");
        emit(translator, JOINT "(?:");
        if (!translate_pattern(translator, patterns[i]))
            return false;
        emit(translator, ")");
        ends[i] = translator->size;
    }
    return true;
}

/* What is to be compiled: translated patterns, and where the translation of each one ends. */
struct translation {
    const char *text;
    const char *const *patterns;
    const size_t *ends;
    unsigned flags;
    const char *prefix; /* of errors */
};

/* Compiles the translation from `start` to `end` as the next expression. */
static int compile(struct exclude *exclude, const struct translation *translation, size_t start,
                   size_t end, struct error *error)
{
    uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_ALT_CIRCUMFLEX;
    if (translation->flags & FLAG_MULTILINE)
        options |= PCRE2_MULTILINE;
    if (translation->flags & FLAG_IGNORE_CASE)
        options |= PCRE2_CASELESS;
    if (translation->flags & FLAG_DOT_ALL)
        options |= PCRE2_DOTALL;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (!context)
        return error_set(error, ERROR_MEMORY, "out of memory");
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    struct expression *expression = &exclude->expressions[exclude->count++];
    int problem;
    PCRE2_SIZE offset;
    expression->code = pcre2_compile((PCRE2_SPTR)translation->text + start, end - start, options,
                                     &problem, &offset, context);
    pcre2_compile_context_free(context);
    if (!expression->code) {
        PCRE2_UCHAR reason[256] = "";
        pcre2_get_error_message(problem, reason, sizeof reason);
        size_t i = 0;
        while (translation->ends[i] < start + offset && translation->ends[i] < end)
            i++;
        return error_set(error, ERROR_CONFIG, "%s '%s': %s", translation->prefix,
                         translation->patterns[i], (const char *)reason);
    }
    /* Without a JIT for this machine the search is slower, and the same. */
    pcre2_jit_compile(expression->code, PCRE2_JIT_COMPLETE);
    expression->data = pcre2_match_data_create(1, NULL);
    return expression->data ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
}

/* What `count` expressions need for their searches. 0 or -1. */
static int make_room(struct exclude *exclude, size_t count)
{
    exclude->expressions = calloc(count, sizeof *exclude->expressions);
    exclude->context = pcre2_match_context_create(NULL);
    exclude->jit_stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
    if (!exclude->expressions || !exclude->context)
        return -1;
    if (exclude->jit_stack)
        pcre2_jit_stack_assign(exclude->context, NULL, exclude->jit_stack);
    return 0;
}

static int compile_all(struct exclude *exclude, const struct translation *translation, size_t count,
                       bool joined, struct error *error)
{
    if (make_room(exclude, count) != 0)
        return error_set(error, ERROR_MEMORY, "out of memory");
    const size_t joint = strlen(JOINT);
    if (joined)
        return compile(exclude, translation, joint, translation->ends[count - 1], error);
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        if (compile(exclude, translation, start + joint, translation->ends[i], error) < 0)
            return -1;
        start = translation->ends[i];
    }
    return 0;
}

static struct exclude *make(const char *const *patterns, size_t count, unsigned flags,
                            const char *prefix, struct error *error)
{
    struct exclude *exclude = calloc(1, sizeof *exclude);
    struct translator *translator = calloc(1, sizeof *translator);
    size_t *ends = calloc(count + 1, sizeof *ends);
    int result = 0;
    if (!exclude || !translator || !ends) {
        result = error_set(error, ERROR_MEMORY, "out of memory");
    } else if (count == 0) {
        /* It matches nothing. */
    } else if (!translate(translator, patterns, count, flags, ends)) {
        result = error_set(error, ERROR_CONFIG, "%s '%s': %s", prefix, translator->pattern,
                           translator->problem);
    } else if (translator->no_memory) {
        result = error_set(error, ERROR_MEMORY, "out of memory");
    } else {
        const struct translation translation = { translator->out, patterns, ends, translator->flags,
                                                 prefix };
        result = compile_all(exclude, &translation, count, translator->has_reference, error);
    }
    if (translator)
        free(translator->out);
    free(translator);
    free(ends);
    if (result < 0) {
        exclude_free(exclude);
        return NULL;
    }
    return exclude;
}

struct exclude *exclude_new(const char *const *patterns, size_t count, struct error *error)
{
    /* Like an empty `exclude` in coverage.py: no line. */
    if (count == 1 && patterns[0][0] == '\0')
        count = 0;
    return make(patterns, count, FLAG_MULTILINE, "wrong exclusion pattern", error);
}

struct exclude *exclude_new_search(const char *pattern, const char *prefix, struct error *error)
{
    return make(&pattern, 1, 0, prefix, error);
}

struct exclude *exclude_share(const struct exclude *exclude)
{
    struct exclude *other = calloc(1, sizeof *other);
    if (!other || exclude->count == 0)
        return other;
    other->is_shared = true;
    bool good = make_room(other, exclude->count) == 0;
    for (; good && other->count < exclude->count; other->count++) {
        struct expression *expression = &other->expressions[other->count];
        expression->code = exclude->expressions[other->count].code;
        expression->data = pcre2_match_data_create(1, NULL);
        good = expression->data != NULL;
    }
    if (!good) {
        exclude_free(other);
        return NULL;
    }
    return other;
}

const char *exclude_engine(void)
{
    static char version[64];
    if (!*version && pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof version)
        pcre2_config(PCRE2_CONFIG_VERSION, version);
    return version;
}

void exclude_free(struct exclude *exclude)
{
    if (!exclude)
        return;
    for (size_t i = 0; i < exclude->count; i++) {
        if (!exclude->is_shared)
            pcre2_code_free(exclude->expressions[i].code);
        pcre2_match_data_free(exclude->expressions[i].data);
    }
    free(exclude->expressions);
    pcre2_match_context_free(exclude->context);
    pcre2_jit_stack_free(exclude->jit_stack);
    free(exclude);
}

struct subject {
    const char *path; /* for errors */
    const char *text;
    size_t size;
};

/* Finds the expression's first match from `offset` on, an empty one at `offset` only if it may. */
static int search(const struct exclude *exclude, struct expression *expression,
                  const struct subject *subject, PCRE2_SIZE offset, bool may_be_empty,
                  struct error *error)
{
    uint32_t options = PCRE2_NO_UTF_CHECK | (may_be_empty ? 0 : PCRE2_NOTEMPTY_ATSTART);
    PCRE2_SPTR text = (PCRE2_SPTR)subject->text;
    int found = pcre2_match(expression->code, text, subject->size, offset, options,
                            expression->data, exclude->context);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
        found = pcre2_match(expression->code, text, subject->size, offset, options | PCRE2_NO_JIT,
                            expression->data, exclude->context);
    if (found == PCRE2_ERROR_NOMATCH) {
        expression->exhausted = true;
        return 0;
    }
    if (found < 0) {
        PCRE2_UCHAR reason[256] = "";
        pcre2_get_error_message(found, reason, sizeof reason);
        return error_set(error, ERROR_SOURCE, "the patterns fail on '%s': %s", subject->path,
                         (const char *)reason);
    }
    const PCRE2_SIZE *bounds = pcre2_get_ovector_pointer(expression->data);
    expression->start = bounds[0];
    expression->end = bounds[1];
    return 0;
}

/* The next match of any expression, like re.finditer with all of them as alternatives: `*match`
 * is NULL when there is none. `offset` is where the last one ended, `was_empty` if it was empty:
 * then the next one is not empty, or begins later. */
static int find_next(const struct exclude *exclude, const struct subject *subject,
                     PCRE2_SIZE offset, bool was_empty, const struct expression **match,
                     struct error *error)
{
    *match = NULL;
    for (size_t i = 0; i < exclude->count; i++) {
        struct expression *expression = &exclude->expressions[i];
        if (expression->exhausted)
            continue;
        bool is_over = expression->start < offset || (was_empty && expression->end == offset);
        if (is_over && search(exclude, expression, subject, offset, !was_empty, error) < 0)
            return -1;
        if (!expression->exhausted && (!*match || expression->start < (*match)->start))
            *match = expression;
    }
    return 0;
}

static uint32_t count_newlines(const char *from, const char *to)
{
    uint32_t count = 0;
    while (from < to && (from = memchr(from, '\n', (size_t)(to - from)))) {
        count++;
        from++;
    }
    return count;
}

int exclude_match(const struct exclude *exclude, const char *path, const char *text, size_t size,
                  struct line_set *lines, struct error *error)
{
    const struct subject subject = { path, text, size };
    for (size_t i = 0; i < exclude->count; i++) {
        struct expression *expression = &exclude->expressions[i];
        expression->exhausted = false;
        if (search(exclude, expression, &subject, 0, true, error) < 0)
            return -1;
    }
    PCRE2_SIZE offset = 0;
    bool was_empty = false;
    size_t counted = 0;
    uint32_t line = 1; /* of `counted` */
    for (;;) {
        const struct expression *match;
        if (find_next(exclude, &subject, offset, was_empty, &match, error) < 0)
            return -1;
        if (!match)
            return 0;
        line += count_newlines(text + counted, text + match->start);
        counted = match->start;
        uint32_t last = line + count_newlines(text + match->start, text + match->end);
        if (line_set_add_range(lines, line, last) < 0)
            return error_set(error, ERROR_MEMORY, "out of memory analysing '%s'", path);
        offset = match->end;
        was_empty = match->start == match->end;
    }
}

int exclude_search(const struct exclude *exclude, const char *text, bool *found,
                   struct error *error)
{
    char *plain = NULL;
    if (!is_utf8(text)) {
        plain = strdup(text);
        if (!plain)
            return error_set(error, ERROR_MEMORY, "out of memory");
        for (char *c = plain; *c; c++)
            if (*c & 0x80)
                *c = '?';
        text = plain;
    }
    struct error problem = { 0 };
    const struct subject subject = { text, text, strlen(text) };
    struct expression *expression = &exclude->expressions[0];
    expression->exhausted = false;
    int result = search(exclude, expression, &subject, 0, true, &problem);
    *found = result == 0 && !expression->exhausted;
    free(plain);
    return result == 0 ? 0 : error_set(error, ERROR_CONFIG, "%s", problem.text);
}
