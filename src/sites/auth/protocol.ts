// The OAuth and OIDC endpoints that programs call: discovery, JWKS, token, userinfo, revoke. Cookies are ignored here.
// RFC 6749 §3.2, RFC 7009, RFC 8414, RFC 9728, OpenID Connect Core §5.3 and Discovery.
import { Elysia } from "elysia"
import { AppError, ensure } from "../../app/index.ts"
import { bearerToken, contextOf, dpopToken, jsonNoStore, readForm } from "../../http/index.ts"
import type { EndpointInput, Oauth, OpenEndpointInput } from "../../oauth/index.ts"
import { agentRoutes } from "./protocol-agents.ts"
import { networkOfRequest } from "./site.ts"

/** Credentials travel in the body or the Authorization header, never in cookies, so any origin may call. */
export const CORS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "www-authenticate, dpop-nonce",
}
const PREFLIGHT = {
  ...CORS,
  "access-control-allow-methods": "GET, POST, DELETE",
  "access-control-allow-headers": "authorization, content-type, dpop",
  "access-control-max-age": "86400",
}
const RESOURCE = "/.well-known/oauth-protected-resource"
const PROGRAMS = [
  "/token",
  "/revoke",
  "/introspect",
  "/par",
  "/device_authorization",
  "/register",
  "/register/:client",
  "/userinfo",
  "/.well-known/*",
]
const DOCUMENT = { ...CORS, "cache-control": "public, max-age=300" }

export function protocolRoutes(oauth: Oauth) {
  const routes = new Elysia()
  const discovery = () => Response.json(oauth.discovery(), { headers: DOCUMENT })
  const metadata = () => Response.json(oauth.authorizationServerMetadata(), { headers: DOCUMENT })
  const resource = (path: string) => {
    const document = oauth.protectedResourceMetadata(path)
    ensure(document, "not_found", "There is no such resource.")
    return Response.json(document, { headers: DOCUMENT })
  }

  routes
    .get("/.well-known/openid-configuration", discovery)
    .get("/.well-known/oauth-authorization-server", metadata)
    .get(RESOURCE, () => resource(""))
    // The path of the resource stands behind it (RFC 9728 §3.1).
    .get(`${RESOURCE}/*`, ({ request }) => resource(new URL(request.url).pathname.slice(RESOURCE.length)))
    .get("/.well-known/jwks.json", () => Response.json(oauth.jwks(), { headers: DOCUMENT }))
    .post(
      "/token",
      async ({ request }) => jsonNoStore(await oauth.token(await endpointInput(request)), 200, CORS),
      NO_PARSE,
    )
    .post(
      "/revoke",
      async ({ request }) => {
        await oauth.revoke(await endpointInput(request))
        return new Response(null, { status: 200, headers: { ...CORS, "cache-control": "no-store" } })
      },
      NO_PARSE,
    )
    .post(
      "/par",
      async ({ request }) => jsonNoStore(await oauth.pushAuthorization(await openInput(request)), 201, CORS),
      NO_PARSE,
    )
    .post(
      "/introspect",
      async ({ request }) => jsonNoStore(await oauth.introspect(await endpointInput(request)), 200, CORS),
      NO_PARSE,
    )
    .get("/userinfo", ({ request }) => userinfo(oauth, request, bearerToken))
    .post("/userinfo", ({ request }) => userinfo(oauth, request, postedBearer), NO_PARSE)
    .all("/token", postOnly, NO_PARSE)
    .all("/revoke", postOnly, NO_PARSE)
    .all("/introspect", postOnly, NO_PARSE)
    .all("/par", postOnly, NO_PARSE)
  agentRoutes(routes, oauth)
  for (const path of PROGRAMS) {
    routes.options(path, () => new Response(null, { status: 204, headers: PREFLIGHT }))
  }
  return routes
}

async function userinfo(
  oauth: Oauth,
  request: Request,
  tokenOf: (request: Request) => string | Promise<string>,
): Promise<Response> {
  const bound = dpopToken(request)
  const nonces: Record<string, string> = {}
  const claims = await oauth.userinfo(bound ?? (await tokenOf(request)), {
    isDpop: bound !== null,
    proof: request.headers.get("dpop"),
    method: request.method,
    onNonce(nonce) {
      nonces["dpop-nonce"] = nonce
    },
  })
  return jsonNoStore(claims, 200, { ...CORS, ...nonces })
}

export const NO_PARSE = { parse: "none" } as const

async function endpointInput(request: Request): Promise<EndpointInput> {
  ensure(!new URL(request.url).search, "invalid_request", "Send parameters in the body, not in the address.")
  ensure(isForm(request), "invalid_request", "Send this as application/x-www-form-urlencoded.")
  const form = await readForm(request)
  return {
    params: form.params,
    authorization: request.headers.get("authorization"),
    dpop: request.headers.get("dpop"),
    requestId: contextOf(request).requestId,
  }
}

export async function openInput(request: Request): Promise<OpenEndpointInput> {
  const userAgent = request.headers.get("user-agent") ?? ""
  return { ...(await endpointInput(request)), network: networkOfRequest(request), userAgent }
}

export function postOnly(): never {
  throw new AppError("method_not_allowed", "Use POST.", { headers: { allow: "POST, OPTIONS" } })
}

const isForm = (request: Request): boolean =>
  /^application\/x-www-form-urlencoded *(;|$)/i.test(request.headers.get("content-type") ?? "")

/** RFC 6750 §2.2: a form may hold the token, but then no header does (§2: one method a request). */
async function postedBearer(request: Request): Promise<string> {
  if (!isForm(request)) return bearerToken(request)
  const posted = (await readForm(request)).all("access_token")
  if (posted.length === 0) return bearerToken(request)
  ensure(
    posted.length === 1 && !request.headers.has("authorization"),
    "invalid_request",
    "Send the access token once: in the Authorization header or in the body.",
  )
  return posted[0]!
}
