import { z } from "zod";
import { type Flaw, textWith } from "./fields";

/** A text of one line that is not empty; anything else would end up in a file or a variable as something else. */
export function line(what: string): z.ZodString {
  return textWith((text) => lineFlaw(what, text));
}

/** Why a text is not one line. */
export function lineFlaw(what: string, text: string): Flaw | undefined {
  const allowed = `${what}: one line that is not empty, without control characters`;
  if (text.trim() === "") return { allowed, wayOut: "write it" };
  return /\p{Cc}/u.test(text) ? { allowed, wayOut: "remove line breaks, tabs and other control characters" } : undefined;
}

/** An http:// or https:// address without credentials, which would be readable wherever the address is. */
export function webAddress(what: string): z.ZodString {
  const allowed = `${what}: an http:// or https:// address without user and password`;
  return textWith((text) => {
    if (!URL.canParse(text) || !/^https?:\/\/[^\s\p{Cc}]+$/u.test(text))
      return { allowed, wayOut: "write it like https://arkindex.example.org" };
    const { username, password } = new URL(text);
    if (username === "" && password === "") return undefined;
    return { allowed, wayOut: "remove what stands before the @", found: "[an address with credentials]" };
  });
}

/** An absolute path of a container. */
export const containerPath = textWith((text) => {
  if (/^(\/[^/\p{Cc}:]+)+$/u.test(text) && !text.split("/").includes("..")) return undefined;
  const near = `/${text
    .split("/")
    .filter((part) => part !== "" && part !== "..")
    .join("/")}`;
  return {
    allowed: "an absolute path, without colon, .. or a slash at its end",
    wayOut: near === "/" ? "write a folder" : `write ${JSON.stringify(near)}`,
  };
});

/** Variables of jobs. @see https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/ */
export const environment = z.record(z.string(), z.string()).superRefine((variables, context) => {
  for (const [name, value] of Object.entries(variables)) {
    const flaw = /^[A-Za-z_]\w*$/.test(name) ? valueFlaw(value) : nameFlaw;
    if (flaw !== undefined) context.addIssue({ code: "custom", path: [name], message: flaw.allowed, params: { wayOut: flaw.wayOut } });
  }
});

const nameFlaw: Flaw = { allowed: "a variable's name: letters, digits and _, no digit first", wayOut: "write it like HF_HOME" };

function valueFlaw(value: string): Flaw | undefined {
  return value === "" ? undefined : lineFlaw("a variable's value", value);
}
