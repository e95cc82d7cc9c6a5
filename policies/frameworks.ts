import type { Framework } from "./rule";

/** The Kubernetes version whose Pod Security Standards the rules are held against. */
export const podSecurityVersion = "v1.36";

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export function podSecurity(level: "baseline" | "restricted", check: string): Framework {
  return { name: "Pod Security Standards", reference: `${level}: ${check}`, version: podSecurityVersion };
}

/** @see https://www.cisecurity.org/benchmark/kubernetes */
export function cis(section: string): Framework {
  return { name: "CIS Kubernetes Benchmark", reference: section };
}

/** A control of the NSA's and CISA's hardening guidance, by the number that kubescape gives it. */
export function nsa(control: string): Framework {
  return { name: "NSA Kubernetes Hardening", reference: control };
}

/** A rule that no public set carries, or that good practice asks for. */
export function own(reference: string): Framework {
  return { name: "trustplane", reference };
}
