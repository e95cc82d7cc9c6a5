import { createHash, randomBytes } from "node:crypto";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  EngineLog,
  JsonObject,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../../server/provider";
import { PartialFailure } from "../../server/provider";
import { containsUnknown, unwrap } from "../../server/values";
import type { KubernetesClient } from "../client";
import { parseFullName } from "../objectNames";
import { chartVersion, locateChart } from "./chart";
import { installFlags, uninstallFlags, upgradeFlags } from "./helmFlags";
import { HelmSession } from "./helmSession";
import { importedInputs } from "./importedInputs";
import { fullInputs, text } from "./releaseInputs";
import { askHistory, askRelease, readRelease, type ReleaseRecord } from "./releaseRecord";
import { releaseDiff } from "./releaseDiff";
import { previewedOutputs, releaseOutputs, stateInputs } from "./releaseState";

export interface HelmReleaseOptions {
  readonly client: Pick<KubernetesClient, "kubeconfig">;
  /** A kubeconfig's file whose current context is the cluster. @default one written from the client's */
  readonly kubeconfigPath?: string;
  /** The helm binary. @default `TRUSTPLANE_HELM`, else `helm` on PATH */
  readonly helm?: string;
  /** Where releases without a namespace go. @default "default" */
  readonly defaultNamespace?: string;
  readonly log: EngineLog;
}

/** The resource `kubernetes:helm.sh/v3:Release`, by the helm binary. */
export class HelmRelease {
  constructor(private readonly options: HelmReleaseOptions) {}

  /** Names the release, fills in defaults and the chart's version; a chart that cannot be loaded is a failure of `chart`. */
  async check(request: CheckRequest): Promise<CheckResult> {
    const { name: oldName } = unwrap(request.oldInputs);
    const { name: givenName } = request.newInputs;
    const name = givenName ?? oldName;
    const chosen = typeof name === "string" && name !== "" ? name : autoname(request.name, request.randomSeed);
    const inputs = await fullInputs(request.newInputs, chosen, this.options.defaultNamespace ?? "default");
    if (containsUnknown(inputs)) return { inputs };
    try {
      return { inputs: { ...inputs, version: await this.versionOf(unwrap(inputs)) } };
    } catch (error) {
      const reason = `${error instanceof Error ? error.message : String(error)}; check the chart name and repository configuration.`;
      return { inputs, failures: [{ property: "chart", reason }] };
    }
  }

  /** @returns the detailed diff; a change of `name` or `namespace` replaces. */
  diff(request: DiffRequest): Promise<DiffResult> {
    return Promise.resolve(releaseDiff(request));
  }

  /** Installs. @throws PartialFailure when the release exists but failed, HelmError when there is none. */
  async create(request: CreateRequest): Promise<CreateResult> {
    if (request.preview) return { id: "", outputs: previewedOutputs(request.inputs) };
    const inputs = unwrap(request.inputs);
    const id = `${text(inputs, "namespace")}/${text(inputs, "name")}`;
    const release = await this.session(inputs, request.signal, async (helm) => {
      try {
        return readRelease(
          await helm.run(["install", text(inputs, "name"), ...(await helm.chartAndValues(inputs)), ...installFlags(inputs)]),
        );
      } catch (error) {
        return this.failedInstall(helm, request, id, error);
      }
    });
    return { id, outputs: releaseOutputs(request.inputs, release) };
  }

  /** Upgrades. @throws PartialFailure when a new revision was made but failed, HelmError when none was made. */
  async update(request: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
    if (request.preview) return { outputs: previewedOutputs(request.inputs) };
    const inputs = unwrap(request.inputs);
    const name = text(inputs, "name");
    return this.session(inputs, request.signal, async (helm) => {
      const before = await askHistory(helm.run, name);
      try {
        const output = await helm.run(["upgrade", name, ...(await helm.chartAndValues(inputs)), ...upgradeFlags(inputs)]);
        return { outputs: releaseOutputs(request.inputs, readRelease(output)) };
      } catch (error) {
        return this.failedUpgrade(helm, request, before.at(-1)?.revision ?? 0, error);
      }
    });
  }

  /** Reads a release, or imports it when there is no state. A release that is gone has no id. */
  async read(request: ReadRequest): Promise<ReadResult> {
    const known = stateInputs(request.oldState);
    const { namespace, name } = parseFullName(request.id);
    return this.session({ namespace }, request.signal, async (helm) => {
      const release = await askRelease(helm.run, name);
      if (release === undefined) return { id: "", inputs: {}, outputs: {} };
      const inputs = known ?? (await importedInputs(release));
      return { id: request.id, inputs, outputs: releaseOutputs({ ...inputs, name: release.name, namespace: release.namespace }, release) };
    });
  }

  /** Uninstalls, waiting until the objects are gone unless `skipAwait` is set; a release that is gone already is fine. */
  async delete(request: DeleteRequest): Promise<void> {
    const inputs = unwrap(stateInputs(request.oldState) ?? request.oldInputs);
    const { namespace, name } = parseFullName(request.id);
    await this.session({ ...inputs, namespace }, request.signal, async (helm) => {
      const output = await helm.run(["uninstall", name, "--ignore-not-found", ...uninstallFlags(inputs)]);
      const information = output.replace(/release "[^"]*" uninstalled\s*$/, "").trim();
      if (information !== "")
        this.options.log.log("warning", `Helm uninstall returned information: ${JSON.stringify(information)}`, request.urn);
    });
  }

  private versionOf(inputs: JsonObject): Promise<string> {
    return this.session(inputs, undefined, async (helm) =>
      chartVersion(helm.run, inputs, await locateChart(helm.run, inputs, helm.folder)),
    );
  }

  private async failedInstall(helm: HelmSession, request: CreateRequest, id: string, error: unknown): Promise<ReleaseRecord> {
    const reason = error instanceof Error ? error.message : String(error);
    const name = text(unwrap(request.inputs), "name");
    const release = reason.includes("cannot re-use a name") ? undefined : await askRelease(helm.run, name);
    if (release === undefined) throw error;
    const hint = "Use the `helm` command to investigate the error, correct it, then retry.";
    this.options.log.log("warning", `Helm release "${name}" was created but has a failed status. ${hint} Reason: ${reason}`, request.urn);
    const message = `Helm release "${id}" was created, but failed to initialize completely. ${explained(id, reason)}`;
    throw new PartialFailure(message, id, request.inputs, releaseOutputs(request.inputs, release), [message]);
  }

  private async failedUpgrade(helm: HelmSession, request: UpdateRequest, before: number, error: unknown): Promise<never> {
    const name = text(unwrap(request.inputs), "name");
    const attempt = (await askHistory(helm.run, name)).find(({ revision }) => revision > before);
    const release = attempt === undefined ? undefined : await askRelease(helm.run, name, attempt.revision);
    if (release === undefined) throw error;
    const id = `${release.namespace}/${name}`;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Helm release "${id}" failed to initialize completely. ${explained(id, reason)}`;
    throw new PartialFailure(message, id, request.oldInputs, releaseOutputs(request.inputs, release), [message]);
  }

  private session<T>(inputs: JsonObject, signal: AbortSignal | undefined, use: (helm: HelmSession) => Promise<T>): Promise<T> {
    return HelmSession.during({ ...this.options, namespace: text(inputs, "namespace"), signal }, use);
  }
}

function explained(id: string, reason: string): string {
  return `Use Helm CLI to investigate: failed to become available within allocated timeout. Error: Helm Release ${id}: ${reason}`;
}

function autoname(logicalName: string, seed: Uint8Array): string {
  const digits = seed.length === 0 ? randomBytes(4).toString("hex") : createHash("sha256").update(seed).update(logicalName).digest("hex");
  return `${logicalName}-${digits.slice(0, 8)}`;
}
