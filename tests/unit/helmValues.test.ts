import assert from "node:assert/strict";
import { interlinkValues } from "../../components/interlink/helmValues";

const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const indented = "\n      -----BEGIN CERTIFICATE-----\n      MIIB\n      -----END CERTIFICATE-----\n";

function values(caBundle: string): unknown {
  return JSON.parse(interlinkValues({ address: "192.0.2.7", port: "60443", caBundle }));
}

describe("interlinkValues", () => {
  it("names address, port and CA by the chart's own keys, and has no other", () => {
    assert.deepEqual(values(pem), {
      interlink: {
        kubernetesApiAddr: "192.0.2.7",
        kubernetesApiPort: "60443",
        kubernetesApiCaCrt: indented,
        logging: { verboseLogging: "false" },
      },
    });
  });

  it("keeps two certificates apart and in their order", () => {
    assert.deepEqual(values(pem + pem), {
      interlink: {
        kubernetesApiAddr: "192.0.2.7",
        kubernetesApiPort: "60443",
        kubernetesApiCaCrt: indented + indented.slice(1),
        logging: { verboseLogging: "false" },
      },
    });
  });

  it("takes a PEM with Windows' ends of lines, and one without its last", () => {
    for (const given of [pem.replaceAll("\n", "\r\n"), pem.trimEnd()]) assert.deepEqual(values(given), values(pem));
  });

  it("leaves the CA out where there is none, so that nodes keep the cluster's own", () => {
    assert.deepEqual(values(""), {
      interlink: { kubernetesApiAddr: "192.0.2.7", kubernetesApiPort: "60443", logging: { verboseLogging: "false" } },
    });
  });
});
