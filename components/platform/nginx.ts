/** Where a container of nginx mounts its configuration, a file by `subPath`. */
export const nginxConfigurationPath = "/etc/nginx/nginx.conf";

/** The key of a ConfigMap that has it. */
export const nginxConfigurationKey = "nginx.conf";

export interface NginxArgs {
  /** Folder of the mounted leaf: `tls.crt` and `tls.key`. */
  readonly leaf: string;
  /** How long a worker that was told to end goes on serving; the pod's grace period must be longer. */
  readonly shutdownSeconds: number;
  /** What the block `http` has beside what every proxy has. */
  readonly http: string;
}

/**
 * Configuration of nginx in front of a server, for an image that runs as an unprivileged user on a read-only root with a writable `/tmp`.
 *
 * Needs nginx 1.15.9, the first that reads a certificate through a variable, and a leaf that keeps its key when it is renewed: key and
 * certificate are read one after the other, so that a handshake in between would get one of each.
 * @see https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_certificate
 */
export function nginx({ leaf, shutdownSeconds, http }: NginxArgs): string {
  return `worker_processes 2;
worker_shutdown_timeout ${shutdownSeconds}s;
pid /tmp/nginx.pid;
error_log stderr error;

events {
  worker_connections 4096;
}

http {
${indented(2, [...temporaryPaths(), "server_tokens off;", ...tls(), ...streams()])}

  # without a variable the leaf would be read once, at start, and a renewed one be served only after a reload
  map $ssl_server_name $leaf {
    default ${leaf};
  }

${http}}
`;
}

function temporaryPaths(): readonly string[] {
  return ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path /tmp/${name};`);
}

function tls(): readonly string[] {
  return [
    "ssl_certificate $leaf/tls.crt;",
    "ssl_certificate_key $leaf/tls.key;",
    "ssl_protocols TLSv1.2 TLSv1.3;",
    "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;",
    "ssl_session_tickets off;",
  ];
}

/** Bodies that the server itself limits, answers that last long and may be silent; what either side sends reaches the other at once. */
function streams(): readonly string[] {
  return [
    "client_max_body_size 0;",
    "send_timeout 3600s;",
    "proxy_http_version 1.1;",
    "proxy_buffering off;",
    "proxy_request_buffering off;",
    "proxy_buffer_size 32k;",
    "proxy_buffers 4 32k;",
    "proxy_connect_timeout 10s;",
    "proxy_read_timeout 3600s;",
    "proxy_send_timeout 3600s;",
    "proxy_socket_keepalive on;",
  ];
}

/** A port that nginx listens on, and what the directive `listen` says of it. */
export interface Listener {
  readonly port: number;
  readonly options: string;
}

/** TLS, with connections that nobody has closed found out after two minutes. */
export const tlsListener = "ssl so_keepalive=60s:15s:4";

function listenDirective(address: string, options: string): string {
  return options === "" ? `listen ${address};` : `listen ${address} ${options};`;
}

/** The directives of a listener, which is on IPv6 as well where {@link startCommand} has found it. */
export function listen({ port, options }: Listener): readonly string[] {
  return [listenDirective(String(port), options), `include /tmp/ipv6-${port}.*;`];
}

/** Starts nginx; on a node that was booted without IPv6 it would not start if it were told to listen there. @param before commands of a shell */
export function startCommand(listeners: readonly Listener[], before: readonly string[] = []): string[] {
  const onIpv6 = listeners.map(({ port, options }) => `echo "${listenDirective(`[::]:${port}`, options)}" > /tmp/ipv6-${port}.conf`);
  return ["sh", "-c", [...before, "if [ -e /proc/net/if_inet6 ]; then", ...onIpv6, "fi", 'exec nginx -g "daemon off;"'].join("\n")];
}

/** Lines of a block. */
export function indented(spaces: number, lines: readonly string[]): string {
  return lines.map((line) => " ".repeat(spaces) + line).join("\n");
}
