/** Variables for the bundle's path that are set on request: each replaces its program's own roots. */
export type TrustVariable = "SSL_CERT_FILE" | "CURL_CA_BUNDLE" | "NODE_EXTRA_CA_CERTS";

/** What boto and requests, by which Arkindex and S3 are reached, read. */
const trustVariables = ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"] as const;

/** The variables by which programs verify with the bundle at `path`. */
export function trustEnvironment(path: string, variables: readonly TrustVariable[]): Readonly<Record<string, string>> {
  return Object.fromEntries([...trustVariables, ...variables].map((variable) => [variable, path]));
}
