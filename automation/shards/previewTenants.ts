import { exitCode } from "../exitCode";
import type { Session } from "../session";
import { readState } from "../workspace";
import { stackOutputs } from "../deployment";
import { runStacks } from "../stacks/stackRun";
import { TenantsRun } from "./tenantsRun";

/** Shows what bringing up the platform and its tenants would change; the placement stays as it is. */
export async function previewTenants(session: Session, platform: (session: Session) => Promise<number>): Promise<number> {
  const run = new TenantsRun(session);
  run.refuseMassDelete();
  run.tell();
  const code = await platform(session);
  if (code !== exitCode.ok) return code;
  if (stackOutputs((await readState(session)) ?? {}, false)?.platform === undefined) {
    session.print(
      `its tenants' stacks read the outputs of ${session.stack}, which is not up yet: they can be previewed after its first update`,
    );
    return exitCode.ok;
  }
  return (await runStacks(session, `tenants of ${session.stack}`, run.jobs("preview"))).code;
}
