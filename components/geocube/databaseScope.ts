import type * as pulumi from "@pulumi/pulumi";
import { labels, selectorLabels } from "../platform/workload";

/** Name of the server's Service and StatefulSet, and the beginning of the other objects' names. */
export const databaseName = "geocube-database";

/** What every object of one database is made with. */
export interface DatabaseScope {
  /** The component's name, which its children's names begin with. */
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly opts: { readonly parent: pulumi.Resource };
}

/** Who a pod is: the server, or a Job that connects to it. */
export type DatabaseRole = "server" | "schema" | "backup";

/** Labels of the database's objects. */
export function databaseLabels({ name }: Pick<DatabaseScope, "name">, component?: DatabaseRole): Record<string, string> {
  return labels({ name: databaseName, instance: name, component });
}

/** Labels that select the pods of one role. */
export function databaseSelector({ name }: Pick<DatabaseScope, "name">, component: DatabaseRole): Record<string, string> {
  return selectorLabels({ name: databaseName, instance: name, component });
}
