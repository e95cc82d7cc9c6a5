import { nsa, own } from "../frameworks";
import { containerRule, podRule, when } from "../podTemplates";
import type { Finding } from "../rule";

/** What an image's reference says. */
interface Image {
  /** `docker.io/library/nginx`, with what a short name leaves out. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** @see https://github.com/distribution/reference */
export function parseImage(reference: string): Image {
  const [named = "", digest] = reference.split("@");
  const [, path = named, tag] = /^(.+?)(?::([\w][\w.-]{0,127}))?$/.exec(named) ?? [];
  const [host = "", ...rest] = path.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(host) || host === "localhost");
  const short = rest.length === 0 ? `library/${path}` : path;
  return { repository: isHost ? path : `docker.io/${short}`, tag, digest };
}

function below(repository: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => repository === prefix || repository.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`));
}

export const requireImageVersion = containerRule(
  {
    name: "require-image-version",
    title: "Images have a version.",
    severity: "high",
    level: "mandatory",
    frameworks: [nsa("C-0075"), own("supply chain")],
    remediation: ["Write a version's tag or a digest; latest and no tag change under the workload."],
    scopes: ["images"],
  },
  (container) => {
    const image = container.at("image").text();
    if (image === undefined) return [];
    const { tag, digest } = parseImage(image);
    const message = `runs ${image}, which has no version; write a tag other than latest, or a digest`;
    return digest === undefined && (tag === undefined || tag === "latest") ? [{ message, value: { images: [image] } }] : [];
  },
);

export const requireImageDigest = containerRule(
  {
    name: "require-image-digest",
    title: "Images are pinned by digest.",
    severity: "low",
    level: "advisory",
    frameworks: [own("supply chain")],
    remediation: ["Append @sha256:… as the registry names it: crane digest IMAGE."],
    scopes: ["images"],
  },
  (container) => undigested(container.at("image").text()),
);

export const requireOwnImageDigest = containerRule(
  {
    name: "require-own-image-digest",
    title: "Images that the platform itself chooses (trustplane:policies.ownImages) are pinned by digest.",
    severity: "high",
    level: "mandatory",
    frameworks: [own("supply chain")],
    remediation: ["Append @sha256:… as the registry names it: crane digest IMAGE."],
    scopes: ["images"],
  },
  (container, _, { ownImages }) => {
    const image = container.at("image").text();
    return image !== undefined && below(parseImage(image).repository, ownImages) ? undigested(image) : [];
  },
);

function undigested(image: string | undefined): readonly Finding[] {
  if (image === undefined || parseImage(image).digest !== undefined) return [];
  return [{ message: `runs ${image} without digest; append @sha256:…`, value: { images: [image] } }];
}

export const limitImageRegistries = containerRule(
  {
    name: "limit-image-registries",
    title: "Images come from the registries that the stack allows (trustplane:policies.imageRegistries).",
    severity: "high",
    level: "mandatory",
    frameworks: [nsa("C-0001"), own("supply chain")],
    remediation: ["Mirror the image to an allowed registry, or add the registry to trustplane:policies.imageRegistries."],
    scopes: ["images"],
  },
  (container, _, { imageRegistries }) => {
    const image = container.at("image").text();
    if (image === undefined || imageRegistries.length === 0 || below(parseImage(image).repository, imageRegistries)) return [];
    return [{ message: `runs ${image}; allowed are images of ${imageRegistries.join(", ")}`, value: { images: [image] } }];
  },
);

export const requireImagePullSecrets = podRule(
  {
    name: "require-image-pull-secrets",
    title: "Pods name a pull secret for registries that want a login (trustplane:policies.privateRegistries).",
    severity: "low",
    level: "advisory",
    frameworks: [own("supply chain")],
    remediation: ["Name the pull secret in imagePullSecrets."],
  },
  ({ spec, containers }, { privateRegistries }) => {
    const secrets = spec.at("imagePullSecrets");
    if (secrets.isUnknown() || secrets.items().length > 0) return [];
    return containers.flatMap(({ name, at }) => {
      const image = at("image").text();
      const wants = image !== undefined && below(parseImage(image).repository, privateRegistries);
      const message = `container ${name} runs ${image ?? ""} of a registry that wants a login; name a pull secret in imagePullSecrets`;
      return when(wants, message).map((finding) => ({ ...finding, container: name }));
    });
  },
);

export const imageRules = [requireImageVersion, requireImageDigest, requireOwnImageDigest, limitImageRegistries, requireImagePullSecrets];
