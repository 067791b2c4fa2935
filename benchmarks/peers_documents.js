// The engines of npm: the process that runs one of them, with the same questions and answers as documents_peers.py.
// node peers_documents.js ENGINE KIND ROWS SEEDS FOLDER; the folder holds the template and the values of each seed.
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const [, , engine, kind, rows, seeds, folder] = process.argv;
const load = (name) => require(require.resolve(name, { paths: [process.env.PEERS] }));
const file = path.join(folder, `${kind}-${engine === "carbone" ? "carbone" : "mustache"}.docx`);

const engines = {
  docxtemplater() {
    const Zip = load("pizzip"), Template = load("docxtemplater"), source = fs.readFileSync(file);
    return async (context) => {
      const paper = new Template(new Zip(source), { paragraphLoop: true, linebreaks: true });
      paper.render(context);
      return paper.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
    };
  },
  easy_template_x() {
    const { TemplateHandler } = load("easy-template-x"), source = fs.readFileSync(file), handler = new TemplateHandler();
    return (context) => handler.process(source, context);
  },
  carbone() {
    const { render } = load("carbone");
    return (context) => new Promise((done, fail) => render(file, context, {}, (error, made) => (error ? fail(error) : done(made))));
  },
};

const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1000; };
const median = (all) => { const sorted = [...all].sort((a, b) => a - b); return sorted[sorted.length >> 1]; };

async function main() {
  const fill = engines[engine]();
  const read = (seed) => JSON.parse(fs.readFileSync(path.join(folder, `${kind}-${rows}-${seed}.json`), "utf8"));
  const contexts = Array.from({ length: +seeds }, (_, seed) => read(seed));
  const few = { ...contexts[0] };
  if (+rows > 20) few.rows = few.rows.slice(0, 20);
  await fill(few);
  console.log("{}");
  let done = 0;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const spent = [], until = Date.now() + 1000 * +line;
    while (!spent.length || Date.now() < until) {
      const context = contexts[done % contexts.length], began = cpu();
      const made = await fill(context);
      spent.push(cpu() - began);
      if (done < Math.min(+seeds, 2)) fs.writeFileSync(path.join(folder, `${engine}-${done}.docx`), made);
      done += 1;
    }
    console.log(JSON.stringify({ cpu_ms: median(spent), papers: spent.length }));
  }
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
