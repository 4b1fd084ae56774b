// The console signs in as a first-party client of this very server (SPEC OA-9): code, PKCE, state and nonce like any app.
// What must survive the round trip travels in a signed, short-lived cookie.
import { jwt } from "@elysiajs/jwt"
import { Elysia } from "elysia"
import { createLocalJWKSet, type JWTPayload, jwtVerify } from "jose"
import { AppError, constantTimeEqual, ensure, randomSecret } from "../../app/index.ts"
import { contextOf, localPath, seeOther } from "../../http/index.ts"
import type { Visitor } from "../../identity/index.ts"
import type { ConsoleDeps } from "./site.ts"

const CALLBACK = "/console/callback"
/** Signing up on the way may take a while. */
const ROUND_TRIP_SECONDS = 3_600

interface RoundTrip {
  state: string
  nonce: string
  verifier: string
  next: string
}

export function consoleLoginRoutes(deps: ConsoleDeps) {
  const { web, oauth, identity, console: client } = deps
  const redirectUri = `${web.origin}${CALLBACK}`

  return new Elysia()
    .use(jwt({ name: "roundTrip", secret: deps.stateSecret, alg: "HS256", exp: `${ROUND_TRIP_SECONDS}s` }))
    .get("/console/login", async ({ request, roundTrip }) => {
      const next = localPath(new URL(request.url).searchParams.get("next"), web.origin, "/dashboard")
      const trip: RoundTrip = { state: randomSecret(), nonce: randomSecret(), verifier: randomSecret(), next }
      const query = new URLSearchParams({
        client_id: client.publicId,
        redirect_uri: redirectUri,
        response_type: "code",
        scope: "openid profile email",
        state: trip.state,
        nonce: trip.nonce,
        code_challenge: new Bun.CryptoHasher("sha256").update(trip.verifier).digest("base64url"),
        code_challenge_method: "S256",
      })
      const cookie = web.cookies.set("login", await roundTrip.sign({ ...trip }), ROUND_TRIP_SECONDS)
      return seeOther(`/authorize?${query}`, [cookie])
    })
    .get(CALLBACK, async ({ request, roundTrip }) => {
      const answer = new URL(request.url).searchParams
      const trip = (await roundTrip.verify(web.cookies.read(request, "login") ?? "")) as
        | (RoundTrip & JWTPayload)
        | false
      // A stale tab or a second callback: starting over is all there is to do, and safe.
      if (!trip || !constantTimeEqual(answer.get("state") ?? "", trip.state)) return seeOther("/console/login")
      const refused = answer.get("error")
      ensure(!refused, "access_denied", "You were not signed in. Try again.")
      const params = new URLSearchParams({
        grant_type: "authorization_code",
        code: answer.get("code") ?? "",
        redirect_uri: redirectUri,
        code_verifier: trip.verifier,
      })
      const tokens = await oauth.tokenForFirstParty(client.id, params, contextOf(request).requestId)
      const subject = await subjectOf(deps, tokens.id_token ?? "", trip.nonce)
      const parent = identity.sessionByToken(web.cookies.read(request, "auth"), "auth")
      if (!parent || parent.publicId !== subject) {
        throw new AppError("unauthenticated", "You signed out in between. Go to the dashboard to sign in again.")
      }
      const started = await identity.openConsoleSession(visitor(deps, request), {
        userId: parent.userId,
        parentSessionId: parent.sessionId,
      })
      return seeOther(trip.next, [
        web.cookies.set("console", started.token, started.maxAgeSeconds),
        web.cookies.clear("login"),
      ])
    })
}

/** Verifies the ID token as any relying party must (OpenID Connect Core §3.1.3.7). @returns `sub` */
async function subjectOf(deps: ConsoleDeps, idToken: string, nonce: string): Promise<string> {
  const keys = createLocalJWKSet(deps.oauth.jwks() as unknown as Parameters<typeof createLocalJWKSet>[0])
  const { payload } = await jwtVerify(idToken, keys, { issuer: deps.oauth.issuer, audience: deps.console.publicId })
  ensure(
    payload.nonce === nonce && payload.sub,
    "invalid_grant",
    "The sign-in answer does not belong to this browser. Try again.",
  )
  return payload.sub
}

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
