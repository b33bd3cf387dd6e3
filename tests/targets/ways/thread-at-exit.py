# A thread that goes on after the main thread has come to its end.
# group: exit-code
import threading  # ran
import time  # ran


def work():  # ran
    threading.main_thread().join()  # ran
    time.sleep(0.1)  # ran
    after = "only when the main thread has ended"  # ran
    print("after")  # ran


threading.Thread(target=work).start()  # ran
