// The console signs in as a first-party client of this very server (SPEC OA-9): code, PKCE, state and nonce like any app.
// What must survive the round trip travels in `state` itself, signed and bound to the browser: any number of tabs may be on their
// way at once, and each comes back to its own page.
import { jwt } from "@elysiajs/jwt"
import { Elysia } from "elysia"
import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from "jose"
import { AppError, ensure, randomSecret, sha256Hex } from "../../app/index.ts"
import { contextOf, localPath, seeOther } from "../../http/index.ts"
import type { AuthSession, Visitor } from "../../identity/index.ts"
import type { ConsoleDeps } from "./site.ts"

const CALLBACK = "/console/callback"
/** Signing up on the way may take a while. */
const ROUND_TRIP_SECONDS = 3_600
/** A page of ours with its query; `state` has room for it, signed and in base64. */
const NEXT_CHARS_MAX = 2_000

interface RoundTrip {
  id: string
  /** Hash of the browser's id: an answer that somebody slipped to another browser is of no use there (RFC 6749 §10.12). */
  browser: string
  next: string
}

export function consoleLoginRoutes(deps: ConsoleDeps) {
  const { web, oauth, identity, console: client } = deps
  const redirectUri = (request: Request) => `${web.origins.originOf(request)}${CALLBACK}`
  /** Known to this server only, so that neither has to be kept anywhere. */
  const secretOf = (kind: "verifier" | "nonce", trip: RoundTrip): string =>
    new Bun.CryptoHasher("sha256", deps.stateSecret).update(`${kind} ${trip.id}`).digest("base64url")

  return new Elysia()
    .use(jwt({ name: "roundTrip", secret: deps.stateSecret, alg: "HS256", exp: `${ROUND_TRIP_SECONDS}s` }))
    .get("/console/login", async ({ request, roundTrip }) => {
      const asked = new URL(request.url).searchParams
      const next = nextOf(deps, asked.get("next"))
      const trip: RoundTrip = { id: randomSecret(16), browser: sha256Hex(web.browserId(request)), next }
      const query = new URLSearchParams({
        client_id: client.publicId,
        redirect_uri: redirectUri(request),
        response_type: "code",
        scope: "openid profile email",
        state: await roundTrip.sign({ ...trip }),
        nonce: secretOf("nonce", trip),
        code_challenge: new Bun.CryptoHasher("sha256").update(secretOf("verifier", trip)).digest("base64url"),
        code_challenge_method: "S256",
        // By a link of ours that says so; nobody else than the person themselves chooses.
        ...(asked.has("choose") ? { prompt: "select_account" } : {}),
      })
      return seeOther(`${authorizeAt(deps, request)}?${query}`, web.browserCookies(request))
    })
    .get(CALLBACK, async ({ request, roundTrip }) => {
      const answer = new URL(request.url).searchParams
      const state = answer.get("state") ?? ""
      const trip = (await roundTrip.verify(state)) as (RoundTrip & JWTPayload) | false
      // A stale tab or another browser's answer: starting over is all there is to do, and safe.
      if (!trip || !web.browserIds(request).some((id) => sha256Hex(id) === trip.browser)) {
        return seeOther(`/console/login?${new URLSearchParams({ next: nextOf(deps, claimedNext(state)) })}`)
      }
      const current = identity.sessionByToken(web.cookies.read(request, "console"), "console")
      const refused = answer.get("error")
      ensure(!refused, "access_denied", "You were not signed in. Try again.")
      const params = new URLSearchParams({
        grant_type: "authorization_code",
        code: answer.get("code") ?? "",
        redirect_uri: redirectUri(request),
        code_verifier: secretOf("verifier", trip),
      })
      const tokens = await oauth
        .tokenForFirstParty(client.id, params, contextOf(request).requestId)
        .catch((error: unknown) => (current && isUsedUp(error) ? null : Promise.reject(error)))
      // The same answer a second time: it did its work.
      if (!tokens) return seeOther(trip.next)
      const parent = signInOf(deps, await claimsOf(deps, tokens.id_token ?? "", secretOf("nonce", trip)))
      // Another tab was faster: a new session would end that tab's, and it would come here again.
      if (current && isSame(current, parent)) return seeOther(trip.next)
      const started = await identity.openConsoleSession(visitor(deps, request), {
        userId: parent.userId,
        parentSessionId: parent.sessionId,
      })
      return seeOther(trip.next, [web.cookies.set("console", started.token, started.maxAgeSeconds)])
    })
}

/** A path where it is on this origin, so that a probe by another name gets through. */
const authorizeAt = ({ web }: ConsoleDeps, request: Request): string =>
  web.origins.originOf(request) === web.origin ? "/authorize" : `${web.origin}/authorize`

/**
 * The sign-in behind an ID token. Not by its cookie: the console may stand on an origin that does not get it.
 * @throws AppError unauthenticated
 */
function signInOf({ identity }: ConsoleDeps, { sub, sid }: { sub: string; sid: string }): AuthSession {
  const person = identity.userByPublicId(sub)
  const session = person && identity.sessionBySid(person.id, sid)
  if (session) return session
  throw new AppError("unauthenticated", "You signed out in between. Go to the dashboard to sign in again.")
}

const isUsedUp = (error: unknown): boolean => error instanceof AppError && error.code === "invalid_grant"

/** One sign-in of one person. */
const isSame = (one: AuthSession, other: AuthSession): boolean =>
  one.userId === other.userId && one.authTimeMs === other.authTimeMs

/** Where to go after signing in: a page of ours, without its query where that is too long to travel. */
function nextOf({ web }: ConsoleDeps, wanted: string | null): string {
  const next = localPath(wanted, web.origin, "/dashboard")
  if (next.length <= NEXT_CHARS_MAX) return next
  const path = next.split("?")[0]!
  return path.length <= NEXT_CHARS_MAX ? path : "/dashboard"
}

/** What a state says that does not verify: no more to be believed than any `next` in an address. */
function claimedNext(state: string): string | null {
  try {
    const { next } = decodeJwt(state)
    return typeof next === "string" ? next : null
  } catch {
    return null
  }
}

/** Verifies the ID token as any relying party must (OpenID Connect Core §3.1.3.7). */
async function claimsOf(deps: ConsoleDeps, idToken: string, nonce: string): Promise<{ sub: string; sid: string }> {
  const keys = createLocalJWKSet(deps.oauth.jwks() as unknown as Parameters<typeof createLocalJWKSet>[0])
  const expected = {
    issuer: deps.oauth.issuer,
    audience: deps.console.publicId,
    currentDate: new Date(deps.wall.now()),
  }
  const { payload } = await jwtVerify(idToken, keys, expected).catch((error: unknown) => {
    // The machine's clock was set between the two, which asking again mends.
    if (error instanceof errors.JWTExpired) throw notHere("This sign-in took too long. Try again.", error)
    throw error
  })
  const { sub, sid } = payload
  if (payload.nonce !== nonce || !sub || typeof sid !== "string")
    throw notHere("The sign-in answer does not belong to this browser. Try again.")
  return { sub, sid }
}

const notHere = (words: string, cause?: unknown): AppError => new AppError("invalid_grant", words, {}, cause)

function visitor(deps: ConsoleDeps, request: Request): Visitor {
  const context = contextOf(request)
  return {
    requestId: context.requestId,
    browserId: deps.web.browserId(request),
    ip: context.ip,
    userAgent: (request.headers.get("user-agent") ?? "").slice(0, 300),
    previousToken: deps.web.cookies.read(request, "console"),
  }
}
