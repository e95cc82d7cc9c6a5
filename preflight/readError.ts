/** Why something could not be checked: whoever was asked gave no answer that says anything, or refuses to give one to this user. */
export type Unread = "not checked" | "not permitted";

/** Codes of connections that broke off or went silent, as an overloaded server leaves them; who refuses one is not there at all. */
const BROKEN = ["ECONNRESET", "EPIPE", "ETIMEDOUT", "ABORT_ERR"];

/** The API server refused a request, or gave no answer. */
export class ReadError extends Error {
  constructor(
    message: string,
    /** The HTTP status; absent where there was no answer. */
    readonly status?: number,
    /** Node's code of what happened to the connection. */
    readonly code?: string,
    /** Milliseconds for which the server asks to be left alone. */
    readonly retryAfter = 0,
  ) {
    super(message);
  }

  /** Absent where the error says something about the cluster: nobody listens, the certificate is another's. */
  get unread(): Unread | undefined {
    if (this.status === 401 || this.status === 403) return "not permitted";
    return isBusy(this.status) || BROKEN.includes(this.code ?? "") ? "not checked" : undefined;
  }
}

/** Whether the status says that the server could not answer just now. */
function isBusy(status = 0): boolean {
  return status === 408 || status === 429 || status >= 500;
}
