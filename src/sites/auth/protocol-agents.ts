// The OAuth endpoints of devices and of clients that register themselves: RFC 8628 §3.1, RFC 7591, RFC 7592. Cookies are ignored here.
import type { Elysia } from "elysia"
import { bearerToken, contextOf, jsonNoStore, readJson } from "../../http/index.ts"
import type { Oauth } from "../../oauth/index.ts"
import { CORS, NO_PARSE, openInput, postOnly } from "./protocol.ts"
import { networkOfRequest } from "./site.ts"

const REGISTRATION_BYTES_MAX = 64 * 1024

export function agentRoutes(routes: Elysia, oauth: Oauth): void {
  routes
    .post(
      "/device_authorization",
      async ({ request }) => jsonNoStore(await oauth.startDevice(await openInput(request)), 200, CORS),
      NO_PARSE,
    )
    .post("/register", ({ request }) => register(oauth, request), NO_PARSE)
    .all("/device_authorization", postOnly, NO_PARSE)
    .all("/register", postOnly, NO_PARSE)
    .get("/register/:client", ({ request, params }) =>
      jsonNoStore(oauth.readRegistration(accessOf(request, params.client)), 200, CORS),
    )
    .delete(
      "/register/:client",
      async ({ request, params }) => {
        await oauth.deleteRegistration({ ...accessOf(request, params.client), requestId: contextOf(request).requestId })
        return new Response(null, { status: 204, headers: { ...CORS, "cache-control": "no-store" } })
      },
      NO_PARSE,
    )
}

async function register(oauth: Oauth, request: Request): Promise<Response> {
  const metadata = await readJson(request, { bytesMax: REGISTRATION_BYTES_MAX })
  const { requestId } = contextOf(request)
  const made = await oauth.registerDynamic({ metadata, network: networkOfRequest(request), requestId })
  return jsonNoStore(made, 201, CORS)
}

const accessOf = (request: Request, clientPublicId: string) => ({ clientPublicId, token: bearerToken(request) })
