// Puts the helper's edits into open workbooks: whole blocks at once, all of a workbook's or none.
(function (global) {
  "use strict";

  var MANUAL = -4135; // xlCalculationManual
  var cells = global.TowerCells;
  var rangeOf = cells.rangeOf;
  var grid = cells.grid;

  // What stands in a block now, as values that `put` can put back.
  function kept(sheet, block) {
    var range = rangeOf(sheet, block);
    var formulas = grid(range.Formula);
    return {
      top: block.top, bottom: block.bottom, left: block.left, right: block.right,
      values: grid(range.Value2).map(function (line, down) {
        return line.map(function (value, right) {
          var formula = formulas[down][right];
          var calculated = typeof formula === "string" && formula.charAt(0) === "=" && formula !== value;
          return calculated ? { formula: formula, text: value } : value;
        });
      }),
    };
  }

  function width(edit) {
    return edit.rows.reduce(function (most, row) { return Math.max(most, row.length); }, Math.max(edit.were[1], 1));
  }

  // The blocks of an edit: those of single cells, or the whole sheet with blanks over what was longer.
  function blocksOf(edit) {
    if (!edit.rows) return cells.blocks(edit.cells);
    var bottom = Math.max(edit.were[0], edit.rows.length, 1);
    var right = width(edit);
    var values = [];
    for (var row = 0; row < bottom; row++) {
      var line = (edit.rows[row] || []).slice();
      while (line.length < right) line.push(null);
      values.push(line);
    }
    return [{ top: 1, left: 1, bottom: bottom, right: right, values: values }];
  }

  // The first cell that is no longer what the helper read, or null.
  function moved(sheet, seen, shift) {
    var parts = cells.blocks(seen || []);
    for (var at = 0; at < parts.length; at++) {
      var lines = grid(rangeOf(sheet, parts[at]).Value2);
      for (var down = 0; down < lines.length; down++) {
        for (var right = 0; right < lines[down].length; right++) {
          if (!cells.equal(lines[down][right], cells.expected(parts[at].values[down][right], shift))) {
            return cells.letters(parts[at].left + right) + (parts[at].top + down);
          }
        }
      }
    }
    return null;
  }

  // New rows take the looks of the row above: its copy, whose content the values then replace.
  function dress(sheet, edit) {
    var block = { top: edit.heading + 1, left: 1, right: 1 };
    if (edit.rows) {
      block.right = width(edit);
      block.bottom = edit.rows.length;
      if (block.bottom <= Math.max(edit.were[0], block.top)) return;
    } else {
      if (!edit.added || edit.added[0] < 3) return;
      block = { top: edit.added[0] - 1, left: edit.columns[0], right: edit.columns[1], bottom: edit.added[1] };
    }
    var below = { top: block.top + 1, left: block.left, right: block.right, bottom: block.bottom };
    var taken = !edit.rows && grid(rangeOf(sheet, below).Formula).some(function (line) {
      return line.some(function (one) { return !cells.empty(one); });
    });
    if (taken) return; // rows prepared by the user keep what they hold
    rangeOf(sheet, block).FillDown();
    rangeOf(sheet, below).ClearContents();
  }

  function grow(sheet, table) {
    if (!table) return;
    try {
      var found = sheet.ListObjects.Item(table.name);
      if (found.Range.Address(false, false) !== table.ref) found.Resize(sheet.Range(table.ref));
    } catch (ignored) {
      // rows directly below a table count as its own wherever the program reads
    }
  }

  function unfilter(sheet) {
    try {
      if (sheet.FilterMode) sheet.ShowAllData();
    } catch (ignored) {
      // written all the same
    }
  }

  function shiftOf(book) {
    return book.Date1904 ? 1462 : 0;
  }

  // Quiet the program while blocks go in; returns how to wake it.
  function quiet(application) {
    var before = {};
    ["ScreenUpdating", "EnableEvents", "Calculation"].forEach(function (name) {
      try {
        before[name] = application[name];
        application[name] = name === "Calculation" ? MANUAL : false;
      } catch (ignored) {
        delete before[name];
      }
    });
    return function () {
      Object.keys(before).forEach(function (name) {
        try {
          application[name] = before[name];
        } catch (ignored) {
          // nothing to wake
        }
      });
    };
  }

  // Check that every sheet is there and is as the helper read it. Throws when WPS cannot be spoken to now.
  function ready(book, edits) {
    var sheets = book.Worksheets;
    for (var at = 0; at < edits.length; at++) {
      var sheet;
      try {
        sheet = sheets.Item(edits[at].sheet);
      } catch (missing) {
        sheet = null;
      }
      if (!sheet) return { code: "ADD519", value: book.Name, sheet: edits[at].sheet };
      var cell = moved(sheet, edits[at].seen, shiftOf(book));
      if (cell) return { code: "ADD517", value: book.Name, sheet: edits[at].sheet, cell: cell };
    }
    return null;
  }

  // Write one workbook's edits; on a failure what stood there comes back. Returns null or what went wrong.
  function write(application, book, edits) {
    var shift = shiftOf(book);
    var saved = book.Saved;
    var undo = [];
    var wake = quiet(application);
    try {
      edits.forEach(function (edit) {
        var sheet = book.Worksheets.Item(edit.sheet);
        if (edit.rows) unfilter(sheet);
        var parts = blocksOf(edit);
        parts.forEach(function (block) { undo.push([sheet, kept(sheet, block)]); });
        dress(sheet, edit);
        parts.forEach(function (block) { cells.put(sheet, block, shift); });
        grow(sheet, edit.table);
      });
    } catch (fault) {
      undo.reverse().forEach(function (one) {
        try {
          cells.put(one[0], one[1], 0);
        } catch (ignored) {
          // the message names the workbook, which has not been saved
        }
      });
      return { code: "ADD518", value: book.Name, reason: fault.cell || fault.message || String(fault) };
    } finally {
      wake();
    }
    try {
      if (saved) book.Save(); // nobody had changed it meanwhile: what is on disk and what is shown stay one
    } catch (ignored) {
      // it stays open and unsaved, as after typing
    }
    return null;
  }

  global.TowerEdits = { ready: ready, write: write };
})(this);
