import type { OpenStack } from "./workspace";

/**
 * Secrets of a stack's configuration, in plain text, so that they are known where they appear: a policy is given them, and a provider may repeat one in
 * an error.
 */
export async function configSecrets(open: Pick<OpenStack, "stack"> | undefined): Promise<readonly string[]> {
  const config = Object.values((await open?.stack.getAllConfig()) ?? {});
  return config.flatMap(({ value, secret }) => (secret === true ? [value] : []));
}
