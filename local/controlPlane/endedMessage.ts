import * as fs from "node:fs";
import type { Component } from "./components";

/** Says that a process ended, or what else it did, with the end of its log. */
export function endedMessage(component: Component, log: string, did = "ended"): string {
  return `${component} ${did}; the last lines of ${log}:\n${lastLines(log)}`;
}

function lastLines(file: string): string {
  if (!fs.existsSync(file)) return "(no log)";
  return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-3).join("\n").slice(-1500);
}
