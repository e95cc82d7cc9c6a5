import type { OpenStack } from "./workspace";

function stackArgument(name: string): string {
  return name === "dev" ? "" : ` --stack ${name}`;
}

/** A command that reads one output, e.g. into openssl. */
function outputCommand(stack: string, output: string): string {
  const script = `process.stdout.write(JSON.parse(require("fs").readFileSync(0, "utf8")).${output})`;
  return `npm run --silent outputs -- --json${stackArgument(stack)} | node -e '${script}'`;
}

/** Commands to paste after an update, run in the project's folder. */
export function nextSteps(open: Pick<OpenStack, "name" | "embedded">, outputs: Readonly<Record<string, unknown>>): readonly string[] {
  const { name, embedded } = open;
  const lines: string[] = [];
  if (embedded !== undefined) {
    const kubectl = "npm run kubectl -- get";
    lines.push(
      `${kubectl} namespaces,deployments,ingressclasses --all-namespaces`,
      `${kubectl} certificates,clusterissuers --all-namespaces`,
    );
  }
  if (typeof outputs.kubernetesApiCaCrt === "string") {
    lines.push(`${outputCommand(name, "kubernetesApiCaCrt")} | openssl x509 -noout -subject -enddate -fingerprint -sha256`);
  }
  const [tenant] = Object.keys(outputs.kubeconfigs ?? {});
  if (tenant !== undefined)
    lines.push(`mkdir -p ~/.kube && npm run kubeconfig -- --tenant ${tenant}${stackArgument(name)} --out ~/.kube/${tenant}.yaml`);
  lines.push(`npm run --silent outputs -- --json${stackArgument(name)}`);
  return lines;
}
