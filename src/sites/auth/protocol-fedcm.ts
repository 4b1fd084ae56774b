// FedCM (W3C Federated Credential Management): where a browser itself asks who is signed in, and gives an app's page what it chose with the
// person. Its requests say `Sec-Fetch-Dest: webidentity`, which no page can say, and carry cookies of their own (SameSite=None), which open
// nothing else.
import { Elysia } from "elysia"
import { AppError, ensure } from "../../app/index.ts"
import { contextOf, jsonNoStore, readForm, toAppError } from "../../http/index.ts"
import { peopleForBrowser } from "./accounts.ts"
import { CONTINUE, SIGN_IN } from "./fedcm.ts"
import { CORS, NO_PARSE } from "./protocol.ts"
import { type AuthDeps, asApps, interactionOf, networkOfRequest, stepOf } from "./site.ts"

const DOCUMENT = { ...CORS, "cache-control": "public, max-age=300" }
const WEB_IDENTITY = "webidentity"
const ORIGIN_CHARS_MAX = 300

/** What only the browser itself can ask. @throws AppError forbidden */
function requireBrowser(request: Request): void {
  ensure(request.headers.get("sec-fetch-dest") === WEB_IDENTITY, "forbidden", "Only a browser itself may ask this.")
}

/** The page that the browser asks for. @throws AppError forbidden */
function originOf(request: Request): string {
  const origin = request.headers.get("origin") ?? ""
  const isOrigin = origin.length <= ORIGIN_CHARS_MAX && URL.canParse(origin) && new URL(origin).origin === origin
  ensure(isOrigin, "forbidden", "The browser did not say which page asks.")
  return origin
}

const readableBy = (origin: string) => ({
  "access-control-allow-origin": origin,
  "access-control-allow-credentials": "true",
  vary: "origin, cookie, sec-fetch-dest",
})

export function fedcmRoutes(deps: AuthDeps) {
  const { web, oauth } = deps
  const at = (path: string) => `${web.origin}${path}`
  const people = (request: Request) => {
    const { session, others } = peopleForBrowser(deps, request)
    return { session: session && asApps(session), others: others.map(asApps) }
  }
  return new Elysia()
    .get("/.well-known/web-identity", () =>
      Response.json(
        { provider_urls: [at("/fedcm/config.json")], accounts_endpoint: at("/fedcm/accounts"), login_url: at(SIGN_IN) },
        { headers: DOCUMENT },
      ),
    )
    .get("/fedcm/config.json", () =>
      Response.json(
        {
          accounts_endpoint: at("/fedcm/accounts"),
          client_metadata_endpoint: at("/fedcm/client"),
          id_assertion_endpoint: at("/fedcm/assertion"),
          disconnect_endpoint: at("/fedcm/disconnect"),
          login_url: at(SIGN_IN),
        },
        { headers: DOCUMENT },
      ),
    )
    .get("/fedcm/accounts", ({ request }) =>
      answer(request, null, () => {
        const accounts = oauth.fedcm.accounts(people(request))
        if (accounts.length === 0) throw new AppError("unauthenticated", "Nobody is signed in to this browser.")
        return { accounts }
      }),
    )
    .get("/fedcm/client", ({ request }) =>
      answer(request, originOf, (origin) => {
        const found = oauth.fedcm.client(new URL(request.url).searchParams.get("client_id") ?? "", origin)
        ensure(found, "not_found", "This page is not of an app that we know.")
        return found
      }),
    )
    .post(
      "/fedcm/assertion",
      ({ request }) => answer(request, originOf, (origin) => assertion(deps, request, origin, people(request))),
      NO_PARSE,
    )
    .post(
      "/fedcm/disconnect",
      ({ request }) =>
        answer(request, originOf, async (origin) => {
          const form = await readForm(request)
          const { requestId } = contextOf(request)
          const hint = { clientId: form.get("client_id"), accountHint: form.get("account_hint") }
          return { account_id: await oauth.fedcm.disconnect({ ...hint, ...people(request), origin, requestId }) }
        }),
      NO_PARSE,
    )
    .post("/fedcm/resolution", ({ request }) => resolution(deps, request), NO_PARSE)
}

/** JSON for the browser and, where there is one, the page that it asks for; refusals too (W3C FedCM §3.5). */
async function answer<Origin extends string | null>(
  request: Request,
  originOf: ((request: Request) => Origin) | null,
  body: (origin: Origin) => object | Promise<object>,
): Promise<Response> {
  let headers: Record<string, string> = { vary: "cookie, sec-fetch-dest" }
  try {
    requireBrowser(request)
    const origin = originOf ? originOf(request) : (null as Origin)
    if (origin !== null) headers = readableBy(origin)
    return jsonNoStore(await body(origin), 200, headers)
  } catch (error) {
    const refused = toAppError(error)
    if (refused.status >= 500) throw error
    const code = refused.kind.oauth ?? (refused.status === 401 ? "login_required" : "access_denied")
    return jsonNoStore({ error: { code, error: code } }, refused.status, headers)
  }
}

async function assertion(
  { web, oauth }: AuthDeps,
  request: Request,
  origin: string,
  people: Pick<Parameters<AuthDeps["oauth"]["fedcm"]["assert"]>[0], "session" | "others">,
): Promise<object> {
  const form = await readForm(request)
  const given = await oauth.fedcm.assert({
    ...people,
    origin,
    clientId: form.get("client_id"),
    accountId: form.get("account_id"),
    params: form.get("params") || null,
    nonce: form.get("nonce") || null,
    network: networkOfRequest(request),
    requestId: contextOf(request).requestId,
  })
  if (given.kind === "token") return { token: given.token }
  return { continue_on: `${web.origin}${CONTINUE}?${new URLSearchParams({ request: given.request })}` }
}

/** A script of the last page asks for what the browser is to be given. */
async function resolution(deps: AuthDeps, request: Request): Promise<Response> {
  const sent = interactionOf(String((await deps.web.json(request)).request ?? ""))
  ensure(sent, "invalid_request", "There is nothing to go on with.")
  const given = await deps.oauth.fedcm.resolve({
    ...stepOf(deps, request),
    request: sent,
    network: networkOfRequest(request),
  })
  if (given.kind === "continue") throw new AppError("consent_required", "The person has to give permission.")
  return jsonNoStore({ token: given.token })
}
