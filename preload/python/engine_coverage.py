"""COVFORK_ENGINE=coverage: coverage.py 5.0 or newer, as its own API and the project's configuration
have it. Its data is kept in memory until it is saved: no file that the program could close, no
folder that it could leave; then it is written by coverage.py and handed over as bytes.

Continues engine_common.py in the same namespace.
"""

version = ""


class Sink:
    """Takes what the tracer collects, in place of a CoverageData and with its methods."""

    def __init__(self):
        self.context = None
        self.parts = {}
        self.tracers = {}
        self.touched = {}

    def __bool__(self):
        return any(self.parts.values()) or bool(self.touched)

    def set_context(self, context):
        before, self.context = self.context, context
        return before

    def add(self, kind, data):
        files = self.parts.setdefault((self.context, kind), {})
        for path, numbers in data.items():
            if numbers:
                files.setdefault(path, set()).update(numbers)

    def add_lines(self, line_data):
        self.add("lines", line_data)

    def add_arcs(self, arc_data):
        self.add("arcs", arc_data)

    def add_file_tracers(self, file_tracers):
        self.tracers.update(file_tracers)

    def touch_file(self, filename, plugin_name=""):
        self.touch_files([filename], plugin_name)

    def touch_files(self, filenames, plugin_name=None):
        self.touched.setdefault(plugin_name, set()).update(filenames)

    def measured_files(self):
        return {path for files in self.parts.values() for path in files}

    def lines(self):
        files = {}
        for (context, kind), data in list(self.parts.items()):
            for path, numbers in data.items():
                if kind == "arcs":
                    numbers = {number for arc in numbers for number in arc if number > 0}
                files.setdefault(path, set()).update(numbers)
        return files

    def has_more_than_lines(self):
        return any(context or kind == "arcs" for context, kind in self.parts)

    def close(self, force=False):
        pass

    def data_filename(self):
        return "-covfork-"

    base_filename = data_filename

    def copy_to(self, data):
        for (context, kind), files in list(self.parts.items()):
            data.set_context(context)
            (data.add_arcs if kind == "arcs" else data.add_lines)(files)
        measured = self.measured_files()
        data.add_file_tracers({p: t for p, t in self.tracers.items() if p in measured})
        for plugin, paths in self.touched.items():
            data.touch_files(sorted(paths), plugin)


def make_class(coverage):
    class Measurement(coverage.Coverage):
        """Warns of nothing, ends when we say so."""

        def _warn(self, *unused, **unused_too):
            pass

        def _init_data(self, suffix):
            if self._data is None:
                self._data = Sink()

        def _should_trace(self, filename, frame):
            found = super()._should_trace(filename, frame)
            if found.trace and not found.file_tracer:
                names = frame.f_globals if frame is not None else {}
                if not covfork_measures(found.canonical_filename, module_name(names, filename)):
                    return super()._should_trace("<not measured>", None)
            return found

        def _post_save_work(self):
            # Files that nobody executed are found by the collector, but for those of plugins.
            if self._plugins.file_tracers:
                super()._post_save_work()

        def _atexit(self, *unused):
            pass

    return Measurement


def module_name(names, filename):
    name = names.get("__name__")
    return name if isinstance(name, str) and name != "__main__" else None


def configure(measurement, settings):
    """What covfork decides: the rest is the project's."""

    def set_option(name, value):
        try:
            measurement.set_option("run:" + name, value)
        except Exception:
            pass  # this version has no such option

    root = settings["root"]
    source = settings["source_dirs"] + settings["source_pkgs"]
    if not source and not settings["include"]:
        source = [root]
    set_option("source", source or None)
    set_option("source_pkgs", [])
    set_option("source_dirs", [])
    set_option("include", absolute_patterns(settings["include"], root))
    set_option("omit", absolute_patterns(settings["omit"], root))
    set_option("branch", settings["branch"])
    if settings["context"] is not None:
        set_option("context", settings["context"])
    concurrency = measurement.get_option("run:concurrency") or []
    if isinstance(concurrency, str):
        concurrency = [concurrency]
    # Its children are covfork's to follow.
    set_option("concurrency", [item for item in concurrency if item != "multiprocessing"])
    set_option("parallel", False)
    set_option("patch", [])
    set_option("sigterm", False)
    set_option("relative_files", False)
    set_option("debug", [])


def stop_automatic(coverage):
    """COVERAGE_PROCESS_START has started one: as where a program starts one itself, ours is it."""
    function = getattr(coverage, "process_startup", None)
    automatic = getattr(function, "coverage", None)
    if automatic is not None:
        automatic._auto_save = False
        automatic.stop()


def make_measurement(coverage, settings, problems):
    make = make_class(coverage)
    try:
        measurement = make(config_file=settings["config"] or False)
    except Exception as problem:
        if not settings["config"]:
            raise
        problems.append("coverage configuration: " + one_line(problem))
        measurement = make(config_file=False)
    configure(measurement, settings)
    return measurement


def choose_core(measurement):
    """sys.monitoring where it can do all that is asked: threads that C code starts are seen, and a
    debugger or a trace function of the program's is not in the way. True if it is chosen."""
    if sys.version_info < (3, 12):
        return False
    try:
        wanted = ("core", "timid", "plugins", "dynamic_context", "concurrency")
        values = {name: measurement.get_option("run:" + name) for name in wanted}
        branch = measurement.get_option("run:branch") and sys.version_info < (3, 14)
        light = {"greenlet", "gevent", "eventlet"} & set(values.pop("concurrency") or ())
        if branch or light or any(values.values()):
            return False
        measurement.set_option("run:core", "sysmon")
        return True
    except Exception:
        return False  # a version before 7.9


def hold_tool_ids():
    """Has coverage.py take none of those that have a name and that a program may ask for."""
    held = []
    for tool in (0, 1, 2, 3):
        try:  # the rest are 4 and 5
            sys.monitoring.use_tool_id(tool, "covfork")
            held.append(tool)
        except ValueError:
            pass
    return held


def start(settings):
    global version
    state["tool"] = "coverage.py"
    try:
        with InAFolder(settings["root"]), Borrowed():
            try:
                import coverage
            except ImportError:
                return missing("coverage.py")
            if getattr(coverage, "version_info", (0,))[0] < 5:
                return "coverage.py is too old for %s: 5.0 is needed" % sys.executable
            version = coverage.__version__
            problems = []
            measurement = make_measurement(coverage, settings, problems)
            stop_automatic(coverage)
            for name in ("greenlet", "gevent", "eventlet.greenthread"):
                if name.partition(".")[0] in measurement.get_option("run:concurrency"):
                    __import__(name)
            measurement.get_exclude_list()  # has the plugins loaded
        for problem in problems:
            covfork_say("problem", problem)
        watch(forked)
        state.update(coverage=coverage, end=end)
        with InAFolder(settings["root"]):
            state["measurement"] = begin(measurement, coverage, settings)
    except BaseException as problem:
        return "coverage.py could not be started: " + one_line(problem)
    return None


def begin(measurement, coverage, settings):
    """Starts it. The measurement, or another one that took its place."""
    import threading
    import warnings

    state["new_lock"] = threading.Lock
    state["lock"] = threading.Lock()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        by_monitoring = choose_core(measurement)
        held = hold_tool_ids() if by_monitoring else []
        try:
            measurement.start()
        except Exception:
            if not by_monitoring:
                raise
            measurement = make_measurement(coverage, settings, [])
            measurement.start()
        finally:
            for tool in held:
                sys.monitoring.free_tool_id(tool)
    collector = measurement._collector
    collector._activity = lambda: True  # lines of code that had begun before the last save count
    if tracer_id(collector) is not None:
        hide_tool(lambda: tracer_id(collector), lambda: move(collector), "coverage.sysmon")
    see_others(measurement)
    # Coverage.current() tells a program of its own measurements.
    instances = getattr(type(measurement), "_instances", [])
    if measurement in instances:
        instances.remove(measurement)
    return measurement


def tracer_id(collector):
    """The sys.monitoring tool that it is now; None where it is none."""
    for tracer in collector.tracers:
        if getattr(tracer, "sysmon_on", False):
            return tracer.myid
    return None


def move(collector):
    monitoring = sys.monitoring
    tracer, free = collector.tracers[0], free_tool_ids()
    tracer.stop()
    if not free:
        say_no_tool_id()
        return
    tracer.myid = free[0]
    tracer.start()
    for code in list(tracer.code_objects):
        info = tracer.code_infos.get(id(code))
        if info is not None and info.tracing:
            events = monitoring.events.LINE
            if tracer.trace_arcs:
                more = monitoring.events
                events |= more.PY_RETURN | more.BRANCH_RIGHT | more.BRANCH_LEFT
            monitoring.set_local_events(tracer.myid, code, events)


class Both:
    """The data of a measurement of the program's own, of which ours gets a copy."""

    def __init__(self, data, sink, branch):
        self.data, self.sink, self.branch = data, sink, branch

    def __getattr__(self, name):
        return getattr(self.data, name)

    @staticmethod
    def measured(files):
        return {path: numbers for path, numbers in files.items() if covfork_measures(path, None)}

    def add_lines(self, line_data):
        if not self.branch:
            self.sink.add_lines(self.measured(line_data))
        return self.data.add_lines(line_data)

    def add_arcs(self, arc_data):
        mine = self.measured(arc_data)
        if self.branch:
            self.sink.add_arcs(mine)
        else:
            self.sink.add_lines(
                {p: {n for arc in arcs for n in arc if n > 0} for p, arcs in mine.items()}
            )
        return self.data.add_arcs(arc_data)


def see_others(measurement):
    """While the program measures itself with coverage.py ours rests, as coverage.py has it: what
    the other collects meanwhile is ours too."""
    ours = measurement._collector
    flush_data = type(ours).flush_data

    def flush_data_twice(self):
        data = self.covdata
        if self is ours or isinstance(data, Sink):
            return flush_data(self)
        self.covdata = Both(data, measurement._data, ours.branch)
        try:
            return flush_data(self)
        finally:
            self.covdata = data

    type(ours).flush_data = flush_data_twice


def flush():
    """All that was collected is in the sink then."""
    measurement = state["measurement"]
    for attempt in range(4):
        try:
            return measurement.get_data()
        except RuntimeError:
            # A thread was adding to what was being copied.
            if attempt == 3:
                raise


def forked():
    """In the child of a fork: what its parent has recorded is the parent's to save."""
    measurement = state["measurement"]
    collector = measurement._collector
    # Another thread may have held them.
    state["lock"] = state["new_lock"]()
    if getattr(collector, "data_lock", None) is not None:
        collector.data_lock = state["new_lock"]()
    for numbers in list(collector.data.values()):
        numbers.clear()
    sink = measurement._data
    sink.parts.clear()
    sink.touched.clear()


@guarded
def save():
    if state["pid"] != state["getpid"]():
        # A fork that CPython was not told of: what the parent had before it can't be told apart.
        state["lock"] = state["new_lock"]()
        state["pid"] = state["getpid"]()
    lock = state["lock"]
    if not lock.acquire(timeout=5):
        return
    try:
        sink = flush()
        if not sink:
            covfork_say("nothing", None)
            return
        if write(to_bytes(sink), sink.lines()) and sink.has_more_than_lines():
            covfork_say("lost", "branches and contexts of a process that could write no file")
    finally:
        lock.release()


def to_bytes(sink):
    """A data file of coverage.py's."""
    try:
        return in_memory(sink)
    except Exception:
        # Before Python 3.11, or another coverage.py than those known.
        return by_file(sink)


def in_memory(sink):
    data = state["coverage"].CoverageData(no_disk=True)
    try:
        sink.copy_to(data)
        with data._connect() as database:
            return database.con.serialize()
    finally:
        close(data)


def close(data):
    # Not in all versions.
    if hasattr(data, "close"):
        data.close(True)


def by_file(sink):
    import os

    path = "%s/.part.%d.%s" % (covfork_folder(), os.getpid(), os.urandom(8).hex())
    try:
        data = state["coverage"].CoverageData(path)
        sink.copy_to(data)
        data.write()
        close(data)
        with open(path, "rb") as stream:
            return stream.read()
    finally:
        if os.path.exists(path):
            os.unlink(path)


def end():
    """Stops the tracer, where it isn't another's turn: it could not work while Python is taken
    apart."""
    measurement = state["measurement"]
    collector = measurement._collector
    if collector._collectors and collector._collectors[-1] is collector:
        measurement.stop()
