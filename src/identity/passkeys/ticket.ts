// The challenge of a passkey. Nothing of it stands in the database while it waits, since anybody opens the sign-in page: it is sealed for
// this browser, this purpose and this person. That it counts once, a row says that is written with what it brought about.
import { MINUTE_MS, randomSecret, sha256Hex } from "../../app/index.ts"
import { browserHashOf, type Core } from "../core.ts"
import type { Visitor } from "../types.ts"

/** The sign-in page waits so long for somebody to choose a passkey from the list of their browser. */
const TICKET_MS = 15 * MINUTE_MS
const SEAL = "passkey-challenge"
const CHARS_MAX = 600

export type Purpose = "sign-in" | "second" | "confirm" | "new"

/** Of the ticket; with `challenge` in base64url. */
export interface Waiting {
  challenge: string
  expiresMs: number
}

const placeOf = (core: Core, visitor: Pick<Visitor, "browserId">, purpose: Purpose, userId: number | null): string =>
  `${purpose}:${browserHashOf(core, visitor)}:${userId ?? ""}`

export function newTicket(
  core: Core,
  visitor: Pick<Visitor, "browserId">,
  purpose: Purpose,
  userId: number | null,
): { ticket: string; challenge: string } {
  const waiting: Waiting = { challenge: randomSecret(), expiresMs: core.clock.now() + TICKET_MS }
  const ticket = core.keyring.seal(SEAL, placeOf(core, visitor, purpose, userId), JSON.stringify(waiting))
  return { ticket, challenge: waiting.challenge }
}

/** @returns null when it is over, or was made for another browser, purpose or person */
export function openTicket(
  core: Core,
  visitor: Pick<Visitor, "browserId">,
  purpose: Purpose,
  userId: number | null,
  ticket: string,
): Waiting | null {
  if (ticket.length > CHARS_MAX) return null
  try {
    const text = core.keyring.open(SEAL, placeOf(core, visitor, purpose, userId), ticket)
    const waiting = JSON.parse(text) as Waiting
    return core.clock.now() < waiting.expiresMs ? waiting : null
  } catch {
    return null
  }
}

export const challengeHash = ({ challenge }: Pick<Waiting, "challenge">): string => sha256Hex(challenge)
