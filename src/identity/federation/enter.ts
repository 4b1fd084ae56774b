// A person comes in whose issuer, and where it was asked for whose proof, said who they are: with a code of their app where they have
// turned that on, unless the admin lets the issuer's own second factor stand for it.
import type { Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { isOn, waitForCode } from "../second-step/index.ts"
import { startSessionIn } from "../sessions.ts"
import { accountById } from "../store/users.ts"
import { countEntryIn } from "../throttle.ts"
import type { User, Visitor } from "../types.ts"
import { promoteConfiguredIn } from "../users.ts"
import type { Elsewhere } from "./link.ts"
import type { Joined } from "./types.ts"

/**
 * Session methods of a sign-in with an issuer. RFC 8176 has no value for "somebody else looked": inside it is `fed`, which ID tokens leave out,
 * and `mfa` where an issuer that is trusted with it says so.
 */
export const FEDERATED = "fed"

export interface By {
  slug: string
  /** The issuer asked for two factors, and is trusted with that. */
  isTwoFactor: boolean
  /** When the issuer saw them prove it; null = it does not say, so that what is dangerous asks for a proof here. */
  provedMs: number | null
}

/** @param more what the person proved here besides, and what is connected once they are in */
export function enterIn(
  core: Core,
  tx: Tx,
  visitor: Visitor,
  person: User,
  { isTwoFactor, provedMs }: By,
  more: { amr?: string; link?: Elsewhere } = {},
): Joined {
  const user = promoteConfiguredIn(core, tx, person)
  const amr = more.amr ?? FEDERATED
  if (isOn(tx, user.id) && !isTwoFactor) {
    const by = { amr, ...(more.link ? { link: more.link } : {}) }
    return { kind: "second", step: waitForCode(core, visitor, accountById(tx, user.id)!, tx.now, by).step }
  }
  countEntryIn(core, tx, user.email)
  const methods = isTwoFactor ? `${amr} mfa` : amr
  const start = { user, visitor, kind: "auth", parent: null, amr: methods, authTimeMs: tx.now } as const
  if (amr !== FEDERATED) return { kind: "in", started: startSessionIn(core, tx, start) }
  // Somebody who was signed in at the issuer comes in by a click: that is a sign-in, but no proof of this moment.
  const proof = provedMs === null ? { provedMs: 0, provedAmr: "" } : { provedMs, provedAmr: methods }
  return { kind: "in", started: startSessionIn(core, tx, { ...start, proof }) }
}
