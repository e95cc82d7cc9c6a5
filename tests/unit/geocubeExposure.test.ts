import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Deployment, resolved } from "../deployment";
import { changed, geocube } from "./geocubeFixture";

type Changes = NonNullable<Parameters<typeof geocube>[0]>;
type ServiceSpec = types.output.core.v1.ServiceSpec;

const sources = ["192.0.2.0/24"];
const exposures = {
  nodePort: { type: "nodePort", address: "192.0.2.7", port: 30_443 },
  loadBalancer: { type: "loadBalancer", address: "cubes.example.org", port: 443, class: "metallb", annotations: { a: "b" } },
  ingress: { type: "ingress", host: "cubes.example.org", duration: "2160h", annotations: {} },
} as const;

/** With the platform's internal ingress, which is used by one exposure alone. */
function exposed(type: keyof typeof exposures, changes: Changes = {}): ReturnType<typeof geocube> {
  const ingress = { namespace: pulumi.output("ingress-nginx-internal"), className: pulumi.output("nginx-internal"), httpsPort: 60_443 };
  return geocube({ ...changed("platform", { ingress }), exposure: exposures[type], allowedSources: sources, ...changes });
}

const service = ({ get }: Deployment<unknown>): ServiceSpec => get("geocube-apiserver-service").inputs["spec"] as ServiceSpec;

async function peers(type: keyof typeof exposures, changes?: Changes): Promise<unknown> {
  const { ingress } = (await exposed(type, changes)).get("geocube-apiserver-network-policy").inputs["spec"] as {
    ingress: [{ from: unknown[] }];
  };
  return ingress[0].from.slice(1);
}

describe("Geocube's exposure", () => {
  it("is a port of every node that keeps clients' addresses, and is in the leaf", async () => {
    const made = await exposed("nodePort");
    const { type, ports, externalTrafficPolicy } = service(made);
    assert.deepEqual([type, ports[0]?.nodePort, externalTrafficPolicy], ["NodePort", 30_443, "Local"]);
    const { ipAddresses } = made.get("geocube-apiserver-certificate").inputs["spec"] as { ipAddresses: string[] };
    assert.deepEqual(ipAddresses, ["192.0.2.7"]);
    assert.equal(await resolved(made.result.address), "192.0.2.7:30443");
  });

  it("is a load balancer for those who may connect", async () => {
    const made = await exposed("loadBalancer");
    const { type, ports, loadBalancerClass, loadBalancerSourceRanges } = service(made);
    assert.deepEqual([type, loadBalancerClass, loadBalancerSourceRanges], ["LoadBalancer", "metallb", sources]);
    assert.deepEqual([ports[0]?.name, ports[0]?.port], ["grpc-443", 443]);
    const { dnsNames } = made.get("geocube-apiserver-certificate").inputs["spec"] as { dnsNames: string[] };
    assert.deepEqual(dnsNames, [
      "apiserver-service.geocube",
      "apiserver-service.geocube.svc",
      "apiserver-service.geocube.svc.cluster.local",
      "cubes.example.org",
    ]);
    assert.equal(await resolved(made.result.address), "cubes.example.org:443");
  });

  it("goes through the internal ingress from its own namespace, over gRPC and TLS", async () => {
    const made = await exposed("ingress");
    const { metadata, spec } = made.get("geocube-ingress").inputs as unknown as types.output.networking.v1.Ingress;
    assert.equal(metadata.namespace, "ingress-nginx-internal");
    assert.equal(metadata.annotations["nginx.ingress.kubernetes.io/backend-protocol"], "GRPCS");
    assert.equal(metadata.annotations["nginx.ingress.kubernetes.io/whitelist-source-range"], "192.0.2.0/24");
    assert.equal(spec.ingressClassName, "nginx-internal");
    assert.deepEqual(spec.tls, [{ hosts: ["cubes.example.org"], secretName: "geocube-apiserver-tls" }]);
    const { type, externalName } = made.get("geocube-ingress-service").inputs["spec"] as ServiceSpec;
    assert.deepEqual([type, externalName], ["ExternalName", "apiserver-service.geocube.svc.cluster.local"]);
    assert.equal(await resolved(made.result.address), "cubes.example.org:60443");
  });

  it("goes through another class in Geocube's namespace, where no second Service is needed", async () => {
    const exposure = { ...exposures.ingress, className: "public", annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "8m" } };
    const { resources, get, result } = await exposed("ingress", { exposure, certificate: undefined });
    const { metadata, spec } = get("geocube-ingress").inputs as unknown as types.output.networking.v1.Ingress;
    assert.deepEqual([metadata.namespace, spec.ingressClassName], ["geocube", "public"]);
    assert.equal(metadata.annotations["nginx.ingress.kubernetes.io/proxy-body-size"], "8m");
    assert.equal(metadata.annotations["nginx.ingress.kubernetes.io/backend-protocol"], "GRPC");
    assert.ok(!resources.some(({ name }) => name === "geocube-ingress-service"));
    assert.equal(await resolved(result.address), "cubes.example.org:443");
  });

  it("refuses an ingress that is not there", async () => {
    const error: unknown = await geocube({ exposure: exposures.ingress }).catch((reason: unknown) => reason);
    assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
    assert.deepEqual(
      error.errors.map(({ propertyPath }) => propertyPath),
      ["exposure.className"],
    );
  });

  it("lets in those who may connect: sources, everybody where none are named, or the ingress' namespace alone", async () => {
    assert.deepEqual(await peers("loadBalancer"), [{ ipBlock: { cidr: "192.0.2.0/24" } }]);
    assert.deepEqual(await peers("nodePort", { allowedSources: [] }), [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }]);
    const controller = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx-internal" } } };
    assert.deepEqual(await peers("ingress"), [controller]);
  });

  it("tells whoever stands in between of HTTP/2 without TLS, and only then", async () => {
    assert.equal(service(await exposed("loadBalancer")).ports[0]?.appProtocol, undefined);
    assert.equal(service(await exposed("loadBalancer", { certificate: undefined })).ports[0]?.appProtocol, "kubernetes.io/h2c");
  });
});
