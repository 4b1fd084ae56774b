// A round trip to an issuer. What must survive it travels in `state`, sealed for this browser, so that any number of tabs may be on
// their way and nothing stands in the database for people who only looked: which issuer was asked, the PKCE verifier, the nonce, and
// a hash of the app's authorization, which follows unsealed because it is sealed for this browser already.
import { AppError, randomSecret, sha256Hex } from "../../app/index.ts"
import type { Core } from "../core.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"

export interface Trip {
  /** 128 random bits: that it brought somebody is remembered by it. */
  id: string
  /** Row of the issuer that was asked: an answer of another one is none (RFC 9700 §4.4). */
  issuerId: number
  verifier: string
  nonce: string
  /** Of the interaction; null = none. */
  carries: string | null
  maxAgeSeconds: number | null
  /** Who adds a connection, in which session. */
  connects: { userId: number; sessionPublicId: string } | null
  /** Who proves once more that it is them, in which session, and where they go on. */
  confirms: { userId: number; sessionPublicId: string; next: string } | null
  expiresMs: number
}

const PURPOSE = "issuer-trip"
const placeOf = (core: Core, browserId: string): string => `browser:${core.keyring.hmac("browser", browserId)}`

export const newTrip = (
  rest: Pick<Trip, "issuerId" | "maxAgeSeconds" | "connects" | "confirms">,
  nowMs: number,
): Omit<Trip, "carries"> => ({
  ...rest,
  id: randomSecret(16),
  verifier: randomSecret(),
  nonce: randomSecret(16),
  expiresMs: nowMs + L.tripMs,
})

/** `state`: letters of an address only. */
export function sealTrip(
  core: Core,
  browserId: string,
  trip: Omit<Trip, "carries">,
  interaction: string | undefined,
): string {
  const carries = interaction === undefined ? null : sha256Hex(interaction)
  const sealed = core.keyring.seal(PURPOSE, placeOf(core, browserId), JSON.stringify({ ...trip, carries }))
  return interaction === undefined ? sealed : `${sealed}~${interaction}`
}

/** @throws AppError invalid_request when it is not of this browser, or over */
export function openTrip(
  core: Core,
  browserIds: readonly string[],
  state: string,
  nowMs: number,
): { trip: Trip; interaction: string | undefined } {
  const [sealed = "", interaction] = state.length <= L.stateCharsMax ? state.split("~", 2) : []
  for (const browserId of browserIds) {
    const trip = unseal(core, browserId, sealed)
    if (!trip) continue
    const isWhole = trip.carries === (interaction === undefined ? null : sha256Hex(interaction))
    if (nowMs < trip.expiresMs && isWhole) return { trip, interaction }
  }
  throw new AppError(
    "invalid_request",
    "This sign-in took too long or was started in another browser. Start again where you came from.",
  )
}

function unseal(core: Core, browserId: string, sealed: string): Trip | null {
  try {
    return JSON.parse(core.keyring.open(PURPOSE, placeOf(core, browserId), sealed)) as Trip
  } catch {
    return null
  }
}
