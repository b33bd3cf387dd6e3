"""The HTML report, opened in a real Chromium from the file system."""

import functools
import os
import re
import shutil
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from behave import given, then, when

try:
    from playwright.sync_api import sync_playwright
except ImportError:
    sync_playwright = None

SIZES = {"a desktop": (1280, 800), "a phone": (375, 740)}

# The lightness of a colour, and the contrast of text to what is behind it, as WCAG 2 defines them.
CONTRAST = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const read = color => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data);
  };
  const light = color => {
    const [r, g, b] = color.map(value => {
      value /= 255;
      return value <= 0.03928 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = node => {
    for (; node; node = node.parentElement) {
      const color = read(getComputedStyle(node).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const bad = [], seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest("script, noscript, svg, .unseen")) continue;
    const style = getComputedStyle(node);
    const key = style.color + node.className + node.tagName;
    if (seen.has(key)) continue;
    seen.add(key);
    const a = light(read(style.color).slice(0, 3)), b = light(behind(node).slice(0, 3));
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) bad.push(`${node.tagName}.${node.className} ${contrast.toFixed(2)}: ${walker.currentNode.data.trim().slice(0, 30)}`);
  }
  return {bad, texts: seen.size};
}
"""


def settled(check):
    """The check, asked again for a while: what follows a key, a click or a load comes a moment after it."""

    @functools.wraps(check)
    def wait(context, *args, **kwargs):
        until = time.monotonic() + 10
        while True:
            try:
                return check(context, *args, **kwargs)
            except AssertionError:
                if time.monotonic() >= until:
                    raise
                context.page.wait_for_timeout(20)

    return wait


def find_chromium():
    """Debian's, or another that is on PATH."""
    for name in "chromium", "chromium-browser", "google-chrome":
        path = shutil.which(name)
        if path:
            return path
    return None


def open_browser(context, scripts=True):
    """A page of 1280 x 800; what it asks for and what fails in it is kept."""
    if not hasattr(context, "playwright"):
        context.playwright = sync_playwright().start()
        context.add_cleanup(context.playwright.stop)
        context.browser = context.playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox"]
        )
        context.add_cleanup(context.browser.close)
    width, height = SIZES["a desktop"]
    browsing = context.browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="light", java_script_enabled=scripts
    )
    browsing.set_default_timeout(20000)
    context.page = browsing.new_page()
    context.requests, context.problems = [], []
    context.page.on("request", lambda request: context.requests.append(request.url))
    context.page.on("pageerror", lambda error: context.problems.append(str(error)))
    context.page.on("dialog", lambda dialog: context.problems.append(f"a dialog: {dialog.message}"))
    context.page.on(
        "console", lambda message: context.problems.append(message.text) if message.type == "error" else None
    )


def folder_of(context):
    return context.sandbox.work / "htmlcov"


def page_of(context, name):
    """The file of a page: index, run, or that of a source file."""
    if name in ("index", "run"):
        return folder_of(context) / f"{name}.html"
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    [found] = folder_of(context).glob(f"{plain}-*.html")
    return found


def visit(context, name, part=""):
    context.page.goto(page_of(context, name).as_uri() + part)


def rows(context):
    """Texts of the cells of all rows of the list that exist; of the first one the name alone."""
    return context.page.eval_on_selector_all(
        "table.list tbody:not(.space) tr",
        """rows => rows.map(row => Array.from(row.cells, (cell, i) =>
          ((i === 0 && cell.querySelector("a, .folder, .command")) || cell).innerText.trim()
        ).filter(text => text))""",
    )


def line(context, number):
    return context.page.locator(f"#L{number}")


@given("a browser")
def step_browser(context):
    if sync_playwright is None or not find_chromium():
        print("SKIPPED: there is no playwright or no chromium here")
        context.scenario.skip("there is no playwright or no chromium here")
        return
    open_browser(context)


@given("a browser without scripts")
def step_browser_without_scripts(context):
    step_browser(context)
    if hasattr(context, "browser"):
        open_browser(context, scripts=False)


@given("a project of {count:d} files in folders")
def step_many_files(context, count):
    """Each has a function that is missing, and one more statement than the one before, up to 9."""
    for number in range(count):
        folder = context.sandbox.work / "many" / f"group{number % 30:02d}" / f"set{number % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        for each in folder, folder.parent, folder.parent.parent:
            (each / "__init__.py").touch()
        body = "".join(f"v{i} = {i}\n" for i in range(number % 9))
        (folder / f"module{number}.py").write_text(f"{body}def f():\n    return {number}\n")
    context.sandbox.write("main.py", "import many.group00.set0.module0\n")


@given("the file with the name {name} that has")
def step_odd_file(context, name):
    """A name as a Python literal of bytes."""
    path = os.path.join(os.fsencode(context.sandbox.work), eval(name))  # noqa: S307: the feature's own
    with open(path, "wb") as file:
        file.write(context.text.encode().decode("unicode_escape").encode("utf-8", "surrogatepass") + b"\n")


@when('I open the page of "{name}"')
@given('I have opened the page of "{name}"')
def step_open(context, name):
    visit(context, name)


@when('I open "{part}" of the page "{name}"')
def step_open_at(context, part, name):
    visit(context, name, part)


@when("I open each page")
def step_open_each(context):
    for path in sorted(folder_of(context).glob("*.html")):
        context.page.goto(path.as_uri())


@when('I press "{keys}"')
def step_press(context, keys):
    for key in keys.split():
        context.page.keyboard.press(key)


@when('I type "{text}"')
def step_type(context, text):
    context.page.keyboard.type(text)


@when('I click on "{name}"')
def step_click(context, name):
    """A button or a link by what it is called."""
    page = context.page
    found = page.get_by_role("button", name=name, exact=True)
    if found.count() == 0:
        found = page.get_by_role("link", name=name, exact=True)
    found.first.click()


@when("I click on line number {number:d}")
def step_click_line(context, number):
    line(context, number).locator("a").click()


@when("I click on line number {number:d} with the shift key")
def step_shift_click_line(context, number):
    line(context, number).locator("a").click(modifiers=["Shift"])


@when("I click on the count of line {number:d}")
def step_click_count(context, number):
    line(context, number).locator("td").nth(1).click()


@when("I load the page again")
def step_reload(context):
    context.page.reload()


@when("I scroll to the end")
def step_scroll(context):
    context.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    context.page.wait_for_timeout(200)


@when("the window is that of {device}")
def step_size(context, device):
    width, height = SIZES[device]
    context.page.set_viewport_size({"width": width, "height": height})


@when("the system is {scheme}")
def step_scheme(context, scheme):
    context.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


@then("nothing failed in the browser")
def step_no_problem(context):
    assert not context.problems, context.problems


@then("nothing was asked for but files of the report")
def step_no_network(context):
    folder = folder_of(context).resolve()
    assert context.requests
    for url in context.requests:
        parts = urlsplit(url)
        is_ours = parts.scheme == "file" and Path(unquote(parts.path)).is_relative_to(folder)
        assert is_ours or parts.scheme == "data", url


@then('the rows are "{expected}"')
@settled
def step_rows(context, expected):
    names = [row[0] for row in rows(context)]
    assert names == expected.split(), names


@then('the row of "{name}" has "{expected}"')
@settled
def step_row(context, name, expected):
    """Its numbers, the share last."""
    found = [row[1:] for row in rows(context) if row[0] == name]
    assert found and " ".join(found[0]) == expected, rows(context)


@then('a row has "{text}"')
@settled
def step_row_has(context, text):
    assert any(text in " ".join(row) for row in rows(context)), rows(context)


@then('the column "{name}" is sorted {order}')
@settled
def step_sorted(context, name, order):
    found = context.page.eval_on_selector_all(
        "th[aria-sort]", "cells => cells.map(cell => [cell.innerText.replace(/[↑↓]/, '').trim(), cell.getAttribute('aria-sort')])"
    )
    assert found == [[name, order]], found


@then('the status line is "{text}"')
def step_status(context, text):
    context.page.wait_for_function(
        "text => document.querySelector('.status').textContent === text", arg=text
    )


@then('the page is that of "{name}"')
def step_page_is(context, name):
    wanted = page_of(context, name).name
    context.page.wait_for_url(re.compile(re.escape(wanted)))


@then('the address ends with "{text}"')
@settled
def step_address(context, text):
    assert unquote(context.page.url).endswith(text), context.page.url


@then('the address has "{text}"')
def step_address_has(context, text):
    context.page.wait_for_function(
        "text => decodeURIComponent(location.href).includes(text)", arg=text
    )


@then('the row in focus is that of "{name}"')
@settled
def step_focus(context, name):
    text = context.page.evaluate("document.activeElement.closest('tr')?.cells[0].innerText || ''")
    assert text.strip().startswith(name), text


@then("no more than {count:d} rows exist, of {total:d}")
@settled
def step_few_rows(context, count, total):
    assert 0 < len(rows(context)) <= count, len(rows(context))
    said = context.page.get_attribute("table.list", "aria-rowcount")
    assert said == str(total + 1), said


@then("the share on top is that of `covfork report`")
def step_same_share(context):
    wanted = context.sandbox.run_well("covfork report --format=total").out.strip()
    found = context.page.inner_text(".total b")
    assert found == wanted + "%", (found, wanted)


@then('the totals are "{expected}"')
def step_totals(context, expected):
    """Figures and what they are of, the share first."""
    share = context.page.inner_text(".total b")
    figures = context.page.eval_on_selector_all(
        ".totals dl div", "all => all.map(each => each.querySelector('dd').innerText + ' ' + each.querySelector('dt').innerText)"
    )
    assert ", ".join([share, *figures]) == expected, (share, figures)


@then("the lines {numbers} count as {kind}")
@then("the line {numbers} counts as {kind}")
@settled
def step_lines(context, numbers, kind):
    letter = {"run": "r", "missing": "m", "excluded": "x", "partial": "p", "no statements": ""}[kind]
    for number in numbers.replace(" and ", " ").replace(",", " ").split():
        found = (line(context, number).get_attribute("class") or "").split(" ")[0]
        found = "" if found in ("current", "linked") else found
        assert found == letter, f"line {number}: {found!r}"


@then('the line {number:d} is marked with "{sign}", not with colour alone')
def step_sign(context, number, sign):
    content = context.page.evaluate(
        f"getComputedStyle(document.querySelector('#L{number} td:last-child'), '::before').content"
    )
    assert content.startswith(f'"{sign}"') and "/" in content, content


@then("the line {number:d} is in focus and in sight")
def step_line_focus(context, number):
    context.page.wait_for_function(
        """number => {
          const row = document.activeElement.closest("tr"), bar = document.querySelector("header.bar");
          if (!row || row.id !== "L" + number) return false;
          const box = row.getBoundingClientRect();
          return box.top >= bar.getBoundingClientRect().bottom - 1 && box.bottom <= innerHeight + 1;
        }""",
        arg=number,
    )


@then("the lines {first:d} to {last:d} are highlighted, and no other")
@settled
def step_linked(context, first, last):
    found = context.page.eval_on_selector_all("tr.linked", "rows => rows.map(row => row.id)")
    assert found == [f"L{number}" for number in range(first, last + 1)], found


@then('the count of line {number:d} is "{count}"')
@settled
def step_count(context, number, count):
    found = line(context, number).locator("td").nth(1).inner_text().strip()
    assert found == count, found


@then("line {number:d} has no count")
def step_no_count(context, number):
    assert not line(context, number).locator("td").nth(1).inner_text().strip()


@then('the panel has "{text}"')
def step_panel(context, text):
    context.page.wait_for_function(
        "text => document.querySelector('#panel')?.innerText.includes(text)", arg=text
    )


@then("the panel is closed")
@settled
def step_panel_closed(context):
    assert not context.page.locator("#panel").is_visible()


@then('the page has "{text}"')
@settled
def step_page_has(context, text):
    assert text in context.page.inner_text("body"), context.page.inner_text("body")[:2000]


@then('the page has no "{text}"')
def step_page_has_not(context, text):
    assert text not in context.page.inner_text("body")


@then('the title is "{text}"')
@settled
def step_title(context, text):
    assert context.page.title() == text, context.page.title()


@then("the head of the page is still in sight")
def step_head(context):
    box = context.page.locator("header.bar").bounding_box()
    assert box["y"] >= -1, box


@then("the strip at the edge shows {count:d} stretches")
@settled
def step_map(context, count):
    assert context.page.locator("#map rect").count() == count


@then("the background is {shade}")
def step_background(context, shade):
    """Dark or light, by its green."""
    context.page.wait_for_function(
        """shade => {
          const canvas = document.createElement("canvas").getContext("2d");
          canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
          canvas.fillRect(0, 0, 1, 1);
          return (canvas.getImageData(0, 0, 1, 1).data[1] < 128) === (shade === "dark");
        }""",
        arg=shade,
    )


@then("all text has enough contrast")
def step_contrast(context):
    found = context.page.evaluate(CONTRAST)
    assert found["texts"] > 5 and not found["bad"], found


@then("the page is no wider than the window")
def step_no_overflow(context):
    width = context.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert width <= 0, f"{width} pixels too wide"


@then("each control has a name")
def step_names(context):
    found = context.page.evaluate(
        """() => Array.from(document.querySelectorAll("button, input, select, a[href]"))
          .filter(each => each.checkVisibility())
          .filter(each => !(each.getAttribute("aria-label") || each.innerText || each.title || "").trim())
          .map(each => each.outerHTML)"""
    )
    assert not found, found


@then("{count:d} bars are drawn")
@settled
def step_bars(context, count):
    assert context.page.locator("svg.bar").count() == count, context.page.locator("svg.bar").count()


@then("nothing of the data ran as a script")
def step_not_hacked(context):
    assert context.page.evaluate("window.hacked") is None
    assert not context.problems, context.problems


@then('there is a page of "{name}"')
def step_page_exists(context, name):
    assert page_of(context, name).exists()


@then('there is no page of "{name}"')
def step_no_page(context, name):
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    assert not list(folder_of(context).glob(f"{plain}-*.html"))
