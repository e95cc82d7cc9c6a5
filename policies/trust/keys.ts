import { own } from "../frameworks";
import type { Finding, ResourceRule } from "../rule";

export const privateKeyType = "tls:index/privateKey:PrivateKey";

const curves = ["P256", "P384", "P521"];
const leastRsaBits = 3072;

export const requireStrongKeys: ResourceRule = {
  name: "require-strong-keys",
  title: "Keys of the stack are ECDSA of P-256 or more, Ed25519, or RSA of 3072 bits or more.",
  severity: "critical",
  level: "mandatory",
  frameworks: [own("certificates"), { name: "NIST SP 800-57", reference: "part 1, table 2" }],
  remediation: [
    "Write algorithm: ECDSA and ecdsaCurve: P256.",
    "A new key makes a new CA: raise certificateAuthority.generation instead of changing one in use.",
  ],
  scopes: ["keys"],
  judge: ({ type, props }) => {
    if (type !== privateKeyType) return undefined;
    const [algorithm, curve, bits] = [props.at("algorithm"), props.at("ecdsaCurve"), props.at("rsaBits")];
    const weak = (text: string): readonly Finding[] => [
      {
        message: `the key is ${text}; it must be ECDSA P256, P384 or P521, ED25519, or RSA of ${leastRsaBits} bits`,
        value: { keys: [text] },
      },
    ];
    if (algorithm.text() === "ECDSA")
      return curve.isUnknown() || curves.includes(curve.text() ?? "P224") ? [] : weak(`ECDSA ${curve.text() ?? "P224"}`);
    if (algorithm.text() === "RSA")
      return bits.isUnknown() || (bits.number() ?? 2048) >= leastRsaBits ? [] : weak(`RSA ${bits.number() ?? 2048}`);
    return [];
  },
};
