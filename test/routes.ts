// Every GET route of the server with what it is and who may see it, so that no route escapes the walks: a route that is not
// here fails `test/e2e/routes.test.ts`.
import { credits } from "../src/app/index.ts"
import type { User } from "../src/identity/index.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "./build.ts"

/** Who has something to see there. A `person` is also the owner of what the path names. */
export type Viewer = "anyone" | "person" | "developer" | "admin"

export interface RouteCase {
  by: Viewer
  /** What a browser gets: a document, another address, or something for programs. */
  kind: "page" | "redirect" | "data" | "stream"
  /** The address in this world; default: the pattern itself. */
  path?: (world: RouteWorld) => string
}

/** A server with one of everything that a path can name, all of it with names that want to break pages. */
export interface RouteWorld {
  server: TestServer
  admin: User
  person: User
  developer: User
  /** Signed up, owns nothing of this. */
  stranger: User
  clientId: string
  consentId: string
  secretId: string
  upstreamId: string
  lotId: string
  transactionId: string
  setupToken: string
}

const page = (by: Viewer, path?: RouteCase["path"]): RouteCase => ({ by, kind: "page", ...(path ? { path } : {}) })
const other = (by: Viewer, kind: RouteCase["kind"], path?: RouteCase["path"]): RouteCase => ({
  ...page(by, path),
  kind,
})

const user = (rest = "") => page("admin", (world) => `/admin/users/${world.person.publicId}${rest}`)
const transaction = (rest = "") =>
  page("admin", (world) => `/admin/users/${world.person.publicId}/wallet/transactions/${world.transactionId}${rest}`)
const upstream = (rest = "") => page("admin", (world) => `/admin/upstreams/${world.upstreamId}${rest}`)
const app = (kind: RouteCase["kind"], rest = "") =>
  other("developer", kind, (world) => `/developer/apps/${world.clientId}${rest}`)
const consent = (rest: string) => page("person", (world) => `/apps/${world.consentId}/${rest}`)

export const GET_ROUTES: Record<string, RouteCase> = {
  "/": page("anyone"),
  "/.well-known/jwks.json": other("anyone", "data"),
  "/.well-known/oauth-authorization-server": other("anyone", "data"),
  "/.well-known/oauth-protected-resource": other("anyone", "data"),
  "/.well-known/oauth-protected-resource/v1": other("anyone", "data"),
  "/.well-known/openid-configuration": other("anyone", "data"),
  "/_ui": page("anyone"),
  "/_ui/confirm": page("anyone"),
  "/admin": page("admin"),
  "/admin/audit": page("admin"),
  "/admin/books": page("admin"),
  "/admin/books.jsonl": other("admin", "data"),
  "/admin/books/progress": other("admin", "data"),
  "/admin/earnings": page("admin"),
  "/admin/plans": page("admin"),
  "/admin/plans/:code": page("admin", () => "/admin/plans/professional"),
  "/admin/upstreams": page("admin"),
  "/admin/upstreams/:id": upstream(),
  "/admin/upstreams/:id/deactivation": upstream("/deactivation"),
  "/admin/upstreams/new": page("admin"),
  "/admin/users": page("admin"),
  "/admin/users/:id": user(),
  "/admin/users/:id/audit": user("/audit"),
  "/admin/users/:id/lots/:lot/void": page(
    "admin",
    (world) => `/admin/users/${world.person.publicId}/lots/${world.lotId}/void`,
  ),
  "/admin/users/:id/plan": user("/plan"),
  "/admin/users/:id/reinstatement": user("/reinstatement"),
  "/admin/users/:id/suspension": user("/suspension"),
  "/admin/users/:id/wallet": user("/wallet"),
  "/admin/users/:id/wallet.csv": other("admin", "data", (world) => `/admin/users/${world.person.publicId}/wallet.csv`),
  "/admin/users/:id/wallet/adjustment": user("/wallet/adjustment"),
  "/admin/users/:id/wallet/balance": user("/wallet/balance"),
  "/admin/users/:id/wallet/bonus": user("/wallet/bonus"),
  "/admin/users/:id/wallet/transactions/:transaction": transaction(),
  "/admin/users/:id/wallet/transactions/:transaction/refund": transaction("/refund"),
  "/admin/users/:id/wallet/transactions/:transaction/reversal": transaction("/reversal"),
  "/admin/users/:id/wallet/used": user("/wallet/used"),
  "/apps": page("person"),
  "/apps/:id/limits": consent("limits"),
  "/apps/:id/revocation": consent("revocation"),
  "/authorize": page("anyone"),
  "/authorize/consent": page("anyone"),
  "/console/callback": page("anyone"),
  "/console/login": other("anyone", "redirect"),
  "/credits": page("person"),
  "/credits.csv": other("person", "data"),
  "/dashboard": page("person"),
  "/dashboard/events": other("person", "stream"),
  "/dashboard/figures": other("person", "data"),
  "/developer": page("developer"),
  "/developer/apps": other("developer", "redirect"),
  "/developer/apps/:id": app("page"),
  "/developer/apps/:id/first-call": app("data", "/first-call"),
  "/developer/apps/:id/first-call/events": app("stream", "/first-call/events"),
  "/developer/apps/:id/secrets/:secret/revocation": page(
    "developer",
    (world) => `/developer/apps/${world.clientId}/secrets/${world.secretId}/revocation`,
  ),
  "/developer/apps/new": page("developer"),
  "/forgot-password": page("anyone"),
  "/forgot-password/sent": page("anyone"),
  "/livez": other("anyone", "data"),
  "/login": page("anyone"),
  "/logout": page("anyone"),
  "/mailbox": page("anyone"),
  "/openapi.json": other("anyone", "data"),
  "/readyz": other("anyone", "data"),
  "/reset-password": page("anyone", () => "/reset-password?token=gone"),
  "/robots.txt": other("anyone", "data"),
  "/search": page("anyone", () => "/search?q=credits"),
  "/settings": page("person"),
  "/settings/email": page("person"),
  "/settings/email/code": page("person"),
  "/settings/plan": page("person"),
  "/setup/:token": page("anyone", (world) => `/setup/${world.setupToken}`),
  "/signed-out": page("anyone"),
  "/signup": page("anyone"),
  "/up": other("anyone", "data"),
  "/userinfo": other("anyone", "data"),
  "/v1/me": other("anyone", "data"),
  "/v1/models": other("anyone", "data"),
  "/v1/models/*": other("anyone", "data", () => "/v1/models/sandbox"),
  "/v1/models/:id": other("anyone", "data", () => "/v1/models/sandbox"),
  "/v1/requests/:id": other("anyone", "data", () => "/v1/requests/req_none"),
  "/verify-email": page("anyone"),
}

/** Markup, length, direction and emoji in everything that people may name. */
const NAMES = {
  person: `<script>alert("person")</script> ${"W".repeat(40)}`,
  developer: `مرحبا بالعالم שלום מפתח 👩‍👩‍👧‍👦`,
  company: `&lt;b&gt;"'><img src=x onerror=alert(1)> ${"ß".repeat(30)}`,
  app: `"><svg/onload=alert(1)> ${"Donaudampfschiff".repeat(2)}`,
  upstream: "u".repeat(40),
}

export async function openRouteWorld(): Promise<RouteWorld> {
  const server = await startTestServer()
  const { app } = server
  await addSandbox(app)
  const upstream = await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: NAMES.upstream,
    baseUrl: "http://127.0.0.1:9/v1",
    models: ["m".repeat(120)],
  })
  const admin = await makeUser(app, { name: NAMES.person, isAdmin: true })
  const developer = await makeDeveloper(app, { name: NAMES.developer, company: NAMES.company })
  const person = await makeUser(app, { name: NAMES.person })
  const stranger = await makeUser(app, { name: "Stranger" })
  await giveCredits(app, person, credits(500))
  const { client, secret } = await makeClient(app, { ownerId: developer.id, name: NAMES.app })
  const { accessToken } = await mintTokens(app, { user: person, client, secret, dailyNano: credits(40) })
  for (let call = 0; call < 3; call++) {
    const answer = await chat(server.url, accessToken)
    if (answer.status !== 200) throw new Error(`the chat answered ${answer.status}`)
  }
  const owner = { kind: "principal", id: person.id } as const
  const { url } = await app.identity.createSetupLink(CTX)
  return {
    ...{ server, admin, person, developer, stranger },
    clientId: client.publicId,
    consentId: app.oauth.consentsOf(person.id)[0]!.publicId,
    secretId: app.oauth.secretsOf(client.id)[0]!.publicId,
    upstreamId: upstream.publicId,
    lotId: app.ledger.wallet(owner, "live").lots[0]!.publicId,
    transactionId: app.ledger.history(owner, "live", { limit: 1, types: ["usage"] })[0]!.transactionId,
    setupToken: new URL(url).pathname.split("/").at(-1)!,
  }
}

/** A GET route's address in this world. */
export const addressOf = (world: RouteWorld, pattern: string): string =>
  world.server.url + (GET_ROUTES[pattern]!.path?.(world) ?? pattern)
