import * as assert from "node:assert/strict";
import { locallySignedCert } from "../../local/plugins/tls/locallySignedCert";
import { selfSignedCert } from "../../local/plugins/tls/selfSignedCert";

describe("certificateLife", () => {
  const inHours = (hours: number): string => new Date(Date.now() + hours * 3600e3).toISOString();
  const expired = (end: number, earlyRenewalHours: number) =>
    locallySignedCert.expired?.({ earlyRenewalHours }, { validityEndTime: inHours(end) });

  it("replaces a certificate from the early renewal hours before its end on", () => {
    assert.deepEqual(expired(10, 11), ["readyForRenewal"]);
    assert.deepEqual(expired(-1, 0), ["readyForRenewal"]);
    assert.deepEqual(expired(10, 9), []);
  });

  it("says on refresh that renewal is due", () => {
    assert.deepEqual(selfSignedCert.refresh?.({ validityEndTime: inHours(1), earlyRenewalHours: 2 }), { readyForRenewal: true });
    assert.deepEqual(selfSignedCert.refresh({ validityEndTime: inHours(3), earlyRenewalHours: 2 }), {});
  });

  it("refuses negative times and uses that it does not know", () => {
    const problems = selfSignedCert.check({ validityPeriodHours: -1, allowedUses: ["server_auth", "everything"] });
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["validityPeriodHours", "allowedUses"],
    );
  });
});
