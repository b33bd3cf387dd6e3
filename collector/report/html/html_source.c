/*
 * One pass of the tokenizer, a logical line at a time: whether `match` is a keyword is known only
 * at the line's end. What lies between tokens is blank, or a comment.
 */
#include "collector/report/html/html_source.h"

#include "collector/source/tokenizer.h"

#include <stdlib.h>
#include <string.h>

static const char *const keywords[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield",
};

/* Classes of spans; style.css knows them. */
static const char class_keyword[] = "k", class_string[] = "s", class_number[] = "n",
                  class_comment[] = "c", class_defined[] = "d", class_decorator[] = "a";

struct writer {
    struct html_source *html;
    size_t room;
    const char *at, *end; /* what is not written yet */
    struct token *tokens; /* of a logical line */
    size_t token_count, token_room;
    bool failed;
};

static void end_line(struct writer *writer)
{
    struct html_source *html = writer->html;
    if (html->line_count + 1u >= writer->room) {
        size_t room = writer->room * 2;
        size_t *larger = realloc(html->ends, room * sizeof *larger);
        if (!larger) {
            writer->failed = true;
            return;
        }
        html->ends = larger;
        writer->room = room;
    }
    html->ends[++html->line_count] = html->text.size;
}

/* Writes what comes next up to `until`, in spans of a class, one a line; NULL: in none. */
static void put_until(struct writer *writer, const char *until, const char *class)
{
    struct html_text *text = &writer->html->text;
    while (writer->at < until && !writer->failed) {
        const char *newline = memchr(writer->at, '\n', (size_t)(until - writer->at));
        const char *stop = newline ? newline : until;
        size_t size = (size_t)(stop - writer->at);
        if (class && size) {
            html_put(text, "<b class=");
            html_put(text, class);
            html_put(text, ">");
        }
        html_put_source(text, writer->at, size);
        if (class && size)
            html_put(text, "</b>");
        writer->at = stop;
        if (newline) {
            writer->at++;
            end_line(writer);
        }
    }
}

/* Blanks, continued lines and comments. */
static void put_gap(struct writer *writer, const char *until)
{
    const char *hash;
    while (writer->at < until && !writer->failed &&
           (hash = memchr(writer->at, '#', (size_t)(until - writer->at))) != NULL) {
        const char *newline = memchr(hash, '\n', (size_t)(until - hash));
        put_until(writer, hash, NULL);
        put_until(writer, newline ? newline : until, class_comment);
    }
    put_until(writer, until, NULL);
}

static bool is_keyword(const struct token *token)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (keywords[i][0] == token->start[0] && token_is_name(token, keywords[i]))
            return true;
    return false;
}

/* `match x:`, `case x:` and `type X = …` begin as a statement that only uses such a name can't. */
static bool is_soft_keyword(const struct writer *writer, size_t index)
{
    const struct token *tokens = writer->tokens;
    size_t count = writer->token_count;
    if (index != 0 || count < 3)
        return false;
    if (token_is_name(&tokens[0], "type"))
        return tokens[1].kind == TOKEN_NAME && !is_keyword(&tokens[1]);
    if (!token_is_name(&tokens[0], "match") && !token_is_name(&tokens[0], "case"))
        return false;
    return !token_is_symbol(&tokens[1], '=') && !token_is_symbol(&tokens[1], '.') &&
           !token_is_symbol(&tokens[1], ':') && token_is_symbol(&tokens[count - 1], ':');
}

static size_t quote_size(const char *at, const char *end)
{
    return end - at >= 3 && at[1] == at[0] && at[2] == at[0] ? 3 : 1;
}

/* The end of a string inside an f-string's expression, whose quote is at `at`. */
static const char *skip_string(const char *at, const char *end)
{
    size_t size = quote_size(at, end);
    const char *quote = at;
    for (at += size; at < end; at++) {
        if (*at == '\\' && at + 1 < end)
            at++;
        else if ((size_t)(end - at) >= size && memcmp(at, quote, size) == 0)
            return at + size;
    }
    return end;
}

/* The end of an expression in braces: its format, or its closing brace. */
static const char *skip_expression(const char *at, const char *end)
{
    unsigned depth = 0;
    while (at < end) {
        if (*at == '\'' || *at == '"') {
            at = skip_string(at, end);
            continue;
        }
        if (strchr("([{", *at))
            depth++;
        else if (depth && strchr(")]}", *at))
            depth--;
        else if (depth == 0 &&
                 (*at == '}' || *at == ':' || (*at == '!' && at + 1 < end && at[1] != '=')))
            break;
        at++;
    }
    return at;
}

/* The text as a string, the expressions in it as such. */
static void put_fstring(struct writer *writer, const struct token *token)
{
    const char *end = token->start + token->size;
    bool in_format = false;
    for (const char *at = token->start; at < end;) {
        if (*at == '{' && at + 1 < end && at[1] == '{' && !in_format) {
            at += 2;
        } else if (*at == '{') {
            put_until(writer, at + 1, class_string);
            at = skip_expression(at + 1, end);
            put_until(writer, at, NULL);
            in_format = at < end && *at != '}';
        } else {
            if (*at == '}')
                in_format = false;
            at++;
        }
    }
    put_until(writer, end, class_string);
}

static bool has_expressions(const struct token *token)
{
    for (uint32_t i = 0; i < token->size && token->start[i] != '\'' && token->start[i] != '"'; i++)
        if (strchr("fFtT", token->start[i]))
            return true;
    return false;
}

static void put_token(struct writer *writer, size_t index)
{
    const struct token *token = &writer->tokens[index];
    const struct token *before = index ? token - 1 : NULL;
    const char *end = token->start + token->size, *class = NULL;
    put_gap(writer, token->start);
    if (token->kind == TOKEN_STRING && has_expressions(token)) {
        put_fstring(writer, token);
        return;
    }
    if (token->kind == TOKEN_STRING)
        class = class_string;
    else if (token->kind == TOKEN_NUMBER)
        class = class_number;
    else if (token->kind == TOKEN_NAME && (is_keyword(token) || is_soft_keyword(writer, index)))
        class = class_keyword;
    else if (token->kind == TOKEN_NAME && before &&
             (token_is_name(before, "def") || token_is_name(before, "class")))
        class = class_defined;
    else if (token_is_symbol(&writer->tokens[0], '@') && token->kind != TOKEN_OPERATOR &&
             index == 1)
        class = class_decorator;
    else if (token_is_symbol(token, '@') && index == 0)
        class = class_decorator;
    put_until(writer, end, class);
}

static void put_tokens(struct writer *writer)
{
    for (size_t i = 0; i < writer->token_count; i++)
        put_token(writer, i);
    writer->token_count = 0;
}

static void keep_token(struct writer *writer, const struct token *token)
{
    if (writer->token_count == writer->token_room) {
        size_t room = writer->token_room ? writer->token_room * 2 : 64;
        struct token *larger = realloc(writer->tokens, room * sizeof *larger);
        if (!larger) {
            writer->failed = true;
            return;
        }
        writer->tokens = larger;
        writer->token_room = room;
    }
    writer->tokens[writer->token_count++] = *token;
}

int html_source_make(struct html_source *html, const struct source_text *source, bool is_python)
{
    *html = (struct html_source){ 0 };
    struct tokenizer *tokenizer = malloc(sizeof *tokenizer);
    struct writer writer = {
        .html = html,
        .room = (size_t)source->line_count + 2,
        .at = source->bytes,
        .end = source->bytes + source->size,
    };
    html->ends = calloc(writer.room, sizeof *html->ends);
    writer.failed = !tokenizer || !html->ends;
    if (!writer.failed) {
        struct token token = { 0 };
        tokenizer_init(tokenizer, source->bytes, source->size);
        do {
            if (!is_python)
                break;
            tokenizer_next(tokenizer, &token);
            if (token.kind >= TOKEN_NAME)
                keep_token(&writer, &token);
            else if (token.kind == TOKEN_NEWLINE)
                put_tokens(&writer);
        } while (token.kind != TOKEN_END && token.kind != TOKEN_ERROR && !writer.failed);
        put_tokens(&writer);
        if (is_python)
            put_gap(&writer, writer.end);
        put_until(&writer, writer.end, NULL);
        if (html->text.size > html->ends[html->line_count])
            end_line(&writer);
    }
    free(writer.tokens);
    free(tokenizer);
    if (!writer.failed && !html->text.failed)
        return 0;
    html_source_close(html);
    return -1;
}

void html_source_close(struct html_source *html)
{
    html_text_close(&html->text);
    free(html->ends);
    *html = (struct html_source){ 0 };
}

void html_source_put_line(const struct html_source *html, uint32_t line, struct html_text *to)
{
    if (line == 0 || line > html->line_count)
        return;
    html_put_bytes(to, html->text.bytes + html->ends[line - 1],
                   html->ends[line] - html->ends[line - 1]);
}
