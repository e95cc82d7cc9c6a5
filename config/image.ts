import { textWith } from "./fields";

const REFERENCE = /^[a-z0-9][-.a-z0-9]*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*:(?<tag>\w[-.\w]{0,127})$/;

/** A container image, pinned by its version. @see https://kubernetes.io/docs/concepts/containers/images/ */
const image = textWith((text) => {
  const allowed = "an image with its version, REGISTRY/REPOSITORY:VERSION";
  if (text.includes("@")) return { allowed, wayOut: "write the version here and what follows the @ under digest" };
  const tag = REFERENCE.exec(text)?.groups?.tag;
  if (tag !== undefined && tag !== "latest") return undefined;
  return { allowed, wayOut: "add the version behind a colon; what `latest` means changes without notice" };
});

const digest = textWith((text) => {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return undefined;
  const wayOut = /^[0-9a-f]{64}$/.test(text) ? `write "sha256:${text}"` : "copy it from: docker buildx imagetools inspect IMAGE";
  return { allowed: "sha256: and 64 hexadecimal digits in lower case", wayOut };
});

/** The keys of a section that choose a container's image; `fallback` is the one that it has unless told otherwise. */
export function imageFields(fallback: string) {
  return {
    image: image.optional().meta({ description: "The container's image, with its version.", default: fallback }),
    digest: digest.optional().meta({ description: "The image's digest, for clusters that run nothing without." }),
  };
}

/** The same where no image can be anybody's default. */
export function requiredImage() {
  return {
    image: image.meta({ description: "The container's image, with its version." }),
    digest: digest.optional().meta({ description: "The image's digest, for clusters that run nothing without." }),
  };
}

/**
 * The same where nobody publishes one.
 * @param wayOut how to come by it
 */
export function unpublishedImage(wayOut: string) {
  return {
    image: image.meta({ description: `The container's image, with its version; nobody publishes one: ${wayOut}.`, missing: wayOut }),
    digest: digest.optional().meta({ description: "The image's digest, for clusters that run nothing without." }),
  };
}

/** The image as a container names it. */
export function pinnedImage(
  given: { readonly image?: string | undefined; readonly digest?: string | undefined },
  fallback: string,
): string {
  const chosen = given.image ?? fallback;
  return given.digest === undefined ? chosen : `${chosen}@${given.digest}`;
}
