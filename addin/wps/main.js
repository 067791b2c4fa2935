// The buttons: an order for the helper goes out, its answer comes back into the workbooks. One order at a time.
(function (global) {
  "use strict";

  var host = global.TowerHost;
  var edits = global.TowerEdits;
  var PATIENCE = 30; // tries, half a second apart, for a helper that is starting or a cell that is being edited
  var PAUSE = 500;
  var running = null;

  function button(control) {
    return global.TOWERDESK.buttons[control.Id] || null;
  }

  // Save what the command will read. Returns the open workbooks as the helper is told of them, or null to do nothing.
  function settled(book, wants) {
    var folder = book && book.Path;
    if (book && wants.register && !folder) return complain("ADD512", { value: book.Name });
    if (book && wants.register && online(book)) return complain("ADD513", { value: book.Name });
    var all = host.saved();
    var dirty = all.filter(function (one) {
      return wants.register && one.changed && folder && host.same(one.book.Path, folder);
    });
    if (dirty.length) {
      var names = dirty.map(function (one) { return one.book.Name; }).join("、");
      if (!host.agree(host.words("ADD514", { value: names }))) return null;
    }
    for (var at = 0; at < dirty.length; at++) {
      var why = "";
      try {
        dirty[at].book.Save();
      } catch (fault) {
        why = fault.message;
      }
      if (!dirty[at].book.Saved) return complain("ADD515", { value: dirty[at].book.Name, reason: why });
      dirty[at].changed = false;
    }
    return all;
  }

  function online(book) {
    return /:\/\//.test(book.FullName);
  }

  function complain(code, details) {
    host.status(host.words(code, details));
    host.tell(host.words(code, details));
    return null;
  }

  function click(id) {
    var wants = global.TOWERDESK.buttons[id];
    if (!wants) return;
    if (running) {
      complain("ADD511", { value: running.label });
      return;
    }
    var book = host.app().ActiveWorkbook;
    var open = settled(book, wants);
    if (open === null) return;
    var local = Boolean(book && book.Path && !online(book));
    var chosen = local ? host.selection() : { sheet: "", rows: [], column: 1 };
    var order = {
      id: id, path: local ? book.FullName : "", sheet: chosen.sheet, rows: chosen.rows, column: chosen.column,
      answers: {},
      open: paths(open, false), locked: paths(open, true),
    };
    running = { label: wants.label, doing: wants.doing, began: Date.now(), command: commandOf(wants, book) };
    host.status(wants.doing + "…");
    running.clock = global.setInterval(function () {
      host.status(running.doing + "… " + Math.round((Date.now() - running.began) / 1000) + " 秒");
    }, 1000);
    send(order, 0, false);
  }

  // A workbook of another folder that has unsaved changes is not touched, like one that cannot be written.
  function paths(books, locked) {
    return books.filter(function (one) {
      return (one.locked || one.changed) === locked;
    }).map(function (one) { return one.book.FullName; });
  }

  function commandOf(wants, book) {
    var folder = book && book.Path ? '"' + book.Path + '"' : "";
    return wants.command.replace("{register}", folder);
  }

  // An order goes out once only: whether the helper is there is asked first, for it may have begun what it lost.
  function send(order, tries, started) {
    var known = host.helper();
    if (!known) {
      lost(order, tries, started);
      return;
    }
    host.ask(known, "GET", "/status", null, function (there) {
      if (there === 0) {
        lost(order, tries, started);
        return;
      }
      host.ask(known, "POST", "/run", order, function (status, answer) {
        if (status === 200 && typeof answer.said === "string") finish(answer, 0);
        else if (status === 0) stop(function () { complain("ADD524"); });
        else stop(function () { complain("ADD516", { value: answer.message || answer.said || "HTTP " + status }); });
      });
    });
  }

  // Nobody answers: start the helper once, wait for it, then say what else can be done.
  function lost(order, tries, started) {
    if (!started) {
      if (!host.startHelper()) {
        absent();
        return;
      }
      host.status(host.words("ADD521"));
    }
    if (tries >= PATIENCE) {
      absent();
      return;
    }
    global.setTimeout(function () { send(order, tries + 1, true); }, PAUSE);
  }

  function absent() {
    var command = running.command;
    stop(function () { complain("ADD510", { command: command }); });
  }

  // Every edit goes in before anything is shown. A cell that is being edited makes WPS deaf: then try again.
  function finish(answer, tries) {
    var books;
    try {
      books = grouped(answer.edits || []);
    } catch (deaf) {
      if (tries >= 10 * PATIENCE) {
        stop(function () { complain("ADD518", { value: running ? running.label : "", reason: deaf.message }); });
        return;
      }
      running.doing = host.words("ADD520");
      host.status(running.doing);
      global.setTimeout(function () { finish(answer, tries + 1); }, PAUSE);
      return;
    }
    var problems = [];
    books.forEach(function (one) {
      var problem = one.problem || edits.write(host.app(), one.book, one.edits);
      if (problem) problems.push(host.words(problem.code, problem));
    });
    stop(function () { present(answer, problems); });
  }

  // The edits by workbook, each opened when it was closed meanwhile and checked to be as the helper read it.
  function grouped(all) {
    var found = [];
    all.forEach(function (edit) {
      var known = found.filter(function (one) { return host.same(one.path, edit.workbook); })[0];
      if (!known) found.push((known = { path: edit.workbook, edits: [] }));
      known.edits.push(edit);
    });
    found.forEach(function (one) {
      one.book = host.bookOf(one.path) || host.app().Workbooks.Open(one.path);
      one.problem = edits.ready(one.book, one.edits);
    });
    return found;
  }

  function stop(then) {
    global.clearInterval(running.clock);
    running = null;
    host.status("");
    then();
    global.TowerStates.renew();
  }

  function present(answer, problems) {
    host.status(problems.concat(answer.said).join(" "));
    (answer.open || []).forEach(function (path) {
      try {
        host.show(path);
      } catch (fault) {
        problems.push(host.words("ADD522", { value: path, reason: fault.message }));
      }
    });
    if (problems.length) {
      host.tell(problems.join("\n") + "\n\n" + answer.said);
    } else if (answer.tell && answer.goto) {
      if (host.agree(answer.said, host.words("ADD523", answer.goto))) {
        host.show(answer.goto.workbook, answer.goto.sheet, answer.goto.cell);
      }
    } else if (answer.tell) {
      host.tell(answer.said);
    }
  }

  global.OnAddinLoad = function (ribbonUI) {
    host.app().ribbonUI = ribbonUI;
    ["SheetSelectionChange", "SheetActivate", "WorkbookActivate"].forEach(function (name) {
      try {
        host.app().ApiEvent.AddApiEventListener(name, global.TowerStates.renew);
      } catch (ignored) {
        // an older WPS: the buttons follow the sheet only when WPS asks
      }
    });
    return true;
  };

  global.OnAction = function (control) {
    var wants = button(control);
    try {
      if (wants) click(wants.id);
    } catch (fault) {
      if (running) stop(function () { return null; });
      complain("ADD516", { value: fault.message || String(fault) });
    }
    return true;
  };

  global.GetImage = function (control) {
    return global.TOWERDESK.images[control.Id] || "";
  };
})(this);
