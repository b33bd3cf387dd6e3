import _thread  # ran

done = _thread.allocate_lock()  # ran
done.acquire()  # ran


def work():  # ran
    in_thread = "only the thread runs this"  # ran
    done.release()  # ran


_thread.start_new_thread(work, ())  # ran
done.acquire()  # ran
print("joined", flush=True)  # ran
