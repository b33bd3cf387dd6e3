# A program with a breakpoint().
# group: tools
import io  # ran
import pdb  # ran


def work():  # ran
    value = 1  # ran
    debugger.set_trace()  # ran
    value += 1  # ran
    value += 2  # ran
    return value  # ran


def after():  # ran
    return 5  # ran


out = io.StringIO()  # ran
debugger = pdb.Pdb(stdin=io.StringIO("next\nnext\nprint(value)\ncontinue\n"), stdout=out, nosigint=True)  # ran
print(work(), after())  # ran
print(out.getvalue().count("(Pdb)"))  # ran
