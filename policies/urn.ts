/** The name that a program gives a resource. */
export function logicalName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The types in a URN, outermost component first. @see https://www.pulumi.com/docs/concepts/resources/names/#urns */
function qualifiedType(urn: string): readonly string[] {
  return urn.split("::")[2]?.split("$") ?? [];
}

/** Type token of the component that a resource belongs to; undefined where it belongs to none. */
export function parentType(urn: string): string | undefined {
  return qualifiedType(urn).at(-2);
}

/** The URN of what would be beside a resource under the same component. */
export function siblingUrn(urn: string, type: string, name: string): string {
  const [scheme = "", project = ""] = urn.split("::");
  return [scheme, project, [...qualifiedType(urn).slice(0, -1), type].join("$"), name].join("::");
}
