/*
 * One pass over the tokens does two things: what coverage.py's token walk does (the folding of
 * lines, exclusion of suites; see walk_token), and a parse of statements that is just deep enough
 * to know where suites begin and end.
 */
#include "collector/source/statements.h"

#include "collector/source/tokenizer.h"

#include <stdlib.h>
#include <string.h>

struct parser {
    struct tokenizer tokenizer;
    struct token token; /* the current one, already walked */
    struct statements *out;
    struct line_set *excluded;
    const char *path;
    struct error *error;
    size_t block_capacity;
    bool with_steps;
    size_t step_capacity;
    /* the token walk */
    uint32_t first_line; /* of the statement that is being read; 0: between statements */
    unsigned indent;
    unsigned excluding_indent;
    bool excluding;
    /* the parse */
    uint32_t last_line; /* where the last token ended that is part of a statement */
    bool last_is_colon; /* it was a colon outside of brackets */
    uint32_t decorator; /* line of a decorator that waits for its def or class */
    uint32_t header;    /* a block that waits for its indented suite, or BLOCK_NONE */
    uint32_t suites[TOKENIZER_MAX_INDENT + 1]; /* the blocks of the open suites */
    unsigned depth;                            /* the innermost one */
    struct token *tokens;                      /* the tokens of a decorator or a pattern */
    size_t token_count, token_capacity;
};

static const struct keyword {
    const char *name;
    enum block_kind kind;
} keywords[] = {
    { "if", BLOCK_IF },         { "def", BLOCK_FUNCTION },    { "for", BLOCK_FOR },
    { "else", BLOCK_ELSE },     { "elif", BLOCK_ELIF },       { "try", BLOCK_TRY },
    { "except", BLOCK_EXCEPT }, { "with", BLOCK_WITH },       { "class", BLOCK_CLASS },
    { "while", BLOCK_WHILE },   { "finally", BLOCK_FINALLY },
};

static int fail(struct parser *parser, const char *message, uint32_t line)
{
    return error_set(parser->error, ERROR_SOURCE,
                     "couldn't parse '%s' as Python source: %s at line %u", parser->path, message,
                     line);
}

static int fail_memory(struct parser *parser)
{
    return error_set(parser->error, ERROR_MEMORY, "out of memory analysing '%s'", parser->path);
}

static bool is_colon(const struct parser *parser)
{
    return parser->tokenizer.level == 0 && token_is_symbol(&parser->token, ':');
}

/*
 * What coverage.py's _raw_parse does at each token: a colon outside of brackets in a statement that
 * is excluded so far starts the exclusion of a suite, the first token of a statement ends it when
 * it is not indented deeper.
 */
static int walk_token(struct parser *parser)
{
    const struct token *token = &parser->token;
    switch (token->kind) {
    case TOKEN_INDENT:
        parser->indent++;
        return 0;
    case TOKEN_DEDENT:
        parser->indent--;
        return 0;
    case TOKEN_NEWLINE:
        if (parser->first_line && token->line != parser->first_line)
            for (uint32_t line = parser->first_line; line <= token->line; line++)
                parser->out->first_line[line] = parser->first_line;
        parser->first_line = 0;
        return 0;
    case TOKEN_END:
        return 0;
    case TOKEN_ERROR:
        return fail(parser, parser->tokenizer.error, parser->tokenizer.error_line);
    default:
        break;
    }
    if (is_colon(parser) && !parser->excluding &&
        line_set_has_any(parser->excluded, parser->first_line, token->end_line)) {
        if (line_set_add(parser->excluded, token->end_line) < 0)
            return fail_memory(parser);
        parser->excluding_indent = parser->indent;
        parser->excluding = true;
    }
    parser->out->empty = false;
    if (!parser->first_line) {
        parser->first_line = token->line;
        if (parser->excluding && parser->indent <= parser->excluding_indent)
            parser->excluding = false;
        if (parser->excluding && line_set_add(parser->excluded, token->end_line) < 0)
            return fail_memory(parser);
    }
    return 0;
}

/* Makes the next token the current one. */
static int advance(struct parser *parser)
{
    tokenizer_next(&parser->tokenizer, &parser->token);
    if (walk_token(parser) < 0)
        return -1;
    /* A semicolon ends a statement and is no part of it. */
    if (parser->token.kind >= TOKEN_NAME && !token_is_symbol(&parser->token, ';')) {
        parser->last_line = parser->token.end_line;
        parser->last_is_colon = is_colon(parser);
    }
    return 0;
}

static bool at_line_end(const struct parser *parser)
{
    return parser->token.kind == TOKEN_NEWLINE || parser->token.kind == TOKEN_END;
}

static bool at_statement_end(const struct parser *parser)
{
    return at_line_end(parser) ||
           (parser->tokenizer.level == 0 && token_is_symbol(&parser->token, ';'));
}

static int keep_token(struct parser *parser)
{
    if (parser->token_count == parser->token_capacity) {
        size_t capacity = parser->token_capacity ? parser->token_capacity * 2 : 64;
        struct token *tokens = realloc(parser->tokens, capacity * sizeof *tokens);
        if (!tokens)
            return fail_memory(parser);
        parser->tokens = tokens;
        parser->token_capacity = capacity;
    }
    parser->tokens[parser->token_count++] = parser->token;
    return 0;
}

static int add_step(struct parser *parser, uint32_t suite, struct step step)
{
    struct statements *out = parser->out;
    if (!parser->with_steps)
        return 0;
    if (out->step_count == parser->step_capacity) {
        size_t capacity = parser->step_capacity ? parser->step_capacity * 2 : 64;
        struct step *steps = realloc(out->steps, capacity * sizeof *steps);
        if (!steps)
            return fail_memory(parser);
        out->steps = steps;
        parser->step_capacity = capacity;
    }
    uint32_t index = (uint32_t)out->step_count++;
    struct block *block = &out->blocks[suite];
    if (block->last_step == STEP_NONE)
        block->first_step = index;
    else
        out->steps[block->last_step].next = index;
    block->last_step = index;
    step.next = STEP_NONE;
    out->steps[index] = step;
    return 0;
}

/* Adds the simple statement that begins with the current token. */
static int add_simple_step(struct parser *parser, uint32_t suite)
{
    static const struct {
        const char *name;
        enum step_kind kind;
    } words[] = { { "return", STEP_RETURN },
                  { "raise", STEP_RAISE },
                  { "break", STEP_BREAK },
                  { "continue", STEP_CONTINUE } };
    struct step step = { .kind = STEP_PLAIN, .line = parser->first_line };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (token_is_name(&parser->token, words[i].name))
            step.kind = words[i].kind;
    return add_step(parser, suite, step);
}

/* Takes away what was added to the suite since its last step was `last` and `count` all steps'
 * number. */
static void drop_steps(struct parser *parser, uint32_t suite, uint32_t last, size_t count)
{
    struct statements *out = parser->out;
    struct block *block = &out->blocks[suite];
    out->step_count = count;
    block->last_step = last;
    if (last == STEP_NONE)
        block->first_step = STEP_NONE;
    else
        out->steps[last].next = STEP_NONE;
}

static uint32_t add_block(struct parser *parser, enum block_kind kind, uint32_t parent,
                          uint32_t line)
{
    struct statements *out = parser->out;
    if (out->block_count == parser->block_capacity) {
        size_t capacity = parser->block_capacity ? parser->block_capacity * 2 : 32;
        struct block *blocks = realloc(out->blocks, capacity * sizeof *blocks);
        if (!blocks) {
            fail_memory(parser);
            return BLOCK_NONE;
        }
        out->blocks = blocks;
        parser->block_capacity = capacity;
    }
    uint32_t index = (uint32_t)out->block_count++;
    struct block *block = &out->blocks[index];
    *block = (struct block){ .kind = kind,
                             .parent = parent,
                             .previous = BLOCK_NONE,
                             .next = BLOCK_NONE,
                             .first_child = BLOCK_NONE,
                             .last_child = BLOCK_NONE,
                             .line = line,
                             .first_step = STEP_NONE,
                             .last_step = STEP_NONE };
    if (parent == BLOCK_NONE)
        return index;
    struct block *container = &out->blocks[parent];
    block->previous = container->last_child;
    if (block->previous == BLOCK_NONE)
        container->first_child = index;
    else
        out->blocks[block->previous].next = index;
    container->last_child = index;
    if (!container->body_first)
        container->body_first = line;
    struct step step = { .kind = STEP_CLAUSE, .line = line, .block = index };
    return add_step(parser, parent, step) < 0 ? BLOCK_NONE : index;
}

/* A range of the kept tokens. */
struct span {
    size_t from, to;
};

static int bracket_step(const struct token *token)
{
    if (token->kind != TOKEN_OPERATOR)
        return 0;
    switch (token->symbol) {
    case '(':
    case '[':
    case '{':
        return 1;
    case ')':
    case ']':
    case '}':
        return -1;
    default:
        return 0;
    }
}

/* Is the span one pair of parentheses that only groups: neither a tuple nor a generator? */
static bool is_group(const struct parser *parser, struct span span)
{
    if (span.to - span.from < 3 || !token_is_symbol(&parser->tokens[span.from], '('))
        return false;
    int level = 0;
    int lambdas = 0;
    for (size_t i = span.from; i < span.to; i++) {
        const struct token *token = &parser->tokens[i];
        level += bracket_step(token);
        if (level == 0)
            return i == span.to - 1;
        if (level != 1)
            continue;
        if (token_is_name(token, "lambda"))
            lambdas++;
        else if (token_is_symbol(token, ':') && lambdas)
            lambdas--;
        else if ((token_is_symbol(token, ',') && !lambdas) || token_is_name(token, "for"))
            return false;
    }
    return false;
}

static struct span strip_groups(const struct parser *parser, struct span span)
{
    while (is_group(parser, span)) {
        span.from++;
        span.to--;
    }
    return span;
}

/* The last token outside of brackets that is the name, or the symbol; span.to when there is none.
 */
static size_t find_last(const struct parser *parser, struct span span, const char *name,
                        char symbol)
{
    size_t found = span.to;
    int level = 0;
    for (size_t i = span.from; i < span.to; i++) {
        const struct token *token = &parser->tokens[i];
        level += bracket_step(token);
        if (level == 0 && (name ? token_is_name(token, name) : token_is_symbol(token, symbol)))
            found = i;
    }
    return found;
}

/* Reads the kept tokens as a pattern, by the steps of coverage.py's _case_is_irrefutable: the last
 * alternatives first, then what stands before "as". */
static void read_pattern(struct parser *parser, struct block *block)
{
    struct span span = { 0, parser->token_count };
    span = strip_groups(parser, span);
    if (span.from == span.to)
        return;
    block->pattern_first = parser->tokens[span.from].line;
    block->pattern_last = parser->tokens[span.to - 1].end_line;
    if (find_last(parser, span, NULL, ',') != span.to)
        return;
    size_t at;
    while (find_last(parser, span, "as", 0) == span.to &&
           (at = find_last(parser, span, NULL, '|')) != span.to) {
        span.from = at + 1;
        span = strip_groups(parser, span);
    }
    while ((at = find_last(parser, span, "as", 0)) != span.to) {
        span.to = at;
        span = strip_groups(parser, span);
    }
    const struct token *token = &parser->tokens[span.from];
    block->irrefutable = span.to - span.from == 1 && token->kind == TOKEN_NAME &&
                         !token_is_name(token, "None") && !token_is_name(token, "True") &&
                         !token_is_name(token, "False");
}

/* Reads on to the end of a statement that is the first of a suite that may have a docstring. */
static int read_docstring(struct parser *parser, uint32_t index)
{
    uint32_t line = parser->token.line;
    unsigned groups = 0;
    size_t strings = 0;
    bool plain = true;
    for (; token_is_symbol(&parser->token, '('); groups++)
        if (advance(parser) < 0)
            return -1;
    for (; parser->token.kind == TOKEN_STRING; strings++) {
        plain = plain && parser->token.plain;
        if (advance(parser) < 0)
            return -1;
    }
    for (; groups && token_is_symbol(&parser->token, ')'); groups--)
        if (advance(parser) < 0)
            return -1;
    if (strings && plain && !groups && at_statement_end(parser)) {
        parser->out->blocks[index].docstring_first = line;
        parser->out->blocks[index].docstring_last = parser->last_line;
    }
    return 0;
}

/* Reads on from the first token of a simple statement to its end. */
static int finish_simple(struct parser *parser)
{
    while (!at_statement_end(parser)) {
        /* All on the line of the current token. */
        if (tokenizer_skip(&parser->tokenizer))
            parser->last_is_colon = false;
        if (advance(parser) < 0)
            return -1;
    }
    return 0;
}

/* Reads simple statements up to the end of the line, into the suite of block `index`. */
static int read_simple(struct parser *parser, uint32_t index)
{
    while (!at_line_end(parser)) {
        struct block *block = &parser->out->blocks[index];
        if (parser->with_steps && add_simple_step(parser, index) < 0)
            return -1;
        if (!block->body_first) {
            block->body_first = parser->token.line;
            if ((block->kind == BLOCK_MODULE || block->kind == BLOCK_FUNCTION ||
                 block->kind == BLOCK_CLASS) &&
                read_docstring(parser, index) < 0)
                return -1;
        }
        if (finish_simple(parser) < 0)
            return -1;
        if (!at_line_end(parser) && advance(parser) < 0)
            return -1;
    }
    return 0;
}

static int read_decorator(struct parser *parser)
{
    struct step step = { .kind = STEP_DECORATOR, .line = parser->token.line };
    if (add_step(parser, parser->suites[parser->depth], step) < 0 || advance(parser) < 0)
        return -1;
    if (parser->decorator) {
        /* Only the first one's line matters. */
        while (!at_line_end(parser))
            if (advance(parser) < 0)
                return -1;
        return 0;
    }
    parser->token_count = 0;
    while (!at_line_end(parser))
        if (keep_token(parser) < 0 || advance(parser) < 0)
            return -1;
    struct span span = strip_groups(parser, (struct span){ 0, parser->token_count });
    if (span.from == span.to)
        return fail(parser, "invalid syntax", parser->token.line);
    parser->decorator = parser->tokens[span.from].line;
    return 0;
}

/* Is the header read up to its colon, the current token? Those of lambdas don't count. */
static int read_header(struct parser *parser)
{
    unsigned lambdas = 0;
    for (;;) {
        if (at_line_end(parser))
            return fail(parser, "expected ':'", parser->token.line);
        if (is_colon(parser)) {
            if (!lambdas)
                return 0;
            lambdas--;
        } else if (parser->tokenizer.level == 0 && token_is_name(&parser->token, "lambda")) {
            lambdas++;
        }
        if (advance(parser) < 0)
            return -1;
    }
}

/* Reads a `case` up to the colon behind its pattern or to its guard. */
static int read_case(struct parser *parser, uint32_t index)
{
    parser->token_count = 0;
    while (!at_line_end(parser) && !is_colon(parser)) {
        if (parser->tokenizer.level == 0 && token_is_name(&parser->token, "if")) {
            read_pattern(parser, &parser->out->blocks[index]);
            parser->out->blocks[index].irrefutable = false;
            return 0;
        }
        if (keep_token(parser) < 0 || advance(parser) < 0)
            return -1;
    }
    read_pattern(parser, &parser->out->blocks[index]);
    return 0;
}

/* Reads a clause from behind its keyword on; a suite on the same line too. */
static int read_compound(struct parser *parser, enum block_kind kind, uint32_t line)
{
    uint32_t index = add_block(parser, kind, parser->suites[parser->depth], line);
    if (index == BLOCK_NONE)
        return -1;
    struct block *block = &parser->out->blocks[index];
    if (kind == BLOCK_FUNCTION || kind == BLOCK_CLASS) {
        if (parser->token.kind != TOKEN_NAME)
            return fail(parser, "invalid syntax", parser->token.line);
        block->name = parser->token.start;
        block->name_size = parser->token.size;
        block->decorator = parser->decorator;
    } else if (kind == BLOCK_CASE && read_case(parser, index) < 0) {
        return -1;
    }
    parser->decorator = 0;
    const char *test = parser->token.start;
    if (read_header(parser) < 0)
        return -1;
    if (parser->with_steps && (kind == BLOCK_IF || kind == BLOCK_ELIF || kind == BLOCK_WHILE))
        parser->out->blocks[index].test = constant_read(test, (size_t)(parser->token.start - test));
    if (advance(parser) < 0)
        return -1;
    if (at_line_end(parser)) {
        parser->header = index;
        return 0;
    }
    if (read_simple(parser, index) < 0)
        return -1;
    parser->out->blocks[index].body_last = parser->last_line;
    return 0;
}

static const struct keyword *find_keyword(const struct token *token)
{
    if (token->kind != TOKEN_NAME || token->size < 2 || token->size > 7)
        return NULL;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (token_is_name(token, keywords[i].name))
            return &keywords[i];
    return NULL;
}

/* Reads one line of statements, up to its NEWLINE. */
static int read_line(struct parser *parser)
{
    uint32_t line = parser->token.line;
    uint32_t suite = parser->suites[parser->depth];
    if (token_is_symbol(&parser->token, '@'))
        return read_decorator(parser);
    if (token_is_name(&parser->token, "async")) {
        if (advance(parser) < 0)
            return -1;
        if (!find_keyword(&parser->token))
            return fail(parser, "invalid syntax", parser->token.line);
    }
    const struct keyword *keyword = find_keyword(&parser->token);
    if (keyword)
        return advance(parser) < 0 ? -1 : read_compound(parser, keyword->kind, line);
    parser->decorator = 0;
    if (parser->out->blocks[suite].kind == BLOCK_MATCH && token_is_name(&parser->token, "case")) {
        if (advance(parser) < 0)
            return -1;
        return read_compound(parser, BLOCK_CASE, line);
    }
    bool may_match = token_is_name(&parser->token, "match");
    uint32_t last_step = parser->out->blocks[suite].last_step;
    size_t step_count = parser->out->step_count;
    if (read_simple(parser, suite) < 0)
        return -1;
    /* No simple statement ends with a colon: then "match" was the keyword. */
    if (may_match && parser->last_is_colon) {
        drop_steps(parser, suite, last_step, step_count);
        parser->header = add_block(parser, BLOCK_MATCH, suite, line);
        if (parser->header == BLOCK_NONE)
            return -1;
    }
    return 0;
}

static int read_module(struct parser *parser)
{
    if (add_block(parser, BLOCK_MODULE, BLOCK_NONE, 1) == BLOCK_NONE)
        return -1;
    for (;;) {
        if (advance(parser) < 0)
            return -1;
        switch (parser->token.kind) {
        case TOKEN_END:
            if (parser->header != BLOCK_NONE)
                return fail(parser, "expected an indented block", parser->token.line);
            parser->out->blocks[0].body_last = parser->last_line;
            return 0;
        case TOKEN_INDENT:
            if (parser->header == BLOCK_NONE)
                return fail(parser, "unexpected indent", parser->token.line);
            parser->suites[++parser->depth] = parser->header;
            parser->header = BLOCK_NONE;
            break;
        case TOKEN_DEDENT:
            if (parser->header != BLOCK_NONE)
                return fail(parser, "expected an indented block", parser->token.line);
            parser->out->blocks[parser->suites[parser->depth--]].body_last = parser->last_line;
            break;
        default:
            if (parser->header != BLOCK_NONE)
                return fail(parser, "expected an indented block", parser->token.line);
            if (read_line(parser) < 0)
                return -1;
            break;
        }
    }
}

int statements_read(struct statements *statements, const char *path, const struct source_text *text,
                    bool with_steps, struct line_set *excluded, struct error *error)
{
    *statements = (struct statements){ .empty = true, .line_count = text->line_count };
    struct parser *parser = calloc(1, sizeof *parser);
    statements->first_line = malloc(((size_t)text->line_count + 1) * sizeof(uint32_t));
    if (!parser || !statements->first_line) {
        free(parser);
        statements_close(statements);
        return error_set(error, ERROR_MEMORY, "out of memory analysing '%s'", path);
    }
    for (uint32_t line = 0; line <= text->line_count; line++)
        statements->first_line[line] = line;
    parser->out = statements;
    parser->with_steps = with_steps;
    parser->excluded = excluded;
    parser->path = path;
    parser->error = error;
    parser->header = BLOCK_NONE;
    tokenizer_init(&parser->tokenizer, text->bytes, text->size);
    int result = read_module(parser);
    free(parser->tokens);
    free(parser);
    if (result < 0)
        statements_close(statements);
    return result;
}

void statements_close(struct statements *statements)
{
    free(statements->first_line);
    free(statements->blocks);
    free(statements->steps);
    *statements = (struct statements){ .empty = true };
}

uint32_t statements_first_line(const struct statements *statements, uint32_t line)
{
    return line <= statements->line_count ? statements->first_line[line] : line;
}

uint32_t statements_next_block(const struct statements *statements, uint32_t index)
{
    const struct block *blocks = statements->blocks;
    if (blocks[index].last_child != BLOCK_NONE)
        return blocks[index].last_child;
    while (index != BLOCK_NONE && blocks[index].previous == BLOCK_NONE)
        index = blocks[index].parent;
    return index == BLOCK_NONE ? BLOCK_NONE : blocks[index].previous;
}
