"""Threads of _thread, which threading.settrace does not see."""
import _thread  # ran

done = _thread.allocate_lock()  # ran
done.acquire()  # ran


def work(number):  # ran
    total = 0  # ran
    while number:  # ran
        total += number  # ran
        number -= 1  # ran
    finish(total)  # ran


def finish(total):  # ran
    print("total", total)  # ran
    done.release()  # ran


_thread.start_new_thread(work, (4,))  # ran
done.acquire()  # ran
