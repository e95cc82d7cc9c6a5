import type { Platform } from "./platform";
import type { Toolchain } from "./toolchain";
import type { VersionRange } from "./versionRange";

/**
 * How a download is checked, by SHA-256. `pinned` is what the publisher announced for it. Where that could not be learnt for certain, it is read
 * from the publisher's own checksum file at `publishedAt` over TLS, which guards against damage but not against a release that was changed.
 */
export type Checksum = { readonly pinned: string } | { readonly publishedAt: string };

/** An official release: the program itself, or a `.tar.gz` whose `members` are unpacked without their first folder. */
export interface Release {
  readonly url: string;
  readonly checksum: Checksum;
  readonly members?: readonly string[];
}

/** A folder of `local/toolchain/modules`, and what is set when its programs are linked. */
export interface GoModule {
  readonly folder: string;
  /** Build tags, which leave out what wants libraries of the machine. */
  readonly tags?: readonly string[];
  /** Values of Go variables, as `path/of/package.variable=value`. */
  readonly variables?: readonly string[];
  /** Files that a program of this project embeds, by its own path of each, and the files of another module that they are. */
  readonly copies?: { readonly module: string; readonly files: Readonly<Record<string, string>> };
  /** Memory that linking takes, where it is more than most machines have left. */
  readonly gibibytes?: number;
}

/** Unpacks a tool's Debian package into a folder, so that the tool is `<folder>/<name>`, and gives its version. */
export type UnpackPackage = (spec: ToolSpec, folder: string, toolchain: Toolchain, onDetail: (text: string) => void) => Promise<string>;

/** One tool and where it can come from. An origin that is not given does not exist for it. */
export interface ToolSpec<Name extends string = string> {
  readonly name: Name;
  /** The version that is downloaded or built. */
  readonly version: string;
  readonly licence: string;
  /** Which versions on PATH fit, and the arguments that make the program print its own. */
  readonly onPath?: { readonly versionArguments: readonly string[]; readonly fits: VersionRange };
  readonly releases?: Readonly<Partial<Record<Platform, Release>>>;
  /** A package that begins with `./` is a program of this project, whose text is then a part of the tool's version. */
  readonly go?: { readonly module: GoModule; readonly package: string };
  readonly debianPackage?: string;
  /** How the package becomes the tool. @default its program is `<name>` in one of the usual folders */
  readonly unpack?: UnpackPackage;
}
