import type { KubernetesObject } from "../../preflight/clusterReader";
import { type Check, failed, type Finding, notRunHere, ok } from "../checks/check";
import type { DoctorContext } from "./doctorContext";

interface SigningRequest extends KubernetesObject {
  readonly spec?: { readonly signerName?: string };
  readonly status?: {
    readonly certificate?: string;
    readonly conditions?: readonly { readonly type: string; readonly lastUpdateTime?: string }[];
  };
}

const CERTIFICATES = "certificates.k8s.io";
const SIGNER = "kubernetes.io/kube-apiserver-client";

/** A signer that signs does so within this time after the approval. */
const PATIENCE = 60_000;

const OTHER_WAY = "choose another credential.type for the tenants: serviceAccount, or certificateAuthority (docs/plexus-credentials.md)";

async function mayApprove({ reviews, access }: DoctorContext): Promise<readonly Finding[]> {
  const needed = [
    { verb: "create", group: CERTIFICATES, resource: "certificatesigningrequests" },
    { verb: "get", group: CERTIFICATES, resource: "certificatesigningrequests" },
    { verb: "update", group: CERTIFICATES, resource: "certificatesigningrequests/approval" },
    { verb: "approve", group: CERTIFICATES, resource: "signers", name: SIGNER },
  ];
  const denied = await reviews.deniedToMe(needed);
  if (denied.length === 0) return [];
  const lacks = denied.map(({ verb }) => verb).join(", ");
  return [failed("approval", `the user of context ${access.context} may not request and approve certificates: ${lacks}`, OTHER_WAY)];
}

function signs(requests: readonly SigningRequest[]): Finding {
  const ours = requests.filter(({ spec }) => spec?.signerName === SIGNER);
  if (ours.some(({ status }) => status?.certificate !== undefined)) return ok(SIGNER, "has signed what was asked of it");
  const forgotten = ours.filter(({ status }) =>
    status?.conditions?.some(({ type, lastUpdateTime }) => type === "Approved" && Date.now() - Date.parse(lastUpdateTime ?? "") > PATIENCE),
  );
  if (forgotten.length === 0)
    return notRunHere(SIGNER, "nothing was asked of it yet, and a look changes nothing: the first tenant will show it");
  return failed(SIGNER, `${forgotten.length} requests are approved, and none is signed`, OTHER_WAY);
}

/** Where tenants' certificates are signed by the cluster, it can do that, and the deployer may ask it. */
export const signerCheck: Check<DoctorContext> = {
  name: "signer",
  async run(context, signal) {
    const tenants = context.config.plexus?.tenants ?? [];
    if (!tenants.some(({ credential }) => credential.type === "certificateSigningRequest")) return [];
    const reader = await context.open(signal);
    const { gitVersion = "" } = (await reader.find("/version")) as { readonly gitVersion?: string };
    if (gitVersion.includes("-eks-")) return [failed(SIGNER, `EKS (${gitVersion}) signs no certificates for clients`, OTHER_WAY)];
    const requests = await reader.list(`/apis/${CERTIFICATES}/v1/certificatesigningrequests`);
    return [...(await mayApprove(context)), signs(requests)];
  },
};
