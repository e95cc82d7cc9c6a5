import { unknownValue } from "../../config/unknownValue";
import { masked } from "../deployment";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export const unknownText = "(known after the update)";

/** Texts that are secrets by their form, whoever wrote them where. */
const forms: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\b(?:gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|pul-[0-9a-f]{20,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,})/g,
  /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/g,
  /(?<=\bBearer )[\w.~+/-]{8,}=*/gi,
  /(?<=[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi,
  /(?<=\b(?:password|passwd|pwd|api[_-]?key|access[_-]?key)["']?\s?[=:]\s?["']?)[^\s"'&,;]{3,}/gi,
  /(?<=\b(?:secret|token)=["']?)[^\s"'&,;]{3,}/gi,
];

/** PEM in base64, as a Secret's data and a kubeconfig have it; what is in it tells a key from a certificate. */
const base64Pem = /LS0tLS1CRUdJTi[A-Za-z0-9+/]*={0,2}/g;

function withoutKey(base64: string): string {
  return Buffer.from(base64, "base64").toString("latin1").includes("PRIVATE KEY") ? masked : base64;
}

/** Names of properties and variables that hold a secret; those that only say where one is do not count. */
const secretName = /(?:password|passwd|secret|token|credential|private[_-]?key|api[_-]?key|access[_-]?key|htpasswd|passphrase)/i;
const reference = /(?:name|names|ref|refs|path|file|dir|class|type|namespace|key|id|seconds|hours|policy|count|length)$/i;
const privateKeyName = /(?:private|api|access)[_-]?key(?:pem)?$/i;

function namesSecret(name: string): boolean {
  return secretName.test(name) && (privateKeyName.test(name) || !reference.test(name));
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the engine says that a value is secret. */
export function isMarkedSecret(value: unknown): boolean {
  return isFields(value) && value[signatureKey] === secretSignature;
}

/** Takes secrets out of text: those with the form of one, and values that the stack's state holds as secrets. */
export class SecretFilter {
  private readonly known: readonly string[];

  /**
   * @param state the stack's state as exported, with its secrets in plain text
   * @param others more secrets, as the configuration holds them: text, or an object as JSON
   */
  constructor(state: unknown = {}, others: readonly string[] = []) {
    const found = new Set<string>();
    collectSecrets(state, found, false);
    for (const secret of others) collectSecrets(parsed(secret), found, true);
    this.known = [...found].filter(isTelling).sort((one, other) => other.length - one.length);
  }

  /** `text` with `[secret]` for each secret in it. */
  text(text: string): string {
    const withoutForms = forms.reduce((rest, form) => rest.replace(form, masked), text).replace(base64Pem, withoutKey);
    return this.known.reduce((rest, secret) => rest.replaceAll(secret, masked), withoutForms);
  }

  /**
   * A resource's inputs fit to be shown: the engine's marked secrets, the data of Kubernetes Secrets, values under a name that says so and
   * text that looks like a secret read `[secret]`. What is not known yet says so.
   */
  inputs(type: string, inputs: Fields): Fields {
    const whole = this.value(inputs, "") as Fields;
    return /^kubernetes:core\/v1:Secret(?:Patch)?$/.test(type) ? withSecretData(whole) : whole;
  }

  private value(value: unknown, name: string): unknown {
    if (isMarkedSecret(value)) return masked;
    if (typeof value === "string")
      return value === unknownValue ? unknownText : namesSecret(name) && value !== "" ? masked : this.text(value);
    if (Array.isArray(value)) return value.map((item: unknown) => this.value(item, name));
    if (!isFields(value)) return value;
    // an environment variable: the name beside the value says what it is
    const said = typeof value.name === "string" && typeof value.value === "string" ? value.name : undefined;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.text(key), this.value(item, said !== undefined && key === "value" ? said : key)]),
    );
  }
}

function withSecretData(secret: Fields): Fields {
  const hidden = (data: unknown): unknown =>
    isFields(data) ? Object.fromEntries(Object.keys(data).map((key) => [key, masked])) : data === undefined ? undefined : masked;
  return { ...secret, data: hidden(secret.data), stringData: hidden(secret.stringData) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A short or plain word may be a secret by accident: masking it everywhere would hide harmless text. */
function isTelling(text: string): boolean {
  if (text.length < 8 || /\s/.test(text)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(text)).length;
  return classes === 3 || (text.length >= 24 && classes >= 2 && !/[/.:]/.test(text));
}

function collectSecrets(value: unknown, found: Set<string>, secret: boolean): void {
  if (typeof value === "string") {
    if (secret) found.add(value.trim());
  } else if (Array.isArray(value)) {
    for (const item of value) collectSecrets(item, found, secret);
  } else if (isFields(value)) {
    if (isMarkedSecret(value)) collectPlaintext(value.plaintext, found);
    else for (const item of Object.values(value)) collectSecrets(item, found, secret);
  }
}

function collectPlaintext(plaintext: unknown, found: Set<string>): void {
  if (typeof plaintext === "string") collectSecrets(JSON.parse(plaintext) as unknown, found, true);
}
