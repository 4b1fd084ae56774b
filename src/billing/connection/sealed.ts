// Secrets of the processor in rows: sealed by the master key, and found by it when a new one seals all anew.
import type { Keyring } from "../../app/index.ts"
import { type SealedColumn, sealIn } from "../../part/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { saveSecret, secretOf } from "./store.ts"
import type { SecretName } from "./types.ts"

const PURPOSE = "billing"
const place = (name: string): string => `billing_secrets:sealed:${name}`

export const SEALED_SECRETS: SealedColumn = {
  what: "keys of the payment service",
  table: "billing_secrets",
  blob: "sealed",
  assign: "sealed = ?",
  purpose: PURPOSE,
  columns: ["name"],
  place,
}

const HINT_CHARS = 4
export const hintOf = (secret: string): string => secret.slice(-HINT_CHARS)

export const saveSecretIn = (tx: Tx, keyring: Pick<Keyring, "seal">, name: SecretName, secret: string): void =>
  saveSecret(tx, { name, sealed: sealIn(tx, keyring, SEALED_SECRETS, [name], secret), hint: hintOf(secret) })

/** @throws KeyringError where another master key sealed it */
export function openSecret(reader: Reader, keyring: Pick<Keyring, "open">, name: SecretName): string | null {
  const row = secretOf(reader, name)
  return row === null ? null : keyring.open(PURPOSE, place(name), row.sealed)
}
