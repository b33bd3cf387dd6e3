# A thread by threading.
# group: threads
import threading  # ran


def work():  # ran
    in_thread = "only the thread runs this"  # ran


thread = threading.Thread(target=work)  # ran
thread.start()  # ran
thread.join()  # ran
