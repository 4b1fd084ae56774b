// A person's passkeys: a new one, its name, and what it takes to be without it.
import { AppError, ensure, nameProblem, tidyName } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { deviceName } from "../device-name.ts"
import { connectionsOf } from "../federation/connections.ts"
import { IDENTITY_LIMITS as L } from "../limits.ts"
import { passkeyAdded, passkeyRemoved, passkeysRemoved } from "../mails.ts"
import { signedOut } from "../password.ts"
import { normaliseEmail } from "../rules.ts"
import { forgetCodesIn, recoveryCodesIn } from "../second-step/index.ts"
import { livingOfIn } from "../sessions.ts"
import { accountByEmail, accountById } from "../store/users.ts"
import type { User, Visitor } from "../types.ts"
import { handleOf, refused } from "./assertion.ts"
import { firstName } from "./models.ts"
import {
  deletePasskey,
  deletePasskeysOf,
  insertPasskey,
  type PasskeyRow,
  passkeyByCredential,
  passkeyOf,
  passkeyRows,
  renameRow,
  takeChallenge,
} from "./store.ts"
import { challengeHash, newTicket, openTicket } from "./ticket.ts"
import type { PasskeyAnswer, PasskeyRequest, PasskeyShown } from "./types.ts"
import { ALGORITHMS, attestationOf, relyingOf, verifyAttestation } from "./webauthn.ts"

const shown = ({ publicId, name, syncs, createdMs, usedMs }: PasskeyRow): PasskeyShown => ({
  publicId,
  name,
  syncs: syncs === 1,
  createdMs,
  usedMs,
})

/** @see PasskeyVerbs.passkeysOf */
export const passkeysOf = ({ store }: Core, userId: number): PasskeyShown[] =>
  passkeyRows(store.read, userId).map(shown)

/** @see PasskeyVerbs.askNewPasskey */
export function askNew(core: Core, visitor: Visitor, userId: number, productName: string): PasskeyRequest {
  const user = accountById(core.store.read, userId)?.user
  if (!user) throw signedOut()
  const { ticket, challenge } = newTicket(core, visitor, "new", userId)
  const excludeCredentials = passkeyRows(core.store.read, userId).map(({ credentialId, transports }) => ({
    id: credentialId,
    type: "public-key",
    transports: transports.split(" ").filter(Boolean),
  }))
  const options = {
    challenge,
    rp: { id: relyingOf(core.baseUrl).id, name: productName },
    user: { id: handleOf(user), name: user.email, displayName: user.name ?? user.email },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    attestation: "none",
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    excludeCredentials,
  }
  return { ticket, options }
}

/** @see PasskeyVerbs.addPasskey */
export async function add(
  core: Core,
  visitor: Visitor,
  ctx: WriteContext,
  input: PasskeyAnswer & { userId: number; name: string },
): Promise<{ name: string; codes: string[] | null }> {
  const chosen = input.name.trim() === "" ? null : nameOf(input.name)
  const waiting = openTicket(core, visitor, "new", input.userId, input.ticket)
  if (!waiting) throw refused("This took too long. Try again.")
  const response = attestationOf(input.response)
  const made = response && (await verifyAttestation(relyingOf(core.baseUrl), waiting.challenge, response))
  if (!made) throw refused("The passkey could not be made. Try again, or with another device.")
  const name = chosen ?? firstName(made.aaguid, made.transports, deviceName(visitor.userAgent))
  return await core.store.write(ctx, (tx) => {
    const user = livingOfIn(core, tx, visitor, input.userId)?.user
    if (!user) throw signedOut()
    if (!takeChallenge(tx, challengeHash(waiting), waiting.expiresMs))
      throw refused("This was used already. Try again.")
    if (passkeyByCredential(tx, made.credentialId)) throw new AppError("conflict", "This passkey is here already.")
    if (passkeyRows(tx, user.id).length >= L.passkeysMax)
      throw new AppError("conflict", `You have ${L.passkeysMax} passkeys. Remove one first.`)
    const publicId = core.ids.next("psk")
    insertPasskey(tx, {
      publicId,
      userId: user.id,
      name,
      credentialId: made.credentialId,
      publicKey: made.publicKey,
      counter: made.counter,
      aaguid: made.aaguid,
      transports: made.transports.join(" "),
      syncs: made.syncs ? 1 : 0,
      backedUp: made.backedUp ? 1 : 0,
    })
    auditIn(tx, { action: "passkey.added", subject: user.publicId, after: { passkey: publicId } })
    core.mails.queueIn(tx, passkeyAdded, { to: user.email, data: { name }, uselessAfterMs: null })
    return { name, codes: recoveryCodesIn(tx, user.id) }
  })
}

function nameOf(typed: string): string {
  const name = tidyName(typed)
  const problem = nameProblem(name, { of: "thing", charsMax: L.passkeyNameCharsMax })
  if (problem) throw new AppError("validation_failed", problem, { formErrors: { name: problem } })
  return name
}

/** @see PasskeyVerbs.renamePasskey */
export const rename = (
  core: Core,
  ctx: WriteContext,
  input: { userId: number; publicId: string; name: string },
): Promise<string> => {
  const name = nameOf(input.name)
  return core.store.write(ctx, (tx) => {
    const key = passkeyOf(tx, input.userId, input.publicId)
    ensure(key, "not_found", "That passkey is gone already.")
    renameRow(tx, key.id, name)
    return name
  })
}

/** @see PasskeyVerbs.removePasskey */
export const remove = (
  core: Core,
  ctx: WriteContext,
  input: { userId: number; publicId: string },
): Promise<PasskeyShown> =>
  core.store.write(ctx, (tx) => {
    const key = passkeyOf(tx, input.userId, input.publicId)
    const account = accountById(tx, input.userId)
    ensure(key && account, "not_found", "That passkey is gone already.")
    const isLast = passkeyRows(tx, input.userId).length === 1
    if (isLast && account.passwordHash === null && !connectionsOf(tx, input.userId).some(({ slug }) => slug !== null))
      throw new AppError("conflict", "Nothing else would sign you in. Set a password or add another passkey first.")
    deletePasskey(tx, key.id)
    if (isLast) forgetCodesIn(tx, input.userId)
    const { user } = account
    auditIn(tx, { action: "passkey.removed", subject: user.publicId, before: { passkey: key.publicId } })
    core.mails.queueIn(tx, passkeyRemoved, { to: user.email, data: { name: key.name }, uselessAfterMs: null })
    return shown(key)
  })

/** @see PasskeyVerbs.removePasskeysIn */
export function removeAllIn(core: Core, tx: Tx, userId: number): User {
  const user = accountById(tx, userId)?.user
  if (!user || deletePasskeysOf(tx, userId) === 0) throw new AppError("conflict", "This person has no passkey.")
  forgetCodesIn(tx, userId)
  auditIn(tx, { action: "passkey.all_removed", subject: user.publicId })
  core.mails.queueIn(tx, passkeysRemoved, { to: user.email, data: null, uselessAfterMs: null })
  return user
}

/** @see PasskeyVerbs.removePasskeysByEmail */
export const removeByEmail = (core: Core, ctx: WriteContext, email: string): Promise<User> =>
  core.store.write(ctx, (tx) => {
    const user = accountByEmail(tx, normaliseEmail(email) ?? "")?.user
    if (!user) throw new AppError("not_found", `Nobody has the address ${email}.`)
    return removeAllIn(core, tx, user.id)
  })
