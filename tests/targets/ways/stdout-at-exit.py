# A stream of the program's own that is flushed at exit.
# group: exit-code
import sys  # ran


class Stream:  # ran
    encoding = "utf-8"  # ran

    def __init__(self, inner):  # ran
        self.inner = inner  # ran
        self.done = False  # ran

    def write(self, text):  # ran
        return self.inner.write(text)  # ran

    def flush(self):  # ran
        if not self.done:  # ran
            self.done = True  # ran
        self.inner.flush()  # ran


sys.stdout = Stream(sys.stdout)  # ran
print("hello")  # ran
