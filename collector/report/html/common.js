// What several pages need: making elements, rows of which only those in sight exist, the list of
// keys, the panel at the side. Text from the data becomes text nodes only, never markup.
"use strict";
var covfork = (function () {
  // el("a", {href: "x", class: "y"}, "text", other, …)
  function el(name, attributes) {
    var node = document.createElement(name);
    for (var key in attributes || {})
      if (attributes[key] !== null && attributes[key] !== undefined && attributes[key] !== false)
        node.setAttribute(key, attributes[key] === true ? "" : attributes[key]);
    for (var i = 2; i < arguments.length; i++) if (arguments[i] !== null) node.append(arguments[i]);
    return node;
  }

  function svg(name, attributes) {
    var node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (var key in attributes || {}) node.setAttribute(key, attributes[key]);
    for (var i = 2; i < arguments.length; i++) node.append(arguments[i]);
    return node;
  }

  function count(number) {
    return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  }

  function plural(number, one, many) {
    return count(number) + " " + (number === 1 ? one : many || one + "s");
  }

  // As the other reports write it: ties go to the even digit, and neither 0 nor 100 is said of what
  // is only near them.
  function percent(value, precision) {
    var near = Math.pow(10, -precision);
    if (value > 0 && value < near) value = near;
    else if (value < 100 && value > 100 - near) value = 100 - near;
    else {
      var halves = value * Math.pow(2, precision + 1);
      if (Number.isInteger(halves) && halves % 2 !== 0) {
        var scaled = value * Math.pow(10, precision);
        var floor = Math.floor(scaled);
        if (scaled - floor === 0.5) value = (floor % 2 === 0 ? floor : floor + 1) / Math.pow(10, precision);
      }
    }
    return value.toFixed(precision) + "%";
  }

  function isTyping(event) {
    var target = event.target;
    return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
  }

  // keys: [[names shown, what it does, [keys], function(event)], …]
  function keyboard(keys) {
    var map = new Map();
    keys.forEach(function (entry) {
      entry[2].forEach(function (key) {
        map.set(key, entry[3]);
      });
    });
    var dialog = null;

    function toggleHelp() {
      if (!dialog) {
        var list = el("dl", {});
        keys.forEach(function (entry) {
          var names = el("dt", {});
          entry[0].split(" ").forEach(function (name) {
            names.append(el("kbd", {}, name), " ");
          });
          list.append(el("div", {}, names, el("dd", {}, entry[1])));
        });
        var close = el("button", {type: "button", class: "quiet"}, "Close");
        dialog = el("dialog", {class: "keys", "aria-labelledby": "keys-title"}, el("h2", {id: "keys-title"}, "Keys"), list, close);
        close.addEventListener("click", function () {
          dialog.close();
        });
        document.body.append(dialog);
      }
      if (dialog.open) dialog.close();
      else dialog.showModal();
    }

    keys.push(["?", "these keys", ["?"], toggleHelp]);
    map.set("?", toggleHelp);
    document.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (isTyping(event) || (dialog && dialog.open && event.key !== "?")) return;
      var action = map.get(event.key);
      // A button that has the focus keeps its own keys.
      if (event.target instanceof HTMLButtonElement && (event.key === "Enter" || event.key === " ")) return;
      if (event.target instanceof HTMLAnchorElement && event.key === "Enter") return;
      if (action && action(event) !== false) event.preventDefault();
    });
    var button = document.getElementById("help");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", toggleHelp);
    }
  }

  // What sticks to the top covers what is scrolled to: its height is known to the style.
  function measure(node, name) {
    function set() {
      document.documentElement.style.setProperty(name, Math.ceil(node.getBoundingClientRect().height) + "px");
    }
    set();
    if (window.ResizeObserver) new ResizeObserver(set).observe(node);
  }

  // Rows of one height in a table, of which only those in sight (and some around them) exist.
  // render(index) gives a <tr>; covered() how much of the window's top is not to be seen.
  function rows(table, render, covered) {
    var body = el("tbody", {});
    var above = el("tr", {class: "space", "aria-hidden": "true"}, el("td", {}));
    var below = above.cloneNode(true);
    var total = 0, height = 34, from = -1, to = -1, waiting = false;
    table.append(el("tbody", {class: "space"}, above), body, el("tbody", {class: "space"}, below));

    function set(space, size) {
      space.firstChild.style.height = size + "px";
      space.hidden = size === 0;
    }

    function draw(force) {
      waiting = false;
      var top = -body.parentNode.getBoundingClientRect().top - (table.tHead ? table.tHead.offsetHeight : 0);
      var first = Math.max(0, Math.floor(top / height) - 12);
      var last = Math.min(total, Math.ceil((top + window.innerHeight) / height) + 12);
      first = Math.min(first, Math.max(0, total - 1));
      last = Math.max(last, Math.min(total, first + 40));
      if (!force && first === from && last === to) return;
      var focused = body.contains(document.activeElement) && document.activeElement.closest("tr");
      var focusedIndex = focused ? Number(focused.dataset.index) : -1;
      from = first;
      to = last;
      var made = document.createDocumentFragment();
      for (var i = from; i < to; i++) {
        var row = render(i);
        row.dataset.index = i;
        row.setAttribute("aria-rowindex", i + 2);
        made.append(row);
      }
      body.replaceChildren(made);
      set(above, from * height);
      set(below, (total - to) * height);
      if (focusedIndex >= from && focusedIndex < to) body.rows[focusedIndex - from].focus({preventScroll: true});
    }

    function later() {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(function () {
        draw(false);
      });
    }

    window.addEventListener("scroll", later, {passive: true});
    window.addEventListener("resize", function () {
      remeasure();
      later();
    });

    function remeasure() {
      var value = parseFloat(getComputedStyle(table).getPropertyValue("--row"));
      if (value) height = value;
      from = -1;
    }

    remeasure();
    return {
      body: body,
      update: function (number) {
        total = number;
        remeasure();
        table.setAttribute("aria-rowcount", number + 1);
        draw(true);
      },
      redraw: function () {
        draw(true);
      },
      // Brings a row into sight and gives it.
      show: function (index, focus) {
        var start = body.parentNode.getBoundingClientRect().top + window.scrollY + (table.tHead ? table.tHead.offsetHeight : 0);
        var y = start + index * height, hidden = covered();
        if (y < window.scrollY + hidden) window.scrollTo(0, y - hidden);
        else if (y + height > window.scrollY + window.innerHeight) window.scrollTo(0, y + height - window.innerHeight + 4);
        draw(true);
        var row = body.rows[index - from];
        if (row && focus) row.focus({preventScroll: true});
        return row;
      },
    };
  }

  // A list or details beside the page: below it where the window is narrow.
  var panel = null, panelOpener = null;
  function openPanel(title, content, opener) {
    if (!panel) {
      var close = el("button", {type: "button", class: "quiet", "aria-label": "Close"}, "✕");
      close.addEventListener("click", closePanel);
      panel = el("aside", {id: "panel", role: "dialog", "aria-labelledby": "panel-title", tabindex: "-1"},
        el("header", {}, el("h2", {id: "panel-title"}), close), el("div", {class: "content"}));
      panel.addEventListener("keydown", function (event) {
        if (event.key === "Escape") {
          closePanel();
          event.stopPropagation();
        }
      });
      document.body.append(panel);
    }
    panel.querySelector("h2").textContent = title;
    panel.querySelector(".content").replaceChildren(content);
    panel.querySelector(".content").scrollTop = 0;
    panel.hidden = false;
    document.body.classList.add("with-panel");
    panelOpener = opener || null;
    panel.focus({preventScroll: true});
  }

  function closePanel() {
    if (!panel || panel.hidden) return false;
    panel.hidden = true;
    document.body.classList.remove("with-panel");
    if (panelOpener && panelOpener.isConnected) panelOpener.focus({preventScroll: true});
    return true;
  }

  // Loads a script of the folder; a page opened as a file may not fetch.
  var loads = {};
  function load(name) {
    if (!loads[name])
      loads[name] = new Promise(function (resolve, reject) {
        var script = el("script", {src: name});
        script.onload = resolve;
        script.onerror = function () {
          reject(new Error(name + " is missing"));
        };
        document.head.append(script);
      });
    return loads[name];
  }

  // A command without the folder of its program, which says little and takes the room.
  function shortCommand(command) {
    return command.replace(/^[^\s']*\/(?=[^\s\/']+(\s|$))/, "");
  }

  // The part of the address behind #, as names and values.
  function readState() {
    return new URLSearchParams(location.hash.slice(1));
  }

  function writeState(values) {
    var state = new URLSearchParams();
    for (var key in values) if (values[key]) state.set(key, values[key]);
    var text = "#" + state.toString();
    if (text === (location.hash || "#")) return;
    try {
      history.replaceState(null, "", text === "#" ? location.pathname + location.search : text);
    } catch (error) {
      // Some browsers allow it only to pages from a server.
    }
  }

  return {
    el: el, svg: svg, count: count, plural: plural, percent: percent, isTyping: isTyping,
    keyboard: keyboard, measure: measure, rows: rows, openPanel: openPanel, closePanel: closePanel,
    load: load, shortCommand: shortCommand, readState: readState, writeState: writeState,
  };
})();
