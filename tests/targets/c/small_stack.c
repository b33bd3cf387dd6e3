/*
 * Says for each way to start a program from a signal handler on how small an alternate stack it
 * works: a line a way, the size in bytes.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define GUARD (1 << 20)
#define MOST  (1 << 18)

static char *arguments[] = { "true", NULL };
static char *cleared[] = { "PATH=/usr/bin:/bin", NULL };
static char *many[2000];

static void exec_cleared(void)
{
    execve("/bin/true", arguments, cleared);
}

static void exec_many(void)
{
    execve("/bin/true", arguments, many);
}

static void exec_found(void)
{
    execvp("true", arguments);
}

static void spawn(void)
{
    pid_t child;
    int status = 1;
    if (posix_spawn(&child, "/bin/true", NULL, NULL, arguments, cleared) == 0)
        waitpid(child, &status, 0);
    _exit(status != 0);
}

static void vfork_exec(void)
{
    pid_t child = vfork();
    if (child == 0) {
        execve("/bin/true", arguments, cleared);
        _exit(127);
    }
    int status = 1;
    waitpid(child, &status, 0);
    _exit(status != 0);
}

static void leave(void)
{
    _exit(0);
}

static const struct {
    const char *name;
    void (*way)(void);
} ways[] = { { "exec", exec_cleared }, { "exec-many", exec_many }, { "exec-found", exec_found },
             { "spawn", spawn },       { "vfork", vfork_exec },    { "leave", leave } };

static void (*way)(void);

static void on_signal(int number)
{
    (void)number;
    way();
    _exit(99);
}

static int works_on(size_t size)
{
    pid_t child = fork();
    if (child == 0) {
        /* What is below the stack can't be touched. */
        char *memory = mmap(NULL, GUARD + MOST, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mprotect(memory + GUARD, MOST, PROT_READ | PROT_WRITE);
        stack_t stack = { .ss_sp = memory + GUARD, .ss_size = size };
        struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_ONSTACK };
        if (sigaltstack(&stack, NULL) != 0)
            _exit(97);
        sigaction(SIGUSR1, &action, NULL);
        raise(SIGUSR1);
        _exit(96);
    }
    int status;
    waitpid(child, &status, 0);
    return status == 0;
}

int main(void)
{
    static char text[2000][32];
    for (int i = 0; i < 1999; i++) {
        sprintf(text[i], "VARIABLE_%d=%d", i, i);
        many[i] = text[i];
    }
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        size_t fails = 1024, works = MOST;
        way = ways[i].way;
        while (works - fails > 64) {
            size_t size = (fails + works) / 2 / 16 * 16;
            if (works_on(size))
                works = size;
            else
                fails = size;
        }
        printf("%s %zu\n", ways[i].name, works);
    }
    return 0;
}
