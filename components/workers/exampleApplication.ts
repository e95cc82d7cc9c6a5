import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { restrictedLevel } from "../platform/podSecurity";
import { labels } from "../platform/workload";
import { type InternalIngress, requiredIngress } from "./requiredIngress";
import { webServer, type WebServerArgs, type WebServerExposure } from "./webServer";

/** How clients outside the cluster reach the example. */
export type ExampleExposure =
  | {
      /** Under a host name, through the internal ingress and with its certificate. */
      readonly type: "ingress";
      readonly host: string;
    }
  | Extract<WebServerExposure, { type: "nodePort" }>;

export interface ExampleApplicationArgs extends WebServerArgs {
  readonly exposure: ExampleExposure;
  /** Namespace of an example on a node port; behind the ingress it lives beside the controller. @default "workers-example" */
  readonly namespace: string;
  /** The internal ingress; needed where the exposure is `ingress`. */
  readonly ingress?: InternalIngress;
}

/** Name of its objects. */
const objectName = "workers-example";

/**
 * A small application as an example of what users run, like the charm's `microbot`: some pods, a Service, and a way to them from outside.
 *
 * The controller reads no other namespace than its own. A firewall before the nodes is others' to open.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport
 */
export class ExampleApplication extends pulumi.ComponentResource {
  constructor(name: string, args: ExampleApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    const { ingress, ...own } = args;
    super("trustplane:workers:ExampleApplication", name, own, opts);
    const scope = { name, objectName, opts: { parent: this } };
    if (args.exposure.type === "nodePort") webServer({ ...scope, namespace: this.namespace(name, args.namespace) }, args, args.exposure);
    else this.behindIngress(scope, args, args.exposure.host, ingress);
    this.registerOutputs();
  }

  private namespace(name: string, namespace: string): pulumi.Output<string> {
    const level = restrictedLevel;
    const metadata = { name: namespace, labels: { ...labels({ name: objectName, instance: name }), ...level } };
    return new k8s.core.v1.Namespace(`${name}-namespace`, { metadata }, { parent: this }).metadata.name;
  }

  private behindIngress(
    scope: { readonly name: string; readonly objectName: string; readonly opts: { readonly parent: pulumi.Resource } },
    args: WebServerArgs,
    host: string,
    ingress: ExampleApplicationArgs["ingress"],
  ): void {
    const { className: ingressClassName, namespace } = requiredIngress(scope.name, "exposure.type", ingress);
    const service = webServer({ ...scope, namespace }, args, { type: "ingress" });
    const backend = { service: { name: service.metadata.name, port: { name: "http" } } };
    const rules = [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }];
    new k8s.networking.v1.Ingress(
      `${scope.name}-ingress`,
      // without a Secret of its own: the controller's default certificate has the host among its names
      {
        metadata: { name: objectName, namespace, labels: service.metadata.labels },
        spec: { ingressClassName, tls: [{ hosts: [host] }], rules },
      },
      scope.opts,
    );
  }
}
