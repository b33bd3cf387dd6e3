/* Counts the signals that it gets until a second has gone by without one. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int main(void)
{
    static const int numbers[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,  SIGUSR1,
                                   SIGUSR2, SIGALRM, SIGCONT, SIGWINCH, SIGPIPE };
    int counts[65] = { 0 };
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigaddset(&set, numbers[i]);
    sigaddset(&set, SIGRTMIN + 1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    printf("ready\n");
    fflush(stdout);
    siginfo_t signal;
    const struct timespec quiet = { 1, 0 };
    int value = 0;
    for (int number; (number = sigtimedwait(&set, &signal, &quiet)) > 0;) {
        counts[number]++;
        if (number == SIGRTMIN + 1)
            value = value * 10 + signal.si_value.sival_int;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        printf("%s %d\n", sigabbrev_np(numbers[i]), counts[numbers[i]]);
    printf("value %d\n", value);
    return 5;
}
