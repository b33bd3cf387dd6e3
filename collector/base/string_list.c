/* See string_list.h. */
#include "collector/base/string_list.h"

#include <stdlib.h>
#include <string.h>

int string_list_add(struct string_list *list, const char *text)
{
    /* Grown at powers of two, so that no capacity is kept. */
    if ((list->count & (list->count - 1)) == 0) {
        size_t capacity = list->count ? list->count * 2 : 1;
        char **items = realloc(list->items, capacity * sizeof *items);
        if (!items)
            return -1;
        list->items = items;
    }
    char *copy = strdup(text);
    if (!copy)
        return -1;
    list->items[list->count++] = copy;
    return 0;
}

void string_list_close(struct string_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct string_list){ 0 };
}
