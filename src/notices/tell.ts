// A letter on its way: what it says is kept for its person's console, in the body of its cause, so that it is told once or not at all;
// their programs, if they want that, are told too; and whether the mail leaves now, later with others, or not at all.
import type { UserId } from "../app/index.ts"
import type { AnyLetter, House } from "../part/index.ts"
import type { Tx } from "../store/index.ts"
import { emitIn } from "../webhooks/index.ts"
import { comesBy, DIGEST, isOptional, KINDS } from "./kinds.ts"
import { NOTICE_LIMITS as L } from "./limits.ts"
import { dropOldest, insertNotice, isOff } from "./store.ts"
import { countMailed, hold, isMuch } from "./store-digest.ts"
import type { Channel, NoticesDeps } from "./types.ts"
import { offPath } from "./unsubscribe.ts"

export interface Told {
  /** False: its person turned mails of this kind off, or it waits for one mail about many. */
  sends: boolean
  /** Where one press turns them off; null = it cannot be turned off. */
  offUrl: string | null
}

const PLAIN: Told = { sends: true, offUrl: null }

export function tellIn(deps: NoticesDeps, tx: Tx, letter: AnyLetter, to: string, data: unknown, house: House): Told {
  const { kind } = letter
  if (!KINDS.has(kind)) return PLAIN
  const person = deps.people.userByEmail(to)
  if (!person) return PLAIN
  const wants = (channel: Channel) =>
    comesBy(kind, channel) && !(isOptional(kind, channel) && isOff(tx, person.id, kind, channel))
  const title = titleOf(letter.subject(data, house))
  const path = pathOf(letter, data, house)
  const publicId = wants("console") ? deps.ids.next("ntc") : null
  if (publicId !== null) {
    insertNotice(tx, { publicId, userId: person.id, kind, title, path })
    dropOldest(tx, person.id)
  }
  if (wants("webhook")) tellPrograms(tx, person.id, { kind, title, path, notice: publicId }, house)
  if (!isOptional(kind)) return PLAIN
  const offUrl = deps.siteUrl + offPath(deps.keyring, { publicId: person.publicId, kind })
  return { sends: wants("mail") && mailsNow(tx, person.id, kind, title), offUrl }
}

function tellPrograms(
  tx: Tx,
  person: UserId,
  { kind, title, path, notice }: { kind: string; title: string; path: string | null; notice: string | null },
  { baseUrl }: House,
): void {
  const url = path === null ? null : baseUrl + path
  const data = { notice, kind, topic: KINDS.get(kind)!.topic, title, url }
  emitIn(tx, { type: "notice.created", person, subject: "notices", data })
}

/** Few at once are a mail each; one too many waits for the mail about all. */
function mailsNow(tx: Tx, userId: UserId, kind: string, title: string): boolean {
  if (kind === DIGEST) return true
  const isNow = !isMuch(tx, userId, kind)
  if (isNow) countMailed(tx, userId, kind)
  else hold(tx, { userId, kind, title })
  return isNow
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
const titleOf = (subject: string): string => subject.replace(/[\u0000-\u001f\u007f]+/g, " ").slice(0, L.titleCharsMax)

/** The first link of this server; links elsewhere, and those that sign somebody in, are for the mail alone. */
function pathOf(letter: AnyLetter, data: unknown, { baseUrl }: House): string | null {
  for (const part of letter.body(data, { productName: "", baseUrl })) {
    if (typeof part === "string" || !("link" in part) || !part.link.startsWith(`${baseUrl}/`)) continue
    const url = new URL(part.link)
    return url.pathname + url.search
  }
  return null
}
