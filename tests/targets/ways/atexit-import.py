# A function of atexit that imports a module.
# group: exit-code
import atexit  # ran


def last():  # ran
    import exit_module  # ran

    exit_module.work()  # ran


atexit.register(last)  # ran
