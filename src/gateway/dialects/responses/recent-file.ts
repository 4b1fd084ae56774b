// What was just said, over a restart: a stop in order writes it as it is in memory, sealed with names that only callers have, into a file beside
// the database, and the next start reads it and deletes it. Not into the database: it would be in copies and logs for a month.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import type { Log } from "../../../app/index.ts"
import type { Generations, RecentItems } from "./recent.ts"

const VERSION = 1

/** The first line: lengths of what follows, in this order. */
interface Head {
  version: typeof VERSION
  turnedMs: number
  young: [name: string, bytes: number][]
  old: [name: string, bytes: number][]
}

export function saveRecent(items: RecentItems, path: string, log: Log): void {
  const { turnedMs, young, old } = items.known()
  if (young.size + old.size === 0) return
  const lengths = (all: ReadonlyMap<string, Buffer>): Head["young"] =>
    [...all].map(([name, { length }]) => [name, length])
  const head: Head = { version: VERSION, turnedMs, young: lengths(young), old: lengths(old) }
  const draft = `${path}.part`
  try {
    const bytes = [Buffer.from(`${JSON.stringify(head)}\n`), ...young.values(), ...old.values()]
    writeFileSync(draft, Buffer.concat(bytes), { mode: 0o600 })
    renameSync(draft, path)
  } catch (error) {
    log.warn("responses.items_not_saved", { error: (error as Error).message })
    rmSync(draft, { force: true })
  }
}

/** It is there once: a second process would know what the first has forgotten by then. */
export function loadRecent(items: RecentItems, path: string, log: Log): void {
  try {
    const bytes = readFileSync(path)
    rmSync(path, { force: true })
    const known = read(bytes)
    if (known) items.learn(known)
    else log.warn("responses.items_unreadable", { path })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      log.warn("responses.items_unreadable", { path, error: (error as Error).message })
  }
}

/** Null: it is cut off, or of another version. */
function read(bytes: Buffer): Generations | null {
  const end = bytes.indexOf("\n")
  const head = end < 0 ? null : (parsed(bytes.toString("utf8", 0, end)) as Head | null)
  if (head?.version !== VERSION) return null
  let at = end + 1
  const take = (lengths: Head["young"]): Map<string, Buffer> =>
    new Map(
      lengths.map(([name, length]) => {
        at += length
        return [name, bytes.subarray(at - length, at)]
      }),
    )
  const known = { turnedMs: head.turnedMs, young: take(head.young), old: take(head.old) }
  return at === bytes.length ? known : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
