/* Prints all that a program has from its caller, but for what covfork itself must set. */
#define _GNU_SOURCE
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv, char **environment)
{
    struct stat descriptors[64];
    int is_open[64];
    for (int i = 0; i < 64; i++)
        is_open[i] = fstat(i, &descriptors[i]) == 0;
    for (int i = 0; i < argc; i++)
        printf("argument %s\n", argv[i]);
    long group = 0, session = 0;
    for (char **entry = environment; *entry; entry++) {
        if (strncmp(*entry, "GROUP=", 6) == 0)
            sscanf(*entry, "GROUP=%ld %ld", &group, &session);
        else if (strncmp(*entry, "COVFORK_", 8) != 0 && strncmp(*entry, "LD_PRELOAD=", 11) != 0)
            printf("variable <%s>\n", *entry);
    }
    printf("group %d session %d\n", group == getpgrp(), session == getsid(0));
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    for (int number = 1; number <= SIGRTMAX; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
            printf("signal %d ignored\n", number);
        if (sigismember(&mask, number) == 1)
            printf("signal %d blocked\n", number);
    }
    for (int i = 0; i < 64; i++)
        if (is_open[i])
            printf("descriptor %d of type %o\n", i, (unsigned)descriptors[i].st_mode & S_IFMT);
    for (int i = 0; i < RLIMIT_NLIMITS; i++) {
        struct rlimit limit;
        getrlimit(i, &limit);
        printf("limit %d %lu %lu\n", i, (unsigned long)limit.rlim_cur,
               (unsigned long)limit.rlim_max);
    }
    char folder[4096];
    printf("umask %o priority %d in %s\n", umask(0), getpriority(PRIO_PROCESS, 0),
           getcwd(folder, sizeof folder));
    return 7;
}
