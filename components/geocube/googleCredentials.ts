import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Attachment, attachment } from "./attachment";
import { geocubeLabels, type GeocubeScope } from "./geocubeScope";

/** Who the pods are to Google: for buckets, for Pub/Sub, for the tokens in its Secret Manager. */
export type GoogleCredentials =
  | {
      /** A service account's key file. */
      readonly type: "key";
      /** JSON. */
      readonly key: pulumi.Input<string>;
    }
  | {
      /** GKE's Workload Identity: the cluster's ServiceAccounts stand for Google's. */
      readonly type: "workloadIdentity";
      /** `NAME@PROJECT.iam.gserviceaccount.com` */
      readonly serviceAccount: string;
    };

const folder = "/var/run/secrets/google";
const fileName = "credentials.json";

/** Annotations of the ServiceAccounts that stand for Google's. @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity */
export function serviceAccountAnnotations(credentials: GoogleCredentials | undefined): Record<string, string> {
  if (credentials?.type !== "workloadIdentity") return {};
  return { "iam.gke.io/gcp-service-account": credentials.serviceAccount };
}

/** The key file where Google's libraries look for it; nothing where the cluster itself answers for its pods. */
export function googleAttachment(scope: GeocubeScope, credentials: GoogleCredentials | undefined): Attachment {
  if (credentials?.type !== "key") return attachment({});
  const name = "google-credentials";
  return secretFile(scope, { name, fileName, folder, text: credentials.key, variable: "GOOGLE_APPLICATION_CREDENTIALS" });
}

/** A secret text that programs read from a file whose path stands in a variable, or in a flag. */
export interface SecretFile {
  /** The Secret's name. */
  readonly name: string;
  readonly fileName: string;
  /** Where it is mounted. */
  readonly folder: string;
  readonly text: pulumi.Input<string>;
  readonly variable?: string;
}

/** The Secret of such a file, mounted; another text is another revision. */
export function secretFile(scope: GeocubeScope, { name, fileName: file, folder: mountPath, text, variable }: SecretFile): Attachment {
  const plain = pulumi.secret(text);
  const secret = new k8s.core.v1.Secret(
    `${scope.name}-${name}`,
    {
      metadata: { name, namespace: scope.namespace, labels: geocubeLabels(scope) },
      data: { [file]: plain.apply((value) => Buffer.from(value).toString("base64")) },
    },
    scope.opts,
  );
  return attachment({
    env: variable === undefined ? [] : [{ name: variable, value: `${mountPath}/${file}` }],
    volumes: [{ name, secret: { secretName: secret.metadata.name, defaultMode: 0o440 } }],
    mounts: [{ name, mountPath, readOnly: true }],
    revision: { [name]: plain.apply((value) => createHash("sha256").update(value).digest("hex")) },
    dependsOn: [secret],
  });
}
