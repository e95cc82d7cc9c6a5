import assert from "node:assert/strict";
import { edgePaths, edgePorts, nginxConfiguration } from "../../components/interlink/nginxConfiguration";

/** The directives, without comments and the blocks' braces. */
function directives(allowedSources: readonly string[] = []): readonly string[] {
  const lines = nginxConfiguration({ allowedSources }).split("\n");
  return lines.map((line) => line.trim()).filter((line) => line.endsWith(";"));
}

const named = (name: string, all = directives()): readonly string[] => all.filter((line) => line.startsWith(`${name} `));

describe("nginxConfiguration", () => {
  it("listens for TLS and for probes, and nowhere else", () => {
    assert.deepEqual(named("listen"), [`listen ${edgePorts.https} ssl so_keepalive=60s:15s:4;`, `listen ${edgePorts.health};`]);
  });

  it("reads the leaf through a variable, so that a renewed one needs no reload", () => {
    assert.deepEqual(named("default"), [`default ${edgePaths.certificate};`, "default upgrade;"]);
    assert.deepEqual(named("ssl_certificate"), ["ssl_certificate $leaf/tls.crt;"]);
    assert.deepEqual(named("ssl_certificate_key"), ["ssl_certificate_key $leaf/tls.key;"]);
  });

  it("writes nowhere but to /tmp and to the container's streams", () => {
    const written = directives().filter((line) => /^(pid|access_log|error_log|\w+_temp_path) /.test(line));
    const places = written.map((line) => line.split(/[ ;]/)[1] ?? "").filter((place) => !place.startsWith("/tmp/"));
    assert.equal(written.length, 9);
    assert.deepEqual(places, ["stderr", "/dev/stdout", "off"]);
  });

  it("logs neither headers nor queries, which hold tokens and commands", () => {
    const [format = ""] = named("log_format");
    assert.deepEqual(
      [...format.matchAll(/\$(\w+)/g)].map(([, field]) => field),
      ["time_iso8601", "remote_addr", "request_method", "uri", "status", "bytes_sent", "request_time", "upstream_status"],
    );
  });

  it("lets in only the sources of the list, in both families", () => {
    const lines = directives(["10.0.0.0/8", "2001:db8::/32"]).filter((line) => /^(allow|deny) /.test(line));
    assert.deepEqual(lines, ["allow 10.0.0.0/8;", "allow 2001:db8::/32;", "deny all;"]);
  });

  it("lets everybody in where the list is empty", () => {
    assert.deepEqual([...named("allow"), ...named("deny")], []);
  });

  it("verifies the API server by its name and the cluster's own CA", () => {
    assert.deepEqual(
      directives().filter((line) => line.startsWith("proxy_ssl_")),
      [
        "proxy_ssl_verify on;",
        "proxy_ssl_verify_depth 3;",
        `proxy_ssl_trusted_certificate ${edgePaths.clusterCa}/ca.crt;`,
        "proxy_ssl_name kubernetes.default.svc;",
        "proxy_ssl_server_name on;",
        "proxy_ssl_protocols TLSv1.2 TLSv1.3;",
      ],
    );
  });

  it("repeats no request, since the API server may have done what it did not answer", () => {
    assert.deepEqual(named("proxy_next_upstream"), ["proxy_next_upstream off;"]);
  });
});
