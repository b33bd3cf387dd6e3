/* How much can be done at once. */
#ifndef COVFORK_CORES_H
#define COVFORK_CORES_H

#include <stddef.h>

/* The cores that this process may use, 1 at least; 2 where that is not told. */
size_t cores_count(void);

#endif
