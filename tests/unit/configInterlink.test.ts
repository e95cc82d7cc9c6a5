import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { selfSignedRoot } from "../certificates";
import { problemAt, readWith, refusalOf } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const cluster = { identifier: "lab" };
const address = "192.0.2.11";
const hostPort = { type: "hostPort" };
const loadBalancer = { type: "loadBalancer" };
const direct = { type: "direct" };
const ingress = { type: "ingress" };
const ingressNginx = { certificate: { ipAddresses: [address], dnsNames: ["*.example.org"] } };
const digest = `sha256:${"0a".repeat(32)}`;

function pool(...addresses: string[]): Section {
  return { ...loadBalancer, metalLB: { addresses } };
}

/** What is given, the path that is refused, and what the text must say of it; the address and a load balancer go without saying. */
const refused: readonly (readonly [string, Section, string, RegExp])[] = [
  ["no address", { address: undefined }, "address", /nothing.*pulumi config set --path 'trustplane:interlink\.address'/s],
  ["an empty address", { address: "" }, "address", /"".*write it like/s],
  ["an address with its port", { address: "192.0.2.11:6443" }, "address", /write "192\.0\.2\.11"; the port is exposure\.port/],
  ["a name with its port", { address: "api.example.org:443" }, "address", /write "api\.example\.org"; the port is exposure\.port/],
  ["an address with a scheme", { address: "https://192.0.2.11/" }, "address", /tcp:\/\/ADDRESS:PORT.*write "192\.0\.2\.11"$/s],
  ["a whole URL", { address: "https://API.example.org:6443/api" }, "address", /write "api\.example\.org"; the port is exposure\.port/],
  ["spaces around an address", { address: " 192.0.2.11 " }, "address", /write "192\.0\.2\.11"/],
  ["spaces inside an address", { address: "api example org" }, "address", /write it like/],
  ["a wildcard", { address: "*.example.org" }, "address", /the wildcard belongs into alternativeNames\.dnsNames/],
  ["upper case", { address: "API.example.org" }, "address", /write "api\.example\.org"/],
  ["a dot at the end", { address: "api.example.org." }, "address", /write "api\.example\.org"/],
  ["IPv6", { address: "2001:db8::1" }, "address", /without brackets.*alternativeNames\.ipAddresses/s],
  ["IPv6 in brackets", { address: "[2001:db8::1]:6443" }, "address", /alternativeNames\.ipAddresses/],
  ["IPv4 in brackets", { address: "[192.0.2.11]" }, "address", /write "192\.0\.2\.11"/],
  ["a number above 255", { address: "192.0.2.256" }, "address", /four numbers from 0 to 255/],
  ["three numbers", { address: "192.0.2" }, "address", /four numbers/],
  ["an underscore", { address: "kubernetes_api.example.org" }, "address", /DNS name in lower case/],
  ["no exposure", { exposure: undefined }, "exposure", /nothing/],
  ["an exposure of another name", { exposure: { type: "loadbalancer" } }, "exposure.type", /did you mean "loadBalancer"\?/],
  ["a key of another exposure", { exposure: { type: "direct", class: "x" } }, "exposure.class", /the keys type, port/],
  [
    "60443 as NodePort",
    { exposure: { type: "nodePort", port: 60_443 } },
    "exposure.port",
    /60443.*30000 to 32767 \(Kubernetes' default service-node-port-range\).*30443/s,
  ],
  ["no node port", { exposure: { type: "nodePort" } }, "exposure.port", /nothing.*pulumi config set --path/s],
  ["a source that is an address", { allowedSources: ["192.0.2.1"] }, "allowedSources[0]", /"192\.0\.2\.1\/32"/],
  ["a source that is a name", { allowedSources: ["192.0.2.0/24", "hpc.example.org"] }, "allowedSources[1]", /CIDR/],
  ["no pod", { replicas: 0 }, "replicas", /1 to 9/],
  ["a leaf below an hour", { certificate: { duration: "59m" } }, "certificate.duration", /from 1h/],
  ["a renewal in the last minutes", { certificate: { renewBefore: "4m59s" } }, "certificate.renewBefore", /from 5m.*at least 5m/s],
  [
    "a renewal due at the issue",
    { certificate: { duration: "48h", renewBefore: "48h" } },
    "certificate.renewBefore",
    /"48h", and the leaf is valid for 48h.*less than certificate\.duration/s,
  ],
  ["a renewal due before the default's issue", { certificate: { renewBefore: "2161h" } }, "certificate.renewBefore", /valid for 2160h/],
  ["an issuer without a name", { certificate: { issuer: {} } }, "certificate.issuer.name", /nothing/],
  ["a bundle that does not parse", { certificate: { issuer: { name: "x", caBundle: "y" } } }, "certificate.issuer.caBundle", /parse/],
  ["an image without version", { image: "docker.io/nginx" }, "image", /with its version.*behind a colon/s],
  ["an image of a registry's port without version", { image: "registry.example.org:5000/nginx" }, "image", /with its version/],
  ["the latest image", { image: "nginx:latest" }, "image", /without notice/],
  ["an image with its digest", { image: `nginx:1.30.4@${digest}` }, "image", /under digest/],
  ["a digest without its algorithm", { digest: digest.slice(7) }, "digest", new RegExp(`write "${digest}"`)],
  ["a short digest", { digest: "sha256:0a" }, "digest", /64 hexadecimal digits/],
  [
    "a pool without its address",
    { exposure: pool("198.51.100.0/24") },
    "exposure.metalLB.addresses",
    /192\.0\.2\.11.*"192\.0\.2\.11\/32"/s,
  ],
  ["an empty pool", { exposure: pool() }, "exposure.metalLB.addresses", /a list/],
  ["a pool of one bare address", { exposure: pool(address) }, "exposure.metalLB.addresses[0]", /"192\.0\.2\.11\/32"/],
  ["a range from high to low", { exposure: pool("192.0.2.19-192.0.2.10") }, "exposure.metalLB.addresses[0]", /the lower one first/],
  ["a range of three", { exposure: pool("192.0.2.1-192.0.2.2-192.0.2.30") }, "exposure.metalLB.addresses[0]", /first-last/],
  ["a virtual node that is no label", { accessProbe: { nodeName: "My node" } }, "accessProbe.nodeName", /"my-node"/],
  ["a probe of no node", { accessProbe: {} }, "accessProbe.nodeName", /nothing/],
  ["direct with names", { exposure: direct, alternativeNames: {} }, "alternativeNames", /nothing where exposure is direct.*kube-root-ca/s],
  ["direct with sources", { exposure: direct, allowedSources: [] }, "allowedSources", /\[\], and exposure\.type is "direct"/],
  ["direct with pods", { exposure: direct, replicas: 2 }, "replicas", /2, and exposure\.type is "direct"/],
  ["direct with a CA", { exposure: direct, certificate: { issuer: { name: "acme" } } }, "certificate", /"acme".*remove it/s],
  ["direct with a namespace", { exposure: direct, namespace: "edge" }, "namespace", /"edge"/],
];

/** The same, with the sections that the edge stands on. */
const refusedBeside: readonly (readonly [string, Section, string, RegExp])[] = [
  [
    "a host port that the ingress has for HTTPS",
    { interlink: { address, exposure: hostPort }, ingressNginx },
    "interlink.exposure.port",
    /60443, which is trustplane:ingressNginx\.exposure\.https too/,
  ],
  [
    "a host port that the ingress has for HTTP",
    { interlink: { address, exposure: { ...hostPort, port: 6080 } }, ingressNginx },
    "interlink.exposure.port",
    /6080, which is trustplane:ingressNginx\.exposure\.http too/,
  ],
  [
    "ingress without one",
    { interlink: { address, exposure: ingress } },
    "interlink.exposure.type",
    /is absent.*add trustplane:ingressNginx/s,
  ],
  [
    "ingress through one of the cluster's",
    { interlink: { address, exposure: ingress }, ingressNginx: { install: false } },
    "interlink.exposure.type",
    /install: false.*default certificate/s,
  ],
  [
    "ingress under an address that its certificate lacks",
    { interlink: { address: "192.0.2.12", exposure: ingress }, ingressNginx },
    "interlink.address",
    /\*\.example\.org, 192\.0\.2\.11.*add "192\.0\.2\.12" to trustplane:ingressNginx\.certificate\.ipAddresses/s,
  ],
  [
    "ingress under a name two labels below a wildcard",
    { interlink: { address: "a.b.example.org", exposure: ingress }, ingressNginx },
    "interlink.address",
    /ingressNginx\.certificate\.dnsNames/,
  ],
  [
    "ingress with an issuer",
    { interlink: { address, exposure: ingress, certificate: { issuer: { name: "acme" } } }, ingressNginx },
    "interlink.certificate.issuer",
    /"acme".*only the platform's CA signs/s,
  ],
  [
    "ingress with further names",
    { interlink: { address, exposure: ingress, alternativeNames: { dnsNames: ["x"] } }, ingressNginx },
    "interlink.alternativeNames",
    /move them to trustplane:ingressNginx\.certificate/,
  ],
  [
    "ingress with a namespace",
    { interlink: { address, exposure: ingress, namespace: "edge" }, ingressNginx },
    "interlink.namespace",
    /reads no other namespace/,
  ],
  [
    "ingress with a public issuer",
    { interlink: { address, exposure: ingress }, ingressNginx, certificateAuthority: { issuer: { name: "letsencrypt" } } },
    "interlink.exposure.type",
    /"letsencrypt" is a public one.*inside the cluster.*caBundle/s,
  ],
  [
    "a leaf that outlives its CA",
    { interlink: { address, exposure: loadBalancer }, certificateAuthority: { validity: "2160h" } },
    "interlink.certificate.duration",
    /"2160h", and the CA is valid for 2160h.*certificateAuthority\.validity.*shorten/s,
  ],
];

const accepted: readonly (readonly [string, Section])[] = [
  ["a DNS name with a load balancer's pool of other addresses", { address: "api.example.org", exposure: pool("198.51.100.0/24") }],
  ["a name of one label", { address: "edge" }],
  ["a pool with the address in a range", { exposure: pool("198.51.100.0/24", "192.0.2.10 - 192.0.2.19") }],
  ["a pool with the address in a block", { exposure: pool("2001:db8::/64", "192.0.2.8/29") }],
  ["IPv6 and wildcards as further names", { alternativeNames: { dnsNames: ["*.example.org"], ipAddresses: ["2001:db8::1"] } }],
  ["node ports at both ends", { exposure: { type: "nodePort", port: 30_000 } }],
  ["a renewal a moment after the issue", { certificate: { duration: "1h", renewBefore: "59m59s" } }],
  ["a leaf of any length from another issuer", { certificate: { duration: "876000h", issuer: { name: "vault" } } }],
  ["a public issuer in place of the ingress' CA", { certificate: { issuer: { name: "letsencrypt" } } }],
  ["an image of a registry with a port", { image: "registry.example.org:5000/mirror/nginx-unprivileged:1.30.4-alpine" }],
];

describe("the section interlink", () => {
  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));

  for (const [what, section, at, says] of refused) {
    it(`refuses ${what}`, () => refuses({ interlink: { address, exposure: loadBalancer, ...section } }, `interlink.${at}`, says));
  }

  for (const [what, sections, at, says] of refusedBeside) {
    it(`refuses ${what}`, () => refuses(sections, at, says));
  }

  for (const [what, section] of accepted) {
    it(`accepts ${what}`, async () => {
      await readWith({ cluster, interlink: { address, exposure: loadBalancer, ...section } });
    });
  }

  it("accepts ingress under an address and under a name of the ingress' certificate, and under its load balancer's", async () => {
    await readWith({ cluster, ingressNginx, interlink: { address, exposure: ingress } });
    await readWith({ cluster, ingressNginx, interlink: { address: "api.example.org", exposure: ingress } });
    const balanced = { exposure: { type: "loadBalancer", address } };
    await readWith({ cluster, ingressNginx: balanced, interlink: { address, exposure: ingress } });
  });

  it("accepts ingress with a private issuer of the cluster", async () => {
    const certificateAuthority = { issuer: { name: "vault", caBundle: await selfSignedRoot("company") } };
    await readWith({ cluster, certificateAuthority, ingressNginx, interlink: { address, exposure: ingress } });
  });

  it("accepts a host port beside an ingress that has none of the cluster's", async () => {
    const away = { ...ingressNginx, install: false };
    await readWith({ cluster, ingressNginx: away, interlink: { address, exposure: hostPort } });
    await readWith({ cluster, ingressNginx, interlink: { address, exposure: { ...hostPort, port: 60_444 } } });
  });

  it("gives an edge its defaults", async () => {
    assert.deepEqual((await readWith({ cluster, interlink: { address, exposure: loadBalancer } })).interlink, {
      address,
      exposure: { type: "loadBalancer", port: 60_443, annotations: {} },
      alternativeNames: { dnsNames: [], ipAddresses: [] },
      namespace: "kubernetes-api-edge",
      allowedSources: [],
      certificate: { duration: "2160h", renewBefore: undefined },
      issuer: undefined,
      replicas: 2,
      image: "docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine",
      accessProbe: undefined,
    });
  });

  it("gives each exposure its defaults", async () => {
    const exposureOf = async (exposure: Section): Promise<unknown> =>
      (await readWith({ cluster, interlink: { address, exposure } })).interlink?.exposure;
    assert.deepEqual(await exposureOf(hostPort), { type: "hostPort", port: 60_443, nodeSelector: {}, tolerations: [] });
    assert.deepEqual(await exposureOf(direct), { type: "direct", port: 6443 });
    assert.deepEqual(await exposureOf(pool(`${address}/32`)), {
      type: "loadBalancer",
      port: 60_443,
      annotations: {},
      metalLB: { namespace: "metallb-system", addresses: [`${address}/32`] },
    });
  });

  it("runs one pod on a host port unless told otherwise", async () => {
    assert.equal((await readWith({ cluster, interlink: { address, exposure: hostPort } })).interlink?.replicas, 1);
    assert.equal((await readWith({ cluster, interlink: { address, exposure: hostPort, replicas: 3 } })).interlink?.replicas, 3);
  });

  it("appends the digest to the image, given or not", async () => {
    const imageOf = async (given: Section): Promise<string | undefined> =>
      (await readWith({ cluster, interlink: { address, exposure: loadBalancer, ...given } })).interlink?.image;
    assert.equal(await imageOf({ digest }), `docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine@${digest}`);
    assert.equal(await imageOf({ image: "mirror.example.org/nginx:1.30.4", digest }), `mirror.example.org/nginx:1.30.4@${digest}`);
  });

  it("gives the probe its defaults, and its digest to its own image", async () => {
    const accessProbe = { nodeName: "slurm", digest };
    assert.deepEqual((await readWith({ cluster, interlink: { address, exposure: direct, accessProbe } })).interlink?.accessProbe, {
      nodeName: "slurm",
      namespace: "interlink",
      serviceAccountName: "default",
      annotations: {},
      image: `registry.k8s.io/kubectl:v1.34.1@${digest}`,
    });
  });

  it("tells wrong values and contradictions at once", async () => {
    const error = await refusalOf({
      cluster,
      interlink: {
        address: "https://api.example.org",
        exposure: { type: "direct", port: 70_000 },
        allowedSources: ["hpc"],
        certificate: { duration: "1h", renewBefore: "2h" },
        replicas: 2,
        accessProbe: {},
      },
    });
    assert.deepEqual(error.problems.map(({ path }) => path).sort(), [
      "trustplane:interlink.accessProbe.nodeName",
      "trustplane:interlink.address",
      "trustplane:interlink.allowedSources[0]",
      "trustplane:interlink.certificate",
      "trustplane:interlink.certificate.renewBefore",
      "trustplane:interlink.exposure.port",
      "trustplane:interlink.replicas",
    ]);
  });

  it("does not know whether there is a leaf while the exposure's type is wrong", async () => {
    const certificateAuthority = { validity: "24h" };
    const error = await refusalOf({ cluster, certificateAuthority, interlink: { address, exposure: { type: "dirct" } } });
    assert.deepEqual(
      error.problems.map(({ path }) => path),
      ["trustplane:interlink.exposure.type"],
    );
  });

  it("blames no section for what a mistake in another one only seems to make", async () => {
    const flawed = { certificate: { ipAddresses: ["192.0.2.999"] } };
    const error = await refusalOf({ cluster, ingressNginx: flawed, interlink: { address, exposure: ingress } });
    assert.deepEqual(
      error.problems.map(({ path }) => path),
      ["trustplane:ingressNginx.certificate.ipAddresses[0]"],
    );
  });
});

async function refuses(sections: Section, at: string, says: RegExp): Promise<void> {
  const error = await refusalOf({ cluster, ...sections });
  assert.equal(error.problems.length, 1, error.message);
  const { found, allowed, wayOut } = problemAt(error, `trustplane:${at}`);
  assert.match(`${found}\n${allowed}\n${wayOut}`, says);
}
