import * as path from "node:path";
import type { Session } from "../session";
import { exitCode, Failure } from "../exitCode";
import { gateArguments } from "../gates";
import { type Placement, place, placementOf, type Shard } from "./placement";
import { PlacementFile } from "./placementFile";
import { ShardConfig, shardStackName } from "./shardConfig";
import { shardObjects, tenantsFolder } from "./shardOptions";
import type { StackJob, StackOutcome } from "../stacks/stackPool";
import { readTenantFolder } from "./tenantFiles";
import { shardOwnObjects } from "./tenantObjects";
import { checkTenants, type Tenant } from "./tenants";

/** The tenants of a folder, each with its shard. */
export class TenantsRun {
  readonly shards: readonly Shard[];
  private readonly tenants: ReadonlyMap<string, Tenant>;
  private readonly config: ShardConfig;
  private readonly file: PlacementFile;
  private readonly before: Placement;
  private readonly limit: number;

  /** Reads and judges everything, and changes nothing. @throws Failure or TenantsError */
  constructor(private readonly session: Session) {
    const { root, stack } = session;
    const folder = tenantsFolder(session);
    this.config = new ShardConfig(root, stack);
    this.config.requirePlexus();
    this.limit = shardObjects(session);
    const tenants = checkTenants(stack, readTenantFolder(root, folder), this.config);
    this.tenants = new Map(tenants.map((tenant) => [tenant.name, tenant]));
    this.file = new PlacementFile(path.resolve(root, folder), stack);
    this.before = this.file.read();
    if (tenants.length + this.before.size === 0)
      throw new Failure(
        `--tenants ${folder}: there is no tenant in it, and none had a place. Add one YAML file a tenant (docs/shards.md).`,
      );
    this.shards = place(this.before, tenants, { objects: this.limit, own: shardOwnObjects });
  }

  /** One line for everything that is new about where tenants are. */
  tell(): void {
    for (const shard of this.shards) {
      const stack = shardStackName(this.session.stack, shard.number);
      const total = shard.objects + shardOwnObjects;
      if (shard.arriving.length > 0) this.session.progress.line(`${stack}: takes ${shard.arriving.join(", ")}`);
      if (shard.leaving.length > 0)
        this.session.progress.line(`${stack}: loses ${shard.leaving.join(", ")}, of whom there is no file any more`);
      if (total > this.limit)
        this.session.progress.line(`${stack}: has ${total} objects, more than ${this.limit}: it takes no more tenants, and moves none`);
    }
  }

  /** Refuses to take away more than a quarter of the tenants, and more than one, without being told that this is meant. */
  refuseMassDelete(): void {
    const leaving = this.shards.flatMap((shard) => shard.leaving);
    if (this.session.given.has("allow-mass-delete") || leaving.length < 2 || leaving.length <= this.before.size / 4) return;
    throw new Failure(
      `refused: of ${this.before.size} tenants ${leaving.length} have no file any more: ${leaving.join(", ")}. Their namespaces would be deleted, with everything in them. ` +
        `Nothing was changed. Restore the files in ${tenantsFolder(this.session)}; if this is meant: npm run up -- --allow-mass-delete with the same arguments`,
      exitCode.gate,
    );
  }

  /** Records who is where, before anything is made. */
  writePlacement(): void {
    this.file.write(placementOf(this.shards, () => true));
  }

  /** The settings of every shard, and what is to be done with it. */
  jobs(script: "up" | "preview"): readonly StackJob[] {
    return this.shards.map(({ number, tenants }) => {
      this.config.write(
        number,
        tenants.map((name) => this.tenants.get(name)?.given),
      );
      const update = tenants.length === 0 ? ("removeShard" as const) : ("updateShard" as const);
      const operation = script === "preview" ? script : update;
      const handedOn = [...gateArguments(this.session.given), "--yes"];
      return { stack: shardStackName(this.session.stack, number), operation, arguments: handedOn, tenants: tenants.length };
    });
  }

  /** Frees the places of those whose objects are gone. */
  free(outcomes: readonly StackOutcome[]): void {
    const done = new Set(outcomes.filter(({ result }) => result?.code === exitCode.ok).map(({ job }) => job.stack));
    this.file.write(placementOf(this.shards, ({ number }) => !done.has(shardStackName(this.session.stack, number))));
  }
}
