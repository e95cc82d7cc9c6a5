import { apiserverSchema, autoscalerSchema, consolidaterSchema, downloaderSchema } from "./geocubePartSchemas";
import { geocubeSchema, type ReadableGeocube } from "./geocubeSchema";
import { lenient } from "./lenient";

/** Without what cannot be read, key by key in each part as well, so that the rules of all others are still told. */
const readable = lenient({
  ...geocubeSchema.shape,
  apiserver: lenient(apiserverSchema.shape),
  consolidater: lenient(consolidaterSchema.shape),
  autoscaler: lenient(autoscalerSchema.shape).optional(),
  downloader: lenient(downloaderSchema.shape).optional(),
});

/** The section as far as it can be read. */
export function readableGeocube(section: unknown): ReadableGeocube | undefined {
  return readable.safeParse(section).data;
}
