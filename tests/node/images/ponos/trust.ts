import * as fs from "node:fs";

/**
 * The roots that Python's requests trusts, by which agent and workers call Arkindex: the file that a variable names replaces its own.
 * @returns undefined where no variable names one
 * @see https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification
 */
export function rootsOfRequests(): string | undefined {
  const file = process.env.REQUESTS_CA_BUNDLE ?? process.env.CURL_CA_BUNDLE;
  return file === undefined ? undefined : fs.readFileSync(file, "utf8");
}
