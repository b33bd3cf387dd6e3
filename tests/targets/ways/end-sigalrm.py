# A program that is ended by an alarm while it computes.
# group: ends
import signal  # ran


def turn():  # ran
    return 1  # ran


signal.setitimer(signal.ITIMER_REAL, 0.2)  # ran
while turn():  # ran
    turn()  # ran
print("never")  # not run
