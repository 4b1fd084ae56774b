// A letter on its way: what it says is kept for its person's console, in the body of its cause, so that it is told once or not at all;
// and whether they want the mail.
import type { AnyLetter, House } from "../part/index.ts"
import type { Tx } from "../store/index.ts"
import { isOptional, KINDS } from "./kinds.ts"
import { NOTICE_LIMITS as L } from "./limits.ts"
import { dropOldest, insertNotice, isOff } from "./store.ts"
import type { NoticesDeps } from "./types.ts"
import { offPath } from "./unsubscribe.ts"

export interface Told {
  /** False: its person turned mails of this kind off. */
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
  const optional = isOptional(kind)
  if (!optional || !isOff(tx, person.id, kind, "console")) {
    insertNotice(tx, {
      publicId: deps.ids.next("ntc"),
      userId: person.id,
      kind,
      title: titleOf(letter.subject(data, house)),
      path: pathOf(letter, data, house),
    })
    dropOldest(tx, person.id)
  }
  if (!optional) return PLAIN
  return {
    sends: !isOff(tx, person.id, kind, "mail"),
    offUrl: deps.siteUrl + offPath(deps.keyring, { publicId: person.publicId, kind }),
  }
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
