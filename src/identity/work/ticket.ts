// The question: a salt, and the hash of it with a number that only the sealed ticket knows. Nothing of it is kept, since anybody opens the
// page of sign-up; it is sealed for this form in this browser. That it counts once, a row says that is written with the sign-up.
import { randomInt } from "node:crypto"
import { randomSecret, sha256Hex } from "../../app/index.ts"
import { browserHashOf, type Core } from "../core.ts"
import type { Visitor } from "../types.ts"
import { demandOf } from "./demand.ts"
import { TICKET_CHARS_MAX, WORK_MS } from "./rules.ts"
import type { SignUpProof, SignUpWork } from "./types.ts"

const SEAL = "sign-up-work"

interface Sealed {
  salt: string
  number: number
  numbersMax: number
  expiresMs: number
}

const placeOf = (core: Core, visitor: Pick<Visitor, "browserId">): string => `signup:${browserHashOf(core, visitor)}`

/** What this visitor has to calculate before a sign-up; null: nothing. */
export function askWork(core: Core, visitor: Pick<Visitor, "browserId" | "ip">): SignUpWork | null {
  const nowMs = core.clock.now()
  const numbersMax = demandOf(core, core.store.read, visitor, nowMs)
  if (numbersMax === null) return null
  const sealed: Sealed = {
    salt: randomSecret(),
    number: randomInt(numbersMax),
    numbersMax,
    expiresMs: nowMs + WORK_MS,
  }
  const { salt } = sealed
  const ticket = core.keyring.seal(SEAL, placeOf(core, visitor), JSON.stringify(sealed))
  return { ticket, salt, target: sha256Hex(`${salt}${sealed.number}`), numbersMax }
}

/** The question that was answered rightly; null: it is forged, another browser's, too old, too small for now, or the answer is wrong. */
export function openWork(
  core: Core,
  visitor: Pick<Visitor, "browserId">,
  { ticket, answer }: SignUpProof,
  { numbersMax, nowMs }: { numbersMax: number; nowMs: number },
): { workHash: string; expiresMs: number } | null {
  const sealed = unseal(core, visitor, ticket)
  if (!sealed || nowMs >= sealed.expiresMs || sealed.numbersMax < numbersMax) return null
  if (answer !== String(sealed.number)) return null
  return { workHash: sha256Hex(sealed.salt), expiresMs: sealed.expiresMs }
}

function unseal(core: Core, visitor: Pick<Visitor, "browserId">, ticket: string): Sealed | null {
  if (ticket.length > TICKET_CHARS_MAX) return null
  try {
    return JSON.parse(core.keyring.open(SEAL, placeOf(core, visitor), ticket)) as Sealed
  } catch {
    return null
  }
}
