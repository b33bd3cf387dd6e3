# Runs the plugins that [run] plugins names by coverage.py's interface (coverage_init, add_configurer,
# get_option, set_option; file_reporter, find_executable_files). It is no program of its own: it
# stands before read_config.py, which calls run_plugins once it has read the configuration.
#
#   python -B -c TEXT DIR ...    (the rest as read_config.py has it)
#
# The interpreter is one with its packages, for the plugin's are there. Where it has no such plugin,
# the exit status is 1, and one line on stderr says why: another may have it. When the plugins are
# loaded, the line "covfork helper 1" says that this interpreter will do. What comes before it is a
# sitecustomize.py's.
#
# With --environment-stdin, what follows an empty variable on standard input is a question in JSON:
#   {"find": [FOLDER, ...], "branches": BOOL, "relative": BOOL,
#    "files": [{"path": ..., "tracer": NAME, "lines": [[FIRST, LAST], ...], "arcs": [[FROM, TO], ...]}, ...]}
# The answer has "files": those, in the same order, and then what find_executable_files finds below
# the folders besides. Each has "path", "tracer" and either "problem", "python": true, or what the
# plugin's FileReporter says of it.
#
# Must stay ASCII and small, as read_config.py.
import io
import json
import os
import sys


class Talk:
    """The standard streams, of which a plugin that prints or reads sees nothing."""

    def __init__(self):
        self.has_greeted = False
        self.output = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        self.question = None
        if "--environment-stdin" in sys.argv:
            environment, _, question = sys.stdin.buffer.read().partition(b"\0\0")
            sys.stdin = io.TextIOWrapper(io.BytesIO(environment))
            self.question = json.loads(question.decode("utf-8")) if question else None

    def greet(self):
        if not self.has_greeted:
            self.output.write(b"covfork helper 1\n")
            self.output.flush()
        self.has_greeted = True

    def open_answer(self):
        self.greet()
        sys.stdout = io.TextIOWrapper(self.output)


def plugin_problem(reader, message, name=None):
    text = "plugin %r: %s" % (name, message) if name else message
    reader.problems.append(
        {"message": one_line(text, 300), "file": None, "line": 0, "fatal": True}
    )


def describe(error):
    text = one_line(error, 200)
    # What coverage.py would show as its own message, and what as a traceback.
    if type(error).__name__ in ("PluginError", "ConfigError", "NoSuchOption"):
        return text
    return "%s: %s" % (type(error).__name__, text) if text else type(error).__name__


class PluginFailed(Exception):
    pass


class PluginMissing(Exception):
    pass


class NoSuchOption(Exception):
    pass


class PluginConfig:
    """coverage.py's settings as plugins get and set them."""

    OTHERS = {
        "run:data_file": ".coverage",
        "report:fail_under": 0.0,
        "report:precision": 0,
        "html:directory": "htmlcov",
        "html:title": "Coverage report",
        "xml:output": "coverage.xml",
        "xml:package_depth": 99,
        "json:output": "coverage.json",
        "lcov:output": "coverage.lcov",
        "report:exclude_lines": [
            r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(cover|COVER)",
            r"^\s*(((async )?def .*?)?[\])]+(\s*->.*?)?:\s*)?\.\.\.\s*(#|$)",
            r"^\s*if (typing\.)?TYPE_CHECKING:",
        ],
        "report:partial_branches": [r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(branch|BRANCH)"],
        "report:partial_branches_always": [
            r"^\s*while (True|1|False|0):",
            r"^\s*if (True|1|False|0):",
        ],
    }
    UNSET = ("run:source", "report:contexts", "report:include", "report:omit")
    UNSET += ("html:skip_covered", "html:skip_empty")
    # What coverage.py has added to the first by the time that plugins run.
    ADDITIONS = {
        "report:exclude_lines": "report:exclude_also",
        "report:partial_branches": "report:partial_also",
    }

    def __init__(self, reader):
        self.reader = reader
        self.values = {}
        self.kinds = {}
        self.paths = {name: [reader.expand(p) for p in paths] for name, paths in reader.paths.items()}
        defaults = dict(self.OTHERS)
        defaults.update(self.installed_patterns())
        for section, options in OPTIONS.items():
            for option in options.split():
                option, _, kind = option.partition(":")
                name = "%s:%s" % (section, option)
                default = {"boolean": False, "list": [], "regexlist": []}.get(kind)
                default = defaults.get(name, None if name in self.UNSET else default)
                value = reader.values[section].get(option, default)
                self.values[name] = list(value) if isinstance(value, list) else value
                self.kinds[name] = kind
        for name, other in self.ADDITIONS.items():
            self.values[name] = self.values[name] + self.values[other]
        environment = reader.environment
        self.values["run:data_file"] = environment.get("COVERAGE_FILE") or self.values["run:data_file"]
        self.values["run:core"] = environment.get("COVERAGE_CORE") or self.values["run:core"]
        self.before = {
            name: list(value) if isinstance(value, list) else value
            for name, value in self.values.items()
        }
        self.paths_before = {name: list(paths) for name, paths in self.paths.items()}

    def installed_patterns(self):
        """The defaults of the coverage.py that is here: a plugin may take those away again."""
        try:
            from coverage import config
        except Exception:
            return {}
        names = {
            "report:exclude_lines": "DEFAULT_EXCLUDE",
            "report:partial_branches": "DEFAULT_PARTIAL",
            "report:partial_branches_always": "DEFAULT_PARTIAL_ALWAYS",
        }
        return {name: list(getattr(config, here, self.OTHERS[name])) for name, here in names.items()}

    def find(self, name):
        """(where it is kept, its key)"""
        if name in self.values:
            return self.values, name
        plugin, _, key = name.partition(":")
        if key and plugin in (self.values["run:plugins"] or ()):
            return self.reader.plugin_options.setdefault(plugin, {}), key
        raise NoSuchOption("No such option: %r" % name)

    def get_option(self, option_name):
        if option_name == "paths":
            return self.paths
        where, key = self.find(option_name)
        return where.get(key)

    def set_option(self, option_name, value):
        if option_name == "paths":
            self.paths = {name: list(paths) for name, paths in value.items()}
            return
        where, key = self.find(option_name)
        where[key] = value

    def give_back(self):
        """What plugins changed becomes what was read."""
        values = self.reader.values
        for name, value in self.values.items():
            if value is self.before[name] or value == self.before[name]:
                continue
            section, _, option = name.partition(":")
            kind = self.kinds[name]
            if value is None:
                values[section].pop(option, None)
                if kind in ("list", "regexlist") and name not in self.UNSET:
                    values[section][option] = []
            else:
                try:
                    values[section][option] = self.converted(name, kind, value)
                except (TypeError, ValueError, OverflowError):
                    raise PluginFailed("%s = %s: not %s" % (name, one_line(value), KINDS[kind or "file"]))
            if name in self.ADDITIONS:
                values[section].pop(self.ADDITIONS[name].partition(":")[2], None)
        if self.paths != self.paths_before:
            self.reader.paths = {str(n): [str(p) for p in paths] for n, paths in self.paths.items()}

    def converted(self, name, kind, value):
        if kind == "boolean":
            return bool(value)
        if kind == "int":
            return int(value)
        if kind == "float":
            return float(value)
        if kind not in ("list", "regexlist"):
            return os.fspath(value) if hasattr(value, "__fspath__") else str(value)
        items = [os.fspath(item) if hasattr(item, "__fspath__") else item for item in value]
        if not all(isinstance(item, str) for item in items):
            raise TypeError
        if kind == "list":
            return items
        for item in items:
            try:
                re.compile(item)
            except (re.error, RecursionError, OverflowError) as error:
                raise PluginFailed("%s = %s: %s" % (name, one_line(item), one_line(error)))
        return [without_names(item) for item in items]


class Registry:
    """What coverage_init gets as `reg`."""

    def __init__(self):
        self.module = None
        self.names = {}
        self.file_tracers = []
        self.configurers = []
        self.context_switchers = []

    def add(self, plugin, kind):
        plugin._coverage_plugin_name = "%s.%s" % (self.module, plugin.__class__.__name__)
        plugin._coverage_enabled = True
        self.names[plugin._coverage_plugin_name] = plugin
        if kind is not None:
            kind.append(plugin)

    def add_file_tracer(self, plugin):
        self.add(plugin, self.file_tracers)

    def add_configurer(self, plugin):
        self.add(plugin, self.configurers)

    def add_dynamic_context(self, plugin):
        self.add(plugin, self.context_switchers)

    def add_noop(self, plugin):
        self.add(plugin, None)


def load_plugin(registry, reader, name):
    registry.module = name
    try:
        __import__(name)
    except ImportError as error:
        raise PluginMissing("plugin %r can't be imported: %s" % (name, one_line(error, 200)))
    init = getattr(sys.modules[name], "coverage_init", None)
    if not init:
        raise PluginFailed("Plugin module %r didn't define a coverage_init function" % name)
    init(registry, reader.plugin_options.get(name, {}))


def configure(reader, registry):
    """Did all go well?"""
    name = None
    try:
        for name in reader.values["run"].get("plugins", []):
            load_plugin(registry, reader, name)
        talk.greet()
        config = PluginConfig(reader)
        for plugin in registry.configurers:
            name = plugin._coverage_plugin_name
            plugin.configure(config)
        config.give_back()
    except PluginFailed as error:
        plugin_problem(reader, str(error))
        return False
    except PluginMissing as error:
        sys.exit(str(error))
    except (Exception, SystemExit) as error:
        plugin_problem(reader, describe(error), name)
        return False
    return True


def to_set(ranges):
    return {line for first, last in ranges for line in range(first, last + 1)}


def to_ranges(lines):
    ranges = []
    for line in sorted(int(line) for line in lines):
        if line < 1:
            continue
        if ranges and line <= ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    return ranges


def to_pairs(arcs):
    return sorted([int(a), int(b)] for a, b in arcs)


def executed_arcs(reporter, possible, recorded):
    """As coverage.py's Analysis has it: an arc within a line is the one that leaves it."""
    ways = {}
    for a, b in possible:
        ways.setdefault(a, set()).add(b)
    arcs = set()
    for a, b in reporter.translate_arcs(recorded):
        if a != b:
            arcs.add((a, b))
        elif len(ways.get(a, ())) == 1:
            arcs.add((a, next(iter(ways[a]))))
    return reporter.translate_arcs(arcs)


def region_of(region):
    return [region.kind, region.name, int(region.start), to_ranges(region.lines)]


def describe_file(registry, file, with_branches, path):
    plugin = registry.names.get(file["tracer"])
    if plugin is None:
        return {"problem": "it was recorded by the plugin %s, which [run] plugins does not give" % file["tracer"]}
    reporter = plugin.file_reporter(path)
    if reporter == "python":
        return {"python": True}
    if reporter is None:
        return {"problem": "Plugin %r did not provide a file reporter for %r." % (file["tracer"], file["path"])}
    source = reporter.source()
    statements = set(reporter.lines())
    answer = {
        "source": source,
        "statements": to_ranges(statements),
        "excluded": to_ranges(reporter.excluded_lines()),
        "executed": to_ranges(set(reporter.translate_lines(to_set(file["lines"]))) & statements),
        "regions": [region_of(region) for region in reporter.code_regions()],
        "kinds": [kind for kind, _ in reporter.code_region_kinds()],
    }
    if with_branches:
        possible = set(reporter.arcs())
        executed = executed_arcs(reporter, possible, [tuple(arc) for arc in file["arcs"]])
        exits = {line: count for line, count in reporter.exit_counts().items() if count > 1}
        answer["possible"] = to_pairs(possible)
        answer["arcs"] = to_pairs(executed)
        answer["exits"] = to_pairs(exits.items())
        answer["no_branch"] = to_ranges(reporter.no_branch_lines())
        answer["words"] = [
            [int(a), int(b), reporter.missing_arc_description(a, b), reporter.arc_description(a, b)]
            for a, b in sorted(possible)
            if a in exits
        ]
    return answer


def answer_question(registry, question):
    files = question["files"]
    known = {file["path"] for file in files}
    for folder in question["find"]:
        for plugin in registry.file_tracers:
            for path in plugin.find_executable_files(folder):
                path = os.path.realpath(path)
                if path not in known:
                    known.add(path)
                    tracer = plugin._coverage_plugin_name
                    files.append({"path": path, "tracer": tracer, "lines": [], "arcs": []})
    here = os.path.join(os.getcwd(), "")
    answers = []
    for file in files:
        path = file["path"]
        if question["relative"] and path.startswith(here):
            path = path[len(here):]
        try:
            answer = describe_file(registry, file, question["branches"], path)
        except (Exception, SystemExit) as error:
            answer = {"problem": describe(error)}
        answers.append(dict(answer, path=file["path"], tracer=file["tracer"]))
    return {"files": answers}


def idle_plugins(registry):
    """What is said of those that only coverage.py as the engine can have do what they do."""
    files = (
        "the plugin %s traces files, which is not recorded: they count as never run;"
        " --engine coverage records them"
    )
    contexts = "the plugin %s gives contexts, which are not recorded; --engine coverage has them"
    texts = [files % plugin._coverage_plugin_name for plugin in registry.file_tracers]
    return texts + [contexts % plugin._coverage_plugin_name for plugin in registry.context_switchers]


def run_plugins(reader):
    """Called by read_config.py, when all that it can read is read."""
    if not any(problem["fatal"] for problem in reader.problems):
        # As coverage.py's commands have it: the working folder comes last.
        sys.path[:] = [path for path in sys.path if path != ""] + [""]
        registry = Registry()
        if configure(reader, registry):
            names = [plugin._coverage_plugin_name for plugin in registry.file_tracers]
            idle = idle_plugins(registry)
            reader.more = {"file_tracers": names, "idle": idle}
            reader.more_lines = [(b"idle", text) for text in idle]
            if talk.question is not None:
                try:
                    reader.more.update(answer_question(registry, talk.question))
                except (Exception, SystemExit) as error:
                    plugin_problem(reader, describe(error))
    talk.open_answer()


talk = Talk()
