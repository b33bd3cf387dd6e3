# Code objects that are compared, kept and disassembled before, while and after they run.
# group: code
import contextlib  # ran
import dis  # ran
import io  # ran
import marshal  # ran


def work(argument):  # ran
    if argument == 1:  # ran
        return tell(work.__code__)  # ran
    if argument == 2:  # ran
        return "never"  # not run
    return "not yet"  # ran


def tell(code):  # ran
    same = code.replace()  # ran
    loaded = marshal.loads(marshal.dumps(code))  # ran
    return [code == same, loaded == code, code != same, hash(code) == hash(same), code in {same}]  # ran


def listing(function):  # ran
    text = io.StringIO()  # ran
    with contextlib.redirect_stdout(text):  # ran
        dis.dis(function)  # ran
    return text.getvalue()  # ran


before = listing(work), work.__code__.co_code  # ran
print(tell(work.__code__))  # ran
print(work(0))  # ran
print(work(1))  # ran
print(before == (listing(work), work.__code__.co_code))  # ran
print(tell(tell.__code__))  # ran
