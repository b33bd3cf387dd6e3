/* See shell_words.h. Words are untrusted UTF-8. */
#include "collector/base/shell_words.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAIN_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%^"
#define ELLIPSIS         "…"

char *shell_words_join(const struct string_list *words)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i];
        bool is_plain = (*word && word[strspn(word, PLAIN_CHARACTERS)] == '\0') ||
                        (i > 0 && strcmp(word, ELLIPSIS) == 0);
        fputs(i ? " " : "", stream);
        if (is_plain) {
            fputs(word, stream);
            continue;
        }
        putc('\'', stream);
        for (; *word; word++)
            if (*word == '\'')
                fputs("'\\''", stream);
            else
                putc(*word, stream);
        putc('\'', stream);
    }
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

char *shell_words_join_short(const struct string_list *words, size_t columns)
{
    char *text = shell_words_join(words), *cut = NULL;
    size_t used = 0;
    for (char *at = text; at && *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = ' ';
        used += ((unsigned char)*at & 0xc0) != 0x80;
        if (used == columns && !cut)
            cut = at;
    }
    if (!cut || used <= columns)
        return text;
    size_t length = (size_t)(cut - text);
    char *shorter = realloc(text, length + sizeof ELLIPSIS);
    if (!shorter) {
        free(text);
        return NULL;
    }
    memcpy(shorter + length, ELLIPSIS, sizeof ELLIPSIS);
    return shorter;
}
