import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { problemAt, readWith, refusalOf } from "./stackConfig";

type Sections = Readonly<Record<string, unknown>>;

const cluster = { identifier: "lab" };
const certificate = { dnsNames: ["api.example.org"] };
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "charts-"));
fs.writeFileSync(path.join(folder, "notes.txt"), "");

/** What is given, the path that is refused, and what the text must say of it. */
const refused: readonly (readonly [string, Sections, string, RegExp])[] = [
  ["no cluster", { cluster: undefined }, "cluster", /nothing.*identifier.*add it/s],
  ["a cluster without a name", { cluster: {} }, "cluster.identifier", /pulumi config set --path 'trustplane:cluster.identifier'/],
  ["a name that is no DNS label", { cluster: { identifier: "Lab 1" } }, "cluster.identifier", /DNS label.*write "lab-1"/s],
  ["a name that leaves no room for others", { cluster: { identifier: "a".repeat(41) } }, "cluster.identifier", /at most 40/],
  ["text for a section", { cluster: "lab" }, "cluster", /"lab".*an object with the keys/s],
  ["an empty section", { ingressNginx: "" }, "ingressNginx", /give it a value, or remove the line/],
  ["an unknown key", { certManager: { instal: false } }, "certManager.instal", /did you mean "install"\?/],
  ["an unknown key that is like no other", { certManager: { colour: 1 } }, "certManager.colour", /remove it/],
  ["an unknown section", { certManger: {} }, "certManger", /did you mean "certManager"\?/],
  ["a quoted boolean", { certManager: { install: "true" } }, "certManager.install", /"true".*true or false.*without quotes/s],
  ["a quoted number", { certManager: { replicas: "2" } }, "certManager.replicas", /"2".*an integer from 1 to 9.*without quotes/s],
  ["a number for text", { certManager: { version: 1.2 } }, "certManager.version", /1\.2.*in quotes/s],
  ["a part of a pod", { certManager: { replicas: 1.5 } }, "certManager.replicas", /1\.5.*an integer/s],
  ["a list for a map", { certManager: { values: [] } }, "certManager.values", /\[\].*an object/s],
  ["a duration below an hour", { certificateAuthority: { validity: "59m" } }, "certificateAuthority.validity", /from 1h.*at least 1h/s],
  ["a root of part of an hour", { certificateAuthority: { validity: "90m" } }, "certificateAuthority.validity", /whole hours.*write 2h/s],
  ["a root of 100y", { certificateAuthority: { validity: "100y" } }, "certificateAuthority.validity", /"100y".*876000h/s],
  ["generation 0", { certificateAuthority: { generation: 0 } }, "certificateAuthority.generation", /0.*from 1/s],
  ["a negative retire", { certificateAuthority: { retire: -1 } }, "certificateAuthority.retire", /-1.*from 0/s],
  [
    "retire of the signing generation",
    { certificateAuthority: { generation: 2, retire: 2 } },
    "certificateAuthority.retire",
    /generation 2 is the one that signs.*retire: 1/s,
  ],
  [
    "three live generations",
    { certificateAuthority: { generation: 3 } },
    "certificateAuthority.retire",
    /at most two generations.*retire: 1/s,
  ],
  [
    "a long common name",
    { certificateAuthority: { commonName: "a".repeat(59) } },
    "certificateAuthority.commonName",
    /1 to 58 characters \(64 by RFC 5280/,
  ],
  [
    "two sources",
    { certificateAuthority: { issuer: { name: "acme" }, generation: 1 } },
    "certificateAuthority",
    /issuer, and generation.*keep one/s,
  ],
  [
    "a namespaced issuer",
    { certificateAuthority: { issuer: { name: "x", kind: "Issuer" } } },
    "certificateAuthority.issuer.kind",
    /"Issuer".*ClusterIssuer/s,
  ],
  [
    "a bundle that does not parse",
    { certificateAuthority: { issuer: { name: "x", caBundle: "y" } } },
    "certificateAuthority.issuer.caBundle",
    /does not parse/,
  ],
  [
    "an unknown exposure",
    { ingressNginx: { certificate, exposure: { type: "nodeport" } } },
    "ingressNginx.exposure.type",
    /did you mean "nodePort"\?/,
  ],
  [
    "a key of another exposure",
    { ingressNginx: { certificate, exposure: { type: "nodePort", https: 30_443, class: "x" } } },
    "ingressNginx.exposure.class",
    /type, https/,
  ],
  [
    "a node port out of range",
    { ingressNginx: { certificate, exposure: { type: "nodePort", https: 60_443 } } },
    "ingressNginx.exposure.https",
    /30000 to 32767 \(Kubernetes' default service-node-port-range\)/,
  ],
  [
    "no node port",
    { ingressNginx: { certificate, exposure: { type: "nodePort" } } },
    "ingressNginx.exposure.https",
    /nothing.*pulumi config set --path/s,
  ],
  [
    "a host port out of range",
    { ingressNginx: { certificate, exposure: { type: "hostPort", https: 65_536 } } },
    "ingressNginx.exposure.https",
    /65536.*1 to 65535/s,
  ],
  ["a host port 0", { ingressNginx: { certificate, exposure: { type: "hostPort", http: 0 } } }, "ingressNginx.exposure.http", /1 to 65535/],
  [
    "the class of an ordinary ingress-nginx",
    { ingressNginx: { certificate, className: "nginx" } },
    "ingressNginx.className",
    /"nginx".*take each other's Ingresses.*nginx-internal/s,
  ],
  [
    "one host port twice",
    { ingressNginx: { certificate, exposure: { type: "hostPort", http: 60_443 } } },
    "ingressNginx.exposure.https",
    /the same as http/,
  ],
  [
    "a level that host ports break",
    { ingressNginx: { certificate, podSecurity: "baseline" } },
    "ingressNginx.podSecurity",
    /"baseline".*privileged beside host ports.*loadBalancer or nodePort/s,
  ],
  ["a level that Kubernetes does not know", { certManager: { podSecurity: "strict" } }, "certManager.podSecurity", /"strict".*restricted/s],
  [
    "a load balancer's port out of range",
    { ingressNginx: { certificate, exposure: { type: "loadBalancer", https: -1 } } },
    "ingressNginx.exposure.https",
    /1 to 65535/,
  ],
  [
    "an address for a block",
    { ingressNginx: { certificate, exposure: { type: "loadBalancer", sourceRanges: ["192.0.2.1"] } } },
    "ingressNginx.exposure.sourceRanges[0]",
    /"192\.0\.2\.1\/32"/,
  ],
  [
    "a prefix too long",
    { ingressNginx: { certificate, exposure: { type: "loadBalancer", sourceRanges: ["192.0.2.0/33"] } } },
    "ingressNginx.exposure.sourceRanges[0]",
    /CIDR/,
  ],
  [
    "a name for an address",
    { ingressNginx: { certificate, exposure: { type: "loadBalancer", address: "lb" } } },
    "ingressNginx.exposure.address",
    /IPv4 or IPv6/,
  ],
  [
    "an address for a name",
    { ingressNginx: { certificate: { dnsNames: ["192.0.2.1"] } } },
    "ingressNginx.certificate.dnsNames[0]",
    /move it to ipAddresses/,
  ],
  [
    "a URL for a name",
    { ingressNginx: { certificate: { dnsNames: ["https://a.example"] } } },
    "ingressNginx.certificate.dnsNames[0]",
    /without scheme or port/,
  ],
  ["a certificate for nobody", { ingressNginx: {} }, "ingressNginx.certificate", /no name and no address/],
  [
    "a leaf that outlives its CA",
    { certificateAuthority: { validity: "24h" }, ingressNginx: { certificate: { ...certificate, duration: "25h" } } },
    "ingressNginx.certificate.duration",
    /"25h".*24h.*shorten/s,
  ],
  [
    "a chart path to nothing",
    { certManager: { chart: "./no/such/chart" } },
    "certManager.chart",
    /"\.\/no\/such\/chart".*nothing is at .*correct the path/s,
  ],
  ["a folder that is no chart", { certManager: { chart: folder } }, "certManager.chart", /has no Chart\.yaml/],
  ["a file that is no archive", { certManager: { chart: `${folder}/notes.txt` } }, "certManager.chart", /helm package/],
  ["a path without ./", { certManager: { chart: "charts/x" } }, "certManager.chart", /"\.\/charts\/x"/],
  [
    "a repository beside oci://",
    { certManager: { chart: "oci://example.org/x", repository: "https://example.org" } },
    "certManager.repository",
    /remove repository/,
  ],
  ["a version beside a path", { certManager: { chart: "./local/charts/datashim", version: "1" } }, "certManager.version", /remove version/],
  ["a repository that is no address", { certManager: { repository: "ftp://x" } }, "certManager.repository", /http:\/\/ or https:\/\//],
];

const accepted: readonly (readonly [string, Sections])[] = [
  ["a root of a hundred years", { certificateAuthority: { validity: "876000h" } }],
  ["two live generations", { certificateAuthority: { generation: 2 } }],
  ["a generation after a retired one", { certificateAuthority: { generation: 5, retire: 4 } }],
  ["an issuer of the cluster", { certificateAuthority: { issuer: { name: "letsencrypt" } } }],
  ["an ingress that the cluster has, without names", { ingressNginx: { install: false, className: "nginx" } }],
  ["a leaf that an ingress of the cluster does not have", { certificateAuthority: { validity: "24h" }, ingressNginx: { install: false } }],
  ["a wildcard and IPv6", { ingressNginx: { certificate: { dnsNames: ["*.example.org"], ipAddresses: ["2001:db8::1"] } } }],
  ["node ports at both ends", { ingressNginx: { certificate, exposure: { type: "nodePort", https: 32_767 } } }],
  ["a chart of an OCI registry", { certManager: { chart: "oci://example.org/cert-manager", version: "v1.21.1" } }],
];

describe("the sections of the configuration", () => {
  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  for (const [what, sections, at, says] of refused) {
    it(`refuse ${what}`, async () => {
      const error = await refusalOf({ cluster, ...sections });
      assert.equal(error.problems.length, 1, error.message);
      const { found, allowed, wayOut } = problemAt(error, `trustplane:${at}`);
      assert.match(`${found}\n${allowed}\n${wayOut}`, says);
    });
  }

  for (const [what, sections] of accepted) {
    it(`accept ${what}`, async () => {
      await readWith({ cluster, ...sections });
    });
  }
});
