# A daemon thread that is alive when the program ends.
# group: threads
import threading  # ran
import time  # ran

ready = threading.Event()  # ran


def work():  # ran
    in_thread = "only the thread runs this"  # ran
    ready.set()  # ran
    time.sleep(50)  # ran
    print("never")  # not run


threading.Thread(target=work, daemon=True).start()  # ran
ready.wait()  # ran
time.sleep(0.1)  # ran
