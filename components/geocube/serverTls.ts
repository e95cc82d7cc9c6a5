import { isIP } from "node:net";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type IssuerRef, serverCertificate } from "../platform/certificates";
import { type Attachment, attachment } from "./attachment";
import { geocubeLabels, type GeocubePart, type GeocubeScope } from "./geocubeScope";

/** The leaf of a server. */
export interface ServerTlsArgs {
  readonly issuerRef: IssuerRef;
  /** Go duration. @default "2160h" */
  readonly duration: string;
  /** Go duration before the end at which cert-manager renews. @default a third of the duration */
  readonly renewBefore?: string;
}

/** Whose leaf it is. */
export interface TlsServer {
  readonly part: GeocubePart;
  readonly serviceName: string;
  /** DNS names and addresses by which clients outside the cluster connect. */
  readonly names: readonly string[];
}

/** Where the programs look for it; nothing else can be said. */
const folder = "/tls";
/** The certificate that the running program has read. */
const served = "/tmp/served.crt";

/** The flag, the leaf's mount and its revision; nothing without TLS. */
export interface ServerTls {
  readonly flags: readonly string[];
  readonly attachment: Attachment;
  readonly scheme: "HTTP" | "HTTPS";
  /** What notes which leaf is served. */
  readonly postStart?: k8s.types.input.core.v1.LifecycleHandler;
  /** Fails once the leaf was renewed: the programs read it at their start alone, so the kubelet starts them again. */
  readonly livenessProbe?: k8s.types.input.core.v1.Probe;
}

/** A server without TLS. */
const plainText: ServerTls = { flags: [], attachment: attachment({}), scheme: "HTTP" };

/** The leaf of a server, issued before a pod starts. Its key stays when it is renewed, so that no start reads one of each. */
export function serverTls(scope: GeocubeScope, args: ServerTlsArgs | undefined, server: TlsServer): ServerTls {
  if (args === undefined) return plainText;
  const { names, revision } = leafNames(scope, args, server);
  const secretName = `${server.part}-tls`;
  const labels = geocubeLabels(scope, server.part);
  const spec = { ...args, ...names, name: secretName, namespace: scope.namespace, labels, rotationPolicy: "Never" as const };
  const opts = { ...scope.opts, dependsOn: scope.leafSecrets };
  const certificate = serverCertificate(`${scope.name}-${server.part}-certificate`, spec, opts);
  return {
    flags: ["-tls=true"],
    attachment: attachment({
      volumes: [{ name: "tls", secret: { secretName, defaultMode: 0o440 } }],
      mounts: [{ name: "tls", mountPath: folder, readOnly: true }],
      revision: { leaf: revision },
      dependsOn: [certificate],
    }),
    scheme: "HTTPS",
    // `-f`: the note of an earlier container is there still, and nobody may write to it, as to the leaf itself
    postStart: { exec: { command: ["cp", "-f", `${folder}/tls.crt`, served] } },
    livenessProbe: { exec: { command: ["cmp", "-s", `${folder}/tls.crt`, served] }, initialDelaySeconds: 10, periodSeconds: 60 },
  };
}

interface LeafNames {
  readonly names: { readonly dnsNames: readonly pulumi.Input<string>[]; readonly ipAddresses: readonly string[] };
  /** Another one wherever another leaf is issued at once. */
  readonly revision: pulumi.Output<string>;
}

function leafNames(
  { namespace }: Pick<GeocubeScope, "namespace">,
  { issuerRef }: ServerTlsArgs,
  { serviceName, names }: TlsServer,
): LeafNames {
  const own = ["", ".svc", ".svc.cluster.local"].map((end) => pulumi.interpolate`${serviceName}.${namespace}${end}`);
  const dnsNames = [...own, ...names.filter((name) => isIP(name) === 0)];
  const ipAddresses = names.filter((name) => isIP(name) !== 0);
  const revision = pulumi.output(issuerRef.name).apply((issuer) => [issuer, ...names].join(" "));
  return { names: { dnsNames, ipAddresses }, revision };
}
