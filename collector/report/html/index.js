// The index: files in their folders or as a list, functions, classes; sorted, searched, filtered.
// covforkFiles: [name, page, statements, missing, excluded(, branches, missing branches, partial)].
"use strict";
(function () {
  var el = covfork.el, count = covfork.count;
  var place = document.getElementById("list");
  var precision = Number(place.dataset.precision);
  var hasBranches = "branches" in place.dataset;
  var STATEMENTS = 0, MISSING = 1, EXCLUDED = 2, BRANCHES = 3, MISSING_BRANCHES = 4, PARTIAL = 5;
  var collator = new Intl.Collator("en", {numeric: true, sensitivity: "base"});

  // An item is {name, path, link, numbers, share} and, of a folder, {children, key}.
  function makeItem(name, path, link, numbers) {
    var all = numbers[STATEMENTS] + (hasBranches ? numbers[BRANCHES] : 0);
    var lacking = numbers[MISSING] + (hasBranches ? numbers[MISSING_BRANCHES] : 0);
    return {name: name, path: path, search: path.toLowerCase(), link: link, numbers: numbers,
      share: all ? 100 * (all - lacking) / all : 100, children: null};
  }

  var files = covforkFiles.map(function (file) {
    return makeItem(file[0], file[0], file[1], file.slice(2));
  });

  var columns = [
    {id: "name", key: "n", label: "Name", value: function (item) { return item.name; }},
    {id: "statements", key: "s", label: "Statements", number: STATEMENTS},
    {id: "missing", key: "m", label: "Missing", number: MISSING},
    {id: "excluded", key: "x", label: "Excluded", number: EXCLUDED},
    {id: "branches", key: "b", label: "Branches", number: BRANCHES, branch: true},
    {id: "partial", key: "p", label: "Partial", number: PARTIAL, branch: true},
    {id: "coverage", key: "c", label: "Coverage", value: function (item) { return item.share; }},
  ].filter(function (column) { return hasBranches || !column.branch; });

  var state = {view: "files", q: "", show: "", sort: "name", down: false, flat: false, closed: new Set(), at: ""};

  // Folders.

  function sum(target, numbers) {
    for (var i = 0; i < numbers.length; i++) target[i] = (target[i] || 0) + numbers[i];
  }

  function buildTree(items) {
    var root = {folders: new Map(), files: []};
    items.forEach(function (item) {
      var parts = item.path.split("/");
      var node = root;
      for (var i = 0; i + 1 < parts.length; i++) {
        // The first part of a name that begins with / is empty.
        var part = parts[i] === "" ? "/" : parts[i];
        if (!node.folders.has(part)) node.folders.set(part, {folders: new Map(), files: []});
        node = node.folders.get(part);
      }
      node.files.push({item: item, name: parts[parts.length - 1]});
    });
    return finishFolder("", "", root).children;
  }

  function finishFolder(name, path, node) {
    // A folder that has one folder alone is shown as one with it.
    while (name !== "" && node.files.length === 0 && node.folders.size === 1) {
      var only = node.folders.entries().next().value;
      name = name === "/" ? "/" + only[0] : name + "/" + only[0];
      path = path + only[0] + "/";
      node = only[1];
    }
    var children = [], numbers = new Array(hasBranches ? 6 : 3).fill(0);
    node.folders.forEach(function (folder, part) {
      children.push(finishFolder(part, path + part + "/", folder));
    });
    node.files.forEach(function (file) {
      var item = file.item;
      children.push({name: file.name, path: item.path, link: item.link, numbers: item.numbers, share: item.share, children: null});
    });
    children.forEach(function (child) {
      sum(numbers, child.numbers);
    });
    var folder = makeItem(name, path, null, numbers);
    folder.children = children;
    folder.files = children.reduce(function (all, child) { return all + (child.children ? child.files : 1); }, 0);
    return folder;
  }

  // What is asked for.

  function matcher() {
    var words = [], limits = [];
    state.q.toLowerCase().split(/\s+/).forEach(function (word) {
      var limit = /^([<>])(\d+(?:\.\d+)?)%?$/.exec(word);
      if (limit) limits.push({below: limit[1] === "<", value: Number(limit[2])});
      else if (word) words.push(word);
    });
    return function (item) {
      if (state.show === "missing" && item.share === 100) return false;
      if (state.show === "none" && (item.share > 0 || item.numbers[STATEMENTS] === 0)) return false;
      for (var i = 0; i < words.length; i++) if (item.search.indexOf(words[i]) < 0) return false;
      for (var j = 0; j < limits.length; j++)
        if (limits[j].below ? item.share >= limits[j].value : item.share <= limits[j].value) return false;
      return true;
    };
  }

  function comparer() {
    var column = columns.find(function (each) { return each.id === state.sort; });
    var sign = state.down ? -1 : 1;
    function byName(a, b) {
      return collator.compare(a.name, b.name) || collator.compare(a.path, b.path) || (a.line || 0) - (b.line || 0);
    }
    return function (a, b) {
      var order;
      if (column.id === "name") order = byName(a, b);
      else if (column.value) order = column.value(a) - column.value(b);
      else order = a.numbers[column.number] - b.numbers[column.number];
      return sign * order || byName(a, b);
    };
  }

  var shown = []; // {item, level, first, size}: what the rows are of

  function flatten(items, level, compare, searching) {
    items.slice().sort(compare).forEach(function (item, index) {
      shown.push({item: item, level: level, position: index + 1, size: items.length});
      if (item.children && (searching || !state.closed.has(item.path)))
        flatten(item.children, level + 1, compare, searching);
    });
  }

  var regions = {functions: null, classes: null};

  function loadRegions() {
    return covfork.load("regions.js").then(function () {
      ["functions", "classes"].forEach(function (kind) {
        regions[kind] = covforkRegions[kind].map(function (region) {
          var file = files[region[0]];
          var none = region[1] === "";
          var item = makeItem(none ? "(no " + (kind === "classes" ? "class" : "function") + ")" : region[1],
            file.path, file.link + (none ? "" : "#L" + region[2]), region.slice(3));
          item.line = region[2];
          item.place = file.path;
          item.search = (item.name + " " + file.path).toLowerCase();
          return item;
        });
      });
    });
  }

  function candidates() {
    return state.view === "files" ? files : regions[state.view] || [];
  }

  // The page.

  var search = el("input", {type: "search", id: "search", placeholder: "Search, or <80", "aria-label": "Search names; <80 finds what is below 80%", autocomplete: "off", spellcheck: "false"});
  var show = el("select", {"aria-label": "Filter"},
    el("option", {value: ""}, "All"), el("option", {value: "missing"}, "Something missing"), el("option", {value: "none"}, "Nothing ran"));
  var views = el("div", {class: "views", role: "group", "aria-label": "View"});
  [["files", "Files"], ["functions", "Functions"], ["classes", "Classes"]].forEach(function (view) {
    var button = el("button", {type: "button", "data-view": view[0]}, view[1]);
    button.addEventListener("click", function () { setView(view[0]); });
    views.append(button);
  });
  var folders = el("button", {type: "button", class: "quiet", id: "folders"});
  var status = el("p", {class: "status", role: "status"});
  var tools = el("div", {class: "index-tools"}, search, show, views, folders, status);
  var headRow = el("tr", {});
  columns.forEach(function (column) {
    var button = el("button", {type: "button", title: "Sort by " + column.label.toLowerCase() + " (" + column.key + ")"}, column.label);
    button.addEventListener("click", function () { sortBy(column.id); });
    headRow.append(el("th", {scope: "col", class: "col-" + column.id}, button));
  });
  var table = el("table", {role: "treegrid", "aria-label": "Coverage of the files", class: hasBranches ? "list branches" : "list"}, el("thead", {}, headRow));
  place.append(tools, table);
  covfork.measure(tools, "--tools");
  var current = 0;

  var list = covfork.rows(table, renderRow, function () {
    return (getComputedStyle(tools).position === "sticky" ? tools.offsetHeight : 0) + table.tHead.offsetHeight;
  });

  function highlight(text, base) {
    var words = state.q.toLowerCase().split(/\s+/).filter(function (word) { return word && !/^[<>]\d/.test(word); });
    var lower = text.toLowerCase(), marks = [];
    if (lower.length !== text.length) words = [];
    words.forEach(function (word) {
      var at = lower.indexOf(word);
      if (at >= 0) marks.push([at, at + word.length]);
    });
    marks.sort(function (a, b) { return a[0] - b[0]; });
    var end = 0;
    marks.forEach(function (mark) {
      if (mark[0] < end) return;
      base.append(text.slice(end, mark[0]), el("mark", {}, text.slice(mark[0], mark[1])));
      end = mark[1];
    });
    base.append(text.slice(end));
    return base;
  }

  function grade(item) {
    return item.share >= 90 ? "high" : item.share >= 60 ? "middle" : "low";
  }

  function nameCell(entry) {
    var item = entry.item;
    var cell = el("td", {class: "col-name"});
    cell.style.setProperty("--level", entry.level);
    if (item.children) {
      var open = isOpen(item);
      cell.append(el("span", {class: "twist" + (open ? " open" : ""), "aria-hidden": "true"}),
        el("span", {class: "folder"}, item.name === "/" ? "/" : item.name + "/"),
        el("span", {class: "dim"}, covfork.plural(item.files, "file")));
      return cell;
    }
    var link = el("a", {href: item.link, tabindex: "-1"});
    var slash = item.name.lastIndexOf("/");
    if (!item.place && slash >= 0 && !isTree()) {
      highlight(item.name.slice(0, slash + 1), link.appendChild(el("span", {class: "dim"})));
      highlight(item.name.slice(slash + 1), link);
    } else highlight(item.name, link);
    cell.append(link);
    if (item.place) cell.append(highlight(item.place + ":" + item.line, el("span", {class: "dim"})));
    return cell;
  }

  function shareCell(item) {
    var bar = el("span", {class: "bar-space", "aria-hidden": "true"}, el("span", {class: "bar-fill " + grade(item)}));
    bar.firstChild.style.width = item.share + "%";
    return el("td", {class: "col-coverage"}, bar, el("span", {class: "number " + grade(item)}, covfork.percent(item.share, precision)));
  }

  function renderRow(index) {
    var entry = shown[index], item = entry.item;
    var row = el("tr", {tabindex: index === current ? "0" : "-1", class: (item.children ? "is-folder" : "") + (index === current ? " current" : "")});
    if (isTree()) {
      row.setAttribute("aria-level", entry.level + 1);
      row.setAttribute("aria-posinset", entry.position);
      row.setAttribute("aria-setsize", entry.size);
      if (item.children) row.setAttribute("aria-expanded", isOpen(item));
    }
    columns.forEach(function (column) {
      if (column.id === "name") row.append(nameCell(entry));
      else if (column.id === "coverage") row.append(shareCell(item));
      else {
        var value = item.numbers[column.number];
        row.append(el("td", {class: "col-" + column.id + (value ? "" : " zero")}, count(value)));
      }
    });
    return row;
  }

  function isTree() {
    return state.view === "files" && !state.flat;
  }

  function isOpen(item) {
    return state.q !== "" || state.show !== "" || !state.closed.has(item.path);
  }

  function keyOf(entry) {
    return entry.item.path + (entry.item.place ? "#" + entry.item.line : "");
  }

  function save() {
    covfork.writeState({
      view: state.view === "files" ? "" : state.view, q: state.q, show: state.show,
      sort: state.sort === "name" && !state.down ? "" : (state.down ? "-" : "") + state.sort,
      flat: state.flat ? "1" : "", closed: Array.from(state.closed).join("\n"), at: state.at,
    });
  }

  function update() {
    var all = candidates(), found = all.filter(matcher()), compare = comparer();
    shown = [];
    if (isTree()) flatten(buildTree(found), 0, compare, state.q !== "" || state.show !== "");
    else shown = found.slice().sort(compare).map(function (item) { return {item: item, level: 0}; });
    var index = state.at ? shown.findIndex(function (entry) { return keyOf(entry) === state.at; }) : -1;
    current = Math.max(0, index);
    table.setAttribute("role", isTree() ? "treegrid" : "grid");
    Array.from(headRow.cells).forEach(function (cell, i) {
      if (columns[i].id === state.sort) cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    views.querySelectorAll("button").forEach(function (button) {
      button.setAttribute("aria-pressed", button.dataset.view === state.view);
    });
    folders.hidden = state.view !== "files";
    folders.textContent = state.flat ? "Show folders" : "Show as list";
    folders.title = folders.textContent + " (t)";
    // Not under the fingers of who is typing.
    if (document.activeElement !== search) search.value = state.q;
    show.value = state.show;
    var what = {files: ["file"], functions: ["function"], classes: ["class", "classes"]}[state.view];
    var numbers = found.reduce(function (target, item) { sum(target, item.numbers); return target; }, new Array(hasBranches ? 6 : 3).fill(0));
    status.textContent = found.length === all.length ? covfork.plural(all.length, what[0], what[1])
      : count(found.length) + " of " + covfork.plural(all.length, what[0], what[1]) +
        (found.length ? ", " + covfork.percent(makeItem("", "", null, numbers).share, precision) + " covered" : "");
    list.update(shown.length);
  }

  function change(values) {
    Object.assign(state, values);
    save();
    update();
  }

  function setView(view) {
    if (view === "files" || regions[view]) change({view: view, at: ""});
    else loadRegions().then(function () { change({view: view, at: ""}); }, function (error) { status.textContent = error.message; });
  }

  function sortBy(id) {
    // What one looks for first comes first: the most of a number, the least covered.
    var down = id !== "name" && id !== "coverage";
    change(state.sort === id ? {down: !state.down} : {sort: id, down: down});
  }

  function toggleFolder(item, open) {
    if (state.q !== "" || state.show !== "") return;
    if (open === undefined) open = state.closed.has(item.path);
    if (open) state.closed.delete(item.path);
    else state.closed.add(item.path);
    state.at = item.path;
    save();
    update();
  }

  function moveTo(index) {
    if (shown.length === 0) return;
    current = Math.min(shown.length - 1, Math.max(0, index));
    state.at = keyOf(shown[current]);
    list.show(current, true);
    save();
  }

  function open() {
    var entry = shown[current];
    if (!entry) return false;
    if (entry.item.children) toggleFolder(entry.item);
    else {
      state.at = keyOf(entry);
      save();
      location.href = entry.item.link;
    }
  }

  function inOrOut(direction) {
    var entry = shown[current];
    if (!isTree() || !entry) return false;
    if (entry.item.children && isOpen(entry.item) !== (direction > 0)) toggleFolder(entry.item, direction > 0);
    else if (direction > 0 && entry.item.children) return moveTo(current + 1);
    else if (direction < 0) {
      var index = current;
      while (index > 0 && shown[index].level >= entry.level) index--;
      if (shown[index].level < entry.level) return moveTo(index);
    }
    list.show(current, true);
  }

  list.body.addEventListener("click", function (event) {
    var row = event.target.closest("tr");
    if (!row) return;
    var index = Number(row.dataset.index), entry = shown[index];
    state.at = keyOf(entry);
    if (entry.item.children) toggleFolder(entry.item);
    else {
      current = index;
      save();
      // All of a row is its link.
      if (!event.target.closest("a") && !String(getSelection())) location.href = entry.item.link;
      else if (!event.target.closest("a")) list.redraw();
    }
  });

  var timer = 0;
  function searchNow() {
    clearTimeout(timer);
    if (state.q !== search.value.trim()) change({q: search.value.trim()});
  }

  // Of very many files the list waits for a pause in the typing; the keys that leave the field don't.
  search.addEventListener("input", function () {
    clearTimeout(timer);
    if (covforkFiles.length > 20000) timer = setTimeout(searchNow, 120);
    else searchNow();
  });
  search.addEventListener("blur", searchNow);
  search.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && search.value) {
      search.value = "";
      searchNow();
    } else if (event.key === "Escape" || event.key === "ArrowDown" || event.key === "Enter") {
      searchNow();
      moveTo(event.key === "Enter" ? firstFile() : current);
    } else return;
    event.preventDefault();
  });

  function firstFile() {
    var index = shown.findIndex(function (entry) { return !entry.item.children; });
    return Math.max(0, index);
  }

  show.addEventListener("change", function () { change({show: show.value}); });
  folders.addEventListener("click", function () { change({flat: !state.flat}); });

  covfork.keyboard([
    ["/", "search", ["/"], function () { search.focus(); search.select(); }],
    ["j ↓", "next row", ["j", "ArrowDown"], function () { moveTo(hasFocus() ? current + 1 : current); }],
    ["k ↑", "previous row", ["k", "ArrowUp"], function () { moveTo(hasFocus() ? current - 1 : current); }],
    ["→ ←", "open and close a folder", ["ArrowRight", "ArrowLeft"], function (event) { return inOrOut(event.key === "ArrowRight" ? 1 : -1); }],
    ["Enter", "open the file or folder", ["Enter"], open],
    ["Home End", "first and last row", ["Home", "End"], function (event) { moveTo(event.key === "Home" ? 0 : shown.length - 1); }],
    ["t", "folders or a list", ["t"], function () { if (state.view === "files") change({flat: !state.flat}); }],
    ["1 2 3", "files, functions, classes", ["1", "2", "3"], function (event) { setView(["files", "functions", "classes"][event.key - 1]); }],
  ].concat(columns.map(function (column) {
    return [column.key, "sort by " + column.label.toLowerCase(), [column.key], function () { sortBy(column.id); }];
  })));

  function hasFocus() {
    return list.body.contains(document.activeElement);
  }

  function restore() {
    var given = covfork.readState(), sort = given.get("sort") || "name";
    state.q = given.get("q") || "";
    state.show = ["missing", "none"].indexOf(given.get("show")) >= 0 ? given.get("show") : "";
    state.down = sort[0] === "-";
    sort = sort.replace("-", "");
    state.sort = columns.some(function (column) { return column.id === sort; }) ? sort : "name";
    state.flat = given.get("flat") === "1";
    state.closed = new Set((given.get("closed") || "").split("\n").filter(Boolean));
    state.at = given.get("at") || "";
    state.view = "files";
    var view = given.get("view");
    if (view === "functions" || view === "classes")
      loadRegions().then(function () {
        state.view = view;
        update();
      }, update);
    else update();
    if (state.at && current) list.show(current, false);
  }

  window.addEventListener("hashchange", restore);
  restore();
})();
