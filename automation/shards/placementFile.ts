import * as fs from "node:fs";
import * as path from "node:path";
import { Document, isScalar, parseDocument } from "yaml";
import { z } from "zod";
import { replaceFile } from "../../local/replaceFile";
import { Failure } from "../exitCode";
import type { Placement } from "./placement";

/** The file's name in the tenants' folder. */
export const placementFileName = "placement.yaml";

const head = `
 Which shard has each tenant: under a platform's stack, the number of the stack STACK-tenants-NUMBER that holds the tenant's objects.
 Written by \`npm run up -- --stack STACK --tenants FOLDER\`; commit it, and change nothing: a tenant that is moved loses its namespaces.`;

const schema = z.record(z.string(), z.record(z.string(), z.int().min(1)));

type Content = z.output<typeof schema>;

/** The committed record of where the tenants of a platform's stack live; one folder may serve several platforms. */
export class PlacementFile {
  readonly path: string;

  /** @param stack the platform's stack */
  constructor(
    folder: string,
    private readonly stack: string,
  ) {
    this.path = path.join(folder, placementFileName);
  }

  /** Empty where the file, or the stack in it, is not there yet. @throws Failure where it cannot be read */
  read(): Placement {
    return new Map(Object.entries(this.content()[this.stack] ?? {}));
  }

  /** Replaces the file as a whole, tenants in the order of their names; a stack without tenants is left out. */
  write(placement: Placement): void {
    const others = Object.entries(this.content()).filter(([stack]) => stack !== this.stack);
    const own = placement.size === 0 ? [] : [[this.stack, Object.fromEntries(placement)] as const];
    const document = new Document(sorted(Object.fromEntries([...others, ...own])));
    document.commentBefore = head.trimStart();
    const text = document.toString();
    if (fs.existsSync(this.path) && fs.readFileSync(this.path, "utf8") === text) return;
    replaceFile(this.path, text);
  }

  private content(): Content {
    if (!fs.existsSync(this.path)) return {};
    const document = parseDocument(fs.readFileSync(this.path, "utf8"), { stringKeys: true });
    const [error] = document.errors;
    if (error !== undefined) throw this.unreadable(error.message);
    if (isScalar(document.contents) && document.contents.value === null) return {};
    const parsed = schema.safeParse(document.toJS());
    if (parsed.success) return parsed.data;
    throw this.unreadable(parsed.error.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`).join("; "));
  }

  private unreadable(found: string): Failure {
    return new Failure(
      `${this.path} cannot be read: ${found}\n` +
        "allowed: for each platform's stack a map of tenant: number of its shard. " +
        "Restore it from version control; after a merge keep each tenant's line as it was. Nothing was changed.",
    );
  }
}

function sorted(content: Content): Content {
  const byKey = <T>(map: Readonly<Record<string, T>>): [string, T][] => Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(byKey(content).map(([stack, tenants]) => [stack, Object.fromEntries(byKey(tenants))]));
}
