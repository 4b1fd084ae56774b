// The first start of a restored database. It may be older than what people and outside systems last saw: who was signed in is signed out
// (a sign-out since then is not in it), and nothing leaves the house until somebody has looked.
import { AppError, type Ids, type Log } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { type Billing, type CaughtUp, isWhole } from "../billing/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Jobs } from "../jobs/index.ts"
import type { Oauth } from "../oauth/index.ts"
import type { Outbox } from "../outbox/index.ts"
import { dropRestoreNoteIn, type RestoreNote, readRestoreNote } from "../replica/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"
import { insertRestore, lastBooked, lastRestore, markLooked, notePayments } from "./store.ts"
import type { Restore } from "./types.ts"

export interface AfterRestoreDeps {
  store: Store
  ids: Ids
  log: Log
  identity: Pick<Identity, "endEverythingIn">
  oauth: Pick<Oauth, "revokeEveryGrantIn">
  outbox: Pick<Outbox, "pause">
  jobs: Pick<Jobs, "pause">
  billing: Pick<Billing, "isOn" | "catchUp">
}

const CTX: WriteContext = {
  actor: "system:restore",
  requestId: "restore",
  reason: "the database was restored from a backup",
}

/** Before anybody is answered, and before jobs and messages start. */
export async function recover(deps: AfterRestoreDeps): Promise<void> {
  const { store, log, outbox, jobs } = deps
  const note = readRestoreNote(store.read)
  if (note) await store.write(CTX, (tx) => beginIn(deps, tx, note))
  const restore = lastRestore(store.read)
  if (!restore || restore.lookedMs !== null) return
  outbox.pause(restore.startedMs)
  jobs.pause(true)
  log.warn("restore.waits", {
    restore: restore.publicId,
    lastCommit: new Date(restore.lastCommitMs).toISOString(),
    advice: "jobs and messages wait: look at /admin/restore, or run: purser restore go-on",
  })
}

function beginIn({ ids, identity, oauth }: AfterRestoreDeps, tx: Tx, note: RestoreNote): void {
  const publicId = ids.next("rst")
  const sessionsEnded = identity.endEverythingIn(tx, "restored")
  const grantsEnded = oauth.revokeEveryGrantIn(tx)
  insertRestore(tx, {
    publicId,
    restoredMs: note.atMs,
    source: note.source,
    epoch: note.epoch,
    asked: note.asked,
    lastCommitMs: note.lastMs,
    aliveMs: note.aliveMs,
    complete: note.complete ? 1 : 0,
    ...lastBooked(tx),
    sessionsEnded,
    grantsEnded,
  })
  dropRestoreNoteIn(tx)
  auditIn(tx, { action: "restore.started", subject: publicId, after: { sessions: sessionsEnded, grants: grantsEnded } })
}

/**
 * Asks the processor of payments about everything that waits, as long as the house does, until all was answered. Jobs that act upon what
 * the backup thinks of payments go on only after that.
 * @throws AppError unavailable when it does not answer
 */
export async function askPayments({ store, billing }: Pick<AfterRestoreDeps, "store" | "billing">): Promise<void> {
  const restore = lastRestore(store.read)
  if (!billing.isOn || !restore || restore.lookedMs !== null) return
  const before = paymentsOf(restore)
  if (before && isWhole(before)) return
  const caughtUp = await billing.catchUp(restore.lastCommitMs)
  await store.write({ ...CTX, reason: "asked the payment service what happened since the backup" }, (tx) => {
    notePayments(tx, restore.id, added(before, caughtUp))
    if (isWhole(caughtUp)) auditIn(tx, { action: "restore.payments", subject: restore.publicId })
  })
  if (!isWhole(caughtUp))
    throw new AppError(
      "unavailable",
      "The payment service does not answer, so nobody knows yet what was paid since the backup. It is asked again every minute.",
    )
}

export const paymentsOf = ({ payments }: Pick<Restore, "payments">): CaughtUp | null =>
  payments === null ? null : (JSON.parse(payments) as CaughtUp)

/** What an earlier question changed stays said. */
const added = (before: CaughtUp | null, now: CaughtUp): CaughtUp => ({
  ...now,
  asked: now.asked.map((one) => ({
    ...one,
    changed: one.changed + (before?.asked.find(({ what }) => what === one.what)?.changed ?? 0),
  })),
})

/** Somebody has looked. @throws AppError conflict when nothing waits */
export function goOnIn({ outbox, jobs }: Pick<AfterRestoreDeps, "outbox" | "jobs">, tx: Tx): Restore {
  const restore = lastRestore(tx)
  if (!restore || restore.lookedMs !== null)
    throw new AppError("conflict", "Nothing waits here: jobs and messages go on already.")
  markLooked(tx, restore.id)
  auditIn(tx, { action: "restore.looked", subject: restore.publicId })
  tx.afterCommit(() => {
    outbox.pause(null)
    jobs.pause(false)
  })
  return lastRestore(tx) ?? restore
}
