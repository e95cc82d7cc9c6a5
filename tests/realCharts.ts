import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { certManagerChart } from "../components/platform/certManager";

/** The folder of a Go module at a version, which Go downloads where its cache lacks it. */
function moduleFolder(module: string): string {
  const answer = execFileSync("go", ["mod", "download", "-json", module], { encoding: "utf8", cwd: path.parse(process.cwd()).root });
  return (JSON.parse(answer) as { readonly Dir: string }).Dir;
}

/** cert-manager's own chart, of the version that is installed by default; it lies in the module that the embedded control plane's controllers are built from. */
export function certManagerFolder(): string {
  return path.join(moduleFolder(`github.com/cert-manager/cert-manager@${certManagerChart.version}`), "deploy", "charts", "cert-manager");
}

/** ingress-nginx' own chart, 4.11.0: the newest that is to be had as a Go module. */
export function ingressNginxFolder(): string {
  return path.join(moduleFolder("k8s.io/ingress-nginx@v0.0.0-20240708192948-52c50467d67d"), "charts", "ingress-nginx");
}
