import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type IssuerRef, serverCertificate } from "../platform/certificates";
import { keptClaim } from "../platform/keptObjects";
import { checksumAnnotation } from "../platform/workload";
import type { BuiltInDatabase } from "./databaseChoice";
import { clientAuthentication, clientAuthenticationKey, databasePort } from "./databaseConfiguration";
import { serverPod } from "./databasePod";
import { databaseLabels, databaseName, type DatabaseScope, databaseSelector } from "./databaseScope";

/** Name of the leaf's Certificate and Secret. */
export const databaseCertificateName = `${databaseName}-tls`;

/** Name of the data volume's claim. */
export const databaseClaimName = `${databaseName}-data`;

export interface DatabaseServerArgs {
  readonly database: BuiltInDatabase;
  readonly issuerRef: IssuerRef;
  readonly imagePullSecrets: readonly string[];
  /** The Secret with the superuser's password. */
  readonly administrator: k8s.core.v1.Secret;
  /** The superuser's password, which rolls the server. */
  readonly password: pulumi.Output<string>;
}

/** The name by which clients reach the server, and which they verify. */
export function databaseHost({ namespace }: Pick<DatabaseScope, "namespace">): pulumi.Output<string> {
  return pulumi.interpolate`${databaseName}.${namespace}.svc`;
}

/**
 * The server, made once it answers. Its claim is an object of its own and not a template's: so it stays in the stack as long as it is wanted,
 * can grow, and is named when a destroy leaves it.
 */
export function databaseServer(scope: DatabaseScope, args: DatabaseServerArgs): k8s.apps.v1.StatefulSet {
  const { name, namespace, opts } = scope;
  const { storage, protect } = args.database;
  const volume = { ...storage, namespace, protect, claimName: databaseClaimName, accessMode: "ReadWriteOnce" } as const;
  const claim = keptClaim(`${name}-data`, { ...volume, labels: databaseLabels(scope) }, opts);
  const service = headlessService(scope);
  const pod = serverPod(args.database, {
    imagePullSecrets: args.imagePullSecrets,
    serviceAccountName: serviceAccountName(scope),
    claimName: databaseClaimName,
    certificateName: databaseCertificateName,
    configurationName: clientAuthenticationObject(scope),
    administratorName: args.administrator.metadata.name,
  });
  const template = { metadata: { labels: databaseLabels(scope, "server"), annotations: checksum(args.password) }, spec: pod };
  return new k8s.apps.v1.StatefulSet(
    `${name}-server`,
    {
      metadata: { name: databaseName, namespace, labels: databaseLabels(scope, "server") },
      spec: { replicas: 1, serviceName: databaseName, selector: { matchLabels: databaseSelector(scope, "server") }, template },
    },
    { ...opts, dependsOn: [claim, service, certificate(scope, args)] },
  );
}

function headlessService(scope: DatabaseScope): k8s.core.v1.Service {
  const { name, namespace, opts } = scope;
  const ports = [{ name: "postgresql", port: databasePort, targetPort: "postgresql", protocol: "TCP" }];
  const metadata = { name: databaseName, namespace, labels: databaseLabels(scope, "server") };
  return new k8s.core.v1.Service(
    `${name}-service`,
    { metadata, spec: { clusterIP: "None", selector: databaseSelector(scope, "server"), ports } },
    opts,
  );
}

/** Its key stays when it is renewed, because PostgreSQL reads key and certificate one after the other. */
function certificate(scope: DatabaseScope, { database, issuerRef }: DatabaseServerArgs): pulumi.Resource {
  const { name, namespace, opts } = scope;
  const dnsNames = [databaseHost(scope), pulumi.interpolate`${databaseHost(scope)}.cluster.local`];
  const spec = { ...database.certificate, dnsNames, ipAddresses: [], issuerRef, labels: databaseLabels(scope) };
  return serverCertificate(
    `${name}-certificate`,
    { ...spec, name: databaseCertificateName, namespace, rotationPolicy: "Never" },
    { ...opts },
  );
}

function clientAuthenticationObject(scope: DatabaseScope): pulumi.Output<string> {
  const { name, namespace, opts } = scope;
  const metadata = { name: `${databaseName}-configuration`, namespace, labels: databaseLabels(scope) };
  const data = { [clientAuthenticationKey]: clientAuthentication };
  return new k8s.core.v1.ConfigMap(`${name}-configuration`, { metadata, data }, opts).metadata.name;
}

function serviceAccountName(scope: DatabaseScope): pulumi.Output<string> {
  const { name, namespace, opts } = scope;
  const metadata = { name: databaseName, namespace, labels: databaseLabels(scope) };
  return new k8s.core.v1.ServiceAccount(`${name}-service-account`, { metadata, automountServiceAccountToken: false }, opts).metadata.name;
}

/** Only a digest comes out of the secret; the companion of the new pod sets the new password. */
function checksum(password: pulumi.Output<string>): pulumi.Output<Record<string, string>> {
  return pulumi.unsecret(password.apply((text) => checksumAnnotation({ password: text, clientAuthentication })));
}
