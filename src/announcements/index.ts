// The door of `announcements`: what the operator says to everybody, to developers, or to the people of one app.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Reader, Tx, WriteContext } from "../store/index.ts"
import { ANNOUNCEMENT_LIMITS as L } from "./limits.ts"
import { announced } from "./mails.ts"
import { announcementErrors, isOpen } from "./rules.ts"
import {
  announcementOf,
  announcementsOf,
  countDismissals,
  dismiss,
  endAnnouncement,
  insertAnnouncement,
  isDismissed,
  isOfApp,
  nextUntold,
  noteAllTold,
  noteTold,
  openAnnouncements,
  peopleAfter,
} from "./store.ts"
import type { Announcement, AnnouncementsDeps, NewAnnouncement, Reading } from "./types.ts"

export { ANNOUNCEMENT_LIMITS } from "./limits.ts"
export { announcementsPart } from "./part.ts"
export { isOpen } from "./rules.ts"
export type { Announcement, Audience, NewAnnouncement, Reading } from "./types.ts"

export type Announcements = ReturnType<typeof createAnnouncements>

export function createAnnouncements(deps: AnnouncementsDeps) {
  const { store, clock } = deps
  const { read } = store
  // Few rows, asked by every page of the console.
  let open = openAnnouncements(read, clock.now())
  const reload = (tx: Tx) =>
    tx.afterCommit(() => {
      open = openAnnouncements(read, clock.now())
    })
  return {
    /** @throws AppError validation_failed with formErrors, conflict */
    publish: (ctx: WriteContext, input: NewAnnouncement) =>
      store.write(ctx, (tx) => {
        const made = publishIn(deps, tx, input)
        reload(tx)
        return made
      }),
    /** No banner, and nobody is told any more. @throws AppError not_found, conflict */
    end: (ctx: WriteContext, publicId: string) =>
      store.write(ctx, (tx) => {
        endIn(tx, publicId)
        reload(tx)
      }),
    /** Newest first. */
    page(before: number | null): { rows: Announcement[]; next: number | null } {
      const found = announcementsOf(read, before, L.pageRows + 1)
      const rows = found.slice(0, L.pageRows)
      return { rows, next: found.length > L.pageRows ? rows.at(-1)!.id : null }
    },
    /** @throws AppError not_found */
    one: (publicId: string): Announcement & { dismissals: number } => {
      const found = foundIn(read, publicId)
      return { ...found, dismissals: countDismissals(read, found.id) }
    },
    /** As somebody who is meant reads it, also when it is over. @throws AppError not_found */
    readable(publicId: string, reading: Reading): Announcement {
      const found = foundIn(read, publicId)
      ensure(isMeant(read, found, reading), "not_found", NOT_THERE)
      return found
    },
    /** What stands above this person's pages; null = nothing. */
    bannerFor(reading: Reading): Announcement | null {
      const nowMs = clock.now()
      const banners = open.filter((one) => one.banner && isOpen(one, nowMs))
      return banners.find((one) => isMeant(read, one, reading) && !isDismissed(read, reading.userId, one.id)) ?? null
    },
    /** Twice is once. @throws AppError not_found */
    dismiss: (ctx: WriteContext, publicId: string, reading: Reading) =>
      store.write(ctx, (tx) => {
        const found = foundIn(tx, publicId)
        ensure(isMeant(tx, found, reading), "not_found", NOT_THERE)
        dismiss(tx, reading.userId, found.id)
      }),
    /** Tells the next people. @returns whether there are more */
    tellSome: (rows: number): Promise<boolean> =>
      store.write(TELL, (tx) => tellSomeIn(deps, tx, Math.min(rows, L.peoplePerRun))),
  }
}

const NOT_THERE = "There is no such announcement."
const TELL = { actor: "system:tell-announcements", requestId: "job_tell-announcements", reason: "an announcement" }

function foundIn(reader: Reader, publicId: string): Announcement {
  const found = announcementOf(reader, publicId)
  ensure(found, "not_found", NOT_THERE)
  return found
}

const isMeant = (reader: Reader, { audience, clientId }: Announcement, { userId, isDeveloper }: Reading): boolean =>
  audience === "all" ||
  (audience === "developers" && isDeveloper) ||
  (audience === "app" && clientId !== null && isOfApp(reader, userId, clientId))

function publishIn({ ids, oauth }: AnnouncementsDeps, tx: Tx, input: NewAnnouncement): Announcement {
  const { title, body, audience, clientPublicId, banner, told, endsMs } = input
  const errors = announcementErrors(input, tx.now)
  const client = audience === "app" ? oauth.clientIn(tx, clientPublicId) : null
  if (audience === "app" && !client) errors.app = "There is no such app. Its id stands on its page under Apps."
  if (Object.keys(errors).length > 0)
    throw new AppError("validation_failed", "This announcement needs a change.", { formErrors: errors })
  const isFull = openAnnouncements(tx, tx.now).length >= L.openMax
  ensure(!isFull, "conflict", `There are ${L.openMax} announcements already. End one that is over.`)
  const row = {
    publicId: ids.next("ann"),
    title: title.trim(),
    body,
    audience,
    clientId: client?.id ?? null,
    banner,
    told,
    createdMs: tx.now,
    endsMs,
    endedMs: null,
    throughUserId: 0,
    toldCount: 0,
    toldMs: null,
  }
  const id = insertAnnouncement(tx, row)
  auditIn(tx, {
    action: "announcement.published",
    subject: row.publicId,
    after: { audience, banner, told, title: row.title },
  })
  return { ...row, id }
}

function endIn(tx: Tx, publicId: string): void {
  const found = foundIn(tx, publicId)
  ensure(isOpen(found, tx.now), "conflict", "It is over already.")
  endAnnouncement(tx, found.id)
  auditIn(tx, { action: "announcement.ended", subject: publicId, after: { told: found.toldCount } })
}

/** Who was told is written with their mail: a process that dies tells nobody twice. */
function tellSomeIn({ mails }: AnnouncementsDeps, tx: Tx, rows: number): boolean {
  const next = nextUntold(tx)
  if (!next) return false
  const people = isOpen(next, tx.now) ? peopleAfter(tx, next, rows) : []
  const data = { id: next.publicId, title: next.title, body: next.body }
  for (const { email } of people) mails.queueIn(tx, announced, { to: email, data, uselessAfterMs: next.endsMs })
  const last = people.at(-1)
  if (last) noteTold(tx, next.id, { through: last.id, count: people.length })
  if (people.length < rows) noteAllTold(tx, next.id)
  return people.length === rows
}
