import * as fs from "node:fs";
import { KubeConfig, type RequestContext } from "@kubernetes/client-node";
import type { JsonObject } from "../server/provider";
import { textAt } from "./fields";

/** A kubeconfig whose connections are kept; the library by itself opens one for each request. */
export class ClusterConfig extends KubeConfig {
  private dispatcher: ReturnType<RequestContext["getDispatcher"]>;

  /** Reads the kubeconfig that a provider's inputs give, as its text or as the path of its file, or else the environment. */
  static of(inputs: JsonObject): ClusterConfig {
    const config = new ClusterConfig();
    const [given, context] = [textAt(inputs, "kubeconfig"), textAt(inputs, "context")];
    if (given === "") config.loadFromDefault();
    else if (fs.existsSync(given)) config.loadFromFile(given);
    else config.loadFromString(given);
    if (context !== "") config.setCurrentContext(context);
    return config;
  }

  /** Where objects without a namespace go. */
  get namespace(): string {
    return this.getContextObject(this.currentContext)?.namespace ?? "default";
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    this.dispatcher ??= context.getDispatcher();
    if (this.dispatcher !== undefined) context.setDispatcher(this.dispatcher);
  }
}
