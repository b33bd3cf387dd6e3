// A source page: moves between what is missing, marks that can be switched off, links to lines and
// ranges, the strip at the edge, and who ran a line.
"use strict";
(function () {
  var el = covfork.el;
  var code = document.querySelector("table.code");
  var lines = code.tBodies[0].rows;
  var bar = document.querySelector("header.bar");
  var current = 0; // a line's number; 0: none yet
  covfork.measure(bar, "--bar");

  // Marks.

  var kinds = {r: true, m: true, p: true, x: true};

  function toggle(kind) {
    var button = document.querySelector('.toggle[data-kind="' + kind + '"]');
    if (!button) return false;
    kinds[kind] = !kinds[kind];
    button.setAttribute("aria-pressed", kinds[kind]);
    code.classList.toggle("no-" + kind, !kinds[kind]);
    findStretches();
    drawMap();
  }

  document.querySelectorAll(".toggle").forEach(function (button) {
    button.addEventListener("click", function () { toggle(button.dataset.kind); });
  });

  // Stretches that are missing or partial: lines that are no statements do not end one.

  var stretches = []; // {first, last, kind}

  function kindOf(row) {
    var name = row.className[0] || "";
    return name === "m" || name === "p" || name === "x" || name === "r" ? name : "";
  }

  function findStretches() {
    stretches = [];
    var last = null;
    for (var i = 0; i < lines.length; i++) {
      var kind = kindOf(lines[i]);
      if ((kind === "m" || kind === "p") && kinds[kind]) {
        if (last && last.kind === kind) last.last = i + 1;
        else stretches.push(last = {first: i + 1, last: i + 1, kind: kind});
      } else if (kind) last = null;
    }
  }

  function behavior() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  }

  function setCurrent(number, scroll) {
    number = Math.min(lines.length, Math.max(1, number));
    if (current && lines[current - 1]) {
      lines[current - 1].classList.remove("current");
      lines[current - 1].removeAttribute("tabindex");
    }
    current = number;
    var row = lines[current - 1];
    if (!row) return;
    row.classList.add("current");
    row.setAttribute("tabindex", "-1");
    row.focus({preventScroll: true});
    if (scroll) row.scrollIntoView({block: scroll, behavior: scroll === "center" ? behavior() : "auto"});
  }

  function firstInSight() {
    var top = bar.getBoundingClientRect().bottom;
    var from = 0, to = lines.length - 1;
    while (from < to) {
      var middle = (from + to) >> 1;
      if (lines[middle].getBoundingClientRect().bottom <= top + 1) from = middle + 1;
      else to = middle;
    }
    return from + 1;
  }

  function isInSight(number) {
    var box = lines[number - 1].getBoundingClientRect();
    return box.bottom > bar.getBoundingClientRect().bottom && box.top < window.innerHeight;
  }

  // Where a move begins: the line that was chosen, while it is in sight.
  function here() {
    return current && isInSight(current) ? current : 0;
  }

  function moveStretch(step) {
    if (stretches.length === 0) return;
    var from = here(), target = null;
    if (step > 0) {
      var after = from || firstInSight() - 1;
      target = stretches.find(function (each) { return each.first > after; }) || stretches[0];
    } else {
      var before = from || firstInSight();
      for (var i = stretches.length - 1; i >= 0 && !target; i--) if (stretches[i].first < before) target = stretches[i];
      target = target || stretches[stretches.length - 1];
    }
    setCurrent(target.first, "center");
    announce(target);
  }

  var status = el("p", {class: "unseen", role: "status"});
  document.body.append(status);

  function announce(stretch) {
    var what = stretch.kind === "m" ? "missing" : "partial";
    status.textContent = (stretch.first === stretch.last ? "Line " + stretch.first : "Lines " + stretch.first + " to " + stretch.last) + ", " + what +
      ", " + (stretches.indexOf(stretch) + 1) + " of " + stretches.length;
  }

  [["previous", -1], ["next", 1]].forEach(function (each) {
    var button = document.getElementById(each[0]);
    if (!button) return;
    button.hidden = false;
    button.title = button.getAttribute("aria-label");
    button.addEventListener("click", function () { moveStretch(each[1]); });
  });

  // Links to lines: #L3, and #L3-L7 after a click on 3 and one with the shift key on 7.

  function readRange() {
    var match = /^#L(\d+)(?:-L?(\d+))?$/.exec(location.hash);
    if (!match) return null;
    var first = Number(match[1]), last = Number(match[2] || match[1]);
    return {first: Math.min(first, last), last: Math.max(first, last)};
  }

  function showRange(scroll) {
    code.querySelectorAll("tr.linked").forEach(function (row) { row.classList.remove("linked"); });
    var range = readRange();
    if (!range) return;
    for (var i = range.first; i <= range.last && i <= lines.length; i++) lines[i - 1].classList.add("linked");
    if (range.first <= lines.length && range.first > 0) setCurrent(range.first, scroll ? "center" : null);
  }

  code.addEventListener("click", function (event) {
    var cell = event.target.closest("td");
    if (!cell) return;
    var number = cell.parentNode.rowIndex + 1;
    if (event.target.closest("a")) {
      event.preventDefault();
      var range = event.shiftKey && readRange();
      var text = range ? "#L" + Math.min(range.first, number) + "-L" + Math.max(range.first, number) : "#L" + number;
      if (text !== location.hash) {
        try {
          history.pushState(null, "", text);
        } catch (error) {
          location.hash = text;
        }
      }
      showRange(false);
    } else if (counted && cell.cellIndex === 1) {
      setCurrent(number, null);
      showRunners(number);
    } else if (!String(getSelection())) {
      setCurrent(number, null);
    }
  });

  window.addEventListener("hashchange", function () { showRange(true); });
  window.addEventListener("popstate", function () { showRange(true); });

  // The strip at the right edge.

  var map = el("div", {id: "map", "aria-hidden": "true"});
  var picture = covfork.svg("svg", {preserveAspectRatio: "none", width: "100%", height: "100%"});
  var view = el("div", {class: "view"});
  map.append(picture, view);
  document.body.append(map);

  function drawMap() {
    var height = code.offsetHeight || 1;
    picture.setAttribute("viewBox", "0 0 1 " + height);
    picture.replaceChildren();
    var least = height / Math.max(1, map.clientHeight) * 2;
    stretches.forEach(function (stretch) {
      var top = lines[stretch.first - 1].offsetTop;
      var last = lines[stretch.last - 1];
      picture.append(covfork.svg("rect", {class: stretch.kind, x: 0, width: 1, y: top, height: Math.max(least, last.offsetTop + last.offsetHeight - top)}));
    });
    drawView();
  }

  function drawView() {
    var box = code.getBoundingClientRect(), height = box.height || 1, top = bar.getBoundingClientRect().bottom;
    var from = Math.max(0, (top - box.top) / height), to = Math.min(1, (window.innerHeight - box.top) / height);
    view.style.top = 100 * from + "%";
    view.style.height = 100 * Math.max(0, to - from) + "%";
    view.hidden = from === 0 && to === 1;
  }

  var waiting = false;
  window.addEventListener("scroll", function () {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(function () {
      waiting = false;
      drawView();
    });
  }, {passive: true});
  window.addEventListener("resize", drawMap);
  map.addEventListener("click", function (event) {
    var box = map.getBoundingClientRect();
    var target = code.getBoundingClientRect().top + window.scrollY + (event.clientY - box.top) / box.height * code.offsetHeight;
    window.scrollTo({top: target - window.innerHeight / 2, behavior: behavior()});
  });

  // Who ran a line. Sets of statements with the processes that ran them: pairs of first and last.

  var data = document.getElementById("runners");
  var counts = !!data || !!document.getElementById("contexts"), counted = !!data, runners = null;

  function has(ranges, number) {
    for (var i = 0; i < ranges.length; i += 2) if (ranges[i] <= number && number <= ranges[i + 1]) return true;
    return false;
  }

  function processesOf(number) {
    runners = runners || (data ? JSON.parse(data.textContent) : []);
    var found = [];
    runners.forEach(function (set) {
      if (!has(set[0], number)) return;
      for (var i = 0; i < set[1].length; i += 2) for (var each = set[1][i]; each <= set[1][i + 1]; each++) found.push(each);
    });
    return found.sort(function (a, b) { return a - b; });
  }

  // The first line of the statement that a line belongs to.
  function statementOf(number) {
    while (number > 1 && lines[number - 1].classList.contains("c")) number--;
    return number;
  }

  var AT_ONCE = 200;

  function runnerItem(index) {
    var process = covforkProcesses[index];
    var facts = ["process " + process[0]];
    if (process[2]) facts.push("Python " + process[2]);
    var about = el("span", {class: "about"}, facts.join(", "));
    if (process[3]) about.append(", ", el("b", {class: "context"}, process[3]));
    return el("li", {}, el("a", {href: "run.html#process=" + index}, el("code", {}, (process[4] ? "(fork of) " : "") + covfork.shortCommand(process[1] || "?"))), about);
  }

  function fillList(list, found, text) {
    var wanted = text.toLowerCase();
    var matching = !wanted ? found : found.filter(function (index) {
      var process = covforkProcesses[index];
      return (process.slice(0, 4).join(" ")).toLowerCase().indexOf(wanted) >= 0;
    });
    list.replaceChildren();
    matching.slice(0, AT_ONCE).forEach(function (index) { list.append(runnerItem(index)); });
    if (matching.length > AT_ONCE) {
      var more = el("button", {type: "button", class: "quiet"}, "Show all " + covfork.count(matching.length));
      var item = el("li", {}, more);
      more.addEventListener("click", function () {
        item.remove();
        matching.slice(AT_ONCE).forEach(function (index) { list.append(runnerItem(index)); });
      });
      list.append(item);
    }
    if (matching.length === 0) list.append(el("li", {class: "none"}, "None has that in its command, version or context."));
  }

  function showRunners(number) {
    if (!counts) return false;
    number = statementOf(number);
    var found = processesOf(number), opener = lines[number - 1];
    var title = "Line " + number;
    var content = el("div", {});
    content.append(el("p", {}, found.length ? "Ran in " + covfork.plural(found.length, "process", "processes") + "." :
      /^[mx]/.test(lines[number - 1].className) ? "No process ran it." : "No statement begins here."));
    var contexts = contextsOf(number);
    if (contexts.length) {
      content.append(el("h3", {}, "Contexts"));
      var names = el("ul", {class: "contexts"});
      contexts.forEach(function (name) { names.append(el("li", {}, name || "(none)")); });
      content.append(names);
    }
    covfork.openPanel(title, content, opener);
    if (found.length === 0) return;
    covfork.load("processes.js").then(function () {
      var list = el("ul", {class: "runners"});
      if (found.length > 12) {
        var filter = el("input", {type: "search", placeholder: "Command, version, context", "aria-label": "Filter the processes"});
        filter.addEventListener("input", function () { fillList(list, found, filter.value.trim()); });
        content.append(filter);
      }
      fillList(list, found, "");
      content.append(list);
    }, function (error) {
      content.append(el("p", {}, error.message));
    });
  }

  function contextsOf(number) {
    var given = document.getElementById("contexts");
    if (!given) return [];
    return JSON.parse(given.textContent).filter(function (each) { return has(each[1], number); }).map(function (each) { return each[0]; });
  }

  function follow(relation) {
    var link = document.querySelector('a[rel="' + relation + '"]');
    if (link) location.href = link.href;
    else return false;
  }

  covfork.keyboard([
    ["n", "next stretch that is missing", ["n"], function () { moveStretch(1); }],
    ["p", "previous stretch that is missing", ["p"], function () { moveStretch(-1); }],
    ["j ↓", "next line", ["j"], function () { setCurrent(here() ? current + 1 : firstInSight(), "nearest"); }],
    ["k ↑", "previous line", ["k"], function () { setCurrent(here() ? current - 1 : firstInSight(), "nearest"); }],
  ].concat(counts ? [["Enter", "who ran the line", ["Enter"], function () { return here() ? showRunners(current) : false; }]] : [], [
    ["r m b x", "mark what ran, is missing, is partial, is excluded", ["r", "m", "b", "x"], function (event) { return toggle(event.key === "b" ? "p" : event.key); }],
    ["[ ]", "previous and next file", ["[", "]"], function (event) { return follow(event.key === "[" ? "prev" : "next"); }],
    ["u", "the index", ["u"], function () { location.href = "index.html"; }],
    ["Esc", "close the list", ["Escape"], function () { return covfork.closePanel(); }],
  ]));

  findStretches();
  drawMap();
  showRange(!!readRange());
})();
