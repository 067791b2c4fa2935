// What WPS itself is asked for: workbooks, selection, files, messages. Nothing here knows what a button does.
// Plain functions for the Chromium inside WPS (87 on Linux, older elsewhere): no modules, no optional chaining.
(function (global) {
  "use strict";

  var NAME = "塔务台";
  var MOST_LETTERS = 4000; // a message box cannot be scrolled
  var MOST_ROWS = 2001; // one more than the helper takes, so that it can say so

  function app() {
    return global.Application || (global.wps && global.wps.Application);
  }

  // A message of the program's catalogue with its details filled in.
  function words(code, details) {
    return global.TOWERDESK.messages[code].replace(/\{(\w+)\}/g, function (all, name) {
      return details && details[name] !== undefined ? String(details[name]) : all;
    });
  }

  function status(text) {
    try {
      app().StatusBar = text ? NAME + "：" + text.split("\n")[0].slice(0, 200) : false;
    } catch (ignored) {
      // a program that is busy just does not show it
    }
  }

  function fitting(text) {
    return NAME + "\n\n" + (text.length > MOST_LETTERS ? text.slice(0, MOST_LETTERS) + "\n……" : text);
  }

  function tell(text) {
    global.alert(fitting(text));
  }

  function agree(text, question) {
    return Boolean(global.confirm(fitting(text) + (question ? "\n\n" + question : "")));
  }

  function forward(path) {
    return String(path || "").replace(/\\/g, "/").replace(/\/+$/, "");
  }

  function same(one, other) {
    var windows = /^[A-Za-z]:\/|^\/\//;
    one = forward(one);
    other = forward(other);
    return one === other || (windows.test(one) && one.toLowerCase() === other.toLowerCase());
  }

  function environment(name) {
    try {
      return forward(app().Env[name]());
    } catch (ignored) {
      return "";
    }
  }

  // Where the program's per-user folder may be; WPS knows no environment variables, only some folders.
  function homes() {
    var home = environment("GetHomePath");
    var roaming = environment("GetAppDataPath");
    var temp = environment("GetTempPath");
    var found = [];
    if (/(^|\n)([A-Za-z]:|\/\/)/.test([home, roaming, temp].join("\n"))) {
      if (roaming) found.push(roaming.replace(/\/Roaming$/i, "/Local") + "/TowerDesk");
      // where Roaming is on a server; a temporary folder outside the profile may be anybody's
      if (/\/AppData\/Local\/Temp(\/|$)/i.test(temp)) found.push(temp.replace(/\/Temp(\/.*)?$/i, "") + "/TowerDesk");
      if (home) found.push(home + "/AppData/Local/TowerDesk");
    } else {
      // on a Mac WPS lives in a container and gives that as home
      [home, home.replace(/\/Library\/Containers\/.*$/, "")].forEach(function (one) {
        if (one) found.push(one + "/.local/share/towerdesk", one + "/Library/Application Support/TowerDesk");
      });
    }
    return found.filter(function (one, at) { return found.indexOf(one) === at; });
  }

  // ReadFile takes whole paths; readFileString of some versions takes only bare names.
  function read(path) {
    var files = app().FileSystem;
    try {
      if (!files.Exists(path)) return null;
      return String(files.ReadFile(path)).replace(/^\uFEFF/, "");
    } catch (ignored) {
      return null;
    }
  }

  // Port and token of the helper as its file says; null when there is none.
  function helper() {
    var places = homes();
    for (var at = 0; at < places.length; at++) {
      try {
        var found = JSON.parse(read(places[at] + "/agent.json"));
        if (found && found.port > 0 && found.token) return found;
      } catch (ignored) {
        // half a file is no file
      }
    }
    return null;
  }

  // Start the helper by its entry in the start menu. One argument only: with two, WPS waits long and starts nothing.
  function startHelper() {
    var roaming = environment("GetAppDataPath");
    var path = roaming + "/" + global.TOWERDESK.starter;
    try {
      if (!roaming || !app().FileSystem.Exists(path)) return false;
      app().OAAssist.ShellExecute(path);
      return true;
    } catch (ignored) {
      return false;
    }
  }

  // One request to the helper; done(status, object), with status 0 when nobody answers.
  function ask(known, method, path, body, done) {
    var request = new global.XMLHttpRequest();
    request.open(method, "http://127.0.0.1:" + known.port + path, true);
    request.setRequestHeader("X-TowerDesk-Token", known.token);
    if (body) request.setRequestHeader("Content-Type", "application/json");
    request.onload = function () {
      var found = null;
      try {
        found = JSON.parse(request.responseText);
      } catch (ignored) {
        found = null;
      }
      done(request.status, found || {});
    };
    request.onerror = function () { done(0, {}); };
    request.send(body ? JSON.stringify(body) : null);
  }

  // Every open workbook.
  function books() {
    var all = app().Workbooks;
    var found = [];
    for (var at = 1; at <= all.Count; at++) found.push(all.Item(at));
    return found;
  }

  function bookOf(path) {
    return books().filter(function (book) { return same(book.FullName, path); })[0] || null;
  }

  // The open workbooks that are files: whether each can be written, and whether it was changed since it was saved.
  function saved() {
    return books().filter(function (book) {
      return book.Path && !/:\/\//.test(book.FullName);
    }).map(function (book) {
      return { book: book, locked: locked(book), changed: !book.Saved };
    });
  }

  function locked(book) {
    if (book.ReadOnly) return true;
    for (var at = 1; at <= book.Worksheets.Count; at++) {
      if (book.Worksheets.Item(at).ProtectContents) return true;
    }
    return false;
  }

  // Sheet, visible selected rows within the used area, and first column of the selection.
  function selection() {
    var none = { sheet: "", rows: [], column: 1 };
    var sheet, areas, last;
    try {
      sheet = app().ActiveSheet;
      none.sheet = sheet.Name;
      areas = app().Selection.Areas;
      var used = sheet.UsedRange;
      last = used.Row + used.Rows.Count - 1;
    } catch (ignored) {
      return none; // a chart or a picture is selected, or nothing
    }
    var rows = {};
    var count = 0;
    for (var at = 1; at <= areas.Count && count < MOST_ROWS; at++) {
      var area = areas.Item(at);
      var end = Math.min(area.Row + area.Rows.Count - 1, Math.max(last, area.Row));
      for (var row = area.Row; row <= end && count < MOST_ROWS; row++) {
        if (!rows[row] && !sheet.Range("A" + row).EntireRow.Hidden) {
          rows[row] = true;
          count++;
        }
      }
    }
    return {
      sheet: none.sheet,
      rows: Object.keys(rows).map(Number).sort(function (one, other) { return one - other; }),
      column: areas.Item(1).Column,
    };
  }

  // Bring a workbook to the front, opened when it is not, and lead to a cell when one is named.
  function show(path, sheet, cell) {
    var book = bookOf(path) || app().Workbooks.Open(path);
    book.Activate();
    if (sheet) book.Worksheets.Item(sheet).Activate();
    if (cell) book.Worksheets.Item(sheet).Range(cell).Select();
  }

  global.TowerHost = {
    app: app, words: words, status: status, tell: tell, agree: agree, same: same, helper: helper,
    startHelper: startHelper, ask: ask, bookOf: bookOf, saved: saved, selection: selection, show: show,
  };
})(this);
