"""What the scripts of both engines share: how a tool is imported into a program without a trace.

Run by python_engine.c in a namespace that is no module, right before the main program. Imports
nothing from the program's own folders, prints nothing, and leaves sys.path as it was.
"""

import sys

# Our functions save() and forked() find it here; the program can't.
state = {}


def one_line(problem):
    """An exception in the words of a ledger line."""
    text = " ".join(str(problem).split())[:300]
    return "%s: %s" % (type(problem).__name__, text) if text else type(problem).__name__


class Borrowed:
    """Lets the tool be imported from its own place: the standard library before all, then what is
    installed beside the interpreter, be it that -S or -I leave it out, then the program's folders.

    Afterwards sys.path is as before. A module of the standard library that the program has one of
    its own in place of is forgotten again: the tool keeps it, the program gets its own.
    """

    def __init__(self):
        import os

        self.os = os
        self.before = set(sys.modules)
        self.path = list(sys.path)
        library = os.path.dirname(os.__file__)
        first = next((i for i, item in enumerate(self.path) if self.is_library(item, library)), 0)
        self.programs = self.path[:first]
        self.tail = self.path[first:]
        self.sites = [site for site in self.find_sites(library) if site not in self.path]

    @staticmethod
    def is_library(item, library):
        name = "python%d%d" % sys.version_info[:2]
        return isinstance(item, str) and (item == library or item.endswith(name + ".zip"))

    def find_sites(self, library):
        """site-packages folders that this interpreter would use without -S."""
        join, dirname = self.os.path.join, self.os.path.dirname
        version = self.os.path.basename(library)
        prefixes = [sys.prefix, sys.exec_prefix]
        system = True
        if sys.executable:
            folder = dirname(self.os.path.abspath(sys.executable))
            for place in (folder, dirname(folder)):
                text = self.read_text(join(place, "pyvenv.cfg"))
                if text is not None:
                    prefixes.insert(0, place)
                    words = text.lower().replace(" ", "")
                    system = "include-system-site-packages=true" in words
                    if not system:
                        prefixes = [place]
                    break
        sites = [join(prefix, "lib", version, "site-packages") for prefix in prefixes]
        if system:
            sites.append(join(library, "site-packages"))
            sites.append(join("/usr/local/lib", version, "dist-packages"))
            sites.append(join(dirname(library), "python3", "dist-packages"))
            if not sys.flags.no_user_site and not sys.flags.isolated:
                home = self.os.path.expanduser("~")
                sites.append(join(home, ".local", "lib", version, "site-packages"))
        return [site for site in sites if self.os.path.isdir(site)]

    @staticmethod
    def read_text(path):
        try:
            with open(path, encoding="utf-8", errors="replace") as stream:
                return stream.read()
        except OSError:
            return None

    def __enter__(self):
        import warnings

        self.warnings = warnings.catch_warnings()
        self.warnings.__enter__()
        warnings.simplefilter("ignore")
        programs = [item for item in self.programs if item not in self.tail]
        sys.path[:] = self.tail + self.sites + programs
        return self

    def __exit__(self, *unused):
        sys.path[:] = self.path
        self.warnings.__exit__(*unused)
        self.forget_shadows()

    def forget_shadows(self):
        """A program may have a module named as one that the tool has brought in."""
        new = set(sys.modules) - self.before
        tops = {name.partition(".")[0] for name in new} - set(sys.builtin_module_names)
        for folder in self.programs:
            if not isinstance(folder, str):
                continue
            try:
                names = self.os.listdir(folder or ".")
            except OSError:
                continue
            for top in {name.partition(".")[0] for name in names} & tops:
                if not self.is_below(sys.modules.get(top), folder):
                    for name in new:
                        if name == top or name.startswith(top + "."):
                            sys.modules.pop(name, None)

    def is_below(self, module, folder):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str):
            return False
        folder = self.os.path.join(self.os.path.abspath(folder), "")
        return self.os.path.abspath(path).startswith(folder)


class InAFolder:
    """A tool asks for the working folder, which may have been removed."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        import os

        self.descriptor = None
        try:
            os.getcwd()
        except OSError:
            self.descriptor = os.open(".", os.O_RDONLY)
            os.chdir(self.folder)

    def __exit__(self, *unused):
        import os

        if self.descriptor is not None:
            os.fchdir(self.descriptor)
            os.close(self.descriptor)


def missing(tool):
    return "%s is not installed for %s" % (tool, sys.executable or "this interpreter")


def absolute_patterns(patterns, root):
    """Patterns that are relative are so to the session's folder, not to the process's."""
    import os

    return [p if p.startswith(("*", "?", "/")) else os.path.join(root, p) for p in patterns]


def write(content, files):
    """Saves `content`; where no file can be written, at least the lines: {path: numbers}. True if
    that was needed."""
    problem = covfork_write(content)
    if problem is None:
        return False
    done = [covfork_mark(path, bitmap(numbers)) for path, numbers in files.items() if numbers]
    if all(done):
        covfork_say("data", "lines only, in the native engine's place: " + problem)
    else:
        covfork_say("lost", "what %s recorded could not be written: %s" % (state["tool"], problem))
    return True


def bitmap(numbers):
    bits = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        if number > 0:
            bits[number // 8] |= 1 << number % 8
    return bytes(bits)


TOOL_IDS = (4, 3, 5, 2, 1, 0)


def free_tool_ids():
    return [tool for tool in TOOL_IDS if state["get_tool"](tool) is None]


def hide_tool(tool_of, move, owner):
    """The program finds no sys.monitoring tool of ours: `tool_of()` says which number we have, or
    None, and `move()` leaves it when the program wants it. `owner` is the module that may free it.
    """
    monitoring = sys.monitoring
    use, free, get = monitoring.use_tool_id, monitoring.free_tool_id, monitoring.get_tool
    state["get_tool"] = get
    frame_of = sys._getframe

    def is_ours(arguments, frame):
        return arguments[:1] == (tool_of(),) and frame.f_globals.get("__name__") != owner

    def use_tool_id(*arguments):
        if is_ours(arguments, frame_of(1)):
            move()
        return use(*arguments)

    def free_tool_id(*arguments):
        return None if is_ours(arguments, frame_of(1)) else free(*arguments)

    def get_tool(*arguments):
        return None if is_ours(arguments, frame_of(1)) else get(*arguments)

    for function in (use_tool_id, free_tool_id, get_tool):
        function.__qualname__, function.__module__ = function.__name__, "sys.monitoring"
        setattr(monitoring, function.__name__, function)


def guarded(function):
    """`function`, of which no exception comes out: the ledger is told."""

    def call(*arguments):
        try:
            return function(*arguments)
        except BaseException as problem:
            covfork_say("lost", "%s: %s" % (state.get("tool", "the engine"), one_line(problem)))
            return None

    return call


def say_no_tool_id():
    covfork_say("lost", "the program has taken all tool ids of sys.monitoring")


def watch(forked):
    """Has save() called at the end and `forked` in the child of a fork."""
    import atexit
    import os
    import threading

    def at_exit():
        # The program may run its exit functions itself and go on.
        if threading.main_thread().is_alive() and not is_child():
            covfork_save()
            atexit.register(at_exit)
        else:
            covfork_save()
            finish()

    def is_child():
        # There the main thread is one that has ended, where another one has forked.
        return state["pid"] != os.getpid()

    def finish():
        state["end"]()
        covfork_ended()

    def after_fork():
        covfork_forked()
        forked()
        state["pid"] = os.getpid()

    state["pid"] = os.getpid()
    state["getpid"] = os.getpid
    atexit.register(at_exit)
    os.register_at_fork(after_in_child=guarded(after_fork))
