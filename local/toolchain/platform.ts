/** Operating system and architecture as Go names them, e.g. `linux-amd64`. */
export type Platform = `${string}-${string}`;

const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** The platform that this process runs on. */
export function hostPlatform(): Platform {
  return `${process.platform}-${architectures[process.arch] ?? process.arch}`;
}
