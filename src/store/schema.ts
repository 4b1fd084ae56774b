// What stands in a database file, without opening it for writing: its schema, who wrote it, when, and how much.
import { assetFolder } from "../app/index.ts"
import { type Applied, loadMigrations, type Migration, MigrationError, refuseForeignHistory } from "./migrate.ts"
import { openReadOnly } from "./open.ts"
import type { Reader } from "./types.ts"

export interface Schema {
  applied: readonly Applied[]
  /** What this executable would still run. */
  pending: readonly Migration[]
  /** Why this executable must not open it; null = it may. */
  refused: string | null
  /** The version of Purser that opened it last. */
  writer: string | null
  /** Its newest commit, ms UTC; 0 = none yet. */
  lastCommitMs: number
  /** Rows that say how much happened: a copy that has fewer has lost something. */
  rows: Readonly<Record<Counted, number>>
}

/** `acts` of people, such as a suspension or a key that was revoked: what a process writes of itself is none. */
type Counted = "people" | "charges" | "transactions" | "acts"
const COUNTED: Readonly<Record<Counted, { table: string; where: string }>> = {
  people: { table: "users", where: "1" },
  charges: { table: "charges", where: "1" },
  transactions: { table: "transactions", where: "1" },
  acts: { table: "audit_log", where: "actor NOT LIKE 'system:%'" },
}

/** @throws OpenError when there is no database, or it cannot be read */
export function readSchema(path: string, migrationsFolder = assetFolder("migrations")): Schema {
  const reader = openReadOnly(path)
  try {
    return reader.snapshot(() => schemaOf(reader, loadMigrations(migrationsFolder)))
  } finally {
    reader.close()
  }
}

/** Reads the whole file. @returns what is wrong with it; null = it is whole */
export function checkWhole(path: string): string | null {
  const reader = openReadOnly(path)
  try {
    const found = reader.get<{ quick_check: string }>("PRAGMA quick_check(1)")?.quick_check ?? "no answer"
    return found === "ok" ? null : found
  } catch (error) {
    return (error as Error).message
  } finally {
    reader.close()
  }
}

function schemaOf(reader: Reader, known: Migration[]): Schema {
  const applied = has(reader, "schema_migrations")
    ? reader.all<Applied>("SELECT number, name, checksum FROM schema_migrations ORDER BY number")
    : []
  const writer = has(reader, "meta")
    ? (reader.get<{ value: string }>("SELECT value FROM meta WHERE key = 'version'")?.value ?? null)
    : null
  const last = has(reader, "last_commit")
    ? reader.get<{ atMs: number }>("SELECT at_ms AS atMs FROM last_commit WHERE id = 1")
    : null
  const counts = Object.entries(COUNTED).map(([name, counted]) => [name, countOf(reader, counted)] as const)
  return {
    applied,
    pending: known.slice(applied.length),
    refused: refusal(applied, known, writer),
    writer,
    lastCommitMs: last?.atMs ?? 0,
    rows: Object.fromEntries(counts) as Schema["rows"],
  }
}

const has = (reader: Reader, table: string): boolean =>
  reader.get("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", table) !== null

/** A table that a schema of another time does not have counts as empty. */
const countOf = (reader: Reader, { table, where }: (typeof COUNTED)[Counted]): number =>
  has(reader, table) ? reader.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`)!.n : 0

function refusal(applied: readonly Applied[], known: Migration[], writer: string | null): string | null {
  try {
    refuseForeignHistory(applied, known, writer)
    return null
  } catch (error) {
    if (error instanceof MigrationError) return error.message
    throw error
  }
}
