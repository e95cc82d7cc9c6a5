import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { nginx, nginxConfigurationKey, nginxConfigurationPath } from "./nginx";
import { restrictedContainerSecurityContext } from "./workload";

export interface TlsProxyArgs {
  /** An nginx image that runs as the pod's user, with version or digest. */
  readonly image: string;
  /** Secret with the leaf, which keeps its key when it is renewed. */
  readonly leafSecretName: string;
  /** ConfigMap with the key `nginx.conf`, which {@link tlsProxyConfiguration} writes. */
  readonly configMapName: pulumi.Input<string>;
  /** The port that clients connect to. */
  readonly port: number;
  /** A path that the server answers with 200 to anybody. */
  readonly readyPath: string;
}

export interface TlsProxyConfigurationArgs {
  /** The port that clients connect to. */
  readonly port: number;
  /** The port of 127.0.0.1 that the server listens on. */
  readonly serverPort: number;
  /** How long a pod that is to end lets a request go on. */
  readonly drainSeconds: number;
}

const leafFolder = "/etc/nginx/tls";

/** nginx's configuration in front of a server that speaks HTTP. The server logs the requests, and learns from the usual headers who asked. */
export function tlsProxyConfiguration({ port, serverPort, drainSeconds }: TlsProxyConfigurationArgs): string {
  const http = `  access_log off;

  server {
    listen ${port} ssl so_keepalive=60s:15s:4;

    location / {
      proxy_pass http://127.0.0.1:${serverPort};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
    }
  }
`;
  return nginx({ leaf: leafFolder, shutdownSeconds: drainSeconds, http });
}

/** A container of a server's pod, and what it mounts. */
export interface TlsProxy {
  readonly container: k8s.types.input.core.v1.Container;
  readonly volumes: k8s.types.input.core.v1.Volume[];
}

/** Ends TLS in front of a server that would read its leaf only once: nginx reads it at each handshake, so that a renewal disturbs nobody. */
export function tlsProxy({ image, leafSecretName, configMapName, port, readyPath }: TlsProxyArgs): TlsProxy {
  const container = {
    name: "nginx",
    image,
    command: ["nginx", "-g", "daemon off;"],
    ports: [{ name: "https", containerPort: port, protocol: "TCP" }],
    securityContext: restrictedContainerSecurityContext(),
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "128Mi" } },
    readinessProbe: { httpGet: { path: readyPath, port: "https", scheme: "HTTPS" }, periodSeconds: 5 },
    livenessProbe: { tcpSocket: { port: "https" }, periodSeconds: 20 },
    volumeMounts: [
      { name: "nginx", mountPath: nginxConfigurationPath, subPath: nginxConfigurationKey, readOnly: true },
      // a whole directory: a file mounted by subPath never follows a renewed Secret
      { name: "certificate", mountPath: leafFolder, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
  const volumes = [
    { name: "nginx", configMap: { name: configMapName, items: [{ key: nginxConfigurationKey, path: nginxConfigurationKey }] } },
    { name: "certificate", secret: { secretName: leafSecretName, defaultMode: 0o440 } },
    { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
  ];
  return { container, volumes };
}
