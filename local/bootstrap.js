"use strict";
// Runs a TypeScript entry point on a fresh machine: node local/bootstrap.js FILE [ARGUMENT...]
// Installs the packages of the lock file where they are missing or older than it, then starts Node 22 or newer.
// Plain JavaScript without dependencies, because it runs before there are any.

const crypto = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { spawn, spawnSync } = require("node:child_process");

const root = path.resolve(__dirname, "..");
const modules = path.join(root, "node_modules");
const stamp = path.join(modules, ".trustplane-lock");
const minimumNode = 22;

function lockDigest() {
  return crypto.createHash("sha256").update(fs.readFileSync(path.join(root, "package-lock.json"))).digest("hex");
}

function installed() {
  return fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === lockDigest();
}

function fail(message) {
  console.error(`trustplane: ${message}`);
  process.exit(1);
}

function install() {
  console.error("trustplane: installing the npm packages of package-lock.json (about a minute the first time)");
  const { status } = spawnSync("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) fail("npm ci failed. Check the messages above and that the npm registry can be reached, then run the same command again.");
  fs.writeFileSync(stamp, lockDigest());
}

function nodeBinary() {
  if (Number(process.versions.node.split(".")[0]) >= minimumNode) return process.execPath;
  const own = path.join(modules, `node-linux-${process.arch}`, "bin", "node");
  if (fs.existsSync(own)) return own;
  return fail(`Node ${process.versions.node} is too old: install Node ${minimumNode} or newer, then run the same command again.`);
}

function run(node, entry, args) {
  const env = {
    ...process.env,
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
    TS_NODE_TRANSPILE_ONLY: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
  const child = spawn(node, ["--require", "ts-node/register", path.resolve(root, entry), ...args], { cwd: root, env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => signal !== "SIGINT" && child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (os.constants.signals[signal] ?? 0)));
}

const [entry, ...args] = process.argv.slice(2);
if (!entry) fail("usage: node local/bootstrap.js FILE [ARGUMENT...]");
if (!installed()) install();
run(nodeBinary(), entry, args);
