# Two hundred threads that run at once, then one more.
# group: threads
import threading  # ran

barrier = threading.Barrier(201)  # ran
total = []  # ran


def work(number):  # ran
    total.append(number)  # ran
    barrier.wait()  # ran


def last():  # ran
    total.append(1)  # ran


threads = [threading.Thread(target=work, args=(number,)) for number in range(200)]  # ran
for thread in threads:  # ran
    thread.start()  # ran
barrier.wait()  # ran
for thread in threads:  # ran
    thread.join()  # ran
thread = threading.Thread(target=last)  # ran
thread.start()  # ran
thread.join()  # ran
print(sum(total))  # ran
