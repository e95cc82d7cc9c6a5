/** What `unshare` is told to start a first process with mounts, network, processes and host name of its own, which all end with it. */
export function ownNamespaces(propagation: "private" | "slave"): readonly string[] {
  return ["--mount", "--propagation", propagation, "--net", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];
}

/** The bottle's, for `setpriv`: it ends with the process that starts it. */
export const bottleArguments: readonly string[] = ["--pdeathsig", "KILL", "unshare", ...ownNamespaces("private")];
