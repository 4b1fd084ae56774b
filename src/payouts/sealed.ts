// Where money goes, sealed in its row. Opened for a file to a bank and for a transfer, by nobody else.
import type { Keyring } from "../app/index.ts"
import { type SealedColumn, sealIn } from "../part/index.ts"
import type { Tx } from "../store/index.ts"
import type { Destination } from "./types.ts"

const PURPOSE = "payouts"
const place = (publicId: string): string => `payout_methods:sealed:${publicId}`

export const SEALED_METHODS: SealedColumn = {
  what: "accounts that payouts go to",
  table: "payout_methods",
  blob: "sealed",
  assign: "sealed = ?",
  purpose: PURPOSE,
  columns: ["public_id"],
  place,
}

export const sealDestinationIn = (tx: Tx, keyring: Pick<Keyring, "seal">, publicId: string, to: Destination): string =>
  sealIn(tx, keyring, SEALED_METHODS, [publicId], JSON.stringify(to))

/** @throws KeyringError where another master key sealed it */
export const openDestination = (keyring: Pick<Keyring, "open">, publicId: string, sealed: string): Destination =>
  JSON.parse(keyring.open(PURPOSE, place(publicId), sealed)) as Destination
