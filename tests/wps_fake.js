// A stand-in for WPS: workbooks as cells with formats, and what its script interface does with values.
// Where WPS may be kinder than this, it is not kinder here: texts turn into numbers and days, numbers into texts.
"use strict";

const fs = require("fs");

const DAY = 86400000;

function columnOf(letters) {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

function lettersOf(column) {
  let found = "";
  for (; column > 0; column = Math.floor((column - 1) / 26)) found = String.fromCharCode(65 + ((column - 1) % 26)) + found;
  return found;
}

function areaOf(address) {
  const match = /^\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$/.exec(address);
  if (!match) throw new Error("no such range: " + address);
  const [top, left] = [Number(match[2]), columnOf(match[1])];
  return { top, left, bottom: Number(match[4] || top), right: match[3] ? columnOf(match[3]) : left };
}

function serialOf(year, month, day) {
  return Math.round((Date.UTC(year, month - 1, day) - Date.UTC(1899, 11, 30)) / DAY);
}

// What a program makes of a text that is put into a cell, as when it is typed.
function typed(text, format, apostrophe) {
  if (text === "") return {};
  if (format === "@") return { value: text };
  if (text.startsWith("'") && apostrophe) return { value: text.slice(1), quoted: true };
  const plain = text.trim().replace(/[\uFF10-\uFF19]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  if (/^[=+\-@].*[A-Za-z(]/.test(plain)) return { formula: "=" + plain.replace(/^=/, "") };
  if (/^[=+]?-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return { value: Number(plain.replace(/^[=+]/, "")) };
  if (/^-?[¥￥$]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) return { value: Number(plain.replace(/[¥￥$,]/g, "")) };
  if (/^-?\d+(\.\d+)?[%％]$/.test(plain)) return { value: parseFloat(plain) / 100 };
  if (/^(true|false)$/i.test(plain)) return { value: plain.toLowerCase() === "true" };
  let match = /^(\d{4})[-\/.年](\d{1,2})[-\/.月](\d{1,2})日?( (\d{1,2}):(\d{2})(:(\d{2}))?)?$/.exec(plain);
  if (match) {
    const clock = (Number(match[5] || 0) * 3600 + Number(match[6] || 0) * 60 + Number(match[8] || 0)) / 86400;
    return { value: serialOf(Number(match[1]), Number(match[2]), Number(match[3])) + clock, format: "yyyy/m/d" };
  }
  match = /^(\d{1,2})[-\/月](\d{1,2})日?$/.exec(plain);
  if (match && Number(match[1]) < 13) return { value: serialOf(2026, Number(match[1]), Number(match[2])), format: "m月d日" };
  match = /^(\d{4})年(\d{1,2})月$/.exec(plain);
  if (match) return { value: serialOf(Number(match[1]), Number(match[2]), 1), format: "yyyy年m月" };
  match = /^(\d{1,2}):(\d{2})(:(\d{2}))?$/.exec(plain);
  if (match) return { value: (Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[4] || 0)) / 86400, format: "h:mm" };
  match = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ]?(\d{1,2})$/i.exec(plain);
  if (match) return { value: 46000 + Number(match[2]), format: "d-mmm" };
  return { value: text };
}

function shown(formula) {
  const match = /^=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)$/.exec(formula);
  return match ? match[1].replace(/""/g, '"') : 0;
}

class Range {
  constructor(sheet, area) {
    Object.assign(this, { sheet, area });
  }

  get Row() { return this.area.top; }
  get Column() { return this.area.left; }
  get Rows() { return { Count: this.area.bottom - this.area.top + 1 }; }
  get Columns() { return { Count: this.area.right - this.area.left + 1 }; }
  get EntireRow() { return { Hidden: this.sheet.hidden.includes(this.area.top) }; }

  Address() {
    const { top, left, bottom, right } = this.area;
    const first = lettersOf(left) + top;
    return top === bottom && left === right ? first : first + ":" + lettersOf(right) + bottom;
  }

  places() {
    const found = [];
    for (let row = this.area.top; row <= this.area.bottom; row++) {
      for (let column = this.area.left; column <= this.area.right; column++) found.push([row, column]);
    }
    return found;
  }

  read(what) {
    this.sheet.touch("read");
    const rows = [];
    for (const [row, column] of this.places()) {
      (rows[row - this.area.top] = rows[row - this.area.top] || []).push(what(this.sheet.cell(row, column)));
    }
    return rows.length === 1 && rows[0].length === 1 ? rows[0][0] : rows;
  }

  write(value, put) {
    this.sheet.touch("write");
    if (this.sheet.protected) throw new Error("工作表受保护");
    for (const [row, column] of this.places()) {
      let one = value;
      if (Array.isArray(value)) {
        if (value.length !== this.Rows.Count || value.some((line) => line.length !== this.Columns.Count)) {
          throw new Error("the array is not of the range's size: " + this.Address());
        }
        one = value[row - this.area.top][column - this.area.left];
      }
      if (one === null || one === undefined || typeof one === "object") throw new Error("no cell value: " + JSON.stringify(one));
      this.sheet.put(row, column, put(one, this.sheet.cell(row, column)));
    }
  }

  get Value2() { return this.read((cell) => (cell.formula ? cell.cached : cell.value)); }

  set Value2(value) {
    const apostrophe = this.sheet.book.application.world.apostrophe !== false;
    this.write(value, (one, cell) => {
      const format = cell.format || "General";
      if (typeof one !== "string") return { value: format === "@" ? String(one) : one, format };
      const made = typed(one, format, apostrophe);
      if (made.formula) return { formula: made.formula, cached: shown(made.formula), format };
      return { value: made.value, quoted: made.quoted, format: made.format && format === "General" ? made.format : format };
    });
  }

  get Formula() { return this.read((cell) => cell.formula || (cell.value === undefined ? "" : cell.value)); }

  set Formula(value) {
    this.write(value, (one, cell) => {
      const format = cell.format || "General";
      if (typeof one === "string" && one.startsWith("=") && format !== "@") return { formula: one, cached: shown(one), format };
      return { value: one, format };
    });
  }

  get NumberFormat() {
    const all = new Set(this.places().map(([row, column]) => this.sheet.cell(row, column).format || "General"));
    return all.size === 1 ? [...all][0] : null;
  }

  set NumberFormat(format) {
    for (const [row, column] of this.places()) this.sheet.put(row, column, { ...this.sheet.cell(row, column), format });
  }

  FillDown() {
    for (const [row, column] of this.places()) this.sheet.put(row, column, { ...this.sheet.cell(this.area.top, column) });
  }

  ClearContents() {
    for (const [row, column] of this.places()) this.sheet.put(row, column, { format: this.sheet.cell(row, column).format });
  }

  Select() {
    this.sheet.book.application.select(this.sheet, [this.Address()]);
  }
}

class Sheet {
  constructor(book, raw) {
    this.book = book;
    this.Name = raw.title;
    this.cells = new Map(raw.cells.map(([row, column, cell]) => [row + "," + column, cell]));
    this.changed = new Map();
    this.tables = raw.tables || [];
    this.hidden = raw.hidden || [];
    this.protected = Boolean(raw.protected);
    this.FilterMode = false;
  }

  touch(what) {
    const world = this.book.application.world;
    world.calls = world.calls || { read: 0, write: 0 };
    world.calls[what]++;
    if (world.failAfter && what === "write" && world.failAfter.book === this.book.Name && --world.failAfter.writes < 0) {
      delete world.failAfter;
      throw new Error("磁盘或内存不足");
    }
  }

  cell(row, column) { return this.cells.get(row + "," + column) || {}; }

  put(row, column, cell) {
    this.cells.set(row + "," + column, cell);
    this.changed.set(row + "," + column, [row, column, cell]);
    this.book.Saved = false;
  }

  get ProtectContents() { return this.protected; }
  Range(address) { return new Range(this, areaOf(address)); }
  Activate() { this.book.application.select(this, ["A1"]); }

  get UsedRange() {
    let [bottom, right] = [1, 1];
    for (const [name, cell] of this.cells) {
      if (cell.value === undefined && !cell.formula && !cell.format) continue;
      const [row, column] = name.split(",").map(Number);
      [bottom, right] = [Math.max(bottom, row), Math.max(right, column)];
    }
    return new Range(this, { top: 1, left: 1, bottom, right });
  }

  get ListObjects() {
    return {
      Item: (name) => {
        const table = this.tables.find((one) => one.name === name);
        if (!table) throw new Error("no table " + name);
        return {
          Range: this.Range(table.ref),
          Resize: (range) => {
            table.ref = range.Address();
            this.book.Saved = false;
          },
        };
      },
    };
  }
}

class Workbook {
  constructor(application, raw) {
    this.application = application;
    this.FullName = raw.path;
    this.Name = raw.path.split(/[\\/]/).pop();
    this.Path = raw.unsaved ? "" : raw.path.slice(0, raw.path.length - this.Name.length - 1);
    this.ReadOnly = Boolean(raw.readOnly);
    this.Date1904 = Boolean(raw.date1904);
    this.sheets = raw.sheets.map((one) => new Sheet(this, one));
    this.Saved = true;
  }

  get Worksheets() {
    const world = this.application.world;
    if (world.editing > 0 && world.editing-- > 0) throw new Error("正在编辑单元格");
    return {
      Count: this.sheets.length,
      Item: (name) => {
        const found = typeof name === "number" ? this.sheets[name - 1] : this.sheets.find((one) => one.Name === name);
        if (!found) throw new Error("no sheet " + name);
        return found;
      },
    };
  }

  Activate() { this.application.select(this.sheets[0], ["A1"]); }

  Save() {
    this.application.log.push(["save", this.Name]);
    const sheets = this.sheets.map((one) => ({ title: one.Name, cells: [...one.changed.values()], tables: one.tables }));
    this.application.disk.store(this.FullName, sheets);
    this.sheets.forEach((one) => one.changed.clear());
    this.Saved = true;
  }
}

// The application object. ``disk`` has load(path) and store(path, sheets); ``log`` takes what the user gets to see.
function makeApplication(world, disk, log) {
  let bar = false;
  const application = {
    world, disk, log, books: [], ribbonUI: null, listeners: {}, ScreenUpdating: true, EnableEvents: true, Calculation: -4105,
    select(sheet, areas) {
      application.chosen = { sheet, areas };
      application.ActiveWorkbook = sheet.book;
      application.ActiveSheet = sheet;
      (application.listeners.SheetSelectionChange || []).forEach((one) => one(sheet));
    },
    get Selection() {
      const { sheet, areas } = application.chosen;
      if (!areas) return {}; // a chart
      return { Areas: { Count: areas.length, Item: (at) => sheet.Range(areas[at - 1]) } };
    },
    get StatusBar() { return bar; },
    set StatusBar(text) {
      bar = text;
      if (text) log.push(["status", text]);
    },
    get Workbooks() {
      return {
        Count: application.books.length,
        Item: (at) => application.books[at - 1],
        Open: (path) => {
          if (!fs.existsSync(path)) throw new Error("没有这个文件 " + path);
          log.push(["open", path.split(/[\\/]/).pop()]);
          const book = new Workbook(application, disk.load(path));
          application.books.push(book);
          return book;
        },
      };
    },
    FileSystem: {
      Exists: (path) => fs.existsSync(path),
      ReadFile: (path) => fs.readFileSync(path, "utf8"),
      readFileString: () => { throw new Error("path cannot contains '/' or '\\'"); },
    },
    Env: Object.fromEntries(Object.entries(world.env).map(([name, path]) => [name, () => path])),
    OAAssist: {
      ShellExecute: (...words) => {
        if (words.length > 1) throw new Error("WPS would wait and start nothing");
        log.push(["start", words[0]]);
        if (world.starts) fs.renameSync(world.starts[0], world.starts[1]);
      },
    },
    ApiEvent: {
      AddApiEventListener: (name, call) => (application.listeners[name] = application.listeners[name] || []).push(call),
    },
  };
  application.books = world.workbooks.map((raw) => new Workbook(application, raw));
  const first = application.books[0];
  application.ActiveWorkbook = null;
  if (first) application.select(first.sheets[0], ["A1"]);
  return application;
}

module.exports = { makeApplication, typed };
