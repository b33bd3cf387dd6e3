import threading  # ran


def work(value):  # ran
    if value:  # ran
        return value  # not run
    return 1  # ran


thread = threading.Thread(target=work, args=(0,))  # ran
thread.start()  # ran
thread.join()  # ran
print("covered")  # ran
