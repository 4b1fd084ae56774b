// A restored database knows that it is one: a note in it, written before it takes its place, that the next start acts upon.
import { Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import type { Reader, Tx } from "../store/index.ts"
import { dropMetaIn, metaOf, writeMeta } from "./store.ts"

const KEY = "restored"

const Note = Type.Object({
  /** When it was restored, by this machine's clock. */
  atMs: Type.Integer(),
  /** The replica's address, or the file's path. */
  source: Type.String({ maxLength: 4_000 }),
  /** The folder of the replica; null = it came from a file. */
  epoch: Type.Union([Type.Null(), Type.Integer()]),
  /** What was asked for, where it was not the newest: `at 2026-11-27T09:00:00.000Z`, `txid 00000000000000ff`. */
  asked: Type.Union([Type.Null(), Type.String({ maxLength: 200 })]),
  /** Its last commit, as the database tells time. */
  lastMs: Type.Integer(),
  /** Last sign of life of the server that wrote it; null = nobody knows. */
  aliveMs: Type.Union([Type.Null(), Type.Integer()]),
  /** That server stopped in order, and had sent everything. */
  complete: Type.Boolean(),
})
export interface RestoreNote {
  atMs: number
  source: string
  epoch: number | null
  asked: string | null
  lastMs: number
  aliveMs: number | null
  complete: boolean
}

/** Into a database file that nobody has open. */
export const writeRestoreNote = (path: string, note: RestoreNote): void => writeMeta(path, KEY, JSON.stringify(note))

/** null = this database was not restored since the last start that answered anybody. */
export function readRestoreNote(reader: Reader): RestoreNote | null {
  const text = metaOf(reader, KEY)
  return text === null ? null : (Value.Decode(Note, JSON.parse(text)) as RestoreNote)
}

export const dropRestoreNoteIn = (tx: Tx): void => dropMetaIn(tx, KEY)
