import type * as pulumi from "@pulumi/pulumi";

/** Namespaces that this program makes: each one's name, known once it is there. */
export type MadeNamespaces = Readonly<Record<string, pulumi.Output<string>>>;

/** The namespace for an object of its own, which waits for it where it is made here. */
export function namespaceOf(name: string, made: MadeNamespaces): pulumi.Input<string> {
  return made[name] ?? name;
}
