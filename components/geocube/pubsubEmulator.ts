import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { restrictedContainerSecurityContext } from "../platform/workload";
import { type Attachment, attachment } from "./attachment";
import { apiserverPort, apiserverServiceName } from "./apiserver";
import { geocubePod, partMetadata, type PodDefaults, podTemplate } from "./geocubePod";
import { geocubeSelector, type GeocubeScope } from "./geocubeScope";
import { emulatorAddress, type Messaging, queues } from "./messaging";

type Emulator = Extract<Messaging, { readonly type: "pubsubEmulator" }>;

const { name: serviceName, port } = emulatorAddress;
const ready = "/tmp/topics";

/**
 * Makes topics and subscriptions again whenever the emulator, which keeps them in its memory, has lost them; those that are there are
 * answered with 409. The events' subscription pushes, since with Pub/Sub the apiserver does not ask for them.
 * @see https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/create
 */
export const topicsScript = `
put() {
  code=$(curl -s -o /dev/null -w '%{http_code}' -X PUT -H 'content-type: application/json' -d "$2" "$EMULATOR/v1/projects/$PROJECT/$1")
  [ "$code" = 200 ] || [ "$code" = 409 ]
}
subscribe() { put "subscriptions/$1" "{\\"topic\\":\\"projects/$PROJECT/topics/$1\\",\\"ackDeadlineSeconds\\":10$2}"; }
while :; do
  if put "topics/$ORDERS" '{}' && put "topics/$EVENTS" '{}' && subscribe "$ORDERS" '' &&
    subscribe "$EVENTS" ",\\"pushConfig\\":{\\"pushEndpoint\\":\\"$PUSH\\"}"; then touch "$READY"; else rm -f "$READY"; fi
  sleep "$PAUSE"
done
`;

/**
 * Google's emulator behind a Service, for trying out; nothing with another messaging.
 * @returns by what Google's libraries find it
 */
export function pubsubEmulator(scope: GeocubeScope, messaging: Messaging, defaults: PodDefaults): Attachment {
  if (messaging.type !== "pubsubEmulator") return attachment({});
  const selector = geocubeSelector(scope, "pubsub-emulator");
  const metadata = partMetadata(scope, "pubsub-emulator", serviceName);
  const template = podTemplate(scope, "pubsub-emulator", attachment({}), emulatorPod(scope, messaging, defaults));
  const deployment = new k8s.apps.v1.Deployment(
    `${scope.name}-pubsub-emulator`,
    { metadata, spec: { replicas: 1, strategy: { type: "Recreate" }, selector: { matchLabels: selector }, template } },
    scope.opts,
  );
  const ports = [{ name: "grpc", port, targetPort: "grpc", protocol: "TCP" }];
  const service = new k8s.core.v1.Service(
    `${scope.name}-pubsub-emulator-service`,
    { metadata, spec: { type: "ClusterIP", selector, ports } },
    { ...scope.opts, dependsOn: deployment },
  );
  return attachment({ env: [{ name: "PUBSUB_EMULATOR_HOST", value: `${serviceName}:${port}` }], dependsOn: [service] });
}

function emulatorPod(scope: GeocubeScope, { project, image }: Emulator, defaults: PodDefaults): k8s.types.input.core.v1.PodSpec {
  const resources = { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "1Gi" } };
  const command = [
    "gcloud",
    "beta",
    "emulators",
    "pubsub",
    "start",
    `--host-port=0.0.0.0:${port}`,
    `--project=${project}`,
    "--data-dir=/tmp/pubsub",
  ];
  const ports = [{ name: "grpc", containerPort: port, protocol: "TCP" }];
  const home = attachment({ env: ["HOME", "CLOUDSDK_CONFIG"].map((name) => ({ name, value: "/tmp" })) });
  const container = { name: "emulator", command, ports, readinessProbe: { tcpSocket: { port: "grpc" }, periodSeconds: 5 } };
  const place = { image, resources, nodeSelector: {}, tolerations: [] };
  const sidecars = [topicsContainer(scope, project, image)];
  return geocubePod(place, defaults, home, container, { serviceAccountName: "default", sidecars });
}

/** Beside the emulator, so that it is gone and there again with it. */
function topicsContainer({ namespace }: GeocubeScope, project: string, image: string): k8s.types.input.core.v1.Container {
  const variables = {
    EMULATOR: `http://127.0.0.1:${port}`,
    PROJECT: project,
    ORDERS: queues.consolidations,
    EVENTS: queues.events,
    PUSH: pulumi.interpolate`http://${apiserverServiceName}.${namespace}.svc:${apiserverPort}/push`,
    READY: ready,
    PAUSE: "5",
  };
  return {
    name: "topics",
    image,
    command: ["sh", "-c", topicsScript],
    env: Object.entries(variables).map(([name, value]) => ({ name, value })),
    readinessProbe: { exec: { command: ["test", "-f", ready] }, periodSeconds: 5 },
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
    securityContext: restrictedContainerSecurityContext(),
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
}
