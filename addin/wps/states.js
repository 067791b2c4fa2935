// Which buttons can be pressed: by the sheet that is shown, and by the rows when the helper knows them.
(function (global) {
  "use strict";

  var host = global.TowerHost;
  var PAUSE = 300; // milliseconds without a further move before the helper is asked
  var current = "";
  var menu = { of: "", allowed: {} };
  var waiting = null;

  // What is selected, as one text: when it changes, the papers it allows may change.
  function signature(book, chosen) {
    return book ? [book.FullName, chosen.sheet, chosen.rows.join(",")].join("|") : "";
  }

  function renew() {
    if (waiting) global.clearTimeout(waiting);
    waiting = global.setTimeout(function () {
      waiting = null;
      try {
        ask();
      } catch (ignored) {
        // the buttons stay as they are
      }
    }, PAUSE);
  }

  // Ask the helper which papers the selected rows allow; without it the sheet alone decides.
  function ask() {
    var book = host.app().ActiveWorkbook;
    var chosen = host.selection();
    var known = host.helper();
    var now = (current = signature(book, chosen));
    repaint();
    if (!book || !book.Path || !known || !chosen.rows.length) return;
    var body = { path: book.FullName, sheet: chosen.sheet, rows: chosen.rows };
    host.ask(known, "POST", "/menu", body, function (status, answer) {
      if (status !== 200 || !Array.isArray(answer.buttons)) return;
      menu = { of: now, allowed: {} };
      answer.buttons.forEach(function (one) { menu.allowed[one.id] = Boolean(one.enabled); });
      repaint();
    });
  }

  function repaint() {
    try {
      host.app().ribbonUI.Invalidate();
    } catch (ignored) {
      // no ribbon yet
    }
  }

  function enabled(wants) {
    if (!wants || !wants.sheets.length) return true;
    try {
      if (!host.app().ActiveWorkbook || wants.sheets.indexOf(host.app().ActiveSheet.Name) < 0) return false;
    } catch (ignored) {
      return true; // a click says what is wrong
    }
    return menu.of !== current || menu.allowed[wants.id] !== false;
  }

  global.TowerStates = { renew: renew, enabled: enabled };

  global.OnEnabled = function (control) {
    return enabled(global.TOWERDESK.buttons[control.Id]);
  };
})(this);
