# Reads the coverage configuration of a folder by coverage.py's rules and prints it.
#
#   python -I -S -c TEXT DIR [--rcfile FILE] [--engine NAME] [--overridden OPTIONS]
#       [--environment-stdin] --format json|lines
#
# json is for the collector (config.c): everything that was set, and the problems found; the exit
# status is 0 even then. A problem that is for runs only has "run". lines is for libcovfork.so: the
# keys of the `settings` file (format.h), which say so where coverage.py would refuse to run. Where
# this interpreter can't read the file at all, the exit status is 3, for another may.
# --engine: what records; some options have no effect on all of them. --overridden: options of
# [run], separated by commas, that the configuration does not decide.
# --environment-stdin: take the environment from standard input (NAME=VALUE, each ended by a NUL)
# instead of the process's own, from which the caller had to remove variables.
#
# Runs on Python 3.8 and newer with the standard library alone. Must stay ASCII and small: it is
# embedded in two binaries and passed as one argument.
import configparser
import io
import json
import math
import os
import re
import sys
import warnings

# Every option that coverage.py 7.17 knows, in the order in which it reads them ("name" or
# "name:type"; no type: text). Those that covfork has no use for are here for their checks.
OPTIONS = {
    "run": "branch:boolean command_line concurrency:list context core cover_pylib:boolean"
    " data_file:file debug:list debug_file:file disable_warnings:list dynamic_context"
    " parallel:boolean patch:list plugins:list relative_files:boolean include:list omit:list"
    " sigterm:boolean source:list source_pkgs:list source_dirs:list timid:boolean _crash",
    "report": "exclude_lines:regexlist exclude_also:regexlist fail_under:float format"
    " ignore_errors:boolean include_namespace_packages:boolean partial_branches_always:regexlist"
    " partial_branches:regexlist partial_also:regexlist precision:int contexts:list include:list"
    " omit:list show_missing:boolean skip_covered:boolean skip_empty:boolean sort",
    "html": "extra_css directory:file skip_covered:boolean skip_empty:boolean title"
    " show_contexts:boolean",
    "xml": "output:file package_depth:int",
    "json": "output:file pretty_print:boolean show_contexts:boolean",
    "lcov": "output:file line_checksums:boolean",
}
# What coverage.py knows here; nothing of it makes a difference to covfork, which does it always.
CORES = {"ctrace", "pytrace", "sysmon"}
PATCHES = {"_exit", "execv", "fork", "subprocess"}
CONCURRENCY = {"thread", "gevent", "greenlet", "eventlet", "multiprocessing"}
LIGHT_THREADS = {"gevent", "greenlet", "eventlet"}
KINDS = {
    "boolean": "a boolean",
    "int": "an integer",
    "float": "a number",
    "list": "a list of strings",
    "regexlist": "a list of strings",
    "file": "a string",
}
VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)|(?P<plain>\w+)"
    r"|\{(?P<braced>\w+)(?:(?P<strict>\?)|-(?P<default>[^}]*))?\})"
)
ESCAPE = re.compile(r"(?s)\\(?:N\{([^}]*)\}|.)")


class Fatal(Exception):
    def __init__(self, message, line=0, lacking=False):
        super().__init__(message)
        self.message = message
        self.line = line
        self.lacking = lacking


def to_bytes(text):
    return text.encode("utf-8", "surrogateescape")


def to_text(data):
    return data.decode("utf-8", "surrogateescape")


def one_line(value, longest=120):
    text = " ".join(str(value).split())
    return text if len(text) <= longest else text[: longest - 3] + "..."


def nth_line(text, number):
    return one_line(text.split("\n")[number - 1])


def substitute(text, environment):
    def replace(match):
        if match.group("dollar"):
            return "$"
        name = match.group("plain") or match.group("braced")
        if name in environment:
            return environment[name]
        if match.group("strict"):
            raise Fatal("variable %s is undefined: %s" % (name, one_line(text)))
        return match.group("default") or ""

    return VARIABLE.sub(replace, text)


def without_names(pattern):
    """A pattern in which no character is written by its name: the collector knows no names."""

    def replace(match):
        if match.group(1) is None:
            return match.group()
        # Built in or not, it is only there when a pattern needs it.
        import unicodedata

        try:
            return "\\U%08x" % ord(unicodedata.lookup(match.group(1)))
        except KeyError:
            # In a comment, where re does not look.
            return match.group()

    return ESCAPE.sub(replace, pattern) if "\\N{" in pattern else pattern


class IniFile:
    """A file for configparser; remembers the line of each option."""

    def __init__(self, text, ours, environment):
        self.prefixes = ["coverage:", ""] if ours else ["coverage:"]
        self.environment = environment
        self.lines = {}
        number = [0]
        section = [None]
        lines = self.lines

        class Header:
            # configparser asks this of each line that is no continuation and no comment.
            pattern = configparser.ConfigParser.SECTCRE

            def match(self, line):
                found = self.pattern.match(line)
                if found:
                    section[0] = found.group("header")
                return found

        class Parser(configparser.ConfigParser):
            SECTCRE = Header()

            def optionxform(self, optionstr):
                name = optionstr.lower()
                if number[0]:
                    lines.setdefault((section[0], name), number[0])
                return name

        def counted():
            for line in io.StringIO(text):
                number[0] += 1
                yield line

        self.parser = Parser(interpolation=None)
        try:
            self.parser.read_file(counted())
        except configparser.DuplicateOptionError as error:
            message = "[%s] %s is set twice" % (error.section, error.option)
            raise Fatal(message, error.lineno)
        except configparser.DuplicateSectionError as error:
            raise Fatal("section [%s] is there twice" % error.section, error.lineno)
        except configparser.MissingSectionHeaderError as error:
            message = "no section header before %s" % nth_line(text, error.lineno)
            raise Fatal(message, error.lineno)
        except configparser.ParsingError as error:
            line = error.errors[0][0] if error.errors else number[0]
            raise Fatal("not a `key = value` line: %s" % nth_line(text, line), line)
        except configparser.Error as error:
            raise Fatal(one_line(error), number[0])
        number[0] = 0

    def section(self, name):
        for prefix in self.prefixes:
            if self.parser.has_section(prefix + name):
                return prefix + name
        return None

    def options(self, section):
        return self.parser.options(section)

    def has(self, section, option):
        return self.parser.has_option(section, option)

    def line(self, section, option):
        default = self.lines.get((self.parser.default_section, option), 0)
        return self.lines.get((section, option), default)

    def raw(self, section, option):
        return self.parser.get(section, option)

    def get(self, section, option, kind):
        value = substitute(self.raw(section, option), self.environment)
        if kind == "boolean":
            return self.parser.BOOLEAN_STATES[value.lower()]
        if kind == "int":
            return int(value)
        if kind == "float":
            return float(value)
        if kind == "list":
            parts = (part.strip() for part in value.replace(",", "\n").split("\n"))
            return [part for part in parts if part]
        if kind == "regexlist":
            return value.splitlines()
        return value


class TomlFile:
    def __init__(self, text, ours, environment, loads, decode_error):
        self.prefixes = ["tool.coverage.", ""] if ours else ["tool.coverage."]
        self.environment = environment
        self.text = text
        try:
            self.data = loads(text)
        except decode_error as error:
            where = re.search(r"\(at line (\d+), column \d+\)", str(error))
            raise Fatal(one_line(error), int(where.group(1)) if where else 0)
        except RecursionError:
            raise Fatal("values are nested too deeply")

    def section(self, name):
        for prefix in self.prefixes:
            data = self.data
            parts = (prefix + name).split(".")
            for i, part in enumerate(parts):
                if not isinstance(data, dict):
                    found = parts[:i]
                    raise Fatal("[%s] is not a table" % ".".join(found), self.key_line(found))
                if part not in data:
                    break
                data = data[part]
            else:
                if not isinstance(data, dict):
                    raise Fatal("[%s] is not a table" % (prefix + name), self.key_line(parts))
                return prefix + name
        return None

    def table(self, section):
        data = self.data
        for part in section.split("."):
            data = data[part]
        return data

    def options(self, section):
        return list(self.table(section))

    def has(self, section, option):
        return option in self.table(section)

    def line(self, section, option):
        return self.key_line(section.split(".") + [option])

    def key_line(self, path):
        """The line of a key, or of the inline table around it; by looks, 0 when not found."""
        header = []
        near = 0
        for number, line in enumerate(self.text.split("\n"), start=1):
            match = re.match(r"\s*\[([^\[\]=]+)\]\s*(?:#.*)?$", line)
            if match:
                header = self.key_parts(match.group(1))
                if header == path:
                    near = near or number
                continue
            match = re.match(r"\s*([\w\s.\"'-]+?)\s*=", line)
            if match:
                full = header + self.key_parts(match.group(1))
                if full == path:
                    return number
                if full and full == path[: len(full)]:
                    near = number
        return near

    @staticmethod
    def key_parts(text):
        return [part.strip().strip("\"'") for part in text.split(".")]

    def raw(self, section, option):
        return self.table(section)[option]

    def get(self, section, option, kind):
        value = self.raw(section, option)
        if kind in ("list", "regexlist"):
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise ValueError
            return [substitute(item, self.environment) for item in value]
        if isinstance(value, str):
            value = substitute(value, self.environment)
            if kind == "boolean":
                return {"true": True, "false": False}[value]
            if kind == "int":
                return int(value)
            return float(value) if kind == "float" else value
        if kind == "boolean" and isinstance(value, bool):
            return value
        if kind == "int" and isinstance(value, int):
            return int(value)
        if kind == "float" and isinstance(value, (int, float)):
            return float(value)
        if kind == "":
            # coverage.py takes any type here; what counts as false is as good as unset to it.
            return str(value) if value or option == "title" else ""
        raise ValueError


def find_toml():
    """The TOML parser that this interpreter has: (loads, exception), or None."""
    version = "python%d.%d" % sys.version_info[:2]
    library = os.path.dirname(os.path.abspath(os.__file__))
    binary = os.path.dirname(os.path.abspath(sys.executable or "/"))
    sites = [
        os.path.join(os.path.dirname(binary), "lib", version, "site-packages"),
        os.path.join(library, "site-packages"),
        os.path.join(os.path.dirname(library), "python3", "dist-packages"),
    ]
    places = [None]
    for part in ("", os.path.join("pip", "_vendor")):
        places += [os.path.join(site, part) for site in sites]
    for name in ("tomllib", "tomli"):
        for place in places if name == "tomli" else [None]:
            if place is not None:
                if not os.path.isdir(os.path.join(place, "tomli")):
                    continue
                sys.path.append(place)
            try:
                module = __import__(name)
                return module.loads, module.TOMLDecodeError
            except Exception:
                # A broken or foreign installation is as good as none.
                sys.modules.pop(name, None)
            finally:
                if place is not None:
                    sys.path.remove(place)
    return None


def pattern_problem(pattern):
    """Why coverage.py takes no such pattern of files, or None."""
    pattern = pattern.replace("\\", "/")
    parts = ("" if "/" in pattern else "**/") + pattern
    parts = parts.split("/")
    for part, following in zip(parts, parts[1:] + [""]):
        if "**" in part and part != "**":
            return "** must be a whole part of a path"
        if part == following == "**":
            return "**/** can't be"
    if set("[]") & set(re.sub(r"\[.*?\]", "", pattern)):
        return "a bracket without its other"
    return None


class Reader:
    def __init__(self, environment, engine="native", overridden=()):
        self.environment = environment
        self.engine = engine
        self.overridden = overridden
        self.values = {name: {} for name in OPTIONS}
        self.places = {}
        self.paths = {}
        self.plugin_options = {}
        self.file = None
        self.problems = []

    def problem(self, message, name=None, line=0, fatal=False, **more):
        self.problems.append(
            dict({"message": message, "file": name, "line": line, "fatal": fatal}, **more)
        )

    def run_problem(self, option, message, fatal):
        """`message` is what follows "[run] OPTION"."""
        name, section, line = self.places.get(option, (None, "run", 0))
        self.problem("[%s] %s%s" % (section, option, message), name, line, fatal, run=True)

    def read(self, specified):
        """`specified` is what --rcfile said, or None."""
        if specified == "":
            candidates = []
        else:
            if specified is None or specified == ".coveragerc":
                specified = self.environment.get("COVERAGE_RCFILE") or None
            if specified is not None:
                candidates = [(specified, True)]
            else:
                candidates = [(".coveragerc", True), (".coveragerc.toml", True)]
                candidates += [(n, False) for n in ("setup.cfg", "tox.ini", "pyproject.toml")]
        name = None
        try:
            for name, ours in candidates:
                if self.read_file(name, ours):
                    break
                if specified:
                    raise Fatal("couldn't read it as a configuration file")
            forced = self.environment.get("COVERAGE_FORCE_CONFIG")
            if forced:
                name = forced
                self.read_file(forced, True)
            name = None if self.file is None else to_text(self.file)
            self.check_concurrency()
            self.check_run()
        except Fatal as problem:
            self.problem(problem.message, name, problem.line, True, lacking=problem.lacking)

    def read_file(self, name, ours):
        """Was this the file with the settings?"""
        path = to_bytes(name)
        try:
            with open(path, encoding="utf-8-sig") as file:
                text = file.read()
        except (OSError, ValueError) as error:
            if isinstance(error, UnicodeDecodeError):
                raise Fatal("not UTF-8")
            return False
        if os.path.splitext(name)[1] == ".toml":
            parser = find_toml()
            if parser is None:
                if not ours and not re.search(r"(?m)^\s*\[\s*tool\s*\.\s*[\"']?coverage\b", text):
                    return False
                version = "%d.%d" % sys.version_info[:2]
                raise Fatal("can't be read: Python %s has no TOML parser" % version, lacking=True)
            source = TomlFile(text, ours, self.environment, *parser)
        else:
            source = IniFile(text, ours, self.environment)
        found = self.take_options(source, name)
        self.warn_of_unknown(source, name)
        self.warn_of_missing_folders(source, name)
        section = source.section("paths")
        if section:
            for option in source.options(section):
                self.paths[option] = self.value(source, section, option, "list")
                found = True
        for plugin in self.values["run"].get("plugins", []):
            section = source.section(plugin)
            if section and isinstance(source, IniFile):
                options = source.options(section)
                given = {option: self.value(source, section, option, "") for option in options}
                self.plugin_options[plugin] = given
            elif section:
                self.plugin_options[plugin] = dict(source.table(section))
        if ours or found:
            self.file = os.path.abspath(path)
        return ours or found

    def take_options(self, source, file_name):
        found = False
        for name, options in OPTIONS.items():
            section = source.section(name)
            if not section:
                continue
            for option in options.split():
                option, _, kind = option.partition(":")
                if source.has(section, option):
                    self.values[name][option] = self.value(source, section, option, kind)
                    found = True
                    if name == "run":
                        self.places[option] = (file_name, section, source.line(section, option))
        return found

    def value(self, source, section, option, kind):
        try:
            value = source.get(section, option, kind)
        except Fatal as problem:
            text = "[%s] %s: %s" % (section, option, problem.message)
            raise Fatal(text, source.line(section, option))
        except (KeyError, ValueError, OverflowError):
            shown = one_line(source.raw(section, option))
            text = "[%s] %s = %s: not %s" % (section, option, shown, KINDS[kind])
            raise Fatal(text, source.line(section, option))
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and "\0" in item:
                text = "[%s] %s: has a NUL character" % (section, option)
                raise Fatal(text, source.line(section, option))
        if kind == "file":
            return self.expand(value)
        if kind == "regexlist":
            return self.check_patterns(source, section, option, value)
        return value

    def check_patterns(self, source, section, option, patterns):
        patterns = [pattern.strip() for pattern in patterns]
        for pattern in patterns:
            try:
                re.compile(pattern)
            except (re.error, RecursionError, OverflowError) as error:
                text = "[%s] %s = %s: %s" % (section, option, one_line(pattern), one_line(error))
                raise Fatal(text, source.line(section, option))
        return [without_names(pattern) for pattern in patterns if pattern]

    @staticmethod
    def expand(text):
        return to_text(os.path.expanduser(to_bytes(text)))

    def warn_of_unknown(self, source, name):
        for section_name, options in OPTIONS.items():
            section = source.section(section_name)
            if not section:
                continue
            known = {option.partition(":")[0] for option in options.split()}
            for option in sorted(set(source.options(section)) - known):
                text = "unrecognized option [%s] %s" % (section, one_line(option))
                self.problem(text, name, source.line(section, option))

    def warn_of_missing_folders(self, source, name):
        """A run has refused them; a report may be made elsewhere."""
        section = source.section("run")
        if section and source.has(section, "source_dirs"):
            for folder in self.values["run"]["source_dirs"]:
                if not os.path.isdir(to_bytes(folder)):
                    text = "[%s] source_dirs: not a folder: %s" % (section, one_line(folder))
                    self.problem(text, name, source.line(section, "source_dirs"))

    def check_concurrency(self):
        chosen = set(self.values["run"].get("concurrency", []))
        unknown = chosen - CONCURRENCY
        if unknown:
            raise Fatal("unknown concurrency choices: %s" % one_line(", ".join(sorted(unknown))))
        if len(chosen & LIGHT_THREADS) > 1:
            names = ", ".join(sorted(chosen & LIGHT_THREADS))
            raise Fatal("conflicting concurrency settings: %s" % names)

    def check_run(self):
        """What coverage.py would not run with, and what has no effect here though it matters."""
        run = {key: value for key, value in self.values["run"].items() if key not in self.overridden}
        for option, message in self.run_refusals(run):
            self.run_problem(option, message, True)
        for option, message in self.run_without_effect(run):
            self.run_problem(option, message, False)

    def run_refusals(self, run):
        for option in ("source", "source_dirs"):
            for folder in [] if "source" in self.overridden else run.get(option, []):
                path = os.path.realpath(to_bytes(folder))
                if not os.path.isdir(path):
                    if option == "source_dirs":
                        yield option, ": not a folder: %s" % one_line(folder)
                elif os.path.dirname(path) == path:
                    yield option, " = %s: the root of the file system can't be it" % one_line(folder)
        for option in ("include", "omit"):
            for pattern in run.get(option, []):
                wrong = pattern_problem(pattern)
                if wrong:
                    yield option, " = %s: %s" % (one_line(pattern), wrong)
        context = run.get("dynamic_context")
        if context and context not in ("none", "test_function"):
            yield "dynamic_context", " = %s: only test_function is known" % one_line(context)
        core = self.environment.get("COVERAGE_CORE") or run.get("core")
        if core is not None and core not in CORES and not run.get("timid"):
            if core != run.get("core"):
                self.problem("COVERAGE_CORE = %s: unknown core" % one_line(core), "", 0, True, run=True)
            else:
                yield "core", " = %s: unknown core" % one_line(core)
        for patch in sorted(set(run.get("patch", [])) - PATCHES):
            yield "patch", " = %s: unknown patch" % one_line(patch)

    def run_without_effect(self, run):
        context = run.get("dynamic_context")
        if context == "test_function" and self.engine != "coverage":
            yield "dynamic_context", (
                " has no effect with the %s engine: --engine coverage has such contexts" % self.engine
            )
        sources = [name for name in ("source", "source_pkgs", "source_dirs") if run.get(name)]
        is_disabled = "include-ignored" in run.get("disable_warnings", [])
        if run.get("include") and (sources or "source" in self.overridden) and not is_disabled:
            yield "include", " has no effect where there is a source"
        if run.get("context") and self.engine == "slipcover":
            yield "context", " has no effect with the slipcover engine"
        if run.get("cover_pylib") and self.engine != "coverage":
            yield "cover_pylib", " has no effect: name the folder of the library in source"
        name = run.get("data_file", ".coverage")
        if os.path.abspath(to_bytes(name)) != os.path.abspath(b".coverage"):
            yield "data_file", " has no effect: data goes to --data-dir or COVFORK_DIR"
        for option in ("debug", "debug_file"):
            if run.get(option):
                yield option, " has no effect: see covfork doctor and covfork tree"


def print_json(reader):
    answer = {"file": None if reader.file is None else to_text(reader.file)}
    for name, options in reader.values.items():
        answer[name] = options
        for option, value in options.items():
            if isinstance(value, float) and not math.isfinite(value):
                options[option] = str(value)
            elif isinstance(value, int) and not isinstance(value, bool):
                options[option] = max(-(2**31), min(2**31 - 1, value))
    paths = reader.paths.items()
    answer["paths"] = [[name, [reader.expand(path) for path in found]] for name, found in paths]
    answer["problems"] = reader.problems
    answer.update(getattr(reader, "more", {}))
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n")


def quoted(value):
    if isinstance(value, str):
        value = to_bytes(value)
    return re.sub(rb"[\x00-\x1f%]", lambda match: b"%%%02X" % match.group()[0], value)


def prepared(patterns):
    """Patterns as coverage.py prepares them: those that begin with a name stand for a path, too."""
    for pattern in patterns:
        yield pattern
        # libcovfork.so itself puts the folder before a pattern.
        name = to_text(os.path.realpath(to_bytes(pattern)))
        if not pattern.startswith(("*", "?")) and name != os.path.join(to_text(os.getcwdb()), pattern):
            yield name


def print_refusal(reader):
    """Status 3 where it is this interpreter that can't read the file."""
    for problem in reader.problems:
        if problem["fatal"]:
            if problem.get("lacking"):
                return 3
            sys.stdout.buffer.write(b"refused=%s\n" % quoted(one_line(described(problem), 500)))
            return 0
    return None


def described(problem):
    parts = [problem["file"], problem["line"], " " + problem["message"]]
    return ":".join(str(part) for part in parts if part).lstrip()


def print_lines(reader):
    run = reader.values["run"]
    folders = list(run.get("source_dirs", []))
    packages = list(run.get("source_pkgs", []))
    for source in run.get("source", []):
        (folders if os.path.isdir(to_bytes(source)) else packages).append(source)
    output = []
    if reader.file is not None:
        output.append((b"config", reader.file))
    folders = [] if "source" in reader.overridden else folders
    output += [(b"source_dir", os.path.realpath(to_bytes(folder))) for folder in folders]
    output += [(b"source_pkg", package) for package in packages]
    for key in ("include", "omit"):
        output += [(key.encode(), pattern) for pattern in prepared(run.get(key, []))]
    output.append((b"branch", "1" if run.get("branch") else "0"))
    # Where they were not run: who reads this asks again, with plugins.py before this text.
    more_lines = [(b"plugin", name) for name in run.get("plugins", [])]
    output += getattr(reader, "more_lines", more_lines)
    if run.get("context"):
        output.append((b"context", run["context"]))
    output += [(b"unused", one_line(described(problem), 500)) for problem in reader.problems]
    sys.stdout.buffer.write(b"".join(b"%s=%s\n" % (key, quoted(text)) for key, text in output))


def main(arguments):
    warnings.simplefilter("ignore")
    directory = None
    options = {"--rcfile": None, "--format": "json", "--engine": "native", "--overridden": ""}
    environment = {to_text(key): to_text(value) for key, value in os.environb.items()}
    arguments = [to_text(os.fsencode(argument)) for argument in arguments]
    while arguments:
        argument = arguments.pop(0)
        if argument in options:
            if not arguments:
                sys.exit("%s needs a value" % argument)
            options[argument] = arguments.pop(0)
        elif argument == "--environment-stdin":
            pairs = (pair.partition(b"=") for pair in sys.stdin.buffer.read().split(b"\0"))
            environment = {to_text(name): to_text(value) for name, _, value in pairs if name}
        else:
            directory = argument
    if directory is None or options["--format"] not in ("json", "lines"):
        sys.exit("usage: DIR [--rcfile FILE] [--environment-stdin] --format json|lines")
    reader = Reader(environment, options["--engine"], options["--overridden"].split(","))
    try:
        os.chdir(to_bytes(directory))
    except OSError as error:
        reader.problem("can't enter it: %s" % error.strerror, directory, fatal=True)
    else:
        reader.read(options["--rcfile"])
        if "run_plugins" in globals():
            run_plugins(reader)
    if options["--format"] == "json":
        print_json(reader)
        return 0
    if "run_plugins" in globals() and any(problem["fatal"] for problem in reader.problems):
        return 3  # another interpreter may have them
    status = print_refusal(reader)
    if status is None:
        print_lines(reader)
        status = 0
    return status


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.exit(status)
