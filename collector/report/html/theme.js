// Dark or light: as the system has it, until someone chooses. Loaded at once, before the page is seen.
"use strict";
(function () {
  var key = "covfork-theme";
  var root = document.documentElement;
  var themes = ["auto", "light", "dark"];
  var labels = {auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark"};
  var signs = {auto: "◐", light: "☀", dark: "☾"};

  function stored() {
    try {
      var value = localStorage.getItem(key);
      return themes.indexOf(value) > 0 ? value : "auto";
    } catch (error) {
      return "auto"; // no storage for files in this browser
    }
  }

  var theme = stored();

  function apply() {
    if (theme === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
    var button = document.getElementById("theme");
    if (!button) return;
    button.hidden = false;
    button.textContent = signs[theme];
    button.title = labels[theme];
    button.setAttribute("aria-label", labels[theme]);
  }

  function choose() {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    try {
      if (theme === "auto") localStorage.removeItem(key);
      else localStorage.setItem(key, theme);
    } catch (error) {
      // It holds for this page then.
    }
    apply();
  }

  apply();
  document.addEventListener("DOMContentLoaded", function () {
    apply();
    var button = document.getElementById("theme");
    if (button) button.addEventListener("click", choose);
  });
})();
