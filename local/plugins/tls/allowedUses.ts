import "reflect-metadata";
import { ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, type Extension } from "@peculiar/x509";
import type { Json } from "../server/provider";
import { texts, type InputProblem } from "../server/stateOnlyResource";
import { choiceProblem } from "./inputRules";

const keyUsages: Readonly<Record<string, KeyUsageFlags>> = {
  digital_signature: KeyUsageFlags.digitalSignature,
  content_commitment: KeyUsageFlags.nonRepudiation,
  key_encipherment: KeyUsageFlags.keyEncipherment,
  data_encipherment: KeyUsageFlags.dataEncipherment,
  key_agreement: KeyUsageFlags.keyAgreement,
  cert_signing: KeyUsageFlags.keyCertSign,
  crl_signing: KeyUsageFlags.cRLSign,
  encipher_only: KeyUsageFlags.encipherOnly,
  decipher_only: KeyUsageFlags.decipherOnly,
};

const extendedKeyUsages: Readonly<Record<string, string>> = {
  any_extended: "2.5.29.37.0",
  server_auth: "1.3.6.1.5.5.7.3.1",
  client_auth: "1.3.6.1.5.5.7.3.2",
  code_signing: "1.3.6.1.5.5.7.3.3",
  email_protection: "1.3.6.1.5.5.7.3.4",
  ipsec_end_system: "1.3.6.1.5.5.7.3.5",
  ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
  ipsec_user: "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
  microsoft_server_gated_crypto: "1.3.6.1.4.1.311.10.3.3",
  netscape_server_gated_crypto: "2.16.840.1.113730.4.1",
  microsoft_commercial_code_signing: "1.3.6.1.4.1.311.2.1.22",
  microsoft_kernel_code_signing: "1.3.6.1.4.1.311.61.1.1",
};

const names = [...Object.keys(keyUsages), ...Object.keys(extendedKeyUsages)].sort();

/** Uses that no certificate has. */
export function allowedUsesProblems(allowedUses: Json | undefined): InputProblem[] {
  return texts(allowedUses).flatMap((use, index) => {
    const place = `[${index.toString()}]`;
    return choiceProblem(`allowedUses${place}`, `allowed_uses${place}`, use, names);
  });
}

/** Key Usage and Extended Key Usage, each only if a use asks for it. */
export function usageExtensions(allowedUses: readonly string[]): Extension[] {
  const flags = allowedUses.map((use) => keyUsages[use]).filter((flag) => flag !== undefined);
  const extended = allowedUses.map((use) => extendedKeyUsages[use]).filter((oid) => oid !== undefined);
  return [
    ...(flags.length === 0 ? [] : [new KeyUsagesExtension(flags.reduce(union), true)]),
    ...(extended.length === 0 ? [] : [new ExtendedKeyUsageExtension(extended, false)]),
  ];
}

function union(some: KeyUsageFlags, more: KeyUsageFlags): KeyUsageFlags {
  return some | more;
}
