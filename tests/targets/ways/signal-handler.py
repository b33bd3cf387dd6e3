# A signal handler in Python, in the midst of a computation.
# group: code
import signal  # ran

seen = []  # ran


def handler(number, frame):  # ran
    seen.append(number)  # ran


signal.signal(signal.SIGALRM, handler)  # ran
signal.setitimer(signal.ITIMER_REAL, 0.05)  # ran
while not seen:  # ran
    pass  # ran
print(seen)  # ran
