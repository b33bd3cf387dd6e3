import os  # ran


class Thing:  # ran
    def __init__(self, name, write=os.write):  # ran
        self.name, self.write = name, write  # ran

    def __del__(self):  # ran
        self.write(1, b"a thing goes\n")  # ran


class Other(Thing):  # ran
    def __del__(self):  # ran
        self.write(1, b"another thing goes\n")  # ran
