import os  # ran
import signal  # ran
import sys  # ran
import threading  # ran


def by_exit():
    sys.exit(3)


def by_error():
    raise ValueError("an error")


def by_exit_now():
    os._exit(4)


def by_thread():
    thread = threading.Thread(target=os._exit, args=(5,))
    thread.start()
    thread.join()


def by_exec():
    os.execv(sys.executable, [sys.executable, "-c", "print('another program')"])


def by_failed_exec():
    try:
        os.execv("/dev/null", ["null"])
    except OSError:
        print("goes on")
    by_exit_now()


def by_signal():
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    os.kill(os.getpid(), signal.SIGTERM)


def by_signal_after_handler():
    signal.signal(signal.SIGTERM, print)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    by_signal()


def by_signal_in_loop():
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    while True:
        pass


def by_signal_while_asleep():
    signal.alarm(1)
    signal.pause()


def by_signal_in_thread():
    thread = threading.Thread(target=by_signal)
    thread.start()
    thread.join()


def by_abort():
    os.abort()


def by_own_handler():
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(6))
    os.kill(os.getpid(), signal.SIGTERM)


def by_wild_jump():
    import ctypes

    ctypes.CFUNCTYPE(None)(0x7E0000001000)()


def by_wild_jump_with_gil():
    import ctypes

    ctypes.PYFUNCTYPE(None)(0x40)()


print("ends", flush=True)  # ran
globals()["by_" + sys.argv[1]]()  # ran
