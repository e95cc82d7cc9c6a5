import { isIP } from "node:net";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type IssuerRef, serverCertificate } from "../platform/certificates";
import { nginxConfigurationKey } from "../platform/nginx";
import { tlsProxy, tlsProxyConfiguration } from "../platform/tlsProxy";
import { type Attachment, attachment } from "./attachment";
import { geocubeLabels, type GeocubePart, type GeocubeScope } from "./geocubeScope";

/** The leaf of a server, and what serves it. */
export interface ServerTlsArgs {
  readonly issuerRef: IssuerRef;
  /** Go duration. @default "2160h" */
  readonly duration: string;
  /** Go duration before the end at which cert-manager renews. @default a third of the duration */
  readonly renewBefore?: string;
  /** The image of the nginx that ends TLS, with version or digest. */
  readonly nginxImage: string;
}

/** Whose leaf it is. */
export interface TlsServer {
  readonly part: GeocubePart;
  readonly serviceName: string;
  /** DNS names and addresses by which clients outside the cluster connect. */
  readonly names: readonly string[];
  /** Seconds after which a client's connection is ended. */
  readonly maxConnectionAge: number;
  /** Seconds until every node and load balancer knows that a pod goes. @default 0 */
  readonly withdrawalSeconds?: number;
  /** What tells that the server answers through nginx. */
  readonly ready: k8s.types.input.core.v1.Probe;
}

/** The port of every server's pods, which speaks gRPC, over TLS unless that is off. */
export const grpcPort = 8080;

/** The port that the program itself listens on where nginx stands before it; no NetworkPolicy lets anybody in. */
const plainPort = 8081;

/** How a server's pod serves. */
export interface ServerTls {
  readonly encrypted: boolean;
  /** The port that the program listens on. */
  readonly programPort: number;
  readonly ports: k8s.types.input.core.v1.ContainerPort[];
  readonly sidecars: readonly k8s.types.input.core.v1.Container[];
  readonly attachment: Attachment;
}

const plainText: ServerTls = {
  encrypted: false,
  programPort: grpcPort,
  ports: [{ name: "grpc", containerPort: grpcPort, protocol: "TCP" }],
  sidecars: [],
  attachment: attachment({}),
};

/** A server's leaf, issued before a pod starts, and the nginx that serves it: upstream's programs would read it once, and end at SIGTERM at once. */
export function serverTls(scope: GeocubeScope, args: ServerTlsArgs | undefined, server: TlsServer): ServerTls {
  if (args === undefined) return plainText;
  const { revision, certificate } = leaf(scope, args, server);
  const configuration = tlsProxyConfiguration({ ...server, protocol: "grpc", port: grpcPort, serverPort: plainPort, drainSeconds: 10 });
  const nginx = tlsProxy({
    ...server,
    image: args.nginxImage,
    leafSecretName: leafSecretName(server),
    configMapName: configMap(scope, server, configuration),
    protocol: "grpc",
    port: grpcPort,
    portName: "grpc",
    readinessProbe: { ...server.ready, periodSeconds: 5 },
  });
  return {
    encrypted: true,
    programPort: plainPort,
    ports: [],
    sidecars: [nginx.container],
    attachment: attachment({ volumes: nginx.volumes, revision: { leaf: revision, nginx: configuration }, dependsOn: [certificate] }),
  };
}

function configMap(scope: GeocubeScope, { part }: TlsServer, configuration: string): pulumi.Output<string> {
  const metadata = { name: `${part}-nginx`, namespace: scope.namespace, labels: geocubeLabels(scope, part) };
  const args = { metadata, data: { [nginxConfigurationKey]: configuration } };
  return new k8s.core.v1.ConfigMap(`${scope.name}-${part}-nginx`, args, scope.opts).metadata.name;
}

function leafSecretName({ part }: TlsServer): string {
  return `${part}-tls`;
}

interface Leaf {
  /** Another one for other names, for which clients are not to wait until the node has exchanged the Secret. */
  readonly revision: string;
  readonly certificate: pulumi.Resource;
}

/** Its key stays when it is renewed, because nginx reads key and certificate one after the other. */
function leaf(scope: GeocubeScope, { issuerRef, duration, renewBefore }: ServerTlsArgs, server: TlsServer): Leaf {
  const { part, serviceName, names } = server;
  const own = ["", ".svc", ".svc.cluster.local"].map((end) => pulumi.interpolate`${serviceName}.${scope.namespace}${end}`);
  const spec = {
    issuerRef,
    duration,
    renewBefore,
    dnsNames: [...own, ...names.filter((name) => isIP(name) === 0)],
    ipAddresses: names.filter((name) => isIP(name) !== 0),
    name: leafSecretName(server),
    namespace: scope.namespace,
    labels: geocubeLabels(scope, part),
    rotationPolicy: "Never" as const,
  };
  const opts = { ...scope.opts, dependsOn: scope.leafSecrets };
  return { revision: names.join(" "), certificate: serverCertificate(`${scope.name}-${part}-certificate`, spec, opts) };
}
