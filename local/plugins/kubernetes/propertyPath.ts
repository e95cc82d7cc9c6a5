/** A path into an object: keys and list indexes. */
export type PropertyPath = readonly (string | number)[];

/** As Pulumi writes it: `spec.ports[0].port`, `metadata.annotations["pulumi.com/waitFor"]`. */
export function formatPath(path: PropertyPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part.toString()}]`;
    if (/[."[\]]/.test(part)) return `${text}["${part.replaceAll('"', '\\"')}"]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** Reads such a path; `*` stands for any key or index. */
export function parsePath(text: string): PropertyPath {
  const parts = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[(\*)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, star, key]) =>
    index === undefined ? (quoted?.replaceAll('\\"', '"') ?? star ?? key ?? "") : Number(index),
  );
}

/** Whether `path` is at or below `ancestor`; a `*` in either fits any part of the other. */
export function isWithin(path: PropertyPath, ancestor: PropertyPath): boolean {
  return ancestor.length <= path.length && ancestor.every((part, at) => part === path[at] || part === "*" || path[at] === "*");
}
