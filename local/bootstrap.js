"use strict";
// Runs a TypeScript entry point on a fresh machine: node local/bootstrap.js FILE [ARGUMENT...]
// Installs the packages of the lock file where they are missing or others, then starts a Node that package.json allows.
// Plain JavaScript without dependencies, because it runs before there are any.

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { spawn } = require("node:child_process");

const root = path.resolve(__dirname, "..");
const modules = path.join(root, "node_modules");
const lock = path.join(root, ".trustplane", "install.lock");
const staleMillis = 30_000;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

function fail(message) {
  console.error(`trustplane: ${message}`);
  process.exit(1);
}

function packagesOf(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")).packages : undefined;
}

// npm writes its record of what is in node_modules last, so an interrupted installation has none.
function installed() {
  const present = packagesOf(path.join(modules, ".package-lock.json"));
  if (present === undefined) return false;
  const wanted = Object.entries(packagesOf(path.join(root, "package-lock.json"))).filter(([place]) => place !== "");
  return wanted.every(([place, { version, optional }]) => (place in present ? present[place].version === version : optional === true));
}

// Resolves with the exit code; signals are for the child to answer, which then decides when this process ends.
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, ...options });
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    child.on("error", (error) => fail(`cannot start ${command}: ${error.message}`));
    child.on("exit", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + (os.constants.signals[signal] ?? 0));
    });
  });
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

// Another program may have the holder's process id by now, so a holder also touches its lock every second.
function abandoned() {
  const touched = fs.statSync(lock, { throwIfNoEntry: false });
  if (touched === undefined) return false;
  const holder = Number(fs.readFileSync(lock, "utf8"));
  return (holder > 0 && !alive(holder)) || Date.now() - touched.mtimeMs > staleMillis;
}

function touchLock() {
  const now = new Date();
  fs.utimes(lock, now, now, () => undefined);
}

// Two runs at once must not both empty node_modules. False when another run has it.
function takeLock() {
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") return fail(`cannot write ${lock}: ${error.message}`);
  }
  if (abandoned()) fs.rmSync(lock, { force: true });
  return false;
}

async function install() {
  let told = false;
  while (!takeLock()) {
    if (!told) console.error("trustplane: waiting for another run that installs the npm packages");
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  process.on("exit", () => fs.rmSync(lock, { force: true }));
  const touching = setInterval(touchLock, 1_000);
  if (!installed()) await installPackages();
  clearInterval(touching);
  fs.rmSync(lock, { force: true });
}

async function installPackages() {
  console.error("trustplane: installing the npm packages of package-lock.json (about a minute the first time)");
  const code = await run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { stdio: ["ignore", 2, 2] });
  if (code > 128) process.exit(code);
  if (code !== 0)
    fail("npm ci failed. Check the messages above and that the npm registry can be reached, then run the same command again.");
}

function fits(node, oldest) {
  const [major, minor] = node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldest.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

function nodeBinary() {
  const { engines } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  const oldest = engines.node.replace(">=", "");
  if (fits(process.versions.node, oldest)) return process.execPath;
  const own = path.join(modules, `node-linux-${process.arch}`, "bin", "node");
  if (fs.existsSync(own)) return own;
  return fail(`Node ${process.versions.node} is too old: install Node ${oldest} or newer, then run the same command again.`);
}

async function main([entry, ...args]) {
  if (!entry) fail("usage: node local/bootstrap.js FILE [ARGUMENT...]");
  if (!installed()) await install();
  const node = nodeBinary();
  const env = {
    ...process.env,
    PATH: [path.dirname(node), process.env.PATH].filter(Boolean).join(path.delimiter),
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(root, ".trustplane", "compile-cache"),
  };
  process.exit(
    await run(node, ["--require", path.join(__dirname, "typescript.js"), path.resolve(root, entry), ...args], { env, stdio: "inherit" }),
  );
}

void main(process.argv.slice(2));
