import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  JsonObject,
  Provider,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../server/provider";
import { check } from "./check";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import type { Session } from "./session";
import { update } from "./update";

/** What a kind of resource can do. */
export type Resource = Pick<Provider, "check" | "create" | "delete" | "diff" | "read" | "update">;

/** Resources that are one object on the API server, and patches of one. */
export class ObjectResource implements Resource {
  constructor(private readonly session: Session) {}

  check(request: CheckRequest): Promise<CheckResult> {
    return check(this.session, request);
  }

  diff(request: DiffRequest): Promise<DiffResult> {
    return diff(this.session, request);
  }

  create(request: CreateRequest): Promise<CreateResult> {
    return create(this.session, request);
  }

  update(request: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
    return update(this.session, request);
  }

  read(request: ReadRequest): Promise<ReadResult> {
    return read(this.session, request);
  }

  delete(request: DeleteRequest): Promise<void> {
    return remove(this.session, request);
  }
}
