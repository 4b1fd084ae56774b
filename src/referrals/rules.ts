// What makes two accounts one person's, decided. Pure: no I/O, no clock, no SQL.
import type { MarkKind, Refusal } from "./types.ts"

/**
 * An address as its mailbox has it: without what stands behind a plus, and without dots. Some houses tell dots apart; whoever has two such
 * addresses there gets no reward for the other, and loses nothing.
 */
export function mailboxOf(email: string): string {
  const at = email.lastIndexOf("@")
  const local = email.slice(0, at)
  const domain = email.slice(at + 1)
  const bare = local.split("+")[0]!.replaceAll(".", "")
  return `${bare === "" ? local : bare}@${domain === "googlemail.com" ? "gmail.com" : domain}`
}

export interface Mark {
  kind: MarkKind
  hash: string
}

/** What is asked of a referral, of marks as sets of `kind:hash`. */
export interface Facts {
  isTest: boolean
  /** The new one brought somebody above them. */
  isSwapped: boolean
  sharesTeam: boolean
  own: ReadonlySet<string>
  /** Of whoever brought them, of those above, and of those who came by the same. */
  circle: ReadonlySet<string>
  /** Of people who are gone. */
  gone: ReadonlySet<string>
}

export const markKey = ({ kind, hash }: Mark): string => `${kind}:${hash}`

const meets = (own: ReadonlySet<string>, others: ReadonlySet<string>, kind: MarkKind): boolean =>
  [...own].some((mark) => mark.startsWith(`${kind}:`) && others.has(mark))

/** Why they are not somebody else; null: nothing says so. */
export function refusalOf({ isTest, isSwapped, sharesTeam, own, circle, gone }: Facts): Refusal | null {
  if (isTest) return "test"
  if (isSwapped) return "swapped"
  if (meets(own, circle, "address")) return "address"
  // A network is many people's: one of somebody who is gone says nothing.
  if ((["address", "device", "card"] as const).some((kind) => meets(own, gone, kind))) return "returning"
  if (meets(own, circle, "device")) return "device"
  if (meets(own, circle, "card")) return "card"
  if (meets(own, circle, "network")) return "network"
  return sharesTeam ? "team" : null
}
