/** How apiserver and consolidaters tell each other of work. */
export type Messaging =
  | {
      /** A table of the database. */
      readonly type: "pgqueue";
    }
  | {
      /** Google's Pub/Sub, whose topics and subscriptions exist; Pub/Sub pushes events to `/push` of the apiserver. */
      readonly type: "pubsub";
      readonly project: string;
      /** Topic of the apiserver's orders. @default "consolidations" */
      readonly consolidationsTopic: string;
      /** Pull subscription from which consolidaters take them. @default "consolidations" */
      readonly consolidationsSubscription: string;
      /** Topic of what comes of them. @default "events" */
      readonly eventsTopic: string;
    }
  | {
      /** Google's emulator in a pod, for trying out: it keeps nothing. */
      readonly type: "pubsubEmulator";
      /** @default "geocube-emulator" */
      readonly project: string;
      /** An image of Google's CLI with its emulators. */
      readonly image: string;
    };

/** Names of the database's queues, and of the emulator's topics and subscriptions. */
export const queues = { consolidations: "consolidations", events: "events" } as const;

/** Where the emulator is reached; Google's libraries read it. */
export const emulatorAddress = { name: "pubsub-emulator", port: 8085 } as const;

/** The queue's connection in the environment of whoever uses it; the kubelet puts it in an argument's place. */
export const queueVariable = "GEOCUBE_QUEUE_CONNECTION";

const connection = `$(${queueVariable})`;

/** Flags by which the apiserver sends orders and hears of events. @see https://github.com/airbusgeo/geocube/blob/main/cmd/server/main.go */
export function apiserverQueueFlags(messaging: Messaging): string[] {
  switch (messaging.type) {
    case "pgqueue":
      return [`-pgqConnection=${connection}`, ...queueFlags(queues.consolidations, queues.events)];
    case "pubsub":
      return [`-project=${messaging.project}`, ...queueFlags(messaging.consolidationsTopic, messaging.eventsTopic)];
    case "pubsubEmulator":
      return [`-project=${messaging.project}`, ...queueFlags(queues.consolidations, queues.events)];
  }
}

/** Flags by which a consolidater takes orders and tells of events. @see https://github.com/airbusgeo/geocube/blob/main/cmd/consolidater/main.go */
export function consolidaterQueueFlags(messaging: Messaging): string[] {
  switch (messaging.type) {
    case "pgqueue":
      return [`-pgqConnection=${connection}`, ...queueFlags(queues.consolidations, queues.events)];
    case "pubsub":
      return [`-psProject=${messaging.project}`, ...queueFlags(messaging.consolidationsSubscription, messaging.eventsTopic)];
    case "pubsubEmulator":
      return [`-psProject=${messaging.project}`, ...queueFlags(queues.consolidations, queues.events)];
  }
}

/** A messaging whose backlog the autoscaler can read; Cloud Monitoring, where it reads Pub/Sub's, knows nothing of an emulator's. */
export type MeasuredMessaging = Exclude<Messaging, { readonly type: "pubsubEmulator" }>;

/** Flags by which the autoscaler reads the backlog. @see https://github.com/airbusgeo/geocube/blob/main/cmd/autoscaler/main.go */
export function autoscalerQueueFlags(messaging: MeasuredMessaging): string[] {
  if (messaging.type === "pgqueue") return [`-pgq-connection=${connection}`, `-queue=${queues.consolidations}`];
  return [`-ps-project=${messaging.project}`, `-queue=${messaging.consolidationsSubscription}`];
}

/** Whether a part that is told of work alone needs the database. */
export function queuesInDatabase({ type }: Pick<Messaging, "type">): boolean {
  return type === "pgqueue";
}

function queueFlags(consolidations: string, events: string): string[] {
  return [`-eventsQueue=${events}`, `-consolidationsQueue=${consolidations}`];
}
