import * as kubernetes from "@pulumi/kubernetes/package.json";
import * as random from "@pulumi/random/package.json";
import * as tls from "@pulumi/tls/package.json";
import type { WantedPlugin } from "./officialPlugin";

/** The provider plugins that the program needs, in the versions of its SDKs. */
export const wantedPlugins: readonly WantedPlugin[] = [
  { name: "kubernetes", version: kubernetes.version },
  { name: "random", version: random.version },
  { name: "tls", version: tls.version },
];
