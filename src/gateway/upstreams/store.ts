// The only SQL of `gateway`: upstreams and their models. Calls themselves live in `usage` and `ledger`.
import { UpstreamId } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { MaxTokensField, Upstream } from "../types.ts"

export interface UpstreamRow {
  id: number
  public_id: string
  kind: string
  name: string
  base_url: string
  api_key_sealed: string | null
  price_provider: string
  enabled: number
  created_ms: number
  test_ms: number | null
  test_ok: number | null
  test_message: string | null
  max_tokens_field: MaxTokensField | null
}

export const upstreamRows = (reader: Reader): UpstreamRow[] => reader.all("SELECT * FROM upstreams ORDER BY id")

export const upstreamRow = (reader: Reader, publicId: string): UpstreamRow | null =>
  reader.get("SELECT * FROM upstreams WHERE public_id = ?", publicId)

export const nameTaken = (reader: Reader, name: string): boolean =>
  reader.get("SELECT 1 AS taken FROM upstreams WHERE name = ?", name) !== null

export const countUpstreams = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT COUNT(*) AS n FROM upstreams")!.n

export const modelsOf = (reader: Reader, upstreamId: number): string[] =>
  reader
    .all<{ model: string }>("SELECT model FROM upstream_models WHERE upstream_id = ? ORDER BY model", upstreamId)
    .map((row) => row.model)

export const extraFieldsOf = (reader: Reader, upstreamId: number): string[] =>
  reader
    .all<{ name: string }>("SELECT name FROM upstream_extra_fields WHERE upstream_id = ? ORDER BY name", upstreamId)
    .map((row) => row.name)

export const toUpstream = (row: UpstreamRow, models: string[], extraFields: string[], isLocal: boolean): Upstream => ({
  id: UpstreamId(row.id),
  publicId: row.public_id,
  kind: row.kind,
  isLocal,
  name: row.name,
  baseUrl: row.base_url,
  hasKey: row.api_key_sealed !== null,
  priceProvider: row.price_provider,
  enabled: row.enabled === 1,
  createdMs: row.created_ms,
  test:
    row.test_ms === null
      ? null
      : { atMs: row.test_ms, ok: row.test_ok === 1, message: row.test_message ?? "", models: models.length },
  models,
  maxTokensField: row.max_tokens_field,
  extraFields,
})

export function insertUpstream(
  tx: Tx,
  row: Pick<UpstreamRow, "public_id" | "kind" | "name" | "base_url" | "api_key_sealed" | "price_provider">,
): number {
  return tx.run(
    `INSERT INTO upstreams (public_id, kind, name, base_url, api_key_sealed, price_provider, enabled, created_ms, updated_ms)
     VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)`,
    row.public_id,
    row.kind,
    row.name,
    row.base_url,
    row.api_key_sealed,
    row.price_provider,
    tx.now,
    tx.now,
  ).lastInsertRowid
}

export const setAccount = (
  tx: Tx,
  id: number,
  set: Pick<UpstreamRow, "base_url" | "api_key_sealed" | "price_provider" | "max_tokens_field">,
): void =>
  void tx.run(
    `UPDATE upstreams SET base_url = ?, api_key_sealed = ?, price_provider = ?, max_tokens_field = ?, test_ms = NULL,
       test_ok = NULL, test_message = NULL, updated_ms = ? WHERE id = ?`,
    set.base_url,
    set.api_key_sealed,
    set.price_provider,
    set.max_tokens_field,
    tx.now,
    id,
  )

export const setEnabled = (tx: Tx, id: number, enabled: boolean): void =>
  void tx.run("UPDATE upstreams SET enabled = ?, updated_ms = ? WHERE id = ?", enabled ? 1 : 0, tx.now, id)

export const setTest = (tx: Tx, id: number, ok: boolean, message: string): void =>
  void tx.run(
    "UPDATE upstreams SET test_ms = ?, test_ok = ?, test_message = ?, updated_ms = ? WHERE id = ?",
    tx.now,
    ok ? 1 : 0,
    message,
    tx.now,
    id,
  )

export function replaceExtraFields(tx: Tx, upstreamId: number, names: readonly string[]): void {
  tx.run("DELETE FROM upstream_extra_fields WHERE upstream_id = ?", upstreamId)
  for (const name of names)
    tx.run("INSERT INTO upstream_extra_fields (upstream_id, name) VALUES (?, ?)", upstreamId, name)
}

export function replaceModels(tx: Tx, upstreamId: number, models: readonly string[]): void {
  tx.run("DELETE FROM upstream_models WHERE upstream_id = ?", upstreamId)
  for (const model of models) {
    tx.run("INSERT INTO upstream_models (upstream_id, model) VALUES (?, ?) ON CONFLICT DO NOTHING", upstreamId, model)
  }
}
