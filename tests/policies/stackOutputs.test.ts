import assert from "node:assert/strict";
import { plainSecrets } from "../../policies/trust/stackOutputs";

const key = "-----BEGIN EC PRIVATE KEY-----\nMHc";

describe("plainSecrets", () => {
  it("names credentials in outputs that are not secret, wherever they are in them", () => {
    const outputs = {
      registryPasswords: { value: { ci: "hunter2", password: "hunter2" }, secret: false },
      kubeconfigs: { value: [{ users: [{ user: { key } }] }], secret: false },
    };
    assert.deepEqual(plainSecrets(outputs), ["kubeconfigs.0.users.0.user.key", "registryPasswords.password"]);
  });

  it("lets pass what is secret, and what is public", () => {
    const outputs = {
      key: { value: key, secret: true },
      kubernetesApiCaCrt: { value: "-----BEGIN CERTIFICATE-----", secret: false },
      kubernetesApiAddr: { value: "192.0.2.1", secret: false },
    };
    assert.deepEqual(plainSecrets(outputs), []);
  });
});
