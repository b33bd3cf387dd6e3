# A fork from a thread, while another thread runs.
# group: fork
import os  # ran
import threading  # ran

ready, done = threading.Event(), threading.Event()  # ran


def other():  # ran
    ready.set()  # ran
    done.wait()  # ran


def forking():  # ran
    pid = os.fork()  # ran
    if pid == 0:  # ran
        in_child = "only the child runs this"  # ran
        os._exit(3)  # ran
    print(os.waitpid(pid, 0)[1])  # ran


threads = [threading.Thread(target=other), threading.Thread(target=forking)]  # ran
threads[0].start()  # ran
ready.wait()  # ran
threads[1].start()  # ran
threads[1].join()  # ran
done.set()  # ran
threads[0].join()  # ran
