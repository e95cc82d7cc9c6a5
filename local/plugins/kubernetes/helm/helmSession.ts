import type { JsonObject } from "../../server/provider";
import { isObject } from "../../server/values";
import { locateChart } from "./chart";
import { runHelm } from "./helmCommand";
import { flag } from "./releaseInputs";
import { WorkFolder } from "./workFolder";

/** What tells helm its cluster: a `KubernetesClient`, as far as helm needs it. */
export interface HelmCluster {
  readonly kubeconfig: { exportConfig(): string };
}

export interface HelmSessionOptions {
  /** Whose kubeconfig helm gets; without one helm gets an empty one. */
  readonly client?: HelmCluster;
  readonly helm?: string;
  readonly namespace: string;
  readonly signal?: AbortSignal;
}

/** Some runs of helm with one cluster, one namespace and one work folder. */
export class HelmSession {
  private constructor(
    private readonly options: HelmSessionOptions,
    readonly folder: WorkFolder,
    private readonly kubeconfig: string,
  ) {}

  /** Gives `use` a session; its folder is gone afterwards. */
  static during<T>(options: HelmSessionOptions, use: (session: HelmSession) => Promise<T>): Promise<T> {
    return WorkFolder.during(async (folder) => {
      const kubeconfig = await folder.write("kubeconfig", options.client?.kubeconfig.exportConfig() ?? "");
      return use(new HelmSession(options, folder, kubeconfig));
    });
  }

  /** Runs helm and gives its standard output. @throws HelmError */
  readonly run = (args: readonly string[], input?: string): Promise<string> => {
    const { helm, namespace, signal } = this.options;
    const place = ["--kubeconfig", this.kubeconfig, ...(namespace === "" ? [] : ["--namespace", namespace])];
    return runHelm(helm ?? process.env.TRUSTPLANE_HELM ?? "helm", [...args, ...place], { input, signal });
  };

  /** The arguments that name the chart and the file of the values; lints first if that is wanted. @param inputs without secret marks */
  async chartAndValues(inputs: JsonObject): Promise<readonly string[]> {
    const chart = await locateChart(this.run, inputs, this.folder);
    const values = await this.folder.write("values.json", isObject(inputs.values) ? inputs.values : {});
    if (flag(inputs, "lint") && chart.isFolder) await this.run(["lint", chart.reference, "--values", values]);
    return [chart.reference, ...chart.flags, "--values", values];
  }
}
