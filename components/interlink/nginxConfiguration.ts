import { indented, listen, nginx, startCommand, tlsListener } from "../platform/nginx";

/** What the edge's containers listen on: TLS for clients, and plain HTTP `/healthz` for the kubelet's probes. */
export const edgePorts = { https: 8443, health: 8081 } as const;

/** Where the edge's pods mount the leaf (`tls.crt`, `tls.key`) and the cluster's own CA (`ca.crt`). */
export const edgePaths = {
  certificate: "/etc/kubernetes-api-edge/tls",
  clusterCa: "/etc/kubernetes-api-edge/cluster-ca",
  /** What the container writes when it starts: where the API server is. */
  apiServer: "/tmp/api-server.conf",
} as const;

/** How long a worker that was told to end goes on serving its streams; the pod's grace period must be longer. */
export const edgeShutdownSeconds = 40;

/** A name that every API server's certificate holds. */
const apiServer = "kubernetes.default.svc";

const listeners = {
  https: { port: edgePorts.https, options: tlsListener },
  health: { port: edgePorts.health, options: "" },
} as const;

/**
 * Writes the API server's address, as the kubelet gives it to each container, and starts nginx. A name in its place would have to be resolved
 * first, so that after a power failure the edge would be away until the cluster's name servers are back, and a back-off longer.
 */
export const edgeCommand = startCommand(Object.values(listeners), [
  'case $KUBERNETES_SERVICE_HOST in *:*) host="[$KUBERNETES_SERVICE_HOST]" ;; *) host=$KUBERNETES_SERVICE_HOST ;; esac',
  `echo "server $host:$KUBERNETES_SERVICE_PORT max_fails=0;" > ${edgePaths.apiServer}`,
]);

export interface NginxConfigurationArgs {
  /** CIDR blocks, of both families, that may send requests; others get 403. An empty list lets everybody. */
  readonly allowedSources: readonly string[];
}

/** nginx's configuration of the edge, after {@link edgeCommand}. */
export function nginxConfiguration({ allowedSources }: NginxConfigurationArgs): string {
  return nginx({ leaf: edgePaths.certificate, shutdownSeconds: edgeShutdownSeconds, http: http(allowedSources) });
}

function http(allowedSources: readonly string[]): string {
  return `${indented(2, accessLog())}

  # an upgrade is passed on; any other request leaves its connection to the API server open for the next one
  map $http_upgrade $connection_to_api_server {
    default upgrade;
    "" "";
  }

  upstream api_server {
    include ${edgePaths.apiServer};
    keepalive 32;
    # the API server closes idle connections after 90 s: ending them first spares requests that cross with its close
    keepalive_timeout 60s;
  }

  server {
${indented(4, [...listen(listeners.https), ...requests(), ...accessRules(allowedSources)])}

    location / {
${indented(6, [...verifiedUpstream(), ...requestHeaders()])}
    }
  }

  server {
${indented(4, [...listen(listeners.health), "access_log off;"])}

    location = /healthz {
      default_type text/plain;
      return 200 "ok\\n";
    }

    location / {
      return 404;
    }
  }
`;
}

/** No headers, which hold tokens, and no query, which holds the commands of `kubectl exec`. */
function accessLog(): readonly string[] {
  const fields = ["time_iso8601", "remote_addr", "request_method", "uri", "status", "bytes_sent", "request_time", "upstream_status"];
  const json = fields.map((field) => `"${field}":"$${field}"`).join(",");
  return [`log_format requests escape=json '{${json}}';`, "access_log /dev/stdout requests;"];
}

/** What the API server itself would take: tokens of any length, headers of any name. */
function requests(): readonly string[] {
  return [
    "large_client_header_buffers 8 64k;",
    // such as Impersonate-Extra-scopes.example.org, which nginx would drop, and with it a restriction
    "ignore_invalid_headers off;",
  ];
}

function accessRules(allowedSources: readonly string[]): readonly string[] {
  return allowedSources.length === 0 ? [] : [...allowedSources.map((source) => `allow ${source};`), "deny all;"];
}

function verifiedUpstream(): readonly string[] {
  return [
    "proxy_pass https://api_server;",
    "proxy_ssl_verify on;",
    "proxy_ssl_verify_depth 3;",
    `proxy_ssl_trusted_certificate ${edgePaths.clusterCa}/ca.crt;`,
    `proxy_ssl_name ${apiServer};`,
    "proxy_ssl_server_name on;",
    "proxy_ssl_protocols TLSv1.2 TLSv1.3;",
    // the API server may have done what a broken connection left unanswered
    "proxy_next_upstream off;",
  ];
}

/** The API server writes the addresses that these headers claim into its audit log, so a client's own never reach it. */
function requestHeaders(): readonly string[] {
  const untrusted = ["Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Uri"];
  return [
    `proxy_set_header Host ${apiServer};`,
    "proxy_set_header Upgrade $http_upgrade;",
    "proxy_set_header Connection $connection_to_api_server;",
    "proxy_set_header X-Forwarded-For $remote_addr;",
    ...untrusted.map((header) => `proxy_set_header ${header} "";`),
    // a pod behind the API server's proxy could otherwise send its caller's request, token and all, to another path
    "proxy_ignore_headers X-Accel-Redirect X-Accel-Buffering X-Accel-Limit-Rate X-Accel-Expires X-Accel-Charset;",
  ];
}
