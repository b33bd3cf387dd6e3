/*
 * Within single quotes all stands for itself; within double quotes a backslash counts before a
 * double quote and a backslash alone, outside before anything.
 */
#include "collector/command/command_line.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Takes one word from `*at` on into `word`, which has room. NULL, or what is wrong. */
static const char *take_word(const char **at, char *word)
{
    const char *text = *at;
    char quote = '\0';
    for (; *text && (quote || !is_blank(*text)); text++) {
        if (!quote && (*text == '\'' || *text == '"')) {
            quote = *text;
        } else if (quote && *text == quote) {
            quote = '\0';
        } else if (*text == '\\' &&
                   (!quote || (quote == '"' && (text[1] == '"' || text[1] == '\\')))) {
            if (!text[1])
                return "nothing follows the last backslash";
            *word++ = *++text;
        } else {
            *word++ = *text;
        }
    }
    *word = '\0';
    *at = text;
    return quote ? "a quote has no end" : NULL;
}

int command_line_split(struct string_list *words, const char *text, struct error *error)
{
    char *word = malloc(strlen(text) + 1);
    int result = word ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
    for (const char *at = text; result == 0;) {
        while (is_blank(*at))
            at++;
        if (!*at)
            break;
        const char *problem = take_word(&at, word);
        if (problem)
            result = error_set(error, ERROR_CONFIG, "[run] command_line = %s: %s", text, problem);
        else if (string_list_add(words, word) != 0)
            result = error_set(error, ERROR_MEMORY, "out of memory");
    }
    free(word);
    return result;
}
