import { foundText } from "./describeIssue";
import type { Contradiction } from "./problem";
import { contradiction, type Finding } from "./workersContradiction";
import { type GivenPullSecrets, secretsIn } from "./workersPullSecrets";
import type { GivenRegistry } from "./workersRegistrySchema";

/** What contradicts itself in `workers.imagePullSecrets`, and between it and the registry's own pull secrets. */
export function pullSecretProblems(given: GivenPullSecrets, registry: GivenRegistry | undefined): Contradiction[] {
  return [...repeatedSecrets(given, registry), ...accountProblems(given), ...defaultProblems(given)];
}

function problem(at: readonly PropertyKey[], reads: readonly string[], finding: Finding): Contradiction {
  return contradiction(["imagePullSecrets", ...at], reads, finding);
}

function repeatedSecrets({ secrets }: GivenPullSecrets, registry: GivenRegistry | undefined): Contradiction[] {
  const own = "workers.registry.pullSecrets";
  const owners = new Map(registry?.pullSecrets.namespaces.map((namespace) => [`${namespace}/${registry.pullSecrets.name}`, own]));
  return secrets.flatMap(({ name, namespaces }, index) =>
    namespaces.flatMap((namespace, place) => {
      const owner = owners.get(`${namespace}/${name}`);
      owners.set(`${namespace}/${name}`, `workers.imagePullSecrets.secrets[${index}]`);
      if (owner === undefined) return [];
      return [
        problem(["secrets", index, "namespaces", place], owner === own ? [own] : [], {
          found: `${foundText(namespace)}, where ${owner} makes a Secret ${foundText(name)} too`,
          allowed: "each name once in a namespace",
          wayOut: "choose another name, or write the servers of both into one",
        }),
      ];
    }),
  );
}

function accountProblems(given: GivenPullSecrets): Contradiction[] {
  const seen = new Set<string>();
  return given.serviceAccounts.flatMap(({ name, namespace, imagePullSecrets }, index) => {
    const repeated = seen.has(`${namespace}/${name}`);
    seen.add(`${namespace}/${name}`);
    const useless = imagePullSecrets === undefined && secretsIn(given, namespace).length === 0;
    return [
      ...(name === "default" ? [problem(["serviceAccounts", index, "name"], [], ofKubernetes)] : []),
      ...(repeated ? [problem(["serviceAccounts", index], [], { ...once, found: `${namespace}/${name}, a second time` })] : []),
      ...(useless ? [problem(["serviceAccounts", index, "namespace"], [], { ...without, found: foundText(namespace) })] : []),
    ];
  });
}

const ofKubernetes: Finding = {
  found: '"default"',
  allowed: "a ServiceAccount that is made here: default is Kubernetes' own, and others may have set its list",
  wayOut: "choose another name, or write the whole list under defaultServiceAccounts",
};

const once = { allowed: "each ServiceAccount once", wayOut: "remove one of them" };

const without = {
  allowed: "a namespace that one of imagePullSecrets.secrets goes to, unless the entry names its own",
  wayOut: "add the namespace to a secret, or set imagePullSecrets here",
};

/** The list is replaced as a whole, so one that lacks ours would be no use. */
function defaultProblems(given: GivenPullSecrets): Contradiction[] {
  return given.defaultServiceAccounts.flatMap(({ namespace, imagePullSecrets }, index) => {
    const missing = secretsIn(given, namespace).filter((name) => !imagePullSecrets.includes(name));
    const repeated = given.defaultServiceAccounts.findIndex((other) => other.namespace === namespace) !== index;
    return [
      ...(repeated
        ? [problem(["defaultServiceAccounts", index, "namespace"], [], { ...once, found: `${foundText(namespace)}, a second time` })]
        : []),
      ...(missing.length === 0
        ? []
        : [
            problem(["defaultServiceAccounts", index, "imagePullSecrets"], [], {
              found: foundText(imagePullSecrets),
              allowed: `the whole list of the namespace's default ServiceAccount, with ${missing.join(", ")} of this section`,
              wayOut: `add ${missing.join(", ")}, or take the namespace out of those secrets`,
            }),
          ]),
    ];
  });
}
