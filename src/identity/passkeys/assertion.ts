// A passkey's answer to a challenge of ours: checked outside the writer, and taken once in the body of what it proves.
import { AppError } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Core, visitorCtx } from "../core.ts"
import { passkeyCopied } from "../mails.ts"
import { accountById } from "../store/users.ts"
import { countPasskeyTroubleIn, countTryIn, passkeyAsks, refuseBlocked } from "../throttle.ts"
import type { User, Visitor } from "../types.ts"
import { requireActiveIn } from "../users.ts"
import { isBehind, methodsOf } from "./rules.ts"
import { noteUse, passkeyByCredential, passkeyRows, takeChallenge } from "./store.ts"
import { challengeHash, newTicket, openTicket, type Purpose, type Waiting } from "./ticket.ts"
import type { PasskeyAnswer, PasskeyRequest } from "./types.ts"
import { assertionOf, relyingOf, type Verified, verifyAssertion } from "./webauthn.ts"

/** @param userId whose passkeys may answer; null: whoever has one */
export function ask(
  core: Core,
  visitor: Pick<Visitor, "browserId">,
  purpose: Purpose,
  userId: number | null,
): PasskeyRequest {
  const { ticket, challenge } = newTicket(core, visitor, purpose, userId)
  const own = userId === null ? [] : passkeyRows(core.store.read, userId)
  const allowCredentials = own.map(({ credentialId, transports }) => ({
    id: credentialId,
    type: "public-key",
    transports: transports.split(" ").filter(Boolean),
  }))
  const rpId = relyingOf(core.baseUrl).id
  return { ticket, options: { challenge, rpId, userVerification: "required", allowCredentials } }
}

/** An answer whose signature is right. */
export interface Assertion {
  credentialId: string
  publicKey: string
  waiting: Waiting
  verified: Verified
}

/**
 * What can be checked without writing. A wrong one is counted like a wrong password of the same network.
 * @throws AppError validation_failed (formErrors form), rate_limit_exceeded
 */
export async function prove(
  core: Core,
  visitor: Visitor,
  asked: { purpose: Purpose; userId: number | null },
  answer: PasskeyAnswer,
): Promise<Assertion> {
  const asks = passkeyAsks(core, visitor)
  refuseBlocked(core.store.read, asks, core.clock.now())
  const waiting = openTicket(core, visitor, asked.purpose, asked.userId, answer.ticket)
  if (!waiting) throw refused("This took too long. Try again.")
  const response = assertionOf(answer.response)
  const key = response && passkeyByCredential(core.store.read, response.id)
  const owner = key && accountById(core.store.read, key.userId)?.user
  const handle = response?.response.userHandle
  const isOwn =
    owner &&
    (asked.userId === null
      ? isHandle(handle, owner)
      : owner.id === asked.userId && (!handle || isHandle(handle, owner)))
  const verified = isOwn ? await verifyAssertion(relyingOf(core.baseUrl), waiting.challenge, response!, key!) : null
  // What can be copied says so from the start (WebAuthn §7.2, step 19).
  if (verified && verified.syncs === (key!.syncs === 1))
    return { credentialId: key!.credentialId, publicKey: key!.publicKey, waiting, verified }
  await core.store.write(visitorCtx(visitor, "a passkey that was not right"), (tx) => countTryIn(tx, asks))
  throw refused("This passkey does not fit here, or was removed. Try another one, or another way.")
}

/** How an authenticator is told whose passkey it keeps: nothing that says who that is. */
export const handleOf = ({ publicId }: Pick<User, "publicId">): string => Buffer.from(publicId).toString("base64url")
const isHandle = (handle: string | undefined, owner: User): boolean => handle === handleOf(owner)

/**
 * Uses the challenge up and moves the counter on. A counter that went back is told to the owner, so the body has to end without throwing.
 * @returns whose it is and how it proved that; null = its counter went back
 * @throws AppError validation_failed when the challenge was used, or the passkey is gone
 */
export function takeIn(core: Core, tx: Tx, { credentialId, publicKey, waiting, verified }: Assertion): Taken | null {
  if (!takeChallenge(tx, challengeHash(waiting), waiting.expiresMs)) throw refused("This was used already. Try again.")
  const key = passkeyByCredential(tx, credentialId)
  if (key?.publicKey !== publicKey) throw refused("This passkey was removed. Try another way.")
  const user = requireActiveIn(tx, key.userId)
  if (isBehind(key.counter, verified.counter)) {
    auditIn(tx, { action: "passkey.copied", subject: user.publicId, after: { passkey: key.publicId } })
    if (countPasskeyTroubleIn(core, tx, user.id))
      core.mails.queueIn(tx, passkeyCopied, { to: user.email, data: { name: key.name }, uselessAfterMs: null })
    return null
  }
  noteUse(tx, key.id, { counter: verified.counter, backedUp: verified.backedUp ? 1 : 0 })
  return { user, amr: methodsOf(verified) }
}

export interface Taken {
  user: User
  amr: string[]
}

export const refused = (words: string): AppError =>
  new AppError("validation_failed", words, { formErrors: { form: words } })

/** Said once the body has ended. */
export const copied = (): AppError =>
  refused(
    "This passkey answered as if it had been copied, so it was refused. We mailed you about it. Sign in another way.",
  )
