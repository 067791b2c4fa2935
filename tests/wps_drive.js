// Runs the built add-in in a page as WPS would: node wps_drive.js SCENARIO.json RESULT.json.
// The scenario names the add-in's folder, the world of the fake, and steps; requests obey what Chromium obeys.
"use strict";

const { execFileSync } = require("child_process");
const fs = require("fs");
const http = require("http");
const path = require("path");
const vm = require("vm");
const { makeApplication } = require("./wps_fake.js");

const ORIGIN = "file://";
const scenario = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const log = [];
const told = [];
let pending = 0;

function python(words, input) {
  return execFileSync(scenario.python, [path.join(__dirname, "wps_disk.py"), ...words], { input, maxBuffer: 1 << 28 });
}

// What is saved reaches the disk before anybody else can look: all of it in one go.
let unwritten = [];

function flush() {
  if (unwritten.length) python(["store"], JSON.stringify(unwritten));
  unwritten = [];
}

const disk = {
  load: (file) => {
    flush();
    return JSON.parse(python(["load", file], ""));
  },
  store: (file, sheets) => unwritten.push([file, sheets]),
};
const application = makeApplication(scenario.world, disk, log);

function exchange(method, url, headers, body) {
  return new Promise((resolve) => {
    const request = http.request(url, { method, headers: { ...headers, Origin: ORIGIN } }, (reply) => {
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("end", () => resolve({ status: reply.statusCode, headers: reply.headers, text: Buffer.concat(parts).toString("utf8") }));
      reply.on("error", () => resolve(null));
    });
    request.on("error", () => resolve(null));
    request.end(body || undefined);
  });
}

function allows(reply) {
  return reply && ["*", ORIGIN].includes(reply.headers["access-control-allow-origin"]);
}

// A page's request: asks leave first where it carries a header of its own, and hears nothing without leave.
class XMLHttpRequest {
  open(method, url) { Object.assign(this, { method, url, headers: {} }); }
  setRequestHeader(name, value) { this.headers[name] = value; }

  send(body) {
    flush();
    pending++;
    this.carry(body).then((reply) => {
      pending--;
      if (!reply) return this.onerror();
      this.status = reply.status;
      this.responseText = reply.text;
      return this.onload();
    });
  }

  async carry(body) {
    const leave = await exchange("OPTIONS", this.url, {
      "Access-Control-Request-Method": this.method, "Access-Control-Request-Headers": Object.keys(this.headers).join(", "),
    });
    const may = String((leave && leave.headers["access-control-allow-headers"]) || "").toLowerCase();
    if (!allows(leave) || !Object.keys(this.headers).every((name) => may.includes(name.toLowerCase()))) return null;
    if (body && this.url.endsWith("/run")) {
      const order = { ...JSON.parse(body), ...(scenario.order || {}) }; // the test's clock and answers
      told.push(order);
      body = JSON.stringify(order);
    }
    const reply = await exchange(this.method, this.url, body ? { ...this.headers, "Content-Length": Buffer.byteLength(body) } : this.headers, body);
    if (body && this.url.endsWith("/run")) {
      (scenario.meanwhile || []).forEach(type);
      application.world.editing = scenario.edits_after_answer || 0;
    }
    return allows(reply) ? reply : null;
  }
}

// Waiting costs a twentieth of the time here.
function setTimeoutQuick(call, delay) {
  pending++;
  return setTimeout(() => { pending--; call(); }, delay / 20);
}

const cancelled = (timer) => { if (timer && !timer._destroyed) { pending--; clearTimeout(timer); } };
const page = {
  Application: application, XMLHttpRequest, setTimeout: setTimeoutQuick, clearTimeout: cancelled,
  setInterval: (call, delay) => setInterval(call, delay / 20), clearInterval,
  alert: (text) => log.push(["alert", text]),
  confirm: (text) => { log.push(["confirm", text]); return scenario.agrees !== false; },
};
page.window = page;
vm.createContext(page);
const html = fs.readFileSync(path.join(scenario.addin, "index.html"), "utf8");
for (const [, name] of html.matchAll(/<script src="([^"]+)"/g)) {
  vm.runInContext(fs.readFileSync(path.join(scenario.addin, name), "utf8"), page, { filename: name });
}

function bookOf(name) { return application.books.find((one) => one.Name === name); }

function type({ book, sheet, cell, value }) { bookOf(book).Worksheets.Item(sheet).Range(cell).Value2 = value; }

async function quiet() {
  await new Promise((resolve) => setTimeout(resolve, 5));
  while (pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

const STEPS = {
  click: ({ id }) => page.OnAction({ Id: id }),
  select: ({ book, sheet, areas }) => application.select(bookOf(book).Worksheets.Item(sheet), areas),
  type: type,
  enabled: ({ ids }) => log.push(["enabled", Object.fromEntries(ids.map((id) => [id, page.OnEnabled({ Id: id })]))]),
  image: ({ id }) => log.push(["image", page.GetImage({ Id: id })]),
  save: () => application.books.filter((one) => !one.Saved).forEach((one) => one.Save()),
};

async function main() {
  page.OnAddinLoad({ Invalidate: () => undefined });
  for (const step of scenario.steps) {
    STEPS[step.do](step);
    if (!step.hasty) await quiet();
  }
  await quiet();
  flush();
  const books = Object.fromEntries(application.books.map((book) => [book.Name, {
    saved: book.Saved,
    sheets: Object.fromEntries(book.sheets.map((one) => [one.Name, { cells: [...one.cells].map(([at, cell]) => [...at.split(",").map(Number), cell]), tables: one.tables }])),
  }]));
  const asleep = !application.ScreenUpdating || !application.EnableEvents || application.Calculation !== -4105;
  const { sheet, areas } = application.chosen || {};
  const at = sheet && [sheet.book.Name, sheet.Name, ...areas];
  const happened = { log, told, books, at, asleep, bar: application.StatusBar, calls: scenario.world.calls };
  fs.writeFileSync(process.argv[3], JSON.stringify(happened));
}

main().then(() => process.exit(0), (fault) => { process.stderr.write(String(fault.stack)); process.exit(1); });
