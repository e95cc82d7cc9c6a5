import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../local/paths";
import { type Sections, shippedSections } from "./shippedProgram";

const allowedSources = ["198.51.100.0/24"];

/** A section that a page of the documentation shows for production. */
function documented(page: string, section: string): Sections {
  const text = fs.readFileSync(path.join(projectRoot, "docs", page), "utf8");
  const blocks = [...text.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, block = ""]) => parse(block) as Sections);
  const found = blocks
    .filter((block) => block[section]?.["protect"] === true || section === "trustplane:ingressNginx")
    .find((block) => section in block);
  if (found === undefined) throw new Error(`docs/${page} shows no ${section} for production`);
  return found;
}

/** Upstream's scripts are files of the user's. */
function withScripts(sections: Sections): Sections {
  const { schema } = sections["trustplane:geocube"]?.["database"] as { readonly schema: Record<string, unknown> };
  for (const key of ["create", "queue"])
    schema[key] = { file: path.join("local", "geocube", `${key === "queue" ? "create_table" : key}.sql`) };
  return sections;
}

function changed(stack: string, section: string, keys: object): () => Sections {
  return () => {
    const sections = shippedSections(stack);
    return { ...sections, [section]: { ...sections[section], ...keys } };
  };
}

function registry(exposure: object): () => Sections {
  const { registry: given } = shippedSections("dev")["trustplane:workers"] ?? {};
  return changed("dev", "trustplane:workers", { registry: { ...(given as object), exposure, allowedSources } });
}

/** The shipped stacks, what documentation adds to them, and every way to expose something. */
export const stackVariants: Readonly<Record<string, () => Sections>> = {
  dev: () => shippedSections("dev"),
  prod: () => shippedSections("prod"),
  "prod with the documentation's Geocube": () =>
    withScripts({ ...shippedSections("prod"), ...documented("geocube.md", "trustplane:geocube") }),
  "prod with the documentation's ingress": () => ({ ...shippedSections("prod"), ...documented("platform.md", "trustplane:ingressNginx") }),
  "an ingress on node ports": changed("dev", "trustplane:ingressNginx", { exposure: { type: "nodePort", https: 30_443 } }),
  "an edge behind a load balancer": changed("dev", "trustplane:interlink", {
    exposure: { type: "loadBalancer", port: 443 },
    allowedSources,
  }),
  "an edge on host ports": changed("dev", "trustplane:interlink", { exposure: { type: "hostPort", port: 6443 } }),
  "an edge on a node port": changed("dev", "trustplane:interlink", { exposure: { type: "nodePort", port: 30_444 } }),
  "no edge": changed("dev", "trustplane:interlink", { exposure: { type: "direct" } }),
  "Geocube on a node port": changed("dev", "trustplane:geocube", {
    exposure: { type: "nodePort", address: "cubes.example.org", port: 30_555 },
    allowedSources,
  }),
  "Geocube behind an ingress": changed("dev", "trustplane:geocube", {
    exposure: { type: "ingress", host: "cubes.example.org" },
    allowedSources,
  }),
  "a registry behind a load balancer": registry({ type: "loadBalancer" }),
  "a registry behind an ingress": registry({ type: "ingress" }),
  Datashim: changed("dev", "trustplane:plexus", { ...shippedSections("dev")["trustplane:plexus"], datashim: {} }),
};
