// The way to an issuer: the authorization code flow with PKCE, state and nonce, whatever the issuer asks for (RFC 9700 §2.1).
import type { ServerMetadata } from "openid-client"
import { AppError, ensure } from "../../app/index.ts"
import { browserHashOf, type Core } from "../core.ts"
import { normaliseEmail } from "../rules.ts"
import type { Visitor } from "../types.ts"
import { secretOf } from "./issuers.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"
import { library, type Metadata } from "./metadata.ts"
import { type IssuerRow, issuerRow } from "./store.ts"
import { newTrip, sealTrip } from "./trip.ts"
import type { TripInput } from "./types.ts"

export const callbackOf = (core: Core, slug: string): string => `${core.baseUrl}/login/callback/${slug}`

/** @see FederationVerbs.beginTrip */
export async function beginTrip(core: Core, metadata: Metadata, visitor: Visitor, input: TripInput): Promise<string> {
  const row = issuerRow(core.store.read, input.slug)
  ensure(row?.active === 1, "not_found", "This way to sign in is not offered here. Go back and choose another one.")
  const [oidc, config] = await Promise.all([library(), clientOf(core, metadata, row)])
  const maxAgeSeconds = row.preset === "google" ? null : input.confirms ? 0 : (input.maxAgeSeconds ?? null)
  const { connects = null, confirms = null } = input
  // Who confirms is asked anew, and may take their time over it there.
  const oldestSeconds = confirms ? L.confirmMs / 1_000 : maxAgeSeconds
  const trip = newTrip({ issuerId: row.id, maxAgeSeconds: oldestSeconds, connects, confirms }, core.clock.now())
  const hint = normaliseEmail(input.loginHint ?? "")
  const prompt = promptOf(row, { ...input, maxAgeSeconds }, config.serverMetadata())
  return oidc.buildAuthorizationUrl(config, {
    redirect_uri: callbackOf(core, row.slug),
    scope: "openid email profile",
    state: sealTrip(core, visitor.browserId, trip, input.interaction),
    nonce: trip.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(trip.verifier),
    code_challenge_method: "S256",
    ...(row.responseMode === "form_post" ? { response_mode: "form_post" } : {}),
    ...(hint ? { login_hint: hint } : {}),
    ...(prompt ? { prompt } : {}),
    ...(maxAgeSeconds === null ? {} : { max_age: String(maxAgeSeconds) }),
  }).href
}

/** Google knows no `login` and no `max_age`: it lets people choose, which is as much as it can be asked for. */
function promptOf(
  { preset }: IssuerRow,
  { maxAgeSeconds, chooses }: TripInput,
  { prompt_values_supported: known }: ServerMetadata,
): string | null {
  const asksAnew = maxAgeSeconds === 0
  // Of the values of OpenID Connect this one is often refused.
  const isKnown = Array.isArray(known) && known.includes("select_account")
  if (preset === "google") return asksAnew || chooses || maxAgeSeconds != null ? "select_account" : null
  return asksAnew ? "login" : chooses && isKnown ? "select_account" : null
}

/** @throws AppError unavailable, in words for whoever wants to sign in */
export async function clientOf(core: Core, metadata: Metadata, row: IssuerRow) {
  try {
    return await metadata.client({ issuer: row.issuer, clientId: row.clientId, clientSecret: secretOf(core, row) })
  } catch (error) {
    throw new AppError("unavailable", notAnswering(row.name), {}, error)
  }
}

export const notAnswering = (name: string): string =>
  `${name} does not answer right now. Try again in a moment, or sign in another way.`

/** Where the proof of a join belongs to. */
export const placeOf = (core: Core, visitor: Visitor): string => `browser:${browserHashOf(core, visitor)}`
