/*
 * Becomes the program that is named, in a state that few callers leave: duplicate, nameless and
 * binary variables, signals that are ignored or blocked, odd descriptors, limits and a timer.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char bytes[300] = "BYTES=", path[4096], group[64], large[40000] = "LARGE=";
    for (int i = 1; i < 256; i++)
        bytes[5 + i] = (char)i;
    memset(large + 6, 'x', sizeof large - 7);
    snprintf(path, sizeof path, "PATH=%s", getenv("PATH"));
    snprintf(group, sizeof group, "GROUP=%ld %ld", (long)getpgrp(), (long)getsid(0));
    char *environment[] = { "TWICE=one",
                            "PWD=/nowhere",
                            path,
                            "TWICE=two",
                            "_=mine",
                            "SHLVL=",
                            "no equals sign",
                            "",
                            "=nameless",
                            "a.b=dot",
                            "1st=digit",
                            bytes,
                            large,
                            "OLDPWD=/old",
                            "BASH_FUNC_cd%%=() { echo changed; }",
                            "CDPATH=/tmp",
                            "POSIXLY_CORRECT=1",
                            "SHELLOPTS=xtrace",
                            "BASH_ENV=noise",
                            "ENV=noise",
                            "BASHOPTS=extdebug",
                            "COVERAGE_X=x",
                            "COVERAGE_X=y",
                            group,
                            NULL };
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGTSTP, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGRTMIN + 3);
    sigprocmask(SIG_SETMASK, &set, NULL);
    umask(0123);
    struct rlimit limit = { 50, 60 };
    setrlimit(RLIMIT_NOFILE, &limit);
    nice(3);
    dup2(1, 7);
    close(0);
    (void)argc;
    execvpe(argv[1], argv + 1, environment);
    return 99;
}
