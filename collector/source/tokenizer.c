/*
 * The tokenizer. The text ends with a NUL, which stops every scan; one before its end is an error
 * from the start. It is one pass with no backtracking, so its time is linear in the text.
 */
#include "collector/source/tokenizer.h"

#include <string.h>

#define TAB_SIZE 8

enum character {
    OTHER = 0, /* an operator or something that Python has no use for */
    LETTER,    /* and "_" and all that is not ASCII */
    DIGIT,
    BLANK,
    QUOTE,
    INVALID,
};

static const unsigned char characters[256] = {
    [0x01 ... 0x08] = INVALID,
    [0x0b] = INVALID,
    [0x0d ... 0x1f] = INVALID,
    [0x7f] = INVALID,
    ['$'] = INVALID,
    ['?'] = INVALID,
    ['`'] = INVALID,
    ['A' ... 'Z'] = LETTER,
    ['a' ... 'z'] = LETTER,
    ['_'] = LETTER,
    [0x80 ... 0xff] = LETTER,
    ['0' ... '9'] = DIGIT,
    [' '] = BLANK,
    ['\t'] = BLANK,
    ['\f'] = BLANK,
    ['\''] = QUOTE,
    ['"'] = QUOTE,
};

/* What tokenizer_skip does with a character. */
enum skipped {
    STOP = 0,
    PASS, /* a blank or an operator of one character */
    WORD,
};

static const unsigned char skipped_characters[256] = {
    ['A' ... 'Z'] = WORD, ['a' ... 'z'] = WORD, ['_'] = WORD,  [0x80 ... 0xff] = WORD,
    ['0' ... '9'] = WORD, [' '] = PASS,         ['\t'] = PASS, ['\f'] = PASS,
    ['%'] = PASS,         ['&'] = PASS,         ['*'] = PASS,  ['+'] = PASS,
    [','] = PASS,         ['-'] = PASS,         ['.'] = PASS,  ['/'] = PASS,
    ['<'] = PASS,         ['='] = PASS,         ['>'] = PASS,  ['@'] = PASS,
    ['^'] = PASS,         ['|'] = PASS,         ['~'] = PASS,
};

static enum character character_of(char c)
{
    return (enum character)characters[(unsigned char)c];
}

static bool in_name(char c)
{
    enum character class = character_of(c);
    return class == LETTER || class == DIGIT;
}

static bool fail(struct tokenizer *tokenizer, const char *error, uint32_t line)
{
    tokenizer->error = error;
    tokenizer->error_line = line;
    return false;
}

void tokenizer_init(struct tokenizer *tokenizer, const char *text, size_t size)
{
    tokenizer->error = NULL;
    tokenizer->error_line = 0;
    tokenizer->line = 1;
    tokenizer->level = 0;
    tokenizer->position = text;
    tokenizer->end = text + size;
    tokenizer->at_line_start = true;
    tokenizer->pending = 0;
    tokenizer->indent = 0;
    tokenizer->columns[0] = 0;
    tokenizer->alt_columns[0] = 0;
    const char *nul = memchr(text, '\0', size);
    if (nul) {
        uint32_t line = 1;
        for (const char *p = text; p < nul; p++)
            line += *p == '\n';
        fail(tokenizer, "source code cannot contain null bytes", line);
    }
}

static bool open_bracket(struct tokenizer *tokenizer, char bracket)
{
    if (tokenizer->level >= TOKENIZER_MAX_LEVEL)
        return fail(tokenizer, "too many nested parentheses", tokenizer->line);
    tokenizer->bracket_lines[tokenizer->level] = tokenizer->line;
    tokenizer->brackets[tokenizer->level++] = bracket;
    return true;
}

static bool close_bracket(struct tokenizer *tokenizer, char bracket)
{
    if (tokenizer->level == 0)
        return fail(tokenizer, "unmatched closing parenthesis", tokenizer->line);
    char opening = tokenizer->brackets[--tokenizer->level];
    if (!((opening == '(' && bracket == ')') || (opening == '[' && bracket == ']') ||
          (opening == '{' && bracket == '}')))
        return fail(tokenizer, "closing parenthesis does not match opening parenthesis",
                    tokenizer->line);
    return true;
}

static bool fail_unclosed(struct tokenizer *tokenizer)
{
    unsigned last = tokenizer->level - 1;
    char opening = tokenizer->brackets[last];
    return fail(tokenizer,
                opening == '('   ? "'(' was never closed"
                : opening == '[' ? "'[' was never closed"
                                 : "'{' was never closed",
                tokenizer->bracket_lines[last]);
}

/* Passes over a backslash, which only a newline may follow, and the newline. */
static bool skip_continuation(struct tokenizer *tokenizer)
{
    if (tokenizer->position[1] != '\n')
        return fail(tokenizer, "unexpected character after line continuation character",
                    tokenizer->line);
    tokenizer->position += 2;
    tokenizer->line++;
    if (tokenizer->position == tokenizer->end)
        return fail(tokenizer, "unexpected EOF while parsing", tokenizer->line);
    return true;
}

static void skip_comment(struct tokenizer *tokenizer)
{
    const char *newline =
        memchr(tokenizer->position, '\n', (size_t)(tokenizer->end - tokenizer->position));
    tokenizer->position = newline ? newline : tokenizer->end;
}

/* Is `p` at three times the character it points at? */
static bool is_triple(const char *p)
{
    return p[1] == p[0] && p[2] == p[0];
}

/* Passes over a string that is not an f-string, from its opening quote on. */
static bool skip_string(struct tokenizer *tokenizer)
{
    const char *p = tokenizer->position;
    uint32_t first_line = tokenizer->line;
    char quote = *p;
    bool triple = is_triple(p);
    for (p += triple ? 3 : 1;; p++) {
        if (*p == quote && (!triple || is_triple(p))) {
            tokenizer->position = p + (triple ? 3 : 1);
            return true;
        }
        if (*p == '\\') {
            p++;
            if (*p == '\n') {
                tokenizer->line++;
                continue;
            }
        } else if (*p == '\n') {
            if (!triple)
                return fail(tokenizer, "unterminated string literal", first_line);
            tokenizer->line++;
        }
        if (*p == '\0') {
            return fail(tokenizer,
                        triple ? "unterminated triple-quoted string literal"
                               : "unterminated string literal",
                        first_line);
        }
    }
}

struct prefix {
    bool bytes;
    bool raw;
    bool format; /* f or t */
};

/* Is the name [start, start + size) a prefix of string literals? */
static bool read_prefix(const char *start, size_t size, struct prefix *prefix)
{
    *prefix = (struct prefix){ false, false, false };
    if (size > 2)
        return false;
    bool unicode = false;
    for (size_t i = 0; i < size; i++) {
        char c = (char)(start[i] | 0x20);
        if (unicode)
            return false;
        if (c == 'b' && !prefix->bytes && !prefix->format)
            prefix->bytes = true;
        else if (c == 'r' && !prefix->raw)
            prefix->raw = true;
        else if ((c == 'f' || c == 't') && !prefix->bytes && !prefix->format)
            prefix->format = true;
        else if (c == 'u' && i == 0)
            unicode = true;
        else
            return false;
    }
    return true;
}

static bool enter_fstring(struct tokenizer *tokenizer, unsigned *depth, bool raw)
{
    if (*depth >= TOKENIZER_MAX_FSTRING)
        return fail(tokenizer, "too many nested f-strings", tokenizer->line);
    const char *p = tokenizer->position;
    bool triple = is_triple(p);
    tokenizer->fstrings[(*depth)++] = (struct tokenizer_fstring){
        .quote = *p, .triple = triple, .raw = raw, .literal = true, .level = 0, .expressions = -1
    };
    tokenizer->position = p + (triple ? 3 : 1);
    return true;
}

/* One step through the literal text (or a format spec) of the innermost f-string. */
static bool skip_fstring_text(struct tokenizer *tokenizer, unsigned *depth)
{
    struct tokenizer_fstring *string = &tokenizer->fstrings[*depth - 1];
    const bool in_spec = string->expressions >= 0;
    const char *p = tokenizer->position;
    for (;; p++) {
        if (*p == string->quote && (!string->triple || is_triple(p))) {
            tokenizer->position = p + (string->triple ? 3 : 1);
            if (in_spec)
                return fail(tokenizer, "f-string: expecting '}'", tokenizer->line);
            (*depth)--;
            return true;
        }
        switch (*p) {
        case '\0':
            return fail(tokenizer, "unterminated f-string literal", tokenizer->line);
        case '\n':
            if (!string->triple) {
                if (!in_spec)
                    return fail(tokenizer, "unterminated f-string literal", tokenizer->line);
                /* CPython 3.12 on: the format spec ends, its braces are still open. */
                tokenizer->position = p;
                string->literal = false;
                return true;
            }
            tokenizer->line++;
            break;
        case '\\':
            if (p[1] == '{' || p[1] == '}')
                break;
            if (!string->raw && p[1] == 'N' && p[2] == '{') {
                /* A named character: its braces are no replacement field. */
                for (p += 3; *p != '}' && *p != string->quote && *p != '\n' && *p != '\0'; p++)
                    ;
                if (*p != '}')
                    p--;
                break;
            }
            if (p[1] == '\n')
                tokenizer->line++;
            if (p[1] != '\0')
                p++;
            break;
        case '{':
            if (p[1] == '{' && !in_spec) {
                p++;
                break;
            }
            tokenizer->position = p + 1;
            string->expressions++;
            string->level++;
            string->literal = false;
            return open_bracket(tokenizer, '{');
        case '}':
            if (!in_spec) {
                if (p[1] != '}')
                    return fail(tokenizer, "f-string: single '}' is not allowed", tokenizer->line);
                p++;
                break;
            }
            tokenizer->position = p;
            string->literal = false;
            return true;
        default:
            break;
        }
    }
}

/* One step through a replacement field of the innermost f-string. */
static bool skip_fstring_code(struct tokenizer *tokenizer, unsigned *depth)
{
    struct tokenizer_fstring *string = &tokenizer->fstrings[*depth - 1];
    const char *p = tokenizer->position;
    enum character class = character_of(*p);
    if (class == LETTER || class == DIGIT) {
        const char *start = p;
        while (in_name(*p))
            p++;
        tokenizer->position = p;
        if (character_of(*p) != QUOTE)
            return true;
        struct prefix prefix;
        if (read_prefix(start, (size_t)(p - start), &prefix) && prefix.format)
            return enter_fstring(tokenizer, depth, prefix.raw);
        return skip_string(tokenizer);
    }
    if (class == QUOTE)
        return skip_string(tokenizer);
    switch (*p) {
    case '\0':
        return fail(tokenizer, "f-string: expecting '}'", tokenizer->line);
    case '\n':
        tokenizer->line++;
        break;
    case '#':
        skip_comment(tokenizer);
        return true;
    case '\\':
        return skip_continuation(tokenizer);
    case ':':
        if (string->level == string->expressions + 1)
            string->literal = true;
        break;
    case '(':
    case '[':
    case '{':
        string->level++;
        if (!open_bracket(tokenizer, *p))
            return false;
        break;
    case ')':
    case ']':
    case '}':
        if (!close_bracket(tokenizer, *p))
            return false;
        string->level--;
        if (*p == '}' && string->level == string->expressions) {
            string->expressions--;
            string->literal = true;
        }
        break;
    default:
        break;
    }
    tokenizer->position = p + 1;
    return true;
}

/* Passes over an f-string, from its opening quote on, with all that is nested in it. */
static bool skip_fstring(struct tokenizer *tokenizer, bool raw)
{
    unsigned depth = 0;
    if (!enter_fstring(tokenizer, &depth, raw))
        return false;
    while (depth > 0) {
        bool literal = tokenizer->fstrings[depth - 1].literal;
        if (!(literal ? skip_fstring_text(tokenizer, &depth)
                      : skip_fstring_code(tokenizer, &depth)))
            return false;
    }
    return true;
}

/* Compares the column of a line's first token with those of the open blocks. */
static bool apply_indentation(struct tokenizer *tokenizer, uint32_t column, uint32_t alt_column)
{
    static const char tabs[] = "inconsistent use of tabs and spaces in indentation";
    uint32_t *columns = tokenizer->columns;
    uint32_t *alt_columns = tokenizer->alt_columns;
    if (column > columns[tokenizer->indent]) {
        if (tokenizer->indent + 1 >= TOKENIZER_MAX_INDENT)
            return fail(tokenizer, "too many levels of indentation", tokenizer->line);
        if (alt_column <= alt_columns[tokenizer->indent])
            return fail(tokenizer, tabs, tokenizer->line);
        tokenizer->indent++;
        columns[tokenizer->indent] = column;
        alt_columns[tokenizer->indent] = alt_column;
        tokenizer->pending = 1;
        return true;
    }
    while (tokenizer->indent > 0 && column < columns[tokenizer->indent]) {
        tokenizer->indent--;
        tokenizer->pending--;
    }
    if (column != columns[tokenizer->indent])
        return fail(tokenizer, "unindent does not match any outer indentation level",
                    tokenizer->line);
    if (alt_column != alt_columns[tokenizer->indent])
        return fail(tokenizer, tabs, tokenizer->line);
    return true;
}

/* Goes to the first token of the next line that has one, and sets what is pending before it. */
static bool start_line(struct tokenizer *tokenizer)
{
    for (;;) {
        uint32_t column = 0;
        uint32_t alt_column = 0;
        /* The column before a backslash counts, not that of the line it continues on. */
        uint32_t continued = 0;
        for (;; tokenizer->position++) {
            char c = *tokenizer->position;
            if (c == ' ') {
                column++;
                alt_column++;
            } else if (c == '\t') {
                column = (column / TAB_SIZE + 1) * TAB_SIZE;
                alt_column++;
            } else if (c == '\f') {
                column = alt_column = 0;
            } else if (c == '\\') {
                if (!continued)
                    continued = column;
                if (!skip_continuation(tokenizer))
                    return false;
                tokenizer->position--;
            } else {
                break;
            }
        }
        if (*tokenizer->position == '#')
            skip_comment(tokenizer);
        else if (*tokenizer->position != '\n')
            return continued ? apply_indentation(tokenizer, continued, continued)
                             : apply_indentation(tokenizer, column, alt_column);
        if (*tokenizer->position != '\n')
            return apply_indentation(tokenizer, 0, 0);
        tokenizer->position++;
        tokenizer->line++;
    }
}

static void finish(struct tokenizer *tokenizer, struct token *token, enum token_kind kind)
{
    token->kind = kind;
    token->end_line = tokenizer->line;
    token->size = (uint32_t)(tokenizer->position - token->start);
}

/* A name, a number or a string: what begins with a letter, a digit or a quote. */
static bool read_word(struct tokenizer *tokenizer, struct token *token)
{
    const char *p = tokenizer->position;
    if (character_of(*p) == DIGIT || *p == '.') {
        /* Also takes what may stand right behind a number, as in "1if x": no matter. */
        while (in_name(*p) || *p == '.')
            p++;
        tokenizer->position = p;
        finish(tokenizer, token, TOKEN_NUMBER);
        return true;
    }
    while (in_name(*p))
        p++;
    tokenizer->position = p;
    struct prefix prefix;
    if (character_of(*p) != QUOTE ||
        !read_prefix(token->start, (size_t)(p - token->start), &prefix)) {
        finish(tokenizer, token, TOKEN_NAME);
        return true;
    }
    token->plain = !prefix.bytes && !prefix.format;
    if (!(prefix.format ? skip_fstring(tokenizer, prefix.raw) : skip_string(tokenizer)))
        return false;
    finish(tokenizer, token, TOKEN_STRING);
    return true;
}

static bool read_symbol(struct tokenizer *tokenizer, struct token *token)
{
    const char *p = tokenizer->position;
    token->symbol = *p;
    switch (*p) {
    case '(':
    case '[':
    case '{':
        if (!open_bracket(tokenizer, *p))
            return false;
        break;
    case ')':
    case ']':
    case '}':
        if (!close_bracket(tokenizer, *p))
            return false;
        break;
    case ':':
        if (p[1] == '=') {
            token->symbol = '=';
            p++;
        }
        break;
    case '!':
        if (p[1] != '=')
            return fail(tokenizer, "invalid syntax", tokenizer->line);
        token->symbol = '=';
        p++;
        break;
    default:
        break;
    }
    tokenizer->position = p + 1;
    finish(tokenizer, token, TOKEN_OPERATOR);
    return true;
}

static bool read_token(struct tokenizer *tokenizer, struct token *token)
{
    if (tokenizer->error)
        return false;
    if (tokenizer->at_line_start) {
        tokenizer->at_line_start = false;
        if (!start_line(tokenizer))
            return false;
    }
    token->start = tokenizer->position;
    token->line = tokenizer->line;
    if (tokenizer->pending) {
        finish(tokenizer, token, tokenizer->pending > 0 ? TOKEN_INDENT : TOKEN_DEDENT);
        tokenizer->pending += tokenizer->pending > 0 ? -1 : 1;
        return true;
    }
    for (;;) {
        while (character_of(*tokenizer->position) == BLANK)
            tokenizer->position++;
        const char *p = tokenizer->position;
        token->start = p;
        token->line = tokenizer->line;
        switch (character_of(*p)) {
        case LETTER:
        case DIGIT:
        case QUOTE:
            return read_word(tokenizer, token);
        case INVALID:
            return fail(tokenizer, "invalid character", tokenizer->line);
        default:
            break;
        }
        switch (*p) {
        case '\n':
            tokenizer->position++;
            if (tokenizer->level == 0) {
                finish(tokenizer, token, TOKEN_NEWLINE);
                tokenizer->line++;
                tokenizer->at_line_start = true;
                return true;
            }
            tokenizer->line++;
            break;
        case '#':
            skip_comment(tokenizer);
            break;
        case '\\':
            if (!skip_continuation(tokenizer))
                return false;
            break;
        case '.':
            return character_of(p[1]) == DIGIT ? read_word(tokenizer, token)
                                               : read_symbol(tokenizer, token);
        case '\0':
            if (tokenizer->level)
                return fail_unclosed(tokenizer);
            finish(tokenizer, token, TOKEN_END);
            return true;
        default:
            return read_symbol(tokenizer, token);
        }
    }
}

bool tokenizer_skip(struct tokenizer *tokenizer)
{
    const unsigned char *p = (const unsigned char *)tokenizer->position;
    bool found = false;
    /* There is something to give out first. */
    if (tokenizer->error || tokenizer->at_line_start || tokenizer->pending)
        return false;
    for (;;) {
        while (skipped_characters[*p] == PASS)
            found |= characters[*p++] != BLANK;
        if (skipped_characters[*p] == STOP)
            break;
        const unsigned char *start = p;
        do
            p++;
        while (skipped_characters[*p] == WORD);
        if (characters[*p] == QUOTE) {
            /* It may be the prefix of a string. */
            p = start;
            break;
        }
        found = true;
    }
    tokenizer->position = (const char *)p;
    return found;
}

void tokenizer_next(struct tokenizer *tokenizer, struct token *token)
{
    token->symbol = '\0';
    token->plain = false;
    if (!read_token(tokenizer, token)) {
        token->kind = TOKEN_ERROR;
        token->line = token->end_line = tokenizer->error_line;
        token->start = tokenizer->position;
        token->size = 0;
    }
}
