import { own } from "../frameworks";
import type { StackResource, StackRule } from "../rule";
import { objectNamespace, ofKind } from "../stackObjects";
import { ingressGroup } from "./ingressRule";

function places(ingress: StackResource): readonly string[] {
  const { props } = ingress;
  const ingressClass = props.at("spec", "ingressClassName").text() ?? "";
  return props
    .at("spec", "rules")
    .items()
    .flatMap((rule) => {
      const host = rule.at("host").text();
      const paths = rule
        .at("http", "paths")
        .items()
        .flatMap((path) => path.at("path").text() ?? "/");
      return host === undefined ? [] : paths.map((path) => `${host}${path} of class ${ingressClass}`);
    });
}

export const disallowDuplicatePaths: StackRule = {
  name: "disallow-duplicate-paths",
  title: "No two Ingresses serve the same host and path.",
  severity: "medium",
  level: "mandatory",
  frameworks: [own("exposure")],
  remediation: ["Give one of them another host or path; which one answers is chance."],
  judgeStack: (resources) => {
    const ingresses = ofKind(resources, ingressGroup, "Ingress");
    const served = ingresses.map((resource) => ({ resource, places: places(resource) }));
    const again = served.flatMap(({ resource, places: own }, index) => {
      const earlier = served.slice(0, index);
      return own.flatMap((place) => {
        const first = earlier.find((each) => each.places.includes(place));
        return first
          ? [
              {
                resource,
                message: `serves ${place}, as ${first.resource.name} of namespace ${objectNamespace(first.resource) ?? "?"} does`,
              },
            ]
          : [];
      });
    });
    return ingresses.length === 0 ? undefined : again;
  },
};
