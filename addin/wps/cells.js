// Values on their way into cells: blocks of them, what a cell makes of a text, and reading back what it took.
(function (global) {
  "use strict";

  function letters(column) {
    var found = "";
    for (; column > 0; column = Math.floor((column - 1) / 26)) {
      found = String.fromCharCode(65 + ((column - 1) % 26)) + found;
    }
    return found;
  }

  function rangeOf(sheet, block) {
    var first = letters(block.left) + block.top;
    var last = letters(block.right) + block.bottom;
    return sheet.Range(first === last ? first : first + ":" + last);
  }

  // What a range gives as rows of values, one cell included.
  function grid(value) {
    return Array.isArray(value) ? value : [[value]];
  }

  function empty(value) {
    return value === null || value === undefined || value === "";
  }

  // Cells [row, column, value] as rectangles without gaps.
  function blocks(cells) {
    var sorted = cells.slice().sort(function (one, other) { return one[0] - other[0] || one[1] - other[1]; });
    var runs = [];
    sorted.forEach(function (cell) {
      var last = runs[runs.length - 1];
      if (last && last.top === cell[0] && last.right === cell[1] - 1) {
        last.right = cell[1];
        last.values[0].push(cell[2]);
      } else {
        runs.push({ top: cell[0], bottom: cell[0], left: cell[1], right: cell[1], values: [[cell[2]]] });
      }
    });
    var open = {};
    return runs.filter(function (run) {
      var name = run.left + ":" + run.right;
      var above = open[name];
      if (above && above.bottom === run.top - 1) {
        above.bottom = run.top;
        above.values.push(run.values[0]);
        return false;
      }
      open[name] = run;
      return true;
    });
  }

  // Whether a text could be taken for a formula, a number, a day or a truth when it is typed.
  function touchy(text) {
    var plain = text.trim();
    if (/^[=+\-@'"#\uFF1D\uFF0B\uFF0D]/.test(plain) || /^(true|false|真|假)$/i.test(plain)) return true;
    if (!/[0-9\uFF10-\uFF19]/.test(plain)) return false;
    var rest = plain.replace(/jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|[a-z]*day|am|pm/gi, "");
    return /^[0-9\uFF10-\uFF19\s.,:;：．，\/／\\\-–_年月日号时點点分秒上下午星期周%％‰¥￥$€£()（）+eEdD]*$/.test(rest);
  }

  // The number format of every cell of a block, read as coarsely as the block allows.
  function formats(sheet, block) {
    function read(part) { return rangeOf(sheet, part).NumberFormat; }
    var whole = read(block);
    if (typeof whole === "string") return function () { return whole; };
    var columns = {};
    return function (row, column) {
      if (columns[column] === undefined) {
        columns[column] = read({ top: block.top, bottom: block.bottom, left: column, right: column });
      }
      var one = columns[column];
      return typeof one === "string" ? one : read({ top: row, bottom: row, left: column, right: column });
    };
  }

  function datelike(format) {
    return /[ydhs年月日时分]|m/i.test(String(format).replace(/"[^"]*"|\[[^\]]*\]|\\./g, "").replace(/general/i, ""));
  }

  // A value as Range.Value2 takes it; links come after the block, as formulas.
  function plain(value, format, shift) {
    if (empty(value) || value.formula) return "";
    if (value.serial !== undefined) return value.serial - shift;
    return typeof value === "string" && format !== "@" && touchy(value) ? "'" + value : value;
  }

  // What the cell must then give back.
  function expected(value, shift) {
    if (empty(value)) return "";
    if (value.formula) return value.text;
    return value.serial !== undefined ? value.serial - shift : value;
  }

  function equal(found, wanted) {
    if (empty(found) || empty(wanted)) return empty(found) && empty(wanted);
    if (typeof found === "number" && typeof wanted === "number") {
      return Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
    }
    if (typeof found === "string" && typeof wanted === "string") {
      return found.replace(/\r\n?/g, "\n") === wanted.replace(/\r\n?/g, "\n");
    }
    return found === wanted;
  }

  function misplaced(sheet, row, column) {
    var problem = new Error(sheet.Name + " " + letters(column) + row);
    problem.cell = letters(column) + row;
    return problem;
  }

  // One cell that did not take its value as part of a block: the format decided otherwise, so the format gives way.
  function insist(sheet, row, column, value, shift) {
    var cell = sheet.Range(letters(column) + row);
    if (typeof value === "string") {
      cell.NumberFormat = "@";
      cell.Value2 = value;
    } else if (value && value.formula) {
      cell.NumberFormat = "General";
      cell.Formula = value.formula;
    } else {
      cell.NumberFormat = value && value.format ? value.format : "General";
      cell.Value2 = expected(value, shift);
    }
    if (!equal(cell.Value2, expected(value, shift))) throw misplaced(sheet, row, column);
  }

  function put(sheet, block, shift) {
    var format = formats(sheet, block);
    var links = [];
    var days = [];
    var values = block.values.map(function (line, down) {
      return line.map(function (value, right) {
        var row = block.top + down;
        var column = block.left + right;
        if (value && value.formula) links.push([row, column, value.formula]);
        if (value && value.serial !== undefined && !datelike(format(row, column))) {
          days.push([row, column, value.format]);
        }
        return plain(value, typeof value === "string" ? format(row, column) : "", shift);
      });
    });
    blocks(days).forEach(function (part) { rangeOf(sheet, part).NumberFormat = part.values[0][0]; });
    var range = rangeOf(sheet, block);
    range.Value2 = values.length === 1 && values[0].length === 1 ? values[0][0] : values;
    blocks(links).forEach(function (part) {
      rangeOf(sheet, part).Formula = part.values.length === 1 && part.values[0].length === 1 ? part.values[0][0] : part.values;
    });
    grid(range.Value2).forEach(function (line, down) {
      line.forEach(function (found, right) {
        var wanted = block.values[down][right];
        if (!equal(found, expected(wanted, shift))) {
          insist(sheet, block.top + down, block.left + right, wanted, shift);
        }
      });
    });
  }

  global.TowerCells = {
    letters: letters, rangeOf: rangeOf, grid: grid, empty: empty, blocks: blocks, touchy: touchy, expected: expected,
    equal: equal, put: put,
  };
})(this);
