// A copy of everything about a person, for that person: asked for with the password, made by a job, fetched with a session of theirs. The
// file lies beside the database, for its owner alone, and is there only under a row that says so.
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs"
import { open, rename } from "node:fs/promises"
import { join } from "node:path"
import { AppError, DAY_MS, PRODUCT_NAME, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { PRIVACY_LIMITS as L } from "./limits.ts"
import { copyFailed, copyReady } from "./mails.ts"
import {
  copyByPublicId,
  countTry,
  deleteOldCopies,
  insertCopy,
  liveFiles,
  markFailed,
  markReady,
  newestCopy,
  waitingCopy,
} from "./store.ts"
import type { Copy, ExportRow, PrivacyDeps } from "./types.ts"
import { EXPORT_PERSON, type ExportQuestion } from "./zip.ts"

const CTX: WriteContext = {
  actor: "system:make-exports",
  requestId: "job_make-exports",
  reason: "a person asked for a copy of their data",
}

const folderOf = ({ dataDir }: Pick<PrivacyDeps, "dataDir">): string => join(dataDir, "exports")
const pathOf = (deps: Pick<PrivacyDeps, "dataDir">, publicId: string): string => join(folderOf(deps), `${publicId}.zip`)

/** @see Privacy.copyOf */
export function copyOf({ store }: PrivacyDeps, userId: UserId): Copy | null {
  const row = newestCopy(store.read, userId)
  return (
    row && {
      publicId: row.publicId,
      state: row.state,
      askedMs: row.askedMs,
      bytes: row.bytes,
      expiresMs: row.expiresMs,
    }
  )
}

/** @see Privacy.nextCopyMs */
export function nextCopyMs({ store, clock }: PrivacyDeps, userId: UserId): number | null {
  const row = newestCopy(store.read, userId)
  const nextMs = (row?.askedMs ?? 0) + L.exportEveryMs
  return row && nextMs > clock.now() ? nextMs : null
}

/** @see Privacy.askCopyIn */
export function askCopyIn({ identity, ids }: PrivacyDeps, tx: Tx, userId: UserId): void {
  const user = identity.requireActiveIn(tx, userId)
  const before = newestCopy(tx, user.id)
  if (before?.state === "waiting")
    throw new AppError("conflict", "A copy is being made already. A mail says when it is ready.")
  const nextMs = (before?.askedMs ?? 0) + L.exportEveryMs
  if (before && nextMs > tx.now)
    throw new AppError("rate_limit_exceeded", "You can ask for one copy a day. Try again tomorrow.", {
      retryAfterSeconds: Math.ceil((nextMs - tx.now) / 1_000),
    })
  insertCopy(tx, { userId: user.id, publicId: ids.next("exp") })
  auditIn(tx, { action: "user.copy_asked", subject: user.publicId })
}

/** @see Privacy.fileOf */
export function fileOf(deps: PrivacyDeps, userId: UserId, publicId: string): string | null {
  const row = copyByPublicId(deps.store.read, userId, publicId)
  if (row?.state !== "ready" || (row.expiresMs ?? 0) <= deps.clock.now()) return null
  const path = pathOf(deps, row.publicId)
  return existsSync(path) ? path : null
}

/** @see Privacy.makeCopy */
export async function makeCopy(deps: PrivacyDeps, signal: AbortSignal): Promise<boolean> {
  const { store, identity, log } = deps
  const row = waitingCopy(store.read)
  if (!row) return false
  const tries = await store.write(CTX, (tx) => countTry(tx, row.id))
  const user = identity.userById(row.userId)
  const give = (why: string) => {
    log.error("privacy.export_failed", { export: row.publicId, why })
    return fail(deps, row)
  }
  if (!user) await give("its person is gone")
  else if (tries > L.exportTriesMax) await give(`it was begun ${L.exportTriesMax} times`)
  else {
    const bytes = await written(deps, row, user.publicId, signal)
    if (bytes === null) await give("it is too large")
    else await finish(deps, row, { bytes, to: user.email })
  }
  return waitingCopy(store.read) !== null
}

/** @returns its size; null = larger than any may be. @throws when the process is to stop; it is made anew then */
async function written(
  deps: PrivacyDeps,
  row: ExportRow,
  personId: string,
  signal: AbortSignal,
): Promise<number | null> {
  const { exports, clock } = deps
  mkdirSync(folderOf(deps), { recursive: true, mode: 0o700 })
  const path = pathOf(deps, row.publicId)
  const draft = `${path}.part`
  const day = new Date(clock.now()).toISOString().slice(0, 10)
  const heading = `Everything ${PRODUCT_NAME} knows of the account ${personId}, as of ${day} (UTC). Times are UTC, amounts are credits.`
  const file = await open(draft, "w", 0o600)
  let bytes = 0
  try {
    const question: ExportQuestion = { userId: row.userId, heading }
    for await (const piece of exports.stream<Uint8Array>(EXPORT_PERSON, question)) {
      signal.throwIfAborted()
      bytes += piece.length
      if (bytes > L.exportBytesMax) return null
      await file.writeFile(piece)
    }
    await file.sync()
  } finally {
    await file.close()
    if (bytes > L.exportBytesMax || signal.aborted) rmSync(draft, { force: true })
  }
  await rename(draft, path)
  return bytes
}

async function finish(deps: PrivacyDeps, row: ExportRow, { bytes, to }: { bytes: number; to: string }): Promise<void> {
  await deps.store.write(CTX, (tx) => {
    const expiresMs = tx.now + L.exportKeptMs
    if (markReady(tx, row.id, { bytes, expiresMs }) > 0)
      deps.mails.queueIn(tx, copyReady, { to, data: { expiresMs }, uselessAfterMs: expiresMs })
  })
}

async function fail(deps: PrivacyDeps, row: ExportRow): Promise<void> {
  rmSync(`${pathOf(deps, row.publicId)}.part`, { force: true })
  const to = deps.identity.userById(row.userId)?.email
  await deps.store.write(CTX, (tx) => {
    if (markFailed(tx, row.id) > 0 && to)
      deps.mails.queueIn(tx, copyFailed, { to, data: null, uselessAfterMs: tx.now + L.mailMs })
  })
}

/** @see Privacy.sweepCopies */
export async function sweepCopies(deps: PrivacyDeps): Promise<void> {
  const { store, clock } = deps
  const live = new Set(liveFiles(store.read, clock.now()).map((publicId) => `${publicId}.zip`))
  const waiting = waitingCopy(store.read)
  if (waiting) for (const name of [`${waiting.publicId}.zip`, `${waiting.publicId}.zip.part`]) live.add(name)
  const folder = folderOf(deps)
  for (const name of existsSync(folder) ? readdirSync(folder) : [])
    if (!live.has(name)) rmSync(join(folder, name), { force: true })
  await store.write(CTX, (tx) => deleteOldCopies(tx, tx.now - DAY_MS, L.eraseRows))
}
