import type { PinnedChart } from "./chartSource";

/** The charts of the platform that are installed where the stack names no others. */
export const certManagerChart = {
  chart: "cert-manager",
  repository: "https://charts.jetstack.io",
  version: "v1.21.2",
} as const satisfies PinnedChart;

/** The last release before the project was retired. */
export const ingressNginxChart = {
  chart: "ingress-nginx",
  repository: "https://kubernetes.github.io/ingress-nginx",
  version: "4.15.1",
} as const satisfies PinnedChart;
