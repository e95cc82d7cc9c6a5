import { proxyEnvironment } from "../components/platform/proxyEnvironment";
import { dataPath } from "../components/ponos/agentConfiguration";
import { trustEnvironment } from "../components/ponos/agentEnvironment";
import { jobVolumeName } from "../components/ponos/agentTrust";
import { foundText } from "./describeIssue";
import { contradiction } from "./ponosContradiction";
import type { ReadablePonos } from "./ponosSchema";
import type { Contradiction } from "./problem";

/** What jobs would get twice. */
export function ponosJobProblems(given: ReadablePonos): Contradiction[] {
  return [...mountProblems(given), ...environmentProblems(given)];
}

function mountProblems({ caBundle, extraVolumes = [] }: ReadablePonos): Contradiction[] {
  const taken = [
    { path: dataPath, name: "", why: "the data volume's" },
    ...(caBundle?.enabled === true ? [{ path: caBundle.mountPath, name: jobVolumeName, why: "caBundle's" }] : []),
  ];
  return extraVolumes.flatMap(({ mountPath, name }, index) => {
    const holder = taken.find((each) => each.path === mountPath || each.name === name);
    taken.push({ path: mountPath, name, why: `extraVolumes[${index}]'s` });
    if (holder === undefined) return [];
    const key = holder.path === mountPath ? "mountPath" : "name";
    const found = foundText(key === "name" ? name : mountPath);
    const allowed = `a ${key} of its own: this one is ${holder.why} already`;
    return [contradiction(`extraVolumes[${index}].${key}`, ["extraVolumes", "caBundle"], found, allowed, "choose another one")];
  });
}

function environmentProblems({ caBundle, extraEnvironment = {}, proxy }: ReadablePonos): Contradiction[] {
  const set = {
    ...(caBundle?.enabled === true ? names(trustEnvironment("", caBundle.variables), "caBundle") : {}),
    ...names(proxyEnvironment(proxy), "proxy"),
  };
  return Object.entries(extraEnvironment).flatMap(([name, value]) => {
    const section = set[name];
    if (section === undefined) return [];
    const allowed = `a variable that nothing else sets: ${section} does`;
    return [contradiction(`extraEnvironment.${name}`, [section], foundText(value), allowed, `remove it, or change ${section}`)];
  });
}

function names(environment: Readonly<Record<string, string>>, section: string): Record<string, string> {
  return Object.fromEntries(Object.keys(environment).map((name) => [name, section]));
}
