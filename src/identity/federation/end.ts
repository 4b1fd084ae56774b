// The way back from an issuer. First the question has to be this browser's; then the library holds the answer against everything that
// OpenID Connect asks: state, `iss` (RFC 9207), PKCE, the signature, iss, aud, azp, exp, nonce, at_hash. What it says of the person is
// read by `arrive.ts`.
import { AppError, type Log } from "../../app/index.ts"
import { houseNameIn } from "../../brand/index.ts"
import { type Core, visitorCtx } from "../core.ts"
import { IDENTITY_LIMITS } from "../limits.ts"
import { normaliseEmail } from "../rules.ts"
import { countIssuerAnswerIn } from "../throttle.ts"
import type { Visitor } from "../types.ts"
import { arriveIn } from "./arrive.ts"
import { callbackOf, clientOf, notAnswering } from "./begin.ts"
import { tenantsOf } from "./issuers.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"
import { library, type Metadata } from "./metadata.ts"
import { type Facts, isEntra, isManyTenants, nameOf, textOf } from "./rules.ts"
import { type IssuerRow, issuerRowById } from "./store.ts"
import { openTrip, type Trip } from "./trip.ts"
import type { Arrival } from "./types.ts"

interface Deps {
  core: Core
  metadata: Metadata
  log: Log
}

/** @see FederationVerbs.endTrip */
export async function endTrip(
  deps: Deps,
  visitor: Visitor,
  browserIds: readonly string[],
  slug: string,
  query: string,
): Promise<Arrival> {
  const { core, log } = deps
  const state = new URLSearchParams(query).get("state") ?? ""
  const { trip, interaction } = openTrip(core, browserIds, state, core.clock.now())
  const refused = (error: AppError): Arrival => ({
    kind: "refused",
    error,
    connects: trip.connects !== null,
    confirms: trip.confirms?.next,
    interaction,
  })
  const row = issuerRowById(core.store.read, trip.issuerId)
  // Each issuer has an address of its own to come back to: whoever answers at another one's was not asked (RFC 9700 §4.4.2.2).
  if (!row || row.slug !== slug) return refused(new AppError("invalid_request", "That was not asked of this issuer."))
  if (row.active !== 1)
    return refused(new AppError("forbidden", `Sign-in with ${row.name} was turned off here. Choose another way.`))
  try {
    // Each answer is a request to the issuer: nobody makes us send many.
    await core.store.write(visitorCtx(visitor, "an issuer answered"), (tx) => countIssuerAnswerIn(core, tx, visitor))
    const facts = await factsOf(deps, row, trip, state, query)
    const arrived = await core.store.write(visitorCtx(visitor, `sign in with ${row.slug}`), (tx) =>
      arriveIn(core, tx, { visitor, row, trip, facts }),
    )
    return { ...arrived, interaction }
  } catch (error) {
    if (error instanceof AppError) {
      if (error.detail) log.warn("sign-in with an issuer failed", { issuer: row.slug, error: error.detail })
      if (error.status < 500 || error.code === "unavailable") return refused(error)
    }
    throw error
  }
}

/** @throws AppError in words for whoever wants to sign in, the library's own as its detail */
async function factsOf(
  { core, metadata }: Deps,
  row: IssuerRow,
  trip: Trip,
  state: string,
  query: string,
): Promise<Facts> {
  const [oidc, config] = await Promise.all([library(), clientOf(core, metadata, row)])
  try {
    const tokens = await oidc.authorizationCodeGrant(config, new URL(`${callbackOf(core, row.slug)}?${query}`), {
      expectedState: state,
      expectedNonce: trip.nonce,
      pkceCodeVerifier: trip.verifier,
      idTokenExpected: true,
      ...(trip.maxAgeSeconds === null ? {} : { maxAge: trip.maxAgeSeconds }),
    })
    const claims = tokens.claims()!
    const isMissing = claims.email === undefined || claims.email_verified === undefined
    const asks = isMissing && config.serverMetadata().userinfo_endpoint !== undefined
    const more = asks ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub) : {}
    // The signed ones count where both say something.
    return factsFrom(core, row, { ...more, ...claims })
  } catch (error) {
    throw inWords(row, error, oidc)
  }
}

function factsFrom(core: Core, row: IssuerRow, claims: Readonly<Record<string, unknown>>): Facts {
  const subject = subjectOf(row, claims)
  if (subject === null) throw new AppError("invalid_request", "The issuer did not say who you are.")
  const { amr, auth_time } = claims
  return {
    subject,
    email: typeof claims.email === "string" ? normaliseEmail(claims.email) : null,
    // The very word: "true" in quotes is what somebody else wrote into a profile.
    emailVerified: claims.email_verified === true || (isEntra(row.issuer) && isOwnersDomain(claims.xms_edov)),
    name: nameOf(claims.name, IDENTITY_LIMITS.nameCharsMax, houseNameIn(core.store.read)),
    picture: textOf(claims.picture, L.pictureUrlCharsMax),
    provedAgoMs: typeof auth_time === "number" ? Math.max(0, Date.now() - auth_time * 1_000) : null,
    amr: Array.isArray(amr) ? amr.filter((each): each is string => typeof each === "string") : [],
  }
}

/**
 * Of one tenant `sub`; of many with the tenant before it, since each tenant gives its own. The library held `iss` against `tid`.
 * @throws AppError forbidden for a tenant that may not come
 */
function subjectOf(row: IssuerRow, { sub, tid }: Readonly<Record<string, unknown>>): string | null {
  if (!isManyTenants(row.issuer)) return textOf(sub, L.subjectCharsMax)
  if (typeof tid !== "string" || !tenantsOf(row).includes(tid.toLowerCase()))
    throw new AppError(
      "forbidden",
      `Your organisation at ${row.name} may not sign in here. Choose another account there, or sign in another way.`,
    )
  return textOf(sub, L.subjectCharsMax) === null
    ? null
    : textOf(`${tid.toLowerCase()}:${String(sub)}`, L.subjectCharsMax)
}

/** Entra has no `email_verified`: what a tenant writes there is its own word, unless it owns the domain (`xms_edov`). */
const isOwnersDomain = (edov: unknown): boolean => edov === true || edov === 1 || edov === "1" || edov === "true"

type Oidc = Awaited<ReturnType<typeof library>>

function inWords({ name }: IssuerRow, error: unknown, oidc: Oidc): AppError {
  if (error instanceof AppError) return error
  if (error instanceof oidc.AuthorizationResponseError) {
    const words =
      error.error === "access_denied"
        ? `You did not sign in with ${name}. Nothing has changed.`
        : `${name} refused this sign-in. Try again; if it happens again, tell the people who run this service.`
    return new AppError("access_denied", words, {}, error)
  }
  if (error instanceof oidc.ResponseBodyError) {
    const isOver = error.error === "invalid_grant"
    const words = isOver
      ? `This sign-in with ${name} was used already or took too long. Start again.`
      : `${name} refused to tell us who you are. Tell the people who run this service.`
    return new AppError(isOver ? "access_denied" : "unavailable", words, {}, error)
  }
  // Timeouts, resets, and what safe-fetch refuses.
  if (isUnreachable(error)) return new AppError("unavailable", notAnswering(name), {}, error)
  return new AppError(
    "access_denied",
    `The answer of ${name} does not hold, so nobody was signed in. Try again; if it happens again, tell the people who run this service.`,
    {},
    error,
  )
}

function isUnreachable(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++)
    if (["SafeFetchError", "TimeoutError", "AbortError"].includes(each.name)) return true
  return false
}
