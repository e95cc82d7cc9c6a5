import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { indented, listen, nginx, nginxConfigurationKey, nginxConfigurationPath, startCommand, tlsListener } from "./nginx";
import { restrictedContainerSecurityContext } from "./workload";

/** A server that speaks HTTP/1.1, or gRPC beside it. */
type Protocol = "http" | "grpc";

export interface TlsProxyArgs extends Pick<TlsProxyConfigurationArgs, "port" | "protocol"> {
  /** An nginx image that runs as the pod's user, with version or digest. */
  readonly image: string;
  /** Secret with the leaf, which keeps its key when it is renewed. */
  readonly leafSecretName: string;
  /** ConfigMap with the key `nginx.conf`, which {@link tlsProxyConfiguration} writes. */
  readonly configMapName: pulumi.Input<string>;
  /** The port's name. */
  readonly portName: string;
  readonly readinessProbe: k8s.types.input.core.v1.Probe;
  /** Seconds until every node and load balancer knows that the pod goes. @default 0 */
  readonly withdrawalSeconds?: number;
}

export interface TlsProxyConfigurationArgs {
  readonly protocol: Protocol;
  /** The port that clients connect to. */
  readonly port: number;
  /** The port that the server listens on in the pod. */
  readonly serverPort: number;
  /** How long a pod that is to end lets a request go on. */
  readonly drainSeconds: number;
  /** Seconds after which a client's connection is ended with the answer that is under way. @default 3600 */
  readonly maxConnectionAge?: number;
}

const leafFolder = "/etc/nginx/tls";

/** HTTP/2 by the parameter of `listen`, because the directive of its own has nginx 1.25.1 as its oldest. */
const listenOptions = { http: tlsListener, grpc: `${tlsListener} http2` } as const;

/** nginx's configuration in front of a server in the same pod, which logs the requests itself, and learns from the usual headers who asked. */
export function tlsProxyConfiguration(args: TlsProxyConfigurationArgs): string {
  const { protocol, port, serverPort, drainSeconds, maxConnectionAge = 3600 } = args;
  const http = `  access_log off;
  keepalive_time ${maxConnectionAge}s;

  server {
${indented(4, [...listen({ port, options: listenOptions[protocol] }), ...(protocol === "grpc" ? grpcStreams : [])])}

    location / {
${indented(6, [...(protocol === "grpc" ? grpcRequests(serverPort) : []), ...requests(serverPort)])}
    }
  }
`;
  return nginx({ leaf: leafFolder, shutdownSeconds: drainSeconds, http });
}

function requests(serverPort: number): readonly string[] {
  return [
    `proxy_pass http://127.0.0.1:${serverPort};`,
    "proxy_set_header Host $http_host;",
    "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "proxy_set_header X-Forwarded-Proto https;",
  ];
}

/** What upstream's servers themselves tell gRPC by. */
function grpcRequests(serverPort: number): readonly string[] {
  return ['if ($content_type ~ "^application/grpc") {', `  grpc_pass grpc://127.0.0.1:${serverPort};`, "}"];
}

/** Calls last long and may be silent, in either direction. */
const grpcStreams = [
  "client_body_timeout 3600s;",
  "grpc_read_timeout 3600s;",
  "grpc_send_timeout 3600s;",
  "grpc_socket_keepalive on;",
  "grpc_buffer_size 32k;",
] as const;

/** A container of a server's pod, and what it mounts. */
export interface TlsProxy {
  readonly container: k8s.types.input.core.v1.Container;
  readonly volumes: k8s.types.input.core.v1.Volume[];
}

/** Ends TLS in front of a server that would read its leaf only once: nginx reads it at each handshake, so that a renewal disturbs nobody. */
export function tlsProxy(args: TlsProxyArgs): TlsProxy {
  const { image, leafSecretName, configMapName, protocol, port, portName, readinessProbe, withdrawalSeconds = 0 } = args;
  const container = {
    name: "nginx",
    image,
    command: startCommand([{ port, options: listenOptions[protocol] }]),
    ports: [{ name: portName, containerPort: port, protocol: "TCP" }],
    securityContext: restrictedContainerSecurityContext(),
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "128Mi" } },
    readinessProbe,
    livenessProbe: { tcpSocket: { port: portName }, periodSeconds: 20 },
    lifecycle: withdrawalSeconds === 0 ? undefined : { preStop: { exec: { command: ["sleep", String(withdrawalSeconds)] } } },
    volumeMounts: [
      { name: "nginx", mountPath: nginxConfigurationPath, subPath: nginxConfigurationKey, readOnly: true },
      // a whole directory: a file mounted by subPath never follows a renewed Secret
      { name: "certificate", mountPath: leafFolder, readOnly: true },
      { name: "nginx-tmp", mountPath: "/tmp" },
    ],
  };
  const volumes = [
    { name: "nginx", configMap: { name: configMapName, items: [{ key: nginxConfigurationKey, path: nginxConfigurationKey }] } },
    { name: "certificate", secret: { secretName: leafSecretName, defaultMode: 0o440 } },
    { name: "nginx-tmp", emptyDir: { sizeLimit: "64Mi" } },
  ];
  return { container, volumes };
}
