import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { IssuerRef } from "../platform/certificates";
import { podSecurityLabels } from "../platform/podSecurity";
import { checkDatashim } from "./datashimArguments";
import { datasetDefinitions, type DatasetType } from "./datashimDefinitions";
import { datasetDrivers, type DriversArgs } from "./datashimDrivers";
import { datashimLabels, type DatashimScope } from "./datashimNames";
import { datasetOperator, type OperatorArgs } from "./datashimOperator";
import { datasetWebhook, type DatashimWebhook, webhookCertificate } from "./datashimWebhook";

export interface DatashimArgs extends DriversArgs {
  /** `false` uses the Datashim that the cluster has. @default true */
  readonly install: boolean;
  /** Datashim's own namespace; its Pod Security level is *privileged*, because its drivers mount for the kubelet. @default "dlf" */
  readonly namespace: string;
  /** What a Dataset may lead to. An NFS export is reached with the node's address, whoever asks. @default ["COS"] */
  readonly types: readonly DatasetType[];
  readonly operator: OperatorArgs;
  /** Absent where no pod runs that could answer, as on the embedded control plane: Datasets are then not mounted by label. */
  readonly webhook?: DatashimWebhook;
  readonly certificate: {
    /** Go duration of the webhook's leaf. @default "2160h" */
    readonly duration: string;
  };
  /** Who signs the webhook's leaf. */
  readonly issuerRef: IssuerRef;
  /** Roots that the API server verifies the leaf by, PEM, all generations; an error where it is empty and there is a webhook. */
  readonly caBundle: pulumi.Input<string>;
}

/**
 * Datashim: Datasets as volumes of tenants' pods. Its CSI drivers come from its chart; definitions, operator and webhook are made here,
 * with a leaf of the platform's CA, because the chart's operator would replace both by a CA of its own at every start.
 *
 * Needs cert-manager and an issuer. Tenants' namespaces depend on this component and are labelled by others: so they are labelled once the
 * operator answers, and on destroy their Datasets, whose finalizer needs the operator, go before it.
 * @see https://github.com/datashim-io/datashim
 */
export class Datashim extends pulumi.ComponentResource {
  /** Datashim's namespace; known once its operator answers. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: DatashimArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:plexus:Datashim", name, args, opts);
    checkDatashim(name, args);
    this.namespace = args.install ? this.installed(name, args) : pulumi.output(args.namespace);
    this.registerOutputs({ namespace: this.namespace });
  }

  private installed(name: string, args: DatashimArgs): pulumi.Output<string> {
    const opts = { parent: this };
    const scope: DatashimScope = { name, opts, namespace: namespace(name, args, opts) };
    const leaf = webhookCertificate(scope, { issuerRef: args.issuerRef, duration: args.certificate.duration });
    const definitions = datasetDefinitions(scope, args.types);
    const drivers = datasetDrivers(scope, args);
    const operator = datasetOperator(scope, args.operator, { types: args.types, dependsOn: [leaf, ...definitions] });
    const webhook = args.webhook && datasetWebhook(scope, { ...args.webhook, caBundle: args.caBundle, dependsOn: operator });
    const answering = [drivers, ...operator, ...(webhook === undefined ? [] : [webhook])];
    // a URN comes when its resource is made, and unlike an id is known to a preview
    return pulumi.all(answering.map(({ urn }) => urn)).apply(() => args.namespace);
  }
}

function namespace(name: string, args: DatashimArgs, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const labels = { ...datashimLabels({ name }), ...podSecurityLabels({ enforce: "privileged" }) };
  return new k8s.core.v1.Namespace(`${name}-namespace`, { metadata: { name: args.namespace, labels } }, opts).metadata.name;
}
