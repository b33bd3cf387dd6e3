/*
 * starter METHOD PROGRAM ARGUMENT: starts a program by one of the calls of libc that do, without
 * any environment wherever that is possible. Status: that of the program.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static char *nothing[] = { NULL };

static int wait_for(pid_t pid)
{
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return 99;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static void execute(const char *method, char *argv[])
{
    char *path = argv[0];
    if (strcmp(method, "execve") == 0)
        execve(path, argv, nothing);
    else if (strcmp(method, "execve-null") == 0)
        execve(path, argv, NULL);
    else if (strcmp(method, "execv") == 0)
        execv(path, argv);
    else if (strcmp(method, "execvp") == 0)
        execvp(path, argv);
    else if (strcmp(method, "execvpe") == 0)
        execvpe(path, argv, nothing);
    else if (strcmp(method, "execl") == 0)
        execl(path, path, argv[1], (char *)NULL);
    else if (strcmp(method, "execlp") == 0)
        execlp(path, path, argv[1], (char *)NULL);
    else if (strcmp(method, "execle") == 0)
        execle(path, path, argv[1], (char *)NULL, nothing);
    else if (strcmp(method, "fexecve") == 0)
        fexecve(open(path, O_RDONLY), argv, nothing);
    else if (strcmp(method, "execveat") == 0)
        execveat(AT_FDCWD, path, argv, nothing, 0);
}

int main(int argc, char *argv[])
{
    if (argc != 4)
        return 97;
    const char *method = argv[1];
    char command[4096];
    snprintf(command, sizeof command, "'%s' '%s'", argv[2], argv[3]);
    clearenv();
    if (strcmp(method, "system") == 0)
        return WEXITSTATUS(system(command));
    if (strcmp(method, "popen") == 0) {
        FILE *stream = popen(command, "r");
        for (int c; stream && (c = getc(stream)) != EOF;)
            putchar(c);
        return stream ? WEXITSTATUS(pclose(stream)) : 96;
    }
    pid_t pid = -1;
    if (strcmp(method, "posix_spawn") == 0) {
        if (posix_spawn(&pid, argv[2], NULL, NULL, argv + 2, nothing) != 0)
            return 95;
        return wait_for(pid);
    }
    if (strcmp(method, "posix_spawnp") == 0) {
        if (posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, nothing) != 0)
            return 95;
        return wait_for(pid);
    }
    if (strcmp(method, "vfork") == 0) {
        pid = vfork();
        if (pid == 0) {
            execve(argv[2], argv + 2, nothing);
            _exit(94);
        }
        return wait_for(pid);
    }
    execute(method, argv + 2);
    return 93;
}
