// The door of `notices`: what people are told of, in the console and by mail, and what of it they want.
import { ensure, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { AnyLetter, House } from "../part/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { sendDigests } from "./digest.ts"
import { comesBy, isOptional, KINDS } from "./kinds.ts"
import { NOTICE_LIMITS as L } from "./limits.ts"
import {
  countUnread,
  deleteOld,
  isOff,
  markAllRead,
  markRead,
  noticeOf,
  noticesOf,
  offOf,
  turnOff,
  turnOn,
} from "./store.ts"
import { forgetMailed } from "./store-digest.ts"
import { tellIn } from "./tell.ts"
import type { Channel, Notice, NoticesDeps, Switches } from "./types.ts"
import { readOff } from "./unsubscribe.ts"

export { comesBy, isOptional, KINDS, ONLY_MAIL, TOPICS, type Topic } from "./kinds.ts"
export { NOTICE_LIMITS } from "./limits.ts"
export { noticesPart } from "./part.ts"
export type { Told } from "./tell.ts"
export type { Channel, Notice, NoticesDeps, Switches } from "./types.ts"

const CHANNELS: readonly Channel[] = ["mail", "console", "webhook"]
const SWEEP = { actor: "system:sweep-notices", requestId: "job_sweep-notices", reason: "notices beyond their time" }

export function createNotices(deps: NoticesDeps) {
  const { store } = deps
  const { read } = store
  return {
    /** What becomes of a letter that is queued. Called by `mails` for each. */
    tellIn: (tx: Tx, letter: AnyLetter, to: string, data: unknown, house: House) =>
      tellIn(deps, tx, letter, to, data, house),

    /** Newest first. @param before id of the last row of the page before */
    page(userId: UserId, before: number | null): { rows: Notice[]; next: number | null } {
      const found = noticesOf(read, userId, before, L.pageRows + 1)
      const rows = found.slice(0, L.pageRows)
      return { rows, next: found.length > L.pageRows ? rows.at(-1)!.id : null }
    },
    /** At most 100, which is "99+". */
    unread: (userPublicId: string): number => countUnread(read, userPublicId),
    /** @throws AppError not_found: also for somebody else's */
    one(userId: UserId, publicId: string): Notice {
      const found = noticeOf(read, userId, publicId)
      ensure(found, "not_found", "There is no such notice. Old ones are deleted after half a year.")
      return found
    },
    read: (ctx: WriteContext, userId: UserId, publicId: string) =>
      store.write(ctx, (tx) => markRead(tx, userId, publicId)),
    readAll: (ctx: WriteContext, userId: UserId) => store.write(ctx, (tx) => markAllRead(tx, userId)),

    /** Kinds that come, by channel. */
    wanted(userId: UserId): Switches {
      const off = offOf(read, userId)
      const of = (channel: Channel) =>
        new Set(
          [...KINDS.keys()].filter(
            (kind) =>
              comesBy(kind, channel) &&
              !(isOptional(kind, channel) && off.some((each) => each.kind === kind && each.channel === channel)),
          ),
        )
      return { mail: of("mail"), console: of("console"), webhook: of("webhook") }
    },
    /** Turns on what is named and off what is not; what is always sent stays. */
    choose: (
      ctx: WriteContext,
      { userId, userPublicId, wanted }: { userId: UserId; userPublicId: string; wanted: Switches },
    ) => store.write(ctx, (tx) => chooseIn(tx, userId, userPublicId, wanted)),

    ...byLink(deps),

    /** @returns whether more may be left */
    sendDigests: (rows: number) => sendDigests(deps, rows),
    /** @returns at most so many rows: that many = more may be left */
    sweep: (rows: number) =>
      store.write(SWEEP, (tx) => {
        const old = deleteOld(tx, tx.now - L.keptMs, rows)
        return old + forgetMailed(tx, rows - old)
      }),
  }
}

/** What the address in a mail does. */
const byLink = ({ store, keyring, people }: NoticesDeps) => ({
  /** Whose mails of which kind an address turns off. @returns null when it was not made here, or its person is gone */
  offered(params: URLSearchParams): { publicId: string; kind: string; label: string; isOff: boolean } | null {
    const ref = readOff(keyring, params)
    const known = ref && KINDS.get(ref.kind)
    const person = ref && people.userByPublicId(ref.publicId)
    if (!(known && person && isOptional(ref.kind))) return null
    return { ...ref, label: known.label, isOff: isOff(store.read, person.id, ref.kind, "mail") }
  },
  /** Pressed twice it does no more than once. @throws AppError not_found for an address that was not made here */
  unsubscribe(ctx: WriteContext, params: URLSearchParams) {
    const ref = readOff(keyring, params)
    const person = ref && isOptional(ref.kind) ? people.userByPublicId(ref.publicId) : null
    ensure(ref && person, "not_found", "This link turns off nothing. Choose your mails under Settings, Notices.")
    return store.write({ ...ctx, actor: `user:${person.publicId}` }, (tx) => {
      if (turnOff(tx, person.id, ref.kind, "mail"))
        auditIn(tx, { action: "notices.unsubscribed", subject: person.publicId, after: { kind: ref.kind } })
    })
  },
})

function chooseIn(tx: Tx, userId: UserId, subject: string, wanted: Switches): void {
  let changed = 0
  const off = offOf(tx, userId)
  for (const channel of CHANNELS) {
    for (const kind of [...KINDS.keys()].filter((each) => isOptional(each, channel))) {
      const wasOff = off.some((each) => each.kind === kind && each.channel === channel)
      if (wasOff === !wanted[channel].has(kind)) continue
      changed++
      if (wasOff) turnOn(tx, userId, kind, channel)
      else turnOff(tx, userId, kind, channel)
    }
  }
  if (changed > 0) auditIn(tx, { action: "notices.chosen", subject, after: { changed } })
}

export type Notices = ReturnType<typeof createNotices>
