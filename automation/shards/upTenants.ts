import { exitCode } from "../exitCode";
import type { Session } from "../session";
import { runStacks } from "../stacks/stackRun";
import { TenantsRun } from "./tenantsRun";

/** Brings the platform up, then its tenants in stacks of their own, side by side. */
export async function upTenants(session: Session, platform: (session: Session) => Promise<number>): Promise<number> {
  const run = new TenantsRun(session);
  run.refuseMassDelete();
  run.writePlacement();
  run.tell();
  const code = await platform(session);
  if (code !== exitCode.ok) return code;
  const jobs = run.jobs("up");
  const { outcomes, code: worst } = await runStacks(session, `tenants of ${session.stack}`, jobs);
  run.free(outcomes);
  return worst;
}
