import { textWith } from "./fields";

const LABELS = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/** A project of Google's cloud. @see https://cloud.google.com/resource-manager/docs/creating-managing-projects */
export const googleProject = textWith((text) =>
  /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/.test(text)
    ? undefined
    : {
        allowed: "a project's id: 6 to 30 lower-case letters, digits and -, a letter first",
        wayOut: "write the id, not the name or the number: gcloud projects list",
      },
);

/** A topic or a subscription of Pub/Sub. @see https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names */
export const pubsubName = textWith((text) => {
  if (/^(?!goog)[A-Za-z][-\w.~+%]{2,254}$/.test(text)) return undefined;
  const last = text.split("/").at(-1) ?? "";
  const allowed = "a name of Pub/Sub: 3 to 255 letters, digits and -._~+%, a letter first, not goog";
  return { allowed, wayOut: text.includes("/") && last !== "" ? `write ${JSON.stringify(last)} alone` : 'write it like "consolidations"' };
});

/** A secret of Google's Secret Manager. */
export const secretManagerName = textWith((text) =>
  /^[-\w]{1,255}$/.test(text)
    ? undefined
    : { allowed: "a secret's name: letters, digits, - and _, at most 255", wayOut: "write the name alone, without project and version" },
);

/** A service account of Google's cloud. */
export const googleServiceAccount = textWith((text) =>
  /^[-a-z0-9]+@[-a-z0-9.]+\.gserviceaccount\.com$/.test(text)
    ? undefined
    : { allowed: "a service account's address", wayOut: 'write it like "geocube@PROJECT.iam.gserviceaccount.com"' },
);

/** A folder of a bucket that Geocube writes to. */
export const bucketUri = textWith((text) => {
  const allowed = "gs://BUCKET/PREFIX, without a slash at its end";
  if (/^gs:\/\/[a-z0-9][-a-z0-9._]{1,220}[a-z0-9](\/[^/\s\p{Cc}]+)*$/u.test(text)) return undefined;
  if (text.startsWith("s3://")) {
    const reason = "Geocube writes to volumes and to Google's buckets; from S3 it only reads, and writing is not implemented upstream";
    return { allowed: `${allowed}: ${reason}`, wayOut: "use a volume (type: volume), and raster.s3 for images that are in S3" };
  }
  return { allowed, wayOut: text.startsWith("/") ? "for a path use type: volume" : 'write it like "gs://my-bucket/datasets"' };
});

/** What a client connects to: an IPv4 address or a DNS name. */
export const clientHost = textWith((text) =>
  new RegExp(`^${LABELS}(\\.${LABELS})*$`).test(text) && text.length <= 253
    ? undefined
    : { allowed: "an IPv4 address, or a DNS name in lower case", wayOut: "write it alone, without scheme, port or wildcard" },
);

/** Bytes as GDAL's adapter reads them. */
export const blockSize = textWith((text) =>
  /^[1-9]\d*\s?[kKmM]?[bB]?$/.test(text)
    ? undefined
    : { allowed: "a size in bytes, kb or Mb, more than nothing", wayOut: 'write it like "1Mb"' },
);
