// Apps that are not ours, on origins that are not ours: a single-page app on oidc-client-ts, a broker on openid-client that hands
// people on to an origin of its own, and a page that posts forms at us. What a browser does between origins shows only here.
import * as oidc from "openid-client"
import { CTX, freePort, makeClient, type TestServer } from "../build.ts"

export interface ForeignApp {
  /** Its origin; the server under test is http://localhost:… */
  url: string
  clientId: string
  stop(): void
}

const LIBRARY = Bun.file(`${import.meta.dir}/../../node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js`)

/** The whole of the app's own code: everything about OAuth is the library's. */
const script = (issuer: string, api: string, clientId: string): string => `
  const at = location.origin
  const manager = new oidc.UserManager({
    authority: "${issuer}", client_id: "${clientId}", scope: "openid profile offline_access llm",
    redirect_uri: at + "/callback", popup_redirect_uri: at + "/popup", silent_redirect_uri: at + "/silent",
    popupWindowFeatures: { closePopupWindowAfterInSeconds: -1 }, silentRequestTimeoutInSeconds: 8,
    automaticSilentRenew: false, post_logout_redirect_uri: at + "/bye",
  })
  const say = (text) => { document.querySelector("#result").textContent = text }
  const told = (promise) => promise.then((user) => say("Hello " + user.profile.sub), (error) => say("Error: " + (error.error ?? error.message)))
  const ways = {
    redirect: () => manager.signinRedirect(),
    popup: () => told(manager.signinPopup({ popupAbortOnClose: true })),
    // Without a refresh token the library renews in a hidden frame, with prompt=none.
    renew: async () => { const user = await manager.getUser(); delete user?.refresh_token; await manager.storeUser(user); await told(manager.signinSilent()) },
    refresh: () => told(manager.signinSilent()),
    models: async () => {
      const { access_token } = await manager.getUser()
      const answer = await fetch("${api}/v1/models", { headers: { authorization: "Bearer " + access_token } })
      say("Models: " + answer.status)
    },
    out: () => manager.signoutRedirect(),
    invalid: () => manager.signinRedirect({ scope: "openid mcp" }),
  }
  for (const button of document.querySelectorAll("button")) button.onclick = ways[button.id]
  if (location.pathname === "/callback") told(manager.signinRedirectCallback())
  if (location.pathname === "/popup") manager.signinPopupCallback().catch((error) => say("Error: " + error.message))
  if (location.pathname === "/silent") manager.signinSilentCallback()`

const BODY = `<!doctype html><title>A foreign app</title><p id="result"></p>
  ${["redirect", "popup", "renew", "refresh", "models", "out", "invalid"].map((way) => `<button id="${way}">${way}</button>`).join("")}
  <script src="/oidc-client-ts.js"></script><script src="/app.js"></script>`

/**
 * A public client in the browser.
 * @param place `far`: another site than the server; `near`: another origin of the same site
 */
export async function startPageApp(server: TestServer, place: "near" | "far"): Promise<ForeignApp> {
  const port = freePort()
  const host = place === "near" ? "localhost" : "127.0.0.1"
  const url = `http://${host}:${port}`
  const redirectUris = ["/callback", "/popup", "/silent"].map((path) => url + path)
  const { client } = await makeClient(server.app, { name: "Foreign pages", type: "public", redirectUris })
  const set = { ownerId: "any" as const, clientPublicId: client.publicId, postLogoutUris: [`${url}/bye`] }
  await server.app.store.write(CTX, (tx) => server.app.oauth.updateClientIn(tx, set))
  const page = () => new Response(BODY, { headers: { "content-type": "text/html" } })
  const code = script(server.url, server.app.config.hosts.api, client.publicId)
  const live = Bun.serve({
    hostname: "127.0.0.1",
    port,
    routes: {
      "/oidc-client-ts.js": () => new Response(LIBRARY, { headers: { "content-type": "text/javascript" } }),
      "/app.js": () => new Response(code, { headers: { "content-type": "text/javascript" } }),
    },
    fetch: page,
  })
  return { url, clientId: client.publicId, stop: () => void live.stop(true) }
}

/** A server-side client; with `onwards` a broker, whose callback hands the person on to another origin. */
export async function startServerApp(
  server: TestServer,
  options: { name: string; host?: string; onwards?: string },
): Promise<ForeignApp> {
  const port = freePort()
  const url = `http://${options.host ?? "127.0.0.1"}:${port}`
  const { client, secret } = await makeClient(server.app, { name: options.name, redirectUris: [`${url}/callback`] })
  const config = await oidc.discovery(new URL(server.url), client.publicId, secret, undefined, {
    execute: [oidc.allowInsecureRequests],
  })
  /** Verifier by state: this app copes with two sign-ins at once, as apps should. */
  const waiting = new Map<string, string>()
  const live = Bun.serve({
    hostname: options.host === "[::1]" ? "::1" : "127.0.0.1",
    port,
    routes: {
      "/": () => text("Signed out"),
      "/login": async () => {
        const state = oidc.randomState()
        const verifier = oidc.randomPKCECodeVerifier()
        waiting.set(state, verifier)
        const parameters = {
          redirect_uri: `${url}/callback`,
          scope: "openid profile llm",
          state,
          code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256",
        }
        return Response.redirect(oidc.buildAuthorizationUrl(config, parameters).href, 302)
      },
      "/callback": async (request) => {
        const here = new URL(request.url)
        const state = here.searchParams.get("state") ?? ""
        const current = new URL(`${url}/callback${here.search}`)
        const checks = { pkceCodeVerifier: waiting.get(state) ?? "", expectedState: state }
        try {
          const tokens = await oidc.authorizationCodeGrant(config, current, checks)
          const who = `?sub=${tokens.claims()?.sub}&app=${encodeURIComponent(options.name)}`
          return Response.redirect(`${options.onwards ?? url}/welcome${who}`, 302)
        } catch (error) {
          return text(`Error: ${(error as { error?: string }).error ?? (error as Error).message}`)
        }
      },
      "/welcome": (request) => {
        const asked = new URL(request.url).searchParams
        return text(`Welcome ${asked.get("sub")} to ${asked.get("app")}`)
      },
    },
    fetch: () => new Response(null, { status: 404 }),
  })
  return { url, clientId: client.publicId, stop: () => void live.stop(true) }
}

const text = (words: string): Response =>
  new Response(`<!doctype html><title>App</title><h1>${Bun.escapeHTML(words)}</h1>`, {
    headers: { "content-type": "text/html; charset=utf-8" },
  })

/** A page of a stranger with one form that posts to the server under test. */
export function startStranger(action: string, fields: Record<string, string> = {}): { url: string; stop(): void } {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
  const body = `<!doctype html><title>A stranger</title>
    <form method="post" action="${Bun.escapeHTML(action)}">${inputs.join("")}<button>Send</button></form>`
  const live = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response(body, { headers: { "content-type": "text/html" } }),
  })
  return { url: `http://127.0.0.1:${live.port}`, stop: () => void live.stop(true) }
}
