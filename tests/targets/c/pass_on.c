/* pass_on PROGRAM ARGUMENT...: starts a program with the environment that it was given itself, and
 * then says "passed on". Made static, or for another machine, it can't load the library. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    int status = 0;
    if (argc > 1) {
        pid_t pid = fork();
        if (pid == 0) {
            execv(argv[1], argv + 1);
            _exit(127);
        }
        waitpid(pid, &status, 0);
    }
    puts("passed on");
    return WEXITSTATUS(status);
}
