# A thread that ends by sys.exit, and the program goes on.
# group: ends
import sys  # ran
import threading  # ran


def work():  # ran
    in_thread = "only the thread runs this"  # ran
    sys.exit(3)  # ran


thread = threading.Thread(target=work)  # ran
thread.start()  # ran
thread.join()  # ran
print("goes on")  # ran
sys.exit(4)  # ran
