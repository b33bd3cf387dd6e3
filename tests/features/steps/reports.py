"""Reports in files, against coverage.py's and by what the formats ask for."""

import json
import re
import xml.etree.ElementTree as ElementTree

from behave import given, then
from peer import run_coverage

# What Cobertura's DTD (version 04) asks for: the children in order, and the attributes.
RATES = {"line-rate", "branch-rate", "complexity"}
XML_STRUCTURE = {
    "coverage": (
        r"(sources )?packages ",
        {*RATES, "lines-covered", "lines-valid", "branches-covered", "branches-valid", "version", "timestamp"},
    ),
    "sources": (r"(source )*", set()),
    "source": (r"", set()),
    "packages": (r"(package )*", set()),
    "package": (r"classes ", {*RATES, "name"}),
    "classes": (r"(class )*", set()),
    "class": (r"methods lines ", {*RATES, "name", "filename"}),
    "methods": (r"", set()),
    "lines": (r"(line )*", set()),
    "line": (r"", {"number", "hits"}),
}
# The DTD doesn't know missing-branches; coverage.py writes it, and its readers look at it.
XML_MORE = {"line": {"branch", "condition-coverage", "missing-branches"}}


@given("I have combined what coverage.py records of `{work}`")
def step_combine_peer(context, work):
    data = context.sandbox.folder / "recorded.coverage"
    context.sandbox.run_well(f"python -m coverage run {work}", {"COVERAGE_FILE": str(data)})
    context.sandbox.run_well(f"covfork combine --keep {data}")


def files_of(context, command, work):
    """The two files that a command writes with -o, covfork's and coverage.py's."""
    own, peer = context.sandbox.folder / "own.out", context.sandbox.folder / "peer.out"
    run = run_coverage(context.sandbox, work, [f"{command} -o {peer}"]).popitem()[1]
    context.run = context.sandbox.run(f"covfork {command} -o {own}")
    assert context.run.status == run.status, f"{context.run}\n\ncoverage.py:\n{run}"
    return own.read_bytes(), peer.read_bytes()


def sort_contexts(value):
    """In coverage.py's JSON the contexts of a line have no order."""
    for key, inner in value.items():
        if key == "contexts":
            value[key] = {line: sorted(names) for line, names in inner.items()}
        elif isinstance(inner, dict):
            sort_contexts(inner)


@then("the JSON report of `{command}` is coverage.py's of `{work}` but for its origin")
def step_json_of_command_same_as_peer(context, command, work):
    own, peer = (json.loads(text) for text in files_of(context, command, work))
    for report in own, peer:
        for key in "version", "timestamp", "covfork":
            report["meta"].pop(key, None)
        sort_contexts(report["files"])
    assert own["meta"] == peer["meta"], (own["meta"], peer["meta"])
    assert own["files"].keys() == peer["files"].keys(), (own["files"].keys(), peer["files"].keys())
    for name in peer["files"]:
        assert own["files"][name] == peer["files"][name], (name, own["files"][name], peer["files"][name])
    assert own == peer, (own["totals"], peer["totals"])


def first_difference(own, peer):
    for number, pair in enumerate(zip(own.splitlines(), peer.splitlines()), 1):
        if pair[0] != pair[1]:
            return f"line {number}: {pair[0]!r}, coverage.py has {pair[1]!r}"
    return f"{len(own)} bytes, coverage.py has {len(peer)}"


def without_origin(text):
    """Without version, time and comments."""
    return re.sub(rb"(?m) (version|timestamp)=\"[^\"?]*\"(?!\s*\?)|^\s*<!--.*-->\n", b"", text)


@then("the XML report of `{command}` is coverage.py's of `{work}` but for its origin")
def step_xml_same_as_peer(context, command, work):
    own, peer = (without_origin(text) for text in files_of(context, command, work))
    assert own == peer, first_difference(own, peer)


@then("the LCOV report is coverage.py's of `{work}`, byte for byte")
def step_lcov_same_as_peer(context, work):
    own, peer = files_of(context, "lcov", work)
    assert own == peer, first_difference(own, peer)


def copies_of(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*,cover")}


@then("the annotated copies are coverage.py's of `{work}`")
def step_annotated_same_as_peer(context, work):
    own, peer = context.sandbox.folder / "own.annotated", context.sandbox.folder / "peer.annotated"
    run_coverage(context.sandbox, work, [f"annotate -d {peer}"])
    context.sandbox.run_well(f"covfork annotate -d {own}")
    assert copies_of(peer), "coverage.py made none"
    assert copies_of(own) == copies_of(peer)


def check_element(element):
    children, attributes = XML_STRUCTURE[element.tag]
    found = "".join(f"{child.tag} " for child in element)
    assert re.fullmatch(children, found), (element.tag, found)
    names = set(element.attrib)
    assert attributes <= names, (element.tag, attributes - names)
    assert names <= attributes | XML_MORE.get(element.tag, set()), (element.tag, names)
    for child in element:
        check_element(child)


@then('the file "{name}" has the structure of Cobertura')
def step_xml_structure(context, name):
    root = ElementTree.parse(context.sandbox.work / name).getroot()
    assert root.tag == "coverage", root.tag
    check_element(root)


@then('the XML report "{name}" has the file names')
def step_xml_names(context, name):
    root = ElementTree.parse(context.sandbox.work / name).getroot()
    found = sorted(element.get("filename") for element in root.iter("class"))
    assert found == sorted(context.text.splitlines()), found


@then("no line of the standard output is longer than {width:d}")
def step_width(context, width):
    lines = [re.sub(r"\x1b\[\d+m", "", line) for line in context.run.out.splitlines()]
    assert lines and max(map(len, lines)) <= width, str(context.run)


@then('the standard output has "{text}" without colour')
def step_no_color(context, text):
    assert text in context.run.out and "\x1b" not in context.run.out, repr(context.run.out)


@then('the standard output has "{text}" in {color}')
def step_color(context, text, color):
    code = {"red": 31, "green": 32}[color]
    assert f"\x1b[{code}m{text}\x1b[0m" in context.run.out, repr(context.run.out)


@then('the standard output has the progress line "{text}"')
def step_progress(context, text):
    shown, _, rest = context.run.out.partition(f"\r{text}\x1b[K")
    assert rest and not shown, repr(context.run.out)
    assert "\r\x1b[K" in rest and rest.rpartition("\r\x1b[K")[2].strip(), repr(context.run.out)
