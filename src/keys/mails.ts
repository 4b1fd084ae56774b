// The mails of keys. The name is its owner's own text. Where a key was found is a stranger's: it stands in the audit log, not here.
import type { Letter } from "../part/index.ts"

export interface KeyData {
  name: string
  /** `sk_live_Ab12` */
  prefix: string
}

export const keyCreated: Letter<KeyData> = {
  kind: "key_created",
  subject: (_, { productName }) => `A new ${productName} API key was made`,
  body: ({ name, prefix }, { baseUrl }) => [
    `An API key was made on your account. Whoever has it can spend your credits within its permissions.`,
    { text: `Its name is “${name}”, and it begins with`, code: prefix },
    "If it was you, there is nothing to do.",
    { text: "If it was not you, revoke the key and choose a new password:", link: `${baseUrl}/keys` },
  ],
  sample: { name: "Nightly report", prefix: "sk_live_Ab12" },
}

export const keyRevoked: Letter<KeyData> = {
  kind: "key_revoked",
  subject: (_, { productName }) => `A ${productName} API key was revoked`,
  body: ({ name, prefix }, { baseUrl }) => [
    { text: `Your API key “${name}” no longer works. It began with`, code: prefix },
    "If it was you, or somebody who runs your team, there is nothing to do. Programs that used it need a new one.",
    { text: "If not, look at your keys and choose a new password:", link: `${baseUrl}/keys` },
  ],
  sample: { name: "Nightly report", prefix: "sk_live_Ab12" },
}

export interface ReportedData extends KeyData {
  /** The key as a whole ended, not a secret that had been replaced. */
  isWhole: boolean
}

export const keyReported: Letter<ReportedData> = {
  kind: "key_reported",
  subject: (_, { productName }) => `Your ${productName} API key was found in public and revoked`,
  body: ({ name, prefix, isWhole }, { baseUrl }) => [
    { text: `Somebody found your API key “${name}” where others can read it. It begins with`, code: prefix },
    isWhole
      ? "The key no longer works, whoever uses it. Programs of yours that use it need a new one."
      : "That secret no longer works. You had replaced it already, and the newer one goes on working.",
    { text: "Look at what was spent with it, and make a new key:", link: `${baseUrl}/keys` },
  ],
  sample: { name: "Nightly report", prefix: "sk_live_Ab12", isWhole: true },
  others: [{ name: "Nightly report", prefix: "sk_live_Ab12", isWhole: false }],
}

export const KEY_LETTERS = [keyCreated, keyRevoked, keyReported] as const
