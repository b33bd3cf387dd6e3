"""COVFORK_ENGINE=slipcover: a Slipcover of our own, fed with the code objects of measured files.

From Python 3.12 on these are taken as they come, each right before it runs, and nothing of the
import system is touched. Before, and where branches are measured, slipcover needs another code
object than the one that would run: the source loader of importlib is made to give that one, and a
file that is the main program is run from it by python_engine.c.

Continues engine_common.py in the same namespace.
"""

version = ""
HAS_MONITORING = sys.version_info >= (3, 12)


def start(settings):
    global version
    state["tool"] = "slipcover"
    try:
        with Borrowed(), InAFolder(settings["root"]):
            try:
                import slipcover
                import slipcover.branch
                import slipcover.slipcover
            except ImportError:
                return missing("slipcover")
            import ast
            import json
            import os
            import threading
            from importlib.machinery import SourceFileLoader

            version = slipcover.__version__
            state.update(
                ast=ast,
                json=json,
                os=os,
                new_lock=threading.RLock,
                branch=settings["branch"],
                preinstrument=slipcover.branch.preinstrument,
                add_summaries=slipcover.slipcover.add_summaries,
                wrap_pytest=slipcover.wrap_pytest,
                loader=SourceFileLoader,
                modules=sys.modules,
                seen={},
                names={},
                end=end,
            )
            state["lock"] = threading.RLock()
            state["slip"] = make_class(slipcover)(branch=settings["branch"])
            if HAS_MONITORING:
                take_tool_id()
            if rewrites():
                patch_loader(SourceFileLoader)
                patch_runpy()
        watch(forked)
    except BaseException as problem:
        return "slipcover could not be started: " + one_line(problem)
    return None


def rewrites():
    """Is other code to be run than would be?"""
    return state["branch"] or not HAS_MONITORING


def make_class(slipcover):
    if not HAS_MONITORING:
        return slipcover.Slipcover

    class Recorder(slipcover.Slipcover):
        def instrument(self, co, parent=None):
            co = getattr(co, "__code__", co)
            arm(co)
            with self.lock:
                self.code_lines[co.co_filename].update(self.lines_from_code(co))
                self.code_branches[co.co_filename].update(self.branches_from_code(co))
            return co

    return Recorder


def take_tool_id():
    """Moves slipcover's callback away from the number that it has taken: that is the program's own
    slipcover's, or coverage.py's."""
    monitoring = sys.monitoring
    line = monitoring.events.LINE
    state["callback"] = monitoring.register_callback(monitoring.COVERAGE_ID, line, None)
    monitoring.free_tool_id(monitoring.COVERAGE_ID)
    state["get_tool"] = monitoring.get_tool
    use_tool_id()
    hide_tool(lambda: state["tool_id"], move, "<covfork>")


def use_tool_id():
    free = free_tool_ids()
    state["tool_id"] = free[0] if free else None
    if not free:
        return False
    monitoring = sys.monitoring
    monitoring.use_tool_id(free[0], "covfork")
    monitoring.register_callback(free[0], monitoring.events.LINE, state["callback"])
    return True


def move():
    """The program wants our number."""
    old = state["tool_id"]
    if use_tool_id():
        for code in list(state["seen"].values()):
            arm(code)
    else:
        say_no_tool_id()
    sys.monitoring.free_tool_id(old)


def arm(code):
    """Asks for the lines of a code object and of all in it, but for annotations nobody calls."""
    if state["tool_id"] is None:
        return
    sys.monitoring.set_local_events(state["tool_id"], code, sys.monitoring.events.LINE)
    for constant in code.co_consts:
        if type(constant) is type(code) and constant.co_name != "__annotate__":
            arm(constant)


def end():
    """The callback could not work while Python is taken apart."""
    if HAS_MONITORING and state["tool_id"] is not None:
        monitoring = sys.monitoring
        monitoring.register_callback(state["tool_id"], monitoring.events.LINE, None)
        monitoring.free_tool_id(state["tool_id"])


def file_of(name):
    """The file that code of this name is of: compiled modules name theirs from where they were
    built."""
    path = state["os"].path
    if not path.isabs(name) and not path.exists(name):
        for folder in sys.path:
            if isinstance(folder, str) and path.exists(path.join(folder, name)):
                return path.join(folder, name)
    return name


def see(code):
    """Code of a measured file is about to run."""
    if not HAS_MONITORING or id(code) in state["seen"]:
        return
    nox = state["modules"].get("user_nox_module")
    is_nox = nox is not None and getattr(nox, "__file__", None) == code.co_filename
    name = file_of(code.co_filename)
    if covfork_measures(name, "user_nox_module" if is_nox else None):
        state["seen"][id(code)] = code
        take(code)


def take(code):
    """Records what `code` runs. The code object to run."""
    name = code.co_filename
    if name not in state["names"]:
        state["names"][name] = state["os"].path.realpath(file_of(name))
    return state["slip"].instrument(code)


def code_of_source(source, path):
    """The code object that slipcover can record, of a file's source."""
    tree = source
    if state["branch"]:
        tree = state["preinstrument"](state["ast"].parse(source))
    code = compile(tree, path, "exec", dont_inherit=True)
    return code if HAS_MONITORING else take(code)


def patch_loader(loader):
    """For imports, `python -m` and all that asks the loader of source files for a code object."""
    original = loader.get_code

    def get_code(self, fullname):
        code = give_code(self, fullname)
        return original(self, fullname) if code is None else code

    # As what it stands for: a traceback leaves the frames of that file out.
    get_code.__code__ = get_code.__code__.replace(co_filename=original.__code__.co_filename)
    get_code.__qualname__ = original.__qualname__
    get_code.__module__ = original.__module__
    loader.get_code = get_code


def patch_runpy():
    """For runpy.run_path, by which multiprocessing has its children import the main program."""
    import runpy

    original = getattr(runpy, "_get_code_from_file", None)
    if original is None:
        return

    def _get_code_from_file(*arguments):
        answer = original(*arguments)
        try:
            # (run_name, file) gives (code, file) before Python 3.12.
            if isinstance(answer, tuple):
                return (give_code_of_file(arguments[-1], answer[0]),) + answer[1:]
            return give_code_of_file(arguments[-1], answer)
        except Exception:
            return answer

    runpy._get_code_from_file = _get_code_from_file


def give_code_of_file(path, code):
    if not covfork_measures(path, None):
        return code
    with open(path, "rb") as stream:
        return code_of_source(stream.read(), code.co_filename)


def give_code(loader, fullname):
    """None: that which would run without us."""
    watch_pytest()
    try:
        path = loader.get_filename(fullname)
        if not covfork_measures(path, fullname):
            return None
        code = code_of_source(loader.get_data(path), path)
        module = state["modules"].get(fullname)
        if module is not None:
            state["slip"].register_module(module)
        return code
    except Exception:
        return None  # it will fail without us in its own way


class Matcher:
    @staticmethod
    def matches(path):
        return path is not None and covfork_measures(str(path), None)


def watch_pytest():
    """pytest compiles test files by itself."""
    module = state["modules"].get("_pytest.assertion.rewrite")
    spec = getattr(module, "__spec__", None)
    if spec is None or getattr(spec, "_initializing", False) or "has_pytest" in state:
        return
    state["has_pytest"] = True
    try:
        state["wrap_pytest"](state["slip"], Matcher)
    except Exception as problem:
        covfork_say("problem", "slipcover and pytest: " + one_line(problem))


def main_code(path):
    """The code object to be run in place of the main program's file; None where the file itself
    can be."""
    if not rewrites() or sys.flags.inspect or sys.flags.interactive:
        return None
    if state["os"].environ.get("PYTHONINSPECT") or path.endswith((".pyc", ".pyo")):
        return None
    try:
        if not state["os"].path.isfile(path) or not covfork_measures(path, None):
            return None
        with open(path, "rb") as stream:
            source = stream.read()
        if b"\0" in source:
            return None
        code = code_of_source(source, path)
        if HAS_MONITORING:
            take(code)
    except Exception:
        return None
    module = state["modules"]["__main__"]
    module.__file__ = path
    module.__cached__ = None
    module.__loader__ = state["loader"]("__main__", path)
    state["slip"].register_module(module)
    return code


def forked():
    """In the child of a fork: what its parent has recorded is the parent's to save."""
    state["lock"] = state["new_lock"]()
    slip = state["slip"]
    slip.lock = state["new_lock"]()
    slip._get_newly_seen()
    slip.all_seen.clear()


@guarded
def save():
    if state["pid"] != state["getpid"]():
        # A fork that CPython was not told of: what the parent had before it can't be told apart.
        state["lock"] = state["new_lock"]()
        state["slip"].lock = state["new_lock"]()
        state["pid"] = state["getpid"]()
    if not state["lock"].acquire(timeout=5):
        return
    try:
        files, lines = collect()
        if any(lines.values()):
            write(to_bytes(files), lines)
        else:
            covfork_say("nothing", None)
    finally:
        state["lock"].release()


def collect():
    """slipcover's entries of all files, and {path: executed lines}."""
    slip, files, executed = state["slip"], {}, {}
    with slip.lock:
        for name, new in slip._get_newly_seen().items():
            slip.all_seen[name].update(new)
        for name, has_code in list(slip.code_lines.items()):
            seen = slip.all_seen.get(name, set())
            branches = {item for item in seen if isinstance(item, tuple)}
            lines = (seen - branches) & has_code
            entry = {
                "executed_lines": sorted(lines),
                "missing_lines": sorted(has_code - lines),
            }
            if state["branch"]:
                entry["executed_branches"] = sorted(branches)
                entry["missing_branches"] = sorted(slip.code_branches[name] - branches)
            path = state["names"].get(name, name)
            files[path], executed[path] = entry, lines
    return files, executed


def to_bytes(files):
    import time

    meta = {
        "software": "slipcover",
        "version": version,
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S"),
        "branch_coverage": bool(state["branch"]),
        "show_contexts": False,
    }
    document = {"meta": meta, "files": files}
    state["add_summaries"](document)
    return state["json"].dumps(document).encode("utf-8", "surrogateescape")
