# A threading.Timer.
# group: threads
import threading  # ran


def work():  # ran
    in_thread = "only the timer runs this"  # ran


timer = threading.Timer(0.05, work)  # ran
timer.start()  # ran
timer.join()  # ran
