/* See cores.h. */
#include "collector/base/cores.h"

#include <sched.h>

size_t cores_count(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 2;
}
