"use strict";
// What TypeScript compiles to, kept in .trustplane: a run of the scripts starts half a dozen processes, each of which would compile the same.
// Types are not checked here; `npm run lint` does that.

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { version } = require("@swc/core/package.json");

/** As tsconfig.json has it. */
const options = {
  swcrc: false,
  jsc: { parser: { syntax: "typescript" }, target: "es2022", keepClassNames: true },
  module: { type: "commonjs", strictMode: true, ignoreDynamic: false },
  sourceMaps: "inline",
};

const made = crypto
  .createHash("sha256")
  .update(`${version} ${JSON.stringify(options)}`)
  .digest("hex")
  .slice(0, 8);
const folder = path.resolve(__dirname, "..", ".trustplane", "compiled", made);

/** The time of the source is put on what is kept of it: newer and older ones are both changed ones. */
function compiled(file, source) {
  const { mtime } = fs.statSync(file);
  const place = path.join(folder, `${file}.js`);
  if (fs.statSync(place, { throwIfNoEntry: false })?.mtimeMs === mtime.getTime()) return fs.readFileSync(place, "utf8");
  // loaded only here, because it takes longer than reading what is kept
  const { code } = require("@swc/core").transformSync(source, { ...options, filename: file, sourceFileName: file });
  fs.mkdirSync(path.dirname(place), { recursive: true });
  const draft = `${place}.${process.pid}`;
  fs.writeFileSync(draft, code);
  fs.utimesSync(draft, mtime, mtime);
  fs.renameSync(draft, place);
  return code;
}

module.exports = { compiled };
