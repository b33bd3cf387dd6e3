/* Lists of strings that grow at their end. Reads and writes memory only. */
#ifndef COVFORK_STRING_LIST_H
#define COVFORK_STRING_LIST_H

#include <stddef.h>

struct string_list {
    char **items; /* NUL-terminated, owned */
    size_t count;
};

/* 0 or -1 (memory). string_list_add copies `text`. */
int string_list_add(struct string_list *list, const char *text);
void string_list_close(struct string_list *list);

#endif
