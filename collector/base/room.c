/* See room.h. */
#include "collector/base/room.h"

#include <stdint.h>
#include <stdlib.h>

#define FIRST_ROOM 32

int room_for_one(void **items, size_t *room, size_t count, size_t item_size)
{
    if (count < *room)
        return 0;
    if (count >= UINT32_MAX / 2)
        return -1;
    size_t wanted = *room ? *room * 2 : FIRST_ROOM;
    void *larger = reallocarray(*items, wanted, item_size);
    if (!larger)
        return -1;
    *items = larger;
    *room = wanted;
    return 0;
}
