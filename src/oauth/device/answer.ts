// A person types a device's code, and answers on the consent page. The code is looked up for who knows it only, tries are counted by
// network and by person; what follows is an interaction like any other, sealed and bound to the browser, so that whoever answers is who
// was asked (RFC 8628 §5.1, §5.4). One answer counts.
import { AppError, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { newGrantIn } from "../authorize/grant.ts"
import type { AuthRequest } from "../authorize/request.ts"
import { NO_CLAIMS } from "../claims.ts"
import { clientById } from "../client/store.ts"
import type { Core } from "../core.ts"
import { countIn, giveBackIn, OAUTH_THROTTLES, throttled } from "../throttle.ts"
import type { AuthSession, BeginDeviceInput, Client, Scope } from "../types.ts"
import { readUserCode, userCodeText } from "./code.ts"
import { userCodeHashOf } from "./start.ts"
import { answerDevice, type DeviceCode, deviceById, deviceByUserCode } from "./store.ts"

const UNKNOWN =
  "This code is not one that waits. Look at your device again: it shows a new one when the old one has run out."

/**
 * What the device of this code asks for.
 * @throws AppError validation_failed (formErrors userCode), rate_limit_exceeded
 */
export async function requestOfDevice(
  core: Core,
  input: BeginDeviceInput,
): Promise<{ client: Client; request: AuthRequest }> {
  const { userCode: typed, network, session } = input
  const code = readUserCode(typed)
  if (code === null) throw unknownCode("Enter the eight letters that your device shows, such as BCDF-GHJK.")
  const asks = [
    throttled(core, OAUTH_THROTTLES.codesFromNetwork, network),
    ...(session ? [throttled(core, OAUTH_THROTTLES.codesOfPerson, String(session.userId))] : []),
  ]
  const ctx = { actor: "system:device", requestId: input.requestId, reason: "device code typed" }
  const found = await core.store.write(ctx, (tx) => {
    countIn(tx, asks, "Too many codes were typed here.")
    const device = waitingIn(tx, deviceByUserCode(tx, userCodeHashOf(core, code)))
    const client = device && clientById(tx, device.clientId)
    // The count of a wrong code has to be committed, so the refusal comes after the body.
    if (!device || !client || client.suspendedMs !== null || !client.deviceFlow) return null
    giveBackIn(tx, asks)
    return { device, client }
  })
  if (!found) throw unknownCode(UNKNOWN)
  const { device, client } = found
  return { client, request: requestOf(device, client, userCodeText(code)) }
}

const unknownCode = (words: string): AppError =>
  new AppError("validation_failed", words, { formErrors: { userCode: words } })

const requestOf = (device: DeviceCode, client: Client, userCode: string): AuthRequest => ({
  clientId: client.id,
  device: {
    id: device.id,
    userCode,
    startedMs: device.createdMs,
    network: device.network,
    device: device.device,
  },
  redirectUri: "",
  state: null,
  scopes: device.scopes,
  codeChallenge: "",
  nonce: null,
  prompt: [],
  maxAgeMs: null,
  claims: NO_CLAIMS,
  claimScopes: [],
  acr: null,
  expectedSub: null,
  loginHint: null,
  dpopJkt: null,
  resources: device.resources,
})

const waitingIn = (reader: Reader & { now: number }, device: DeviceCode | null): DeviceCode | null =>
  device && device.state === "pending" && reader.now < device.expiresMs ? device : null

/** @throws AppError invalid_request when it was answered, or has run out */
export function requireWaitingIn(tx: Tx, id: number): void {
  ensure(waitingIn(tx, deviceById(tx, id)), "invalid_request", OVER)
}
const OVER = "This code was answered already or has run out. Start again on your device."

export function approveDeviceIn(
  core: Core,
  tx: Tx,
  input: { id: number; client: Client; session: AuthSession; scopes: Scope[]; consentId: number | null },
): void {
  const { id, client, session, scopes, consentId } = input
  const resources = deviceById(tx, id)?.resources ?? null
  const grantId = newGrantIn(core, tx, { clientId: client.id, session, scopes, consentId, resources })
  ensure(answerDevice(tx, id, { state: "approved", userId: session.userId, grantId }), "invalid_request", OVER)
}

export function denyDeviceIn(tx: Tx, id: number, client: Client, session: AuthSession): void {
  ensure(answerDevice(tx, id, { state: "denied", userId: session.userId, grantId: null }), "invalid_request", OVER)
  auditIn(tx, { action: "device.denied", subject: client.publicId })
}
