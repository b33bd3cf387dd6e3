/* A library of somebody else that is preloaded: it changes what getppid says. */
#include <unistd.h>

pid_t getppid(void);

pid_t getppid(void)
{
    return 4711;
}
