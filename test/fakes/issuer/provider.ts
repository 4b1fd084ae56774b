// An issuer that we did not write: npm oidc-provider, certified by the OpenID Foundation, on a loopback port. People are what a test says
// they are; its own sign-in page is one form, so that browsers and agents of tests can go through it.

import { generateKeyPairSync } from "node:crypto"
import { createServer, type Server } from "node:http"
import { Provider } from "oidc-provider"

export interface Elsewhere {
  sub: string
  email?: string
  email_verified?: unknown
  name?: string
  picture?: string
}

export interface ProviderIssuer {
  issuer: string
  /** By `sub`; who is not here is made by the sign-in page. */
  people: Map<string, Elsewhere>
  /** `amr` of its ID tokens. */
  amr: string[] | null
  /** Authorization requests as they came, newest last. */
  asked: URLSearchParams[]
  /** New keys, at once and without overlap, on the same port. */
  rotate(): Promise<void>
  /** Nobody answers at its port. */
  stop(): Promise<void>
  close(): Promise<void>
}

export const CLIENT_ID = "purser-at-the-issuer"
export const CLIENT_SECRET = "a-secret-of-the-issuer-with-/+=:%"

let keys = 0
function newKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return { ...privateKey.export({ format: "jwk" }), kid: `key-${++keys}`, alg: "RS256", use: "sig" }
}

/** @param redirectUris where it sends people back to */
export async function startProvider(redirectUris: string[], port = 0): Promise<ProviderIssuer> {
  const people = new Map<string, Elsewhere>()
  const asked: URLSearchParams[] = []
  let server: Server | null = null
  let issuer = ""
  const state: ProviderIssuer = {
    get issuer() {
      return issuer
    },
    people,
    amr: null,
    asked,
    async rotate() {
      await end()
      await listen(Number(new URL(issuer).port))
    },
    stop: () => end(),
    close: () => end(),
  }

  async function listen(on: number): Promise<void> {
    let handle: ((req: never, res: never) => void) | null = null
    const http = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://x")
      if (url.pathname === "/auth") asked.push(url.searchParams)
      handle!(request as never, response as never)
    })
    await new Promise<void>((done) => http.listen(on, "127.0.0.1", done))
    server = http
    issuer = `http://127.0.0.1:${(http.address() as { port: number }).port}`
    handle = providerOf(state, redirectUris)
  }

  async function end(): Promise<void> {
    const ending = server
    server = null
    if (!ending) return
    ending.closeAllConnections()
    await new Promise<void>((done) => ending.close(() => done()))
  }

  await listen(port)
  return state
}

function providerOf(state: ProviderIssuer, redirectUris: string[]) {
  const provider = new Provider(state.issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: redirectUris,
        application_type: "web",
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    jwks: { keys: [newKey()] },
    cookies: { keys: ["a key of tests"] },
    claims: {
      openid: ["sub", "amr"],
      email: ["email", "email_verified"],
      profile: ["name", "picture"],
    },
    conformIdTokenClaims: true,
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => ({ sub, ...state.people.get(sub), ...(state.amr ? { amr: state.amr } : {}) }),
    }),
    renderError: (ctx: { body: string; type: string }, out: { error: string; error_description?: string }) => {
      ctx.type = "text"
      ctx.body = `${out.error}: ${out.error_description ?? ""}`
    },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, AuthorizationCode: 60, IdToken: 600 },
  } as never)
  const callback = provider.callback()
  return (request: never, response: never): void => {
    const { url = "", method } = request as { url: string; method: string }
    const uid = /^\/interaction\/([\w-]+)/.exec(url)?.[1]
    if (!uid) return void callback(request, response)
    void interact(provider, state, request, response, uid, method)
  }
}

/** Its page asks who one is; the answer signs in and consents, or says no. */
async function interact(
  provider: Provider,
  state: ProviderIssuer,
  request: never,
  response: never,
  _uid: string,
  method: string,
): Promise<void> {
  const details = await provider.interactionDetails(request, response)
  const out = response as unknown as { setHeader(name: string, value: string): void; end(text: string): void }
  if (method !== "POST" && details.prompt.name === "login") {
    out.setHeader("content-type", "text/html; charset=utf-8")
    const hint = String(details.params.login_hint ?? "").replace(/[^\w@.+-]/g, "")
    out.end(
      `<!doctype html><title>Issuer</title><main><h1>Sign in at the issuer</h1><form method="post" action="/interaction/${details.uid}">
       <label>Who <input name="sub" value="${hint}" autofocus></label><button>Go on</button>
       <button name="no" value="1">No</button></form></main>`,
    )
    return
  }
  const form = method === "POST" ? new URLSearchParams(await bodyOf(request)) : new URLSearchParams()
  if (form.get("no")) {
    const no = { error: "access_denied", error_description: "They said no." }
    return void (await provider.interactionFinished(request, response, no, { mergeWithLastSubmission: false }))
  }
  const accountId = form.get("sub") || details.session?.accountId || "nobody"
  if (!state.people.has(accountId))
    state.people.set(accountId, {
      sub: accountId,
      email: `${accountId}@example.com`,
      email_verified: true,
      name: accountId,
    })
  const grant = new provider.Grant({ accountId, clientId: CLIENT_ID })
  grant.addOIDCScope("openid email profile")
  const grantId = await grant.save()
  const result = { login: { accountId, ...(state.amr ? { amr: state.amr } : {}) }, consent: { grantId } }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
}

async function bodyOf(request: never): Promise<string> {
  let text = ""
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString()
  return text
}
