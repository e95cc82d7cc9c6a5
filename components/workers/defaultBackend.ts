import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type InternalIngress, requiredIngress } from "./requiredIngress";
import { webServer, type WebServerArgs } from "./webServer";

export interface DefaultBackendArgs extends WebServerArgs {
  /** The internal ingress; without it there is an error. */
  readonly ingress?: InternalIngress;
}

/** Name of its objects. */
const objectName = "default-backend";

/**
 * What answers requests for which the internal ingress has no host. It lives beside the controller, which reads no other namespace.
 *
 * Not beside an edge behind the same ingress: that one takes whatever has no host.
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/#default-backend
 */
export class DefaultBackend extends pulumi.ComponentResource {
  constructor(name: string, { ingress, ...args }: DefaultBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:workers:DefaultBackend", name, args, opts);
    const { className: ingressClassName, namespace } = requiredIngress(name, "ingress", ingress);
    const service = webServer({ name, objectName, namespace, opts: { parent: this } }, args, { type: "ingress" });
    const defaultBackend = { service: { name: service.metadata.name, port: { name: "http" } } };
    new k8s.networking.v1.Ingress(
      `${name}-ingress`,
      { metadata: { name: objectName, namespace, labels: service.metadata.labels }, spec: { ingressClassName, defaultBackend } },
      { parent: this },
    );
    this.registerOutputs();
  }
}
