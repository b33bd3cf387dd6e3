# A program that is ended by os._exit in a thread.
# group: ends
import os  # ran
import threading  # ran
import time  # ran


def work():  # ran
    time.sleep(0.1)  # ran
    in_thread = "only the thread runs this"  # ran
    os._exit(3)  # ran


threading.Thread(target=work).start()  # ran
time.sleep(50)  # ran
print("never")  # not run
