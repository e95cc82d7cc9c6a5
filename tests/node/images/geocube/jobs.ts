import * as path from "node:path";
import { upload } from "./filesystem";
import { connected, literal } from "./psql";

/** What becomes of a job. @see https://github.com/airbusgeo/geocube/blob/05ec95e9df78b98ea0bf5300acf506d67cacfc59/internal/geocube/consolidation_event.go */
export interface JobEvent {
  readonly JobID: string;
  readonly Status: "JobCreated" | "ConsolidationOrdersPrepared" | "ConsolidationDone" | "ConsolidationFailed" | "CancelledByUser";
}

/** What became of a task. */
export interface TaskEvent {
  readonly JobID: string;
  readonly TaskID: string;
  readonly Status: "TaskSuccessful" | "TaskFailed" | "TaskIgnored" | "TaskCancelled";
  readonly Error: string;
}

/** What a consolidater is to do: make one file of several. */
export interface Order {
  readonly JobID: string;
  readonly TaskID: string;
  readonly Datasets: readonly string[];
  readonly ContainerURI: string;
}

interface Around {
  /** Of the database. */
  readonly connection: string;
  readonly ingestionStorage: string;
  readonly cancelledJobs: string;
  readonly publishEvent: (event: JobEvent) => Promise<void>;
  readonly publishOrder: (order: Order) => Promise<void>;
}

/**
 * Jobs of one task each, whose state is in the database and moves on by the events of the queue alone, as upstream's do.
 * @see https://github.com/airbusgeo/geocube/blob/012039fd829f5d78137d988dfdddbc8272382530/internal/svc/consolidater.go
 */
export class Jobs {
  constructor(private readonly around: Around) {}

  async sql(text: string): Promise<readonly (readonly string[])[]> {
    return connected(this.around.connection, (session) => session.rows(text));
  }

  async create(id: string, name: string, instance: string, layout: string): Promise<void> {
    const payload = literal(JSON.stringify({ instance, layout }));
    await this.sql(`INSERT INTO geocube.jobs (id, name, payload, state) VALUES (${literal(id)}, ${literal(name)}, ${payload}, 'NEW')`);
    await this.around.publishEvent({ JobID: id, Status: "JobCreated" });
  }

  /** Marks the task where the consolidaters look. */
  async cancel(id: string): Promise<void> {
    await this.enter(id, "CONSOLIDATIONCANCELLING");
    await upload(`${this.around.cancelledJobs}/${id}_${id}`, "");
    await this.enter(id, "ABORTED");
  }

  async handle(event: JobEvent | TaskEvent): Promise<void> {
    if ("TaskID" in event) await this.handleTask(event);
    else if (event.Status === "JobCreated") {
      await this.enter(event.JobID, "CONSOLIDATIONINPROGRESS");
      await this.around.publishOrder(await this.order(event.JobID));
    } else if (event.Status === "ConsolidationDone") await this.index(event.JobID);
    else if (event.Status === "ConsolidationFailed") await this.enter(event.JobID, "CONSOLIDATIONFAILED");
  }

  private async handleTask({ JobID, Status }: TaskEvent): Promise<void> {
    if (Status === "TaskCancelled") return;
    await this.around.publishEvent({ JobID, Status: Status === "TaskFailed" ? "ConsolidationFailed" : "ConsolidationDone" });
  }

  private async enter(id: string, state: string): Promise<void> {
    await this.sql(`UPDATE geocube.jobs SET state = ${literal(state)} WHERE id = ${literal(id)}`);
  }

  private async order(id: string): Promise<Order> {
    const from = `FROM geocube.jobs JOIN geocube.datasets ON instance_id = (payload ->> 'instance')::uuid WHERE jobs.id = ${literal(id)}`;
    const rows = await this.sql(`SELECT container_uri, payload ->> 'layout', instance_id ${from} ORDER BY container_uri`);
    const [, layout = "", instance = ""] = rows[0] ?? [];
    const ContainerURI = path.join(this.around.ingestionStorage, layout, instance, "1.tif");
    return { JobID: id, TaskID: id, Datasets: rows.map(([uri = ""]) => uri), ContainerURI };
  }

  private async index(id: string): Promise<void> {
    const { ContainerURI } = await this.order(id);
    await this.sql(`INSERT INTO geocube.containers (uri, managed) VALUES (${literal(ContainerURI)}, true) ON CONFLICT DO NOTHING`);
    await this.enter(id, "DONE");
  }
}
