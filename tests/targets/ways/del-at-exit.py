# A __del__ method that runs when the interpreter shuts down.
# group: exit-code


class Thing:  # ran
    def __del__(self):  # ran
        print("deleted", flush=True)  # ran


thing = Thing()  # ran
thing.itself = thing  # ran
