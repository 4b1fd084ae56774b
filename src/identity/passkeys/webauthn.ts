// The one door to the library that checks what authenticators say. Options are written here, because all of ours are the same; answers
// are rebuilt from what is known of them before anybody else reads them. Loaded on first use.
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server"

/** An answer with an attestation of nothing is about 1,000 characters; RSA keys and long ids make it longer. */
const RESPONSE_CHARS_MAX = 16_000
/** EdDSA, ES256, RS256 (COSE): what all authenticators have one of. */
export const ALGORITHMS = [-8, -7, -257]
const TRANSPORTS = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"] as const
type Transport = (typeof TRANSPORTS)[number]

/** Whose passkeys: from configuration alone, never from a request. */
export interface Relying {
  id: string
  origin: string
}

export const relyingOf = (baseUrl: string): Relying => {
  const { hostname, origin } = new URL(baseUrl)
  return { id: hostname, origin }
}

/** Not `import()`: in the executable its parts are then run in an order in which one misses another. */
const library = () => require("@simplewebauthn/server") as typeof import("@simplewebauthn/server")

const B64 = /^[A-Za-z0-9_-]+$/
const isB64 = (value: unknown): value is string => typeof value === "string" && B64.test(value)

/** Only known members, each base64url. @returns null for anything else */
function partsOf(text: string): { id: string; inner: Record<string, unknown> } | null {
  if (text.length > RESPONSE_CHARS_MAX) return null
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof json !== "object" || json === null) return null
  const { id, type, response } = json as Record<string, unknown>
  if (!isB64(id) || type !== "public-key" || typeof response !== "object" || response === null) return null
  return { id, inner: response as Record<string, unknown> }
}

export function assertionOf(text: string): AuthenticationResponseJSON | null {
  const parts = partsOf(text)
  if (!parts) return null
  const { clientDataJSON, authenticatorData, signature, userHandle } = parts.inner
  if (!isB64(clientDataJSON) || !isB64(authenticatorData) || !isB64(signature)) return null
  const who = isB64(userHandle) ? { userHandle } : {}
  const response = { clientDataJSON, authenticatorData, signature, ...who }
  return { id: parts.id, rawId: parts.id, type: "public-key", clientExtensionResults: {}, response }
}

export function attestationOf(text: string): RegistrationResponseJSON | null {
  const parts = partsOf(text)
  if (!parts) return null
  const { clientDataJSON, attestationObject, transports } = parts.inner
  if (!isB64(clientDataJSON) || !isB64(attestationObject)) return null
  const known = Array.isArray(transports) ? TRANSPORTS.filter((one) => transports.includes(one)) : []
  const response = { clientDataJSON, attestationObject, transports: known as Transport[] }
  return { id: parts.id, rawId: parts.id, type: "public-key", clientExtensionResults: {}, response }
}

/** Pages of ours stand in no frame; an answer that was given in one was asked for by somebody else. */
function isFramed(clientDataJSON: string): boolean {
  const said = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString("utf8")) as { crossOrigin?: unknown }
  return said.crossOrigin !== undefined && said.crossOrigin !== false
}

export interface Verified {
  counter: number
  syncs: boolean
  backedUp: boolean
}

/** Signature, challenge, origin, host, presence and verification of the person. The counter is the caller's. @returns null when one is wrong */
export async function verifyAssertion(
  relying: Relying,
  challenge: string,
  response: AuthenticationResponseJSON,
  key: { credentialId: string; publicKey: string },
): Promise<Verified | null> {
  const { verifyAuthenticationResponse } = library()
  try {
    if (isFramed(response.response.clientDataJSON)) return null
    const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: relying.origin,
      expectedRPID: relying.id,
      requireUserVerification: true,
      // Whether it went back is decided in the body that writes it.
      credential: { id: key.credentialId, publicKey: bytesOf(key.publicKey), counter: 0 },
    })
    if (!verified) return null
    const syncs = info.credentialDeviceType === "multiDevice"
    return { counter: info.newCounter, syncs, backedUp: info.credentialBackedUp }
  } catch {
    // The library says what is wrong by throwing; nobody is told which of them it was.
    return null
  }
}

export interface Made extends Verified {
  credentialId: string
  publicKey: string
  aaguid: string
  transports: string[]
}

/** The same of a new one. */
export async function verifyAttestation(
  relying: Relying,
  challenge: string,
  response: RegistrationResponseJSON,
): Promise<Made | null> {
  const { verifyRegistrationResponse } = library()
  try {
    if (isFramed(response.response.clientDataJSON)) return null
    const { verified, registrationInfo: info } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: relying.origin,
      expectedRPID: relying.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified || info.credential.id !== response.id) return null
    return {
      credentialId: info.credential.id,
      publicKey: Buffer.from(info.credential.publicKey).toString("base64url"),
      counter: info.credential.counter,
      aaguid: info.aaguid,
      transports: response.response.transports ?? [],
      syncs: info.credentialDeviceType === "multiDevice",
      backedUp: info.credentialBackedUp,
    }
  } catch {
    return null
  }
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "base64url"))
