// The processes of the runs on a time line. covforkProcesses: [run, pid, parent, previous, began,
// end (both in µs since the first began; -1: not known), ending, flags, lines, command, python,
// context, note, statements that it alone ran, [[file, first, last, …], …]]: where these are. A row stands for a process with
// all programs that it ran one after another.
"use strict";
(function () {
  var place = document.getElementById("line");
  if (!place) {
    covfork.keyboard([["u", "the index", ["u"], function () { location.href = "index.html"; }]]);
    return;
  }
  var el = covfork.el, svg = covfork.svg, count = covfork.count;
  var RUN = 0, PID = 1, PARENT = 2, PREVIOUS = 3, BEGAN = 4, END = 5, ENDING = 6, FLAGS = 7, LINES = 8, COMMAND = 9,
    PYTHON = 10, CONTEXT = 11, NOTE = 12, ALONE_COUNT = 13, ALONE = 14;
  var LATER = 1, REPLACED = 2, LIVE = 3, SAID = 4;
  var IS_PYTHON = 1, IS_FORK = 2, IS_LOST = 4, HAS_LINES = 8, IS_KNOWN = 16;
  var all = covforkProcesses;

  // Rows.

  var rowOf = new Array(all.length), rows = [];
  all.forEach(function (process, index) {
    if (process[PREVIOUS] >= 0) return;
    rowOf[index] = rows.length;
    rows.push({images: [index], children: [], parent: null, level: 0});
  });
  // A program comes after the one whose place it took, which may stand behind it here.
  function findRow(index, depth) {
    if (rowOf[index] === undefined && depth < all.length) rowOf[index] = findRow(all[index][PREVIOUS], depth + 1);
    return rowOf[index];
  }
  all.forEach(function (process, index) {
    if (process[PREVIOUS] < 0) return;
    var row = findRow(index, 0);
    if (row !== undefined) rows[row].images.push(index);
  });
  var last = 1;
  rows.forEach(function (row) {
    row.images.sort(function (a, b) { return all[a][BEGAN] - all[b][BEGAN] || a - b; });
    var flags = 0, lines = 0, alone = 0;
    row.images.forEach(function (index) {
      var process = all[index];
      flags |= process[FLAGS];
      lines += process[LINES];
      alone += process[ALONE_COUNT];
      last = Math.max(last, process[BEGAN], process[END]);
    });
    var head = all[row.images[0]], tail = all[row.images[row.images.length - 1]];
    row.flags = flags;
    row.lines = lines;
    row.alone = alone;
    row.began = head[BEGAN];
    row.end = Math.max(tail[END], tail[BEGAN]);
    row.pid = head[PID];
    row.text = row.images.map(function (index) {
      var process = all[index];
      return [process[COMMAND], process[PYTHON], process[CONTEXT], process[NOTE]].join(" ");
    }).join(" ").toLowerCase() + " " + row.pid;
  });
  rows.forEach(function (row, index) {
    var parent = all[row.images[0]][PARENT];
    var parentRow = parent >= 0 ? rowOf[parent] : undefined;
    if (parentRow !== undefined && parentRow !== index) row.parent = parentRow;
  });
  // A loop of parents, which damaged data could have, is cut.
  rows.forEach(function (row, index) {
    for (var at = row.parent, steps = 0; at !== null && steps <= 1000; at = rows[at].parent, steps++)
      if (at === index || steps === 1000) {
        row.parent = null;
        break;
      }
  });
  var roots = [];
  rows.forEach(function (row, index) {
    (row.parent === null ? roots : rows[row.parent].children).push(index);
  });
  function byTime(a, b) { return rows[a].began - rows[b].began || rows[a].pid - rows[b].pid; }
  roots.sort(byTime);
  rows.forEach(function (row) { row.children.sort(byTime); });

  var state = {q: "", show: "", sort: "", process: ""};
  var closed = new Set(), shown = [], current = 0;

  function walk(list, level, wanted) {
    var stack = list.slice().reverse().map(function (index) { return [index, level]; });
    while (stack.length) {
      var entry = stack.pop(), row = rows[entry[0]];
      if (wanted && !wanted.has(entry[0])) continue;
      row.level = entry[1];
      shown.push(entry[0]);
      if (closed.has(entry[0]) && !wanted) continue;
      for (var i = row.children.length; i-- > 0;) stack.push([row.children[i], entry[1] + 1]);
    }
  }

  function matches(row) {
    if (state.show === "lines" && !(row.flags & HAS_LINES)) return false;
    if (state.show === "python" && !(row.flags & IS_PYTHON)) return false;
    if (state.show === "lost" && !(row.flags & IS_LOST)) return false;
    if (state.show === "alone" && !row.alone) return false;
    return state.q.toLowerCase().split(/\s+/).every(function (word) { return row.text.indexOf(word) >= 0; });
  }

  // What things are called.

  function seconds(microseconds) {
    var value = microseconds / 1e6;
    if (value < 0.0995) return Math.max(1, Math.round(value * 1000)) + "\u00a0ms";
    if (value < 9.95) return value.toFixed(2) + "\u00a0s";
    if (value < 90) return value.toFixed(1) + "\u00a0s";
    var minutes = Math.floor(value / 60);
    if (minutes < 90) return minutes + "\u00a0min " + Math.round(value % 60) + "\u00a0s";
    return Math.floor(minutes / 60) + "\u00a0h " + minutes % 60 + "\u00a0min";
  }

  function fullCommand(process) {
    if (process[COMMAND]) return process[COMMAND];
    return process[FLAGS] & IS_FORK ? "(fork)" : "?";
  }

  function shortCommand(process) { return covfork.shortCommand(fullCommand(process)); }

  function endInWords(process) {
    var length = process[END] - process[BEGAN];
    if (process[BEGAN] < 0) return "It is not known when it began or ended.";
    var from = "Began at " + seconds(process[BEGAN]) + ". ";
    if (process[ENDING] === REPLACED) return from + "After " + seconds(length) + " an exec put the next program in its place.";
    if (process[ENDING] === SAID) return from + "Ended by itself after " + seconds(length) + ".";
    if (process[ENDING] === LIVE) return from + "It was still running when this report was made.";
    if (process[ENDING] === LATER) return from + "Its last sign of life came " + seconds(length) + " later; it did not end by itself, or could not say so.";
    return from + "Nothing later was recorded of it: it did not end by itself, or could not say so.";
  }

  function state_of(row) {
    return row.flags & IS_LOST ? "lost" : row.flags & HAS_LINES ? "lines" : row.flags & IS_PYTHON ? "python" : "other";
  }

  // The page.

  var search = el("input", {type: "search", id: "search", placeholder: "Command, version, number", "aria-label": "Search processes", autocomplete: "off", spellcheck: "false"});
  var show = el("select", {"aria-label": "Filter"}, el("option", {value: ""}, "All"), el("option", {value: "lines"}, "With lines"),
    el("option", {value: "python"}, "Python"), el("option", {value: "alone"}, "Ran something alone"), el("option", {value: "lost"}, "Lost data"));
  var status = el("p", {class: "status", role: "status"});
  var legend = el("ul", {class: "legend", "aria-label": "Colours"});
  [["lines", "left lines"], ["python", "Python without lines"], ["other", "another program"], ["lost", "lost data"]].forEach(function (each) {
    legend.append(el("li", {}, el("span", {class: "sample " + each[0]}), each[1]));
  });
  legend.append(el("li", {}, el("span", {class: "sample open"}), "its end is not known"));
  var tools = el("div", {class: "index-tools"}, search, show, status);
  var overview = svg("svg", {class: "overview", viewBox: "0 0 1000 100", preserveAspectRatio: "none", "aria-hidden": "true"});

  var columns = [
    {id: "process", label: "Process", sort: ""},
    {id: "lines", label: "Lines", sort: "lines"},
    {id: "alone", label: "Alone", sort: "alone", title: "Statements that no other process ran"},
    {id: "time", label: "Time", sort: "length"},
  ];
  var headRow = el("tr", {});
  var axis = svg("svg", {class: "axis", "aria-hidden": "true"});
  columns.forEach(function (column) {
    var button = el("button", {type: "button", title: (column.title ? column.title + ". " : "") + (column.sort ? "Sort by it" : "As a tree")}, column.label);
    button.addEventListener("click", function () { change({sort: column.sort}); });
    var cell = el("th", {scope: "col", class: "col-" + column.id}, button);
    if (column.id === "time") cell.append(axis);
    headRow.append(cell);
  });
  var table = el("table", {role: "treegrid", class: "list timeline", "aria-label": "Processes on a time line"}, el("thead", {}, headRow));
  place.append(legend, overview, tools, table);
  covfork.measure(tools, "--tools");

  var list = covfork.rows(table, renderRow, function () {
    return (getComputedStyle(tools).position === "sticky" ? tools.offsetHeight : 0) + table.tHead.offsetHeight;
  });

  function share(time) {
    return (100 * Math.max(0, time) / last).toFixed(3) + "%";
  }

  // A bar for each program; where its end is not known, a thin one goes on from the last sign.
  function drawBar(row) {
    var picture = svg("svg", {class: "bar", role: "img", "aria-label": row.images.map(function (index) { return endInWords(all[index]); }).join(" ")});
    row.images.forEach(function (index) {
      var process = all[index];
      if (process[BEGAN] < 0) return;
      var end = Math.max(process[END], process[BEGAN]);
      var kind = process[FLAGS] & IS_LOST ? "lost" : process[FLAGS] & HAS_LINES ? "lines" : process[FLAGS] & IS_PYTHON ? "python" : "other";
      var known = process[ENDING] === REPLACED || process[ENDING] === SAID;
      picture.append(svg("rect", {class: kind, x: share(process[BEGAN]), width: share(end - process[BEGAN]), y: 6, height: 10, rx: known ? 0 : 2}));
      // A process that lived for less than a pixel is seen all the same.
      picture.append(svg("rect", {class: kind, x: share(process[BEGAN]), width: 2, y: 6, height: 10}));
      if (process[ENDING] === LIVE)
        picture.append(svg("rect", {class: kind, x: share(end), width: share(last - end), y: 6, height: 10}));
      else if (!known) picture.append(svg("rect", {class: kind + " open", x: share(end), width: 12, y: 9, height: 4}));
    });
    return picture;
  }

  function renderRow(position) {
    var index = shown[position], row = rows[index], tree = isTree();
    var cell = el("td", {class: "col-process"});
    cell.style.setProperty("--level", tree ? Math.min(row.level, 24) : 0);
    var hasChildren = tree && row.children.length > 0;
    if (hasChildren) cell.append(el("span", {class: "twist" + (isOpen(index) ? " open" : ""), "aria-hidden": "true"}));
    else cell.append(el("span", {class: "twist none", "aria-hidden": "true"}));
    var words = el("span", {class: "command"});
    row.images.forEach(function (image, i) {
      if (i) words.append(el("span", {class: "dim"}, " → "));
      words.append(shortCommand(all[image]));
    });
    cell.append(words);
    var tail = all[row.images[row.images.length - 1]];
    if (tail[CONTEXT]) cell.append(el("b", {class: "context"}, tail[CONTEXT]));
    if (row.flags & IS_LOST) cell.append(el("b", {class: "lost-mark"}, "lost"));
    cell.title = row.images.map(function (image) { return fullCommand(all[image]); }).join(" → ");
    var made = el("tr", {tabindex: position === current ? "0" : "-1", class: state_of(row) + (position === current ? " current" : "")}, cell,
      el("td", {class: "col-lines" + (row.lines ? "" : " zero")}, row.flags & IS_PYTHON ? count(row.lines) : ""),
      el("td", {class: "col-alone" + (row.alone ? "" : " zero")}, row.flags & IS_PYTHON ? count(row.alone) : ""),
      el("td", {class: "col-time"}, drawBar(row)));
    if (tree) {
      made.setAttribute("aria-level", row.level + 1);
      if (hasChildren) made.setAttribute("aria-expanded", isOpen(index));
    }
    return made;
  }

  function isTree() { return state.sort === ""; }
  function isOpen(index) { return isFiltered() || !closed.has(index); }
  function isFiltered() { return state.q !== "" || state.show !== ""; }

  function drawAxis() {
    var steps = [1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 2e7, 3e7, 6e7, 12e7, 3e8, 6e8, 18e8, 36e8, 72e8];
    var room = Math.max(2, Math.floor(axis.getBoundingClientRect().width / 80));
    var step = steps.find(function (each) { return last / each <= room; }) || last;
    axis.replaceChildren();
    for (var at = 0; at <= last; at += step) {
      axis.append(svg("line", {x1: share(at), x2: share(at), y1: 14, y2: 20}));
      // The last would stand out of the picture.
      if (at / last < 0.94) axis.append(svg("text", {x: share(at), y: 11, dx: 1}, at === 0 ? "0" : axisTime(at, step)));
    }
  }

  function axisTime(at, step) {
    if (step < 1e6 && last < 1e6) return Math.round(at / 1e3) + " ms";
    if (step < 1e6) return (at / 1e6).toFixed(step < 1e5 ? 2 : 1) + " s";
    if (step < 6e7) return at / 1e6 + " s";
    return at / 6e7 + " min";
  }

  function drawOverview() {
    var paths = {lines: "", python: "", other: "", lost: ""}, height = 100 / Math.max(1, shown.length);
    shown.forEach(function (index, i) {
      var row = rows[index];
      var x = 1000 * Math.max(0, row.began) / last, width = Math.max(1.5, 1000 * (row.end - row.began) / last);
      paths[state_of(row)] += "M" + x.toFixed(1) + " " + (i * height).toFixed(3) + "h" + width.toFixed(1) + "v" + Math.max(0.4, height * 0.8).toFixed(3) + "h-" + width.toFixed(1) + "z";
    });
    overview.replaceChildren();
    for (var kind in paths) if (paths[kind]) overview.append(svg("path", {class: kind, d: paths[kind]}));
    overview.style.display = shown.length > 30 ? "" : "none";
  }

  overview.addEventListener("click", function (event) {
    var box = overview.getBoundingClientRect();
    moveTo(Math.floor((event.clientY - box.top) / box.height * shown.length));
  });

  function update() {
    shown = [];
    if (!isTree()) {
      rows.forEach(function (row, index) { if (matches(row)) shown.push(index); });
      shown.sort(function (a, b) {
        var left = rows[a], right = rows[b];
        var order = state.sort === "length" ? (right.end - right.began) - (left.end - left.began) : right[state.sort] - left[state.sort];
        return order || byTime(a, b);
      });
    } else if (isFiltered()) {
      var wanted = new Set();
      rows.forEach(function (row, index) {
        if (matches(row)) for (var at = index; at !== null && !wanted.has(at); at = rows[at].parent) wanted.add(at);
      });
      walk(roots, 0, wanted);
    } else walk(roots, 0, null);
    Array.from(headRow.cells).forEach(function (cell, i) {
      if (columns[i].sort && columns[i].sort === state.sort) cell.setAttribute("aria-sort", "descending");
      else cell.removeAttribute("aria-sort");
    });
    table.setAttribute("role", isTree() ? "treegrid" : "grid");
    current = Math.min(current, Math.max(0, shown.length - 1));
    // Not under the fingers of who is typing.
    if (document.activeElement !== search) search.value = state.q;
    show.value = state.show;
    var found = isFiltered() ? rows.filter(matches).length : rows.length;
    status.textContent = found === rows.length ? covfork.plural(rows.length, "process", "processes") : count(found) + " of " + covfork.plural(rows.length, "process", "processes");
    drawOverview();
    list.update(shown.length);
    drawAxis();
  }

  function save() {
    covfork.writeState(state);
  }

  function change(values) {
    Object.assign(state, values);
    save();
    update();
  }

  function moveTo(position) {
    if (shown.length === 0) return;
    current = Math.min(shown.length - 1, Math.max(0, position));
    list.show(current, true);
  }

  function toggleRow(index, open) {
    if (isFiltered() || !isTree()) return;
    if (open) closed.delete(index);
    else closed.add(index);
    update();
    moveTo(shown.indexOf(index));
  }

  // Details.

  function processLink(index) {
    var command = shortCommand(all[index]);
    if (command.length > 100) command = command.slice(0, 99) + "…";
    return el("a", {href: "#process=" + index}, command + " (process " + all[index][PID] + ")");
  }

  function aloneList(process) {
    var made = el("ul", {class: "alone"}), total = 0;
    process[ALONE].forEach(function (file) {
      var known = covforkFiles[file[0]];
      if (!known) return;
      var item = el("li", {}, el("span", {class: "file"}, known[0]), " ");
      for (var i = 1; i < file.length; i += 2) {
        var single = file[i] === file[i + 1];
        item.append(el("a", {href: known[1] + "#L" + file[i] + (single ? "" : "-L" + file[i + 1])}, single ? String(file[i]) : file[i] + "–" + file[i + 1]), " ");
      }
      made.append(item);
      total++;
    });
    return total ? made : null;
  }

  function fact(list, name, value) {
    if (value) list.append(el("div", {}, el("dt", {}, name), el("dd", {}, value)));
  }

  function details(index) {
    var row = rows[index], content = el("div", {});
    row.images.forEach(function (image, i) {
      var process = all[image], facts = el("dl", {class: "facts"});
      if (i) content.append(el("h3", {}, "then"));
      content.append(el("p", {class: "command-full"}, el("code", {}, fullCommand(process))));
      fact(facts, "Python", process[PYTHON]);
      fact(facts, "Context", process[CONTEXT]);
      if (i === 0) fact(facts, "Parent", row.parent === null ? (process[FLAGS] & IS_KNOWN ? "none in this run" : "not known") : processLink(rows[row.parent].images[0]));
      fact(facts, "Time", endInWords(process));
      if (process[FLAGS] & IS_PYTHON) fact(facts, "Lines", count(process[LINES]));
      fact(facts, process[FLAGS] & IS_LOST ? "Lost" : "Remark", process[NOTE]);
      content.append(facts);
      var alone = aloneList(process);
      if (alone) content.append(el("h3", {}, "What no other process ran"), alone);
    });
    if (row.children.length) content.append(el("p", {}, "It started ", covfork.plural(row.children.length, "process", "processes") + " of this run."));
    return content;
  }

  function open(index) {
    state.process = String(rows[index].images[0]);
    save();
    covfork.openPanel("Process " + rows[index].pid, details(index), list.show(current, false));
  }

  list.body.addEventListener("click", function (event) {
    var row = event.target.closest("tr");
    if (!row) return;
    var position = Number(row.dataset.index), index = shown[position];
    current = position;
    if (event.target.classList.contains("twist") && rows[index].children.length) toggleRow(index, closed.has(index));
    else open(index);
  });

  search.addEventListener("input", function () { change({q: search.value.trim()}); });
  search.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && search.value) {
      search.value = "";
      change({q: ""});
    } else if (event.key === "Escape" || event.key === "ArrowDown" || event.key === "Enter") moveTo(current);
    else return;
    event.preventDefault();
  });
  show.addEventListener("change", function () { change({show: show.value}); });
  window.addEventListener("resize", drawAxis);

  function hasFocus() { return list.body.contains(document.activeElement); }

  covfork.keyboard([
    ["/", "search", ["/"], function () { search.focus(); search.select(); }],
    ["j ↓", "next row", ["j", "ArrowDown"], function () { moveTo(hasFocus() ? current + 1 : current); }],
    ["k ↑", "previous row", ["k", "ArrowUp"], function () { moveTo(hasFocus() ? current - 1 : current); }],
    ["→ ←", "show and hide what it started", ["ArrowRight", "ArrowLeft"], function (event) { toggleRow(shown[current], event.key === "ArrowRight"); }],
    ["Enter", "all that is known of it", ["Enter"], function () { if (shown.length) open(shown[current]); }],
    ["Esc", "close it", ["Escape"], function () { return covfork.closePanel(); }],
    ["u", "the index", ["u"], function () { location.href = "index.html"; }],
  ]);

  function restore() {
    var given = covfork.readState();
    ["q", "show", "process"].forEach(function (name) { state[name] = given.get(name) || ""; });
    state.sort = ["lines", "alone", "length"].indexOf(given.get("sort")) >= 0 ? given.get("sort") : "";
    update();
    if (state.process === "") return;
    var row = rowOf[Number(state.process)], position = shown.indexOf(row);
    if (position < 0) return;
    moveTo(position);
    open(row);
  }

  window.addEventListener("hashchange", restore);
  restore();
})();
