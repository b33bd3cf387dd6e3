/*
 * sigaction and signal, and the handler behind them (see guard.h). The handler may run in any
 * thread, in the midst of anything; what it may do there depends on where it came: a thread that
 * was in a system call, or that itself did what raised the signal, is at a place from which Python
 * may be called (taking the GIL first where it has none); any other thread goes on, and Python's
 * main thread saves as soon as it comes to such a place. Should that never happen, a timer of the
 * kernel ends the process. In other programs, and with other engines, the wrappers only forward.
 */
#include "guard.h"
#include "process.h"
#include "python/python_engine.h"
#include "real.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>

/* Those whose default action ends the process, SIGKILL apart. */
static const int ending[] = { SIGHUP,   SIGINT,  SIGQUIT,   SIGILL,  SIGTRAP, SIGABRT, SIGBUS,
                              SIGFPE,   SIGUSR1, SIGSEGV,   SIGUSR2, SIGPIPE, SIGALRM, SIGTERM,
                              SIGXCPU,  SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO,   SIGSYS,  SIGPWR,
#ifdef SIGSTKFLT
                              SIGSTKFLT
#endif
};

static atomic_bool is_guarding;
/* The signal that ends the process; 0 while none does. */
static volatile sig_atomic_t first_signal;

static bool is_ending(int number)
{
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++)
        if (ending[i] == number)
            return true;
    return false;
}

/* What is at `address`, perhaps nothing: then false. By the kernel, for there may be no reading it
 * (a signal may come just after a jump into nowhere); in a sandbox that forbids this, directly. */
static bool read_memory(void *to, uintptr_t address, size_t size)
{
    struct iovec own = { to, size }, there = { (void *)address, size };
    ssize_t got = process_vm_readv(getpid(), &own, 1, &there, 1, 0);
    if (got < 0 && errno != EFAULT)
        memcpy(to, (const void *)address, size);
    return got == (ssize_t)size || (got < 0 && errno != EFAULT);
}

static bool is_at(uintptr_t address, const uint8_t *instruction, size_t size)
{
    uint8_t found[4];
    return read_memory(found, address, size) && memcmp(found, instruction, size) == 0;
}

/* Was the thread in the kernel when it was interrupted? The call is behind it, or will be made
 * again. */
static bool was_in_system_call(const ucontext_t *context)
{
#if defined(__x86_64__)
    static const uint8_t instruction[] = { 0x0f, 0x05 };
    uintptr_t at = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    static const uint8_t instruction[] = { 0x01, 0x00, 0x00, 0xd4 };
    uintptr_t at = (uintptr_t)context->uc_mcontext.pc;
#else
    static const uint8_t instruction[] = { 0 };
    uintptr_t at = 0;
    (void)context;
#endif
    return at && (is_at(at - sizeof instruction, instruction, sizeof instruction) ||
                  is_at(at, instruction, sizeof instruction));
}

/* Raised by what this thread did, be it by abort(). */
static bool is_fault(int number, const siginfo_t *info)
{
    switch (number) {
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGSYS:
        return info->si_code > 0;
    case SIGABRT:
        return info->si_code == SI_TKILL && info->si_pid == getpid();
    default:
        return false;
    }
}

/* The bare system call: libc's takes memory. */
static void set_timer(int number)
{
    struct sigevent event;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = number;
    int timer;
    struct itimerspec time = { .it_value.tv_sec = GUARD_SECONDS };
    if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer) == 0)
        syscall(SYS_timer_settime, timer, 0, &time, NULL);
}

static void set_default(int number)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    REAL(sigaction)(number, &action, NULL);
}

static void on_signal(int number, siginfo_t *info, void *context);

static void set_ours(int number)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    /* The program's alternate stack may be one of 8 KiB, and Python is called. Only where the usual
     * one may be used up there is no other. */
    if (number == SIGSEGV || number == SIGBUS)
        action.sa_flags |= SA_ONSTACK;
    REAL(sigaction)(number, &action, NULL);
}

void guard_die(int number)
{
    sigset_t set;
    set_default(number);
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
    /* The first process of a namespace lives on. */
    first_signal = 0;
    if (atomic_load(&is_guarding))
        set_ours(number);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    int saved = errno;
    bool fault = is_fault(number, info);
    if (first_signal) {
        /* Others may come while it saves (a pool terminates its workers twice); it is ended by its
         * own fault, or when its time is up. */
        if (fault || info->si_code == SI_TIMER)
            guard_die((int)first_signal);
        errno = saved;
        return;
    }
    if (!process_is_current() || !python_engine_is_running()) {
        guard_die(number);
        errno = saved;
        return;
    }
    first_signal = number;
    set_timer(number);
    if (python_engine_save_in_handler(number, !fault && was_in_system_call(context), fault)) {
        if (fault)
            set_default(number); /* what did it does it again */
        else
            guard_die(number);
    }
    errno = saved;
}

static bool is_ours(const struct sigaction *action)
{
    return (action->sa_flags & SA_SIGINFO) != 0 && action->sa_sigaction == on_signal;
}

void guard_start(void)
{
    atomic_store(&is_guarding, true);
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++) {
        struct sigaction now;
        if (REAL(sigaction)(ending[i], NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) &&
            now.sa_handler == SIG_DFL)
            set_ours(ending[i]);
    }
}

void guard_stop(void)
{
    atomic_store(&is_guarding, false);
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++) {
        struct sigaction now;
        if (REAL(sigaction)(ending[i], NULL, &now) == 0 && is_ours(&now))
            set_default(ending[i]);
    }
}

/* Is this call about a handler that may be ours? In a vfork child the handlers are the child's. */
static bool concerns_us(int number)
{
    return atomic_load(&is_guarding) && is_ending(number) && process_is_current();
}

int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact)
{
    if (!concerns_us(signum))
        return REAL(sigaction)(signum, act, oldact);
    struct sigaction before;
    if (REAL(sigaction)(signum, NULL, &before) != 0)
        return -1;
    bool is_default = act && !(act->sa_flags & SA_SIGINFO) && act->sa_handler == SIG_DFL;
    if (act && is_default)
        set_ours(signum);
    else if (act && REAL(sigaction)(signum, act, NULL) != 0)
        return -1;
    if (oldact && is_ours(&before)) {
        memset(oldact, 0, sizeof *oldact);
        oldact->sa_handler = SIG_DFL;
    } else if (oldact) {
        *oldact = before;
    }
    return 0;
}

__sighandler_t signal(int sig, __sighandler_t handler)
{
    if (!concerns_us(sig))
        return REAL(signal)(sig, handler);
    struct sigaction before;
    if (REAL(sigaction)(sig, NULL, &before) != 0)
        return SIG_ERR;
    if (handler == SIG_DFL)
        set_ours(sig);
    else if (REAL(signal)(sig, handler) == SIG_ERR)
        return SIG_ERR;
    return is_ours(&before) ? SIG_DFL : before.sa_handler;
}
