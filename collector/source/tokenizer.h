/*
 * Splits Python source text into tokens as CPython's tokenizer does, as far as lines, indentation
 * and statements need it: one grammar for 3.8 to 3.15, with an f-string (or t-string) as a single
 * token. Comments and empty lines give no token. Reads memory, allocates nothing, prints nothing.
 */
#ifndef COVFORK_TOKENIZER_H
#define COVFORK_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* CPython's limits: a source beyond them does not compile. */
#define TOKENIZER_MAX_INDENT  100
#define TOKENIZER_MAX_LEVEL   200
#define TOKENIZER_MAX_FSTRING 150

enum token_kind {
    TOKEN_END,
    TOKEN_ERROR, /* and nothing else from then on; see struct tokenizer's error */
    TOKEN_NEWLINE,
    TOKEN_INDENT,
    TOKEN_DEDENT,
    TOKEN_NAME, /* keywords too */
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_OPERATOR,
};

struct token {
    enum token_kind kind;
    uint32_t line;     /* where it begins and ends; from 1 */
    uint32_t end_line; /* differs from `line` in multi-line strings only */
    uint32_t size;     /* bytes */
    const char *start; /* in the tokenizer's text */
    char symbol;       /* OPERATOR: its character, longer operators come one by one, but for
                            ":=" and "!=", which come as '=' */
    bool plain;        /* STRING: of type str, and neither an f-string nor a t-string */
};

/* What surrounds a position inside an f-string. */
struct tokenizer_fstring {
    char quote;
    bool triple;
    bool raw;
    bool literal;        /* in its text or in a format spec, not in an expression */
    uint8_t level;       /* brackets that are open inside it */
    int16_t expressions; /* replacement fields that are open, less 1 */
};

struct tokenizer {
    const char *error; /* set with TOKEN_ERROR: what is wrong, a constant */
    uint32_t error_line;
    uint32_t line;
    unsigned level; /* brackets that are open after the last token */
    /* private from here */
    const char *position;
    const char *end;
    bool at_line_start;
    int pending; /* indents (or, negative, dedents) to give out */
    unsigned indent;
    uint32_t columns[TOKENIZER_MAX_INDENT];     /* a tab goes to the next multiple of 8 */
    uint32_t alt_columns[TOKENIZER_MAX_INDENT]; /* a tab is one column */
    char brackets[TOKENIZER_MAX_LEVEL];
    uint32_t bracket_lines[TOKENIZER_MAX_LEVEL];
    struct tokenizer_fstring fstrings[TOKENIZER_MAX_FSTRING];
};

/* `text` is UTF-8 with "\n" line ends, NUL-terminated, and outlives the tokenizer. */
void tokenizer_init(struct tokenizer *tokenizer, const char *text, size_t size);
void tokenizer_next(struct tokenizer *tokenizer, struct token *token);
/* Passes over names, numbers and operators on the current line, up to what may be of interest: a
 * bracket, a string, a colon, a semicolon, a comment, the line's end or an error. Was there any?
 * For who looks at none of them; not before the first token of a line. */
bool tokenizer_skip(struct tokenizer *tokenizer);

static inline bool token_is_name(const struct token *token, const char *name)
{
    return token->kind == TOKEN_NAME && strlen(name) == token->size &&
           memcmp(token->start, name, token->size) == 0;
}

static inline bool token_is_symbol(const struct token *token, char symbol)
{
    return token->kind == TOKEN_OPERATOR && token->symbol == symbol;
}

#endif
