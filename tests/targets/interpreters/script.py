"""Runs the same however it is started."""
import sys  # ran

LIMIT = 3  # ran


def classify(number):  # ran
    if number > LIMIT:  # ran
        return "large"  # ran
    if number < 0:  # ran
        return "negative"  # not run
    for unused in range(number):  # ran
        continue  # ran
    return "small"  # ran


class Counter(object):  # ran
    count = 0  # ran

    def add(self, kind):  # ran
        self.count += kind == "small"  # ran

    def clear(self):  # ran
        self.count = 0  # not run


counter = Counter()  # ran
for number in range(6):  # ran
    counter.add(classify(number))  # ran
try:  # ran
    counter.missing  # ran
except AttributeError:  # ran
    print("small ones:", counter.count)  # ran
if sys.argv[1:] == ["fail"]:  # ran
    sys.exit(3)  # not run
