import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import { type ClusterAccess, clusterAccess } from "./clusterAccess";
import type { ClusterFacts } from "./clusterFacts";
import { ClusterReader } from "./clusterReader";
import { retiring } from "./generationRules";
import { geocubeSchemaProblems } from "./geocubeSchemaRules";
import { versionProblems } from "./platformRules";
import { clusterText, PreflightError, SWITCH_OFF } from "./preflightError";
import { ReadError } from "./readError";
import { readFacts } from "./readFacts";
import { retirementProblems } from "./retirement";
import { advise, refuse, type Rule, rules } from "./rules";

/** Leaves room for the engine within the ten seconds in which an unreachable cluster is to be told. */
const FIRST_ANSWER = 8000;

/** For everything that is read after it. */
const ALL_ANSWERS = 45_000;

/** What came of a rule. */
export interface Judgement extends Omit<Rule, "problems"> {
  readonly problems: readonly Problem[];
  /** Why it could not be judged. */
  readonly unread?: ReadError;
}

export interface Examination {
  readonly access: ClusterAccess;
  /** A fact that could not be read throws its ReadError. */
  readonly facts: ClusterFacts;
  readonly judgements: readonly Judgement[];
}

/**
 * Reads what only the live cluster knows and holds the configuration against it. Only reads, and never a Secret.
 * @param firstAnswer milliseconds that the API server has to show that it is there
 * @throws PreflightError where the kubeconfig cannot be used, or the API server gives no first answer
 */
export async function examine(config: StackConfig, firstAnswer = FIRST_ANSWER): Promise<Examination> {
  const { kubeConfig, ...access } = clusterAccess(config.cluster);
  const first = await ClusterReader.open(kubeConfig, access.server, AbortSignal.timeout(firstAnswer)).catch(unreachable(access));
  const { gitVersion } = (await first.find("/version").catch(unreachable(access))) as { readonly gitVersion: string };
  const reader = await ClusterReader.open(kubeConfig, access.server, AbortSignal.timeout(ALL_ANSWERS));
  const facts = await readFacts(reader, config, gitVersion);
  const byFacts = rules.map(({ problems, ...rule }) => judge(rule, () => problems(config, facts)));
  const retirement = { about: "trustplane:certificateAuthority.retire", ...refuse };
  const judgements = await Promise.all([
    judge({ about: "the API server", ...refuse }, () => versionProblems(gitVersion)),
    ...byFacts,
    judge({ about: "trustplane:geocube.database.schema", ...advise }, () => geocubeSchemaProblems(config.geocube?.schema)),
    judge(retirement, () => retired(config, facts, reader)),
  ]);
  return { access, facts, judgements };
}

type Judged = () => readonly Problem[] | Promise<readonly Problem[]>;

async function judge(rule: Omit<Rule, "problems">, problems: Judged): Promise<Judgement> {
  try {
    return { ...rule, problems: await problems() };
  } catch (unread) {
    if (!(unread instanceof ReadError)) throw unread;
    return { ...rule, problems: [], unread };
  }
}

/** What still needs the generations that go, once nothing is wrong with the one that is asked for. */
async function retired(
  { platform, cluster: { identifier } }: StackConfig,
  facts: ClusterFacts,
  reader: ClusterReader,
): Promise<readonly Problem[]> {
  if (platform.type === "stack") return [];
  const { source } = platform.certificateAuthority;
  return source.type === "generated"
    ? retirementProblems({ reader, identifier, source, retiring: retiring(source, facts.issuedGenerations) })
    : [];
}

function unreachable(access: ClusterAccess): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof ReadError)) throw error;
    const denied = error.unread === "not permitted";
    const path = denied ? `the user of context ${access.context}` : `server ${access.server}`;
    const allowed = denied ? "credentials that the API server accepts" : "an API server that answers";
    const seen = `kubectl --kubeconfig ${access.kubeconfigPath} --context ${access.context} version`;
    const wayOut = `${denied ? "renew the credentials" : "start the cluster or mend the way to it"} (${seen} must work), or ${SWITCH_OFF}`;
    throw new PreflightError(clusterText(access), [{ path, found: error.message, allowed, wayOut }], error);
  };
}
