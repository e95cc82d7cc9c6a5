import { durationHours, parseDuration } from "../config/duration";
import { isKind } from "../config/kubernetesType";
import type { Reading } from "./reading";
import type { JudgedResource } from "./rule";

/** A cert-manager Certificate's specification, whatever the API's version; undefined for everything else. */
export function certificateSpec({ type, props }: JudgedResource): Reading | undefined {
  return isKind(type, "cert-manager.io", "Certificate") ? props.at("spec") : undefined;
}

/** What cert-manager takes where a Certificate has no duration, in hours. */
const defaultHours = 2160;

/** Hours that a Certificate is valid; undefined while that is unknown or no duration. */
export function certificateHours(spec: Reading): number | undefined {
  const duration = spec.at("duration");
  if (duration.isAbsent()) return defaultHours;
  const text = duration.text();
  return text === undefined || "flaw" in parseDuration(text) ? undefined : durationHours(text);
}

/** Whether a Certificate is that of a CA. */
export function isCertificateAuthority(spec: Reading): boolean {
  return spec.at("isCA").flag() === true;
}
