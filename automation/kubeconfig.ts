import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { nearestName } from "../config/nearestName";
import { stackArgument, type Usage } from "./arguments";
import { exitCode, Failure } from "./exitCode";
import { lastOutputs } from "./lastOutputs";
import { runScript, type Session } from "./session";
import { sessionOfTenant } from "./shards/tenantStack";

const usage: Usage = {
  command: "kubeconfig",
  about: "Writes a tenant's kubeconfig, which nobody else may read.",
  options: [
    { name: "tenant", value: "NAME", about: "the tenant, by its name in trustplane:plexus.tenants" },
    { name: "out", value: "FILE", about: "where to write it, from the project's folder; the file is replaced, and - prints it" },
    {
      name: "tenants",
      value: "FOLDER",
      about: "where the tenants of FOLDER are in stacks of their own: find the one that has this tenant",
    },
  ],
};

interface Kubeconfig {
  readonly users: readonly { readonly user: { readonly "client-certificate-data"?: string } }[];
}

/** Kubeconfigs by tenant. @throws Failure where the stack has none */
async function kubeconfigs(session: Session): Promise<Readonly<Record<string, string>>> {
  const { kubeconfigs: found } = await lastOutputs(session, true);
  if (typeof found === "object" && found !== null && Object.keys(found).length > 0) return found as Record<string, string>;
  const { stack } = session;
  throw new Failure(
    `stack ${stack} has no output kubeconfigs: it has no tenants. ` +
      `Add them to trustplane:plexus in Pulumi.${stack}.yaml (docs/plexus.md), then run: npm run up${stackArgument(stack)}`,
  );
}

function kubeconfigOf(tenant: string, stack: string, all: Readonly<Record<string, string>>): string {
  const found = Object.hasOwn(all, tenant) ? all[tenant] : undefined;
  if (found !== undefined) return found;
  const near = nearestName(tenant, Object.keys(all));
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new Failure(`--tenant ${tenant}: stack ${stack} has no such tenant.${hint} Tenants: ${Object.keys(all).join(", ")}.`);
}

/**
 * Replaces a file as a whole by one that only its owner may read, whoever may read the one before; gives its absolute path.
 * @throws Failure where the file cannot be written
 */
function writeSecretFile(root: string, out: string, text: string): string {
  const file = path.resolve(root, out);
  const draft = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
    fs.renameSync(draft, file);
    return file;
  } catch (error) {
    fs.rmSync(draft, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(
      `--out ${out}: ${file} cannot be written (${reason}). Name a file in a folder that exists and that you may write to.`,
    );
  }
}

/** A warning for a file that `git add` may take; undefined outside the project's folder. */
function insideText(root: string, file: string, tenant: string): string | undefined {
  if (path.relative(root, file).startsWith("..")) return undefined;
  return `warning: it is in the project's folder. Never commit it: it is a key to the cluster. Better: --out ~/.kube/${tenant}.yaml`;
}

/** What there is to say of a certificate's end; nothing of a token, which has none. */
function endText(kubeconfig: string, stack: string): string | undefined {
  const data = (JSON.parse(kubeconfig) as Kubeconfig).users[0]?.user["client-certificate-data"];
  if (data === undefined) return undefined;
  const end = new Date(new X509Certificate(Buffer.from(data, "base64")).validTo);
  const text = `its certificate ${end < new Date() ? "ended" : "ends"} on ${end.toISOString()}`;
  return `${text}; npm run up${stackArgument(stack)} renews it in time, then write it again`;
}

/** Writes the tenant's kubeconfig and says how it is used. */
export async function kubeconfig(session: Session): Promise<number> {
  const [tenant, out] = [session.given.get("tenant"), session.given.get("out")];
  if (typeof tenant !== "string") throw new Failure("--tenant: a name is missing. Give it as --tenant NAME.");
  if (typeof out !== "string") throw new Failure("--out: a file is missing. Give it as --out FILE, or --out - to print it.");
  const owner = sessionOfTenant(session, tenant);
  const text = kubeconfigOf(tenant, owner.stack, await kubeconfigs(owner));
  if (out === "-") {
    session.print(text.trimEnd());
    return exitCode.ok;
  }
  const file = writeSecretFile(session.root, out, text);
  session.print(`wrote ${file}, for its owner alone`);
  session.print(`kubectl --kubeconfig ${file} auth can-i --list`);
  const notes = [insideText(session.root, file, tenant), endText(text, owner.stack)];
  for (const note of notes) if (note !== undefined) session.print(note);
  return exitCode.ok;
}

if (require.main === module) runScript(usage, kubeconfig);
