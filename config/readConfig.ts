import type { CertificateAuthorityConfig } from "./certificateAuthority";
import type { CertManagerConfig } from "./certManager";
import type { ClusterConfig } from "./cluster";
import type { IngressNginxConfig } from "./ingressNginx";

/** Everything that a stack's configuration says, checked and with its defaults. */
export interface StackConfig {
  readonly cluster: ClusterConfig;
  readonly certManager: CertManagerConfig;
  readonly certificateAuthority: CertificateAuthorityConfig;
  /** Absent where the stack has no internal ingress. */
  readonly ingressNginx?: IngressNginxConfig;
}
