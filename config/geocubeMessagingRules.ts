import { BLIND_AUTOSCALER } from "../components/geocube/geocubeArguments";
import { foundText } from "./describeIssue";
import { contradiction } from "./geocubeContradiction";
import type { ReadableGeocube } from "./geocubeSchema";
import type { Contradiction } from "./problem";

/** What does not go together with the messaging, and what Google's services need. */
export function messagingProblems(given: ReadableGeocube): Contradiction[] {
  switch (given.messaging?.type) {
    case undefined:
      return [];
    case "pgqueue":
      return [...queueProblems(given), ...credentialProblems(given)];
    case "pubsub":
      return [...pushProblems(given), ...projectProblems(given), ...credentialProblems(given)];
    case "pubsubEmulator":
      return [...emulatorProblems(given), ...credentialProblems(given)];
  }
}

/** The queue is a table that upstream has a script of its own for. */
function queueProblems({ database }: ReadableGeocube): Contradiction[] {
  if (database?.schema === undefined || database.schema.queue !== undefined) return [];
  const allowed = "upstream's create_table.sql (interface/messaging/pgqueue) where messaging is pgqueue: the queue is a table";
  return [
    contradiction("database.schema.queue", ["messaging"], { found: "nothing", allowed, wayOut: "name it, or choose another messaging" }),
  ];
}

function pushProblems({ exposure }: ReadableGeocube): Contradiction[] {
  if (exposure?.type !== "none") return [];
  const allowed =
    "a way from outside where messaging is pubsub: Pub/Sub pushes events to /push of the apiserver, which does not ask for them";
  const wayOut = "choose loadBalancer or ingress, with a certificate that Google verifies in front of it, or messaging: {type: pgqueue}";
  return [contradiction("exposure.type", ["messaging"], { found: '"none"', allowed, wayOut })];
}

/** The program has one project for all of Google's services. */
function projectProblems({ messaging, apiserver }: ReadableGeocube): Contradiction[] {
  const { tokens } = apiserver ?? {};
  if (messaging?.type !== "pubsub" || tokens === undefined || tokens.project === messaging.project) return [];
  const found = `${foundText(tokens.project)}, and messaging.project is ${foundText(messaging.project)}`;
  const finding = {
    found,
    allowed: "the same project: the apiserver has one for both",
    wayOut: "keep the tokens' secret in Pub/Sub's project",
  };
  return [contradiction("apiserver.tokens.project", ["messaging"], finding)];
}

function emulatorProblems({ autoscaler, tls, apiserver }: ReadableGeocube): Contradiction[] {
  const beside = "beside messaging: {type: pubsubEmulator}";
  const refused = [
    {
      key: "autoscaler",
      wrong: autoscaler !== undefined,
      found: `given ${beside}`,
      allowed: `none where messaging is the emulator: ${BLIND_AUTOSCALER}`,
      wayOut: "remove it and set consolidater.replicas, or choose messaging: {type: pgqueue}",
    },
    {
      key: "tls.enabled",
      wrong: tls?.enabled === true,
      found: `true ${beside}`,
      allowed: "false where messaging is the emulator: it pushes events to the apiserver, and knows no CA but the public ones",
      wayOut: "set tls: {enabled: false}, or choose messaging: {type: pgqueue}",
    },
    {
      key: "apiserver.tokens",
      wrong: apiserver?.tokens !== undefined,
      found: `given ${beside}`,
      allowed: "none where messaging is the emulator: the apiserver would look for their secret in the emulator's project",
      wayOut: "remove them, or choose messaging: {type: pgqueue}",
    },
  ];
  // whether they are there at all is judged, whatever else is wrong with them
  return refused
    .filter(({ wrong }) => wrong)
    .map(({ key, found, allowed, wayOut }) => ({ path: `geocube.${key}`, reads: ["geocube.messaging"], found, allowed, wayOut }));
}

function credentialProblems({ messaging, storage, apiserver, googleCredentials }: ReadableGeocube): Contradiction[] {
  const users = [
    ...(messaging?.type === "pubsub" ? ["messaging"] : []),
    ...(storage?.type === "gcs" ? ["storage"] : []),
    ...(apiserver?.tokens === undefined ? [] : ["apiserver.tokens"]),
  ];
  const reads = ["messaging", "storage", "apiserver"];
  if (users.length > 0 && googleCredentials === undefined) {
    const allowed = `who the pods are to Google, whom ${users.join(" and ")} need`;
    const wayOut = "set googleCredentials: {type: key}, or {type: workloadIdentity, serviceAccount: NAME@PROJECT.iam.gserviceaccount.com}";
    return [contradiction("googleCredentials", reads, { found: "nothing", allowed, wayOut })];
  }
  if (users.length > 0 || googleCredentials === undefined) return [];
  const allowed = "none where nothing asks Google: neither messaging pubsub, nor storage gcs, nor apiserver.tokens";
  return [contradiction("googleCredentials", reads, { found: foundText(googleCredentials), allowed, wayOut: "remove it" })];
}
