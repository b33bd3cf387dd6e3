/* Arrays that grow at their end. */
#ifndef COVFORK_ROOM_H
#define COVFORK_ROOM_H

#include <stddef.h>

/* Makes room for one more of the `count` items of `item_size` bytes that `*items` (NULL at first,
 * owned by the caller) has; `*room` is how many it can have. 0; -1 when memory ran out, or they are
 * more than numbers of 32 bits can tell: nothing has changed then. */
int room_for_one(void **items, size_t *room, size_t count, size_t item_size);

#endif
