// SQL of `tls`: what ACME needs to be remembered, sealed; in the database, so that a restored copy serves TLS at once.
import type { SealedColumn } from "../part/index.ts"
import type { Reader, Tx } from "../store/index.ts"

export type Remembered = "acme_account" | "acme_certificate"

export const PURPOSE = "acme"

export const SEALED_CERTIFICATES: SealedColumn = {
  what: "certificate and account of ACME",
  table: "meta",
  blob: "CASE WHEN key IN ('acme_account', 'acme_certificate') THEN value END",
  assign: "value = ?",
  purpose: PURPOSE,
  columns: ["key"],
  place: (key = "") => key,
}

export const sealedOf = (reader: Reader, key: Remembered): string | null =>
  reader.get<{ value: string }>("SELECT value FROM meta WHERE key = ?", key)?.value ?? null

export const saveSealed = (tx: Tx, key: Remembered, value: string): void =>
  void tx.run(
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    key,
    value,
  )
