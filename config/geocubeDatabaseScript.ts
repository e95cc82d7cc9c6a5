import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { z } from "zod";
import type { SqlScript } from "../components/geocube/schemaSource";
import { type Flaw, textWith } from "./fields";
import { webAddress } from "./textFields";
import { projectPath } from "./projectPath";

/** All scripts are one ConfigMap. @see https://kubernetes.io/docs/concepts/configuration/configmap/ */
const LARGEST_BYTES = 1_000_000;

/** How long a server may take to send a script. */
const TIMEOUT_MS = 6000;

const DIGEST = /^[0-9a-f]{64}$/;

const sha256 = textWith((text) =>
  DIGEST.test(text) ? undefined : { allowed: "64 hexadecimal digits in lower case", wayOut: "copy it from: curl -fsSL URL | sha256sum" },
);

/** Keys of a script of SQL: a file, or an address with its checksum. */
export const scriptFields = {
  file: z.string().min(1).optional().meta({ description: "The script's path, from the project's folder." }),
  url: webAddress("the script's place, at a fixed commit").optional().meta({ description: "The script's address, at a fixed commit." }),
  sha256: sha256.optional().meta({ description: "SHA-256 of the script; needed beside url." }),
};

/** A script as its section gives it. */
export interface GivenScript {
  readonly file?: string | undefined;
  readonly url?: string | undefined;
  readonly sha256?: string | undefined;
}

/** What is wrong with a script, at the key where it stands. */
export function checkScript(script: GivenScript, context: z.core.$RefinementCtx): void {
  for (const [key, flaw] of scriptFlaws(script)) {
    context.addIssue({
      code: "custom",
      path: key === "" ? [] : [key],
      message: flaw.allowed,
      params: { wayOut: flaw.wayOut, found: flaw.found },
    });
  }
}

function scriptFlaws({ file, url, sha256: expected }: GivenScript): (readonly [string, Flaw])[] {
  if ((file === undefined) === (url === undefined)) {
    const wayOut = "name upstream's script by one of them: https://github.com/airbusgeo/geocube/tree/main/interface";
    return [["", { allowed: "file, or url with sha256: exactly one of the two", wayOut }]];
  }
  if (file !== undefined) return fileFlaws(file, expected);
  const allowed = "the script's checksum beside url: what an address answers may change";
  return expected === undefined ? [["sha256", { allowed, wayOut: `copy it from: curl -fsSL ${url ?? ""} | sha256sum` }]] : [];
}

function fileFlaws(file: string, expected: string | undefined): (readonly [string, Flaw])[] {
  const place = projectPath(file);
  const found = fs.statSync(place, { throwIfNoEntry: false });
  const readable = "a file of SQL that can be read";
  if (found?.isFile() !== true) return [["file", { allowed: readable, wayOut: `correct it, or put the script there: ${place}` }]];
  if (found.size === 0) return [["file", { allowed: readable, wayOut: `it is empty: ${place}` }]];
  const allowed = `at most ${LARGEST_BYTES} bytes, since a ConfigMap holds it`;
  if (found.size > LARGEST_BYTES) return [["file", { allowed, wayOut: "leave out of it what is data" }]];
  const actual = digestOf(fs.readFileSync(place));
  if (expected === undefined || actual === expected) return [];
  return [["sha256", { allowed: `the checksum of ${file}, which is ${actual}`, wayOut: "take the file that was meant, or correct it" }]];
}

/** The script's text, known by its checksum. One at an address is asked for at once; whoever needs the text is told why it is not there. */
export function resolveScript({ file, url = "", sha256: expected = "" }: GivenScript): SqlScript {
  if (file === undefined) return { sha256: expected, text: fetched(url, expected) };
  const text = fs.readFileSync(projectPath(file), "utf8");
  return { sha256: digestOf(text), text };
}

function fetched(url: string, expected: string): Promise<string> {
  const text = download(url, expected);
  // a refusal that nobody waits for yet does not end the program
  text.catch(() => undefined);
  return text;
}

/** @throws Error that says what the address answered */
async function download(url: string, expected: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
    throw new Error(`${url} does not answer: ${reasonOf(error)}`);
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status} ${response.statusText}`.trim());
  const bytes = Buffer.from(await response.arrayBuffer());
  const actual = digestOf(bytes);
  if (actual !== expected) throw new Error(`${url} has the checksum ${actual}, not ${expected}`);
  return bytes.toString();
}

function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  return cause instanceof Error ? cause.message : String(error);
}

function digestOf(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
