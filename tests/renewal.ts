/** What `kubectl patch certificate` is told to have cert-manager issue a leaf before its time, as `cmctl renew` does. */
export function renewal(): readonly string[] {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, "");
  const issuing = { type: "Issuing", status: "True", reason: "ManuallyTriggered", message: "renewal by a test", lastTransitionTime };
  return ["--subresource=status", "--type=json", "-p", JSON.stringify([{ op: "add", path: "/status/conditions/-", value: issuing }])];
}
