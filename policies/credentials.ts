/** Names of settings that hold a credential, and not a reference to one. */
const names =
  /(^|[^a-z])(passw(or)?d|passphrase|pwd|secret[-_]?(access[-_]?)?key|private[-_]?key|api[-_]?key|auth[-_]?token|access[-_]?token|bearer|client[-_]?secret|credentials?)$/i;

/** Camel case has no separator before the last word. */
const camelNames = /[a-z](Password|Passphrase|PrivateKey|ApiKey|AccessToken|AuthToken|ClientSecret)$/;

/** What a credential looks like, whatever it is called. */
const values: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z]+ )*PRIVATE KEY-----/, "a private key"],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/, "a JSON web token"],
  [/\bAKIA[0-9A-Z]{16}\b/, "an AWS access key"],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}\b/, "a GitHub token"],
  [/\bglpat-[\w-]{20,}\b/, "a GitLab token"],
  [/"private_key_id"\s*:\s*"[0-9a-f]+"/, "a Google service account's key"],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@$]+:[^\s/@$]+@/i, "an address with a password"],
];

/** What kind of credential a text is, by its looks; undefined where it looks like none. */
export function credentialIn(text: string): string | undefined {
  return values.find(([pattern]) => pattern.test(text))?.[1];
}

/** Whether a setting of this name holds a credential where it holds a literal. */
export function isCredentialName(name: string): boolean {
  return names.test(name) || camelNames.test(name);
}

/** A literal that says nothing: empty, a reference to a variable, a file's path or a switch. */
function isHarmless(text: string): boolean {
  return text === "" || /^\$[({]/.test(text) || /^\/[\w./-]+$/.test(text) || /^(true|false|\d{1,5})$/.test(text);
}

/** What a setting gives away; never its value. */
export function literalCredential(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return credentialIn(text) ?? (isCredentialName(name) && !isHarmless(text) ? "a credential by its name" : undefined);
}
