/* Prints the real and the effective user, and whether the loader is in secure mode. */
#include <stdio.h>
#include <sys/auxv.h>
#include <unistd.h>

int main(void)
{
    printf("%d %d %lu\n", (int)getuid(), (int)geteuid(), getauxval(AT_SECURE));
    return 5;
}
