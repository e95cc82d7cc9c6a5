import "reflect-metadata";
import { ExtendedKeyUsage, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, type Extension } from "@peculiar/x509";
import type { Json } from "../server/provider";
import { texts, type InputProblem } from "../server/stateOnlyResource";

const keyUsages: Readonly<Record<string, KeyUsageFlags>> = {
  cert_signing: KeyUsageFlags.keyCertSign,
  crl_signing: KeyUsageFlags.cRLSign,
  digital_signature: KeyUsageFlags.digitalSignature,
  key_encipherment: KeyUsageFlags.keyEncipherment,
};
const extendedKeyUsages: Readonly<Record<string, ExtendedKeyUsage>> = {
  client_auth: ExtendedKeyUsage.clientAuth,
  server_auth: ExtendedKeyUsage.serverAuth,
};

/** Uses that are not known here. */
export function allowedUsesProblems(allowedUses: Json | undefined): InputProblem[] {
  const known = [...Object.keys(keyUsages), ...Object.keys(extendedKeyUsages)];
  const foreign = texts(allowedUses).filter((use) => !known.includes(use));
  return foreign.map((use) => ({ path: "allowedUses", reason: `${use} is none of ${known.join(", ")}` }));
}

/** Key Usage and Extended Key Usage, each only if a use asks for it. */
export function usageExtensions(allowedUses: readonly string[]): Extension[] {
  const flags = allowedUses.map((use) => keyUsages[use]).filter((flag) => flag !== undefined);
  const extended = allowedUses.map((use) => extendedKeyUsages[use]).filter((usage) => usage !== undefined);
  return [
    ...(flags.length === 0 ? [] : [new KeyUsagesExtension(flags.reduce(union), true)]),
    ...(extended.length === 0 ? [] : [new ExtendedKeyUsageExtension(extended, false)]),
  ];
}

function union(some: KeyUsageFlags, more: KeyUsageFlags): KeyUsageFlags {
  return some | more;
}
