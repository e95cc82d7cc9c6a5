import type * as wire from "../../server/provider";
import { unwrap } from "../../server/values";
import { parseFullName } from "../objectNames";
import { chartVersion, locateChart } from "./chart";
import { installFlags, uninstallFlags, upgradeFlags } from "./helmFlags";
import { HelmSession, type HelmCluster } from "./helmSession";
import { importedInputs } from "./importedInputs";
import { checkRelease } from "./releaseCheck";
import { releaseDiff } from "./releaseDiff";
import { failedInstall, failedUpgrade } from "./releaseFailures";
import { text } from "./releaseInputs";
import { askHistory, askRelease, readRelease } from "./releaseRecord";
import { previewedOutputs, releaseOutputs, stateInputs } from "./releaseState";

export interface HelmReleaseOptions {
  /** Whose kubeconfig helm gets; none when the cluster cannot be reached: then a release can be checked and previewed only. */
  readonly client?: HelmCluster;
  /** Why there is no client. */
  readonly unreachable?: string;
  /** The helm binary. @default `TRUSTPLANE_HELM`, else `helm` on PATH */
  readonly helm?: string;
  /** Where releases without a namespace go. */
  readonly defaultNamespace: string;
  readonly log: wire.EngineLog;
}

/** The resource `kubernetes:helm.sh/v3:Release`, by the helm binary. */
export class HelmRelease {
  constructor(private readonly options: HelmReleaseOptions) {}

  /** See `checkRelease`. */
  check(request: wire.CheckRequest): Promise<wire.CheckResult> {
    return checkRelease(request, {
      defaultNamespace: this.options.defaultNamespace,
      versionOf: (inputs) =>
        this.session(inputs, undefined, async (helm) => chartVersion(helm.run, inputs, await locateChart(helm.run, inputs, helm.folder))),
    });
  }

  /** See `releaseDiff`. */
  diff(request: wire.DiffRequest): Promise<wire.DiffResult> {
    return Promise.resolve(releaseDiff(request));
  }

  /** Installs. @throws PartialFailure when the release exists but failed, HelmError when there is none. */
  async create(request: wire.CreateRequest): Promise<wire.CreateResult> {
    if (request.preview) return { id: "", outputs: previewedOutputs(request.inputs) };
    const inputs = unwrap(request.inputs);
    const [namespace, name] = [text(inputs, "namespace"), text(inputs, "name")];
    return this.clusterSession("create", inputs, request.signal, async (helm) => {
      const args = ["install", name, ...(await helm.chartAndValues(inputs)), ...installFlags(inputs)];
      const output = await helm.run(args).catch((error: unknown) => failedInstall(helm, request, error, this.options.log));
      return { id: `${namespace}/${name}`, outputs: releaseOutputs(request.inputs, readRelease(output)) };
    });
  }

  /** Upgrades. @throws PartialFailure when a new revision was made but failed, HelmError when none was made. */
  async update(request: wire.UpdateRequest): Promise<{ readonly outputs: wire.JsonObject }> {
    if (request.preview) return { outputs: previewedOutputs(request.inputs) };
    const inputs = unwrap(request.inputs);
    const name = text(inputs, "name");
    return this.clusterSession("update", inputs, request.signal, async (helm) => {
      const before = (await askHistory(helm.run, name)).at(-1)?.revision ?? 0;
      const args = ["upgrade", name, ...(await helm.chartAndValues(inputs)), ...upgradeFlags(inputs)];
      const output = await helm.run(args).catch((error: unknown) => failedUpgrade(helm, request, before, error));
      return { outputs: releaseOutputs(request.inputs, readRelease(output)) };
    });
  }

  /** Reads a release, or imports it when there is no state. A release that is gone has no id. */
  read(request: wire.ReadRequest): Promise<wire.ReadResult> {
    const { namespace, name } = parseFullName(request.id);
    return this.clusterSession("read", { namespace }, request.signal, async (helm) => {
      const release = await askRelease(helm.run, name);
      if (release === undefined) return { id: "", inputs: {}, outputs: {} };
      const inputs = stateInputs(request.oldState) ?? (await importedInputs(release));
      return { id: request.id, inputs, outputs: releaseOutputs(inputs, release) };
    });
  }

  /** Uninstalls, waiting until the objects are gone unless `skipAwait` is set; a release that is gone already is fine. */
  async delete(request: wire.DeleteRequest): Promise<void> {
    const inputs = unwrap(stateInputs(request.oldState) ?? request.oldInputs);
    const { namespace, name } = parseFullName(request.id);
    await this.clusterSession("delete", { namespace }, request.signal, async (helm) => {
      const output = await helm.run(["uninstall", name, "--ignore-not-found", ...uninstallFlags(inputs)]);
      const information = output.replace(/release "[^"]*" uninstalled\s*$/, "").trim();
      if (information === "") return;
      this.options.log.log("warning", `Helm uninstall returned information: ${JSON.stringify(information)}`, request.urn);
    });
  }

  private clusterSession<T>(
    verb: string,
    inputs: wire.JsonObject,
    signal: AbortSignal,
    use: (helm: HelmSession) => Promise<T>,
  ): Promise<T> {
    const { client, unreachable } = this.options;
    if (client !== undefined) return this.session(inputs, signal, use);
    return Promise.reject(new Error(`can't ${verb} Helm Release with unreachable cluster: ${unreachable ?? "it has not been configured"}`));
  }

  private session<T>(inputs: wire.JsonObject, signal: AbortSignal | undefined, use: (helm: HelmSession) => Promise<T>): Promise<T> {
    return HelmSession.during({ ...this.options, namespace: text(inputs, "namespace"), signal }, use);
  }
}
