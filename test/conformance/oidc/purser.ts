// Purser as a target: the server as it is served, its clients and people made by its own verbs.
import { AppError } from "../../../src/app/index.ts"
import { WebAgent } from "../../../src/cli/demo/agent.ts"
import { createSafeFetch, type SafeFetch } from "../../../src/http/index.ts"
import { REGISTRATION } from "../../../src/oauth/index.ts"
import { CTX, makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../../build.ts"
import type { Manners, WebForm } from "./agent.ts"
import { listenForLogouts } from "./listener.ts"
import { AFTER_LOGOUT, CALLBACKS, type ClientInfo, type Target } from "./run.ts"

const named = (form: WebForm, name: string): boolean => form.fields.some((field) => field.name === name)

export const PURSER_MANNERS: Manners = {
  loginField: "email",
  approve: { name: "decision", value: "approve" },
  deny: { name: "decision", value: "deny" },
  signOut: { name: "", value: "" },
  read(forms) {
    const login = forms.find((form) => named(form, "email") && named(form, "password"))
    if (login) return { kind: "login", form: login }
    const consent = forms.find((form) => form.buttons.some(({ name }) => name === "decision"))
    if (consent) return { kind: "consent", form: consent }
    const logout = forms.find((form) => form.action.startsWith("/logout"))
    return logout ? { kind: "logout", form: logout } : null
  },
}

/** Time as it is, and as much more as a module asks for. */
class LateClock {
  private lateMs = 0
  now = (): number => Date.now() + this.lateMs
  add(ms: number): void {
    this.lateMs += ms
  }
}

/** What the outside sees, and the server behind it. */
export interface PurserTarget extends Target {
  server: TestServer
}

let issuers = 0

/** A browser that goes to this issuer and comes back with its answer. */
async function signsInWith(server: TestServer, issuer: string, answer: (url: string) => URLSearchParams) {
  const slug = `rp-${++issuers}`
  const client = { clientId: "purser-here", clientSecret: "hush", signUp: true, trustsMfa: false, domains: [] }
  const added = await server.app.identity
    .addIssuer(CTX, { preset: "oidc", slug, name: slug, issuer, ...client })
    .catch((error: AppError) => error)
  // An issuer whose documents do not hold is not even added.
  if (added instanceof AppError) return false
  try {
    const browser = new WebAgent((next) => next.origin === server.url)
    const there = await browser.get(`${server.url}/login/with/${slug}`)
    // An issuer that is refused before anybody is sent there.
    if (new URL(there.url).origin !== new URL(issuer).origin) return false
    await browser.get(`${server.url}/login/callback/${slug}?${answer(there.url)}`)
    return new URL((await browser.get(`${server.url}/dashboard`)).url).pathname === "/dashboard"
  } finally {
    await server.app.identity.removeIssuer(CTX, slug)
  }
}

export async function purserTarget(): Promise<PurserTarget> {
  const clock = new LateClock()
  const listener = listenForLogouts()
  // Apps register https addresses alone; this one stands for the listener, which is on this machine.
  const told = "https://rp.example/backchannel"
  const guarded = createSafeFetch()
  const safeFetch: SafeFetch = async (url, request) => {
    if (url !== told) return guarded(url, request)
    const { method = "GET", headers = {}, body } = request
    const answer = await fetch(listener.url, { method, headers, ...(body ? { body } : {}) })
    const bytes = await answer.bytes()
    return { status: answer.status, headers: answer.headers, bytes, text: () => new TextDecoder().decode(bytes) }
  }
  const server = await startTestServer({
    clock,
    safeFetch,
    issuerFetch: createSafeFetch({ allow: ["127.0.0.1"] }),
  })
  await server.app.settings.set(CTX, REGISTRATION, { value: "yes" })
  const client = async (name: string, type: "confidential" | "public"): Promise<ClientInfo> => {
    const made = await makeClient(server.app, { name, type, redirectUris: CALLBACKS })
    const set = { ownerId: "any" as const, clientPublicId: made.client.publicId, postLogoutUris: [AFTER_LOGOUT] }
    const backchannelLogoutUri = name === "Listening" ? told : null
    await server.app.store.write(CTX, (tx) => server.app.oauth.updateClientIn(tx, { ...set, backchannelLogoutUri }))
    return { id: made.client.publicId, secret: made.secret || null }
  }
  const basic = await client("Basic", "confidential")
  const post = { ...(await client("Post", "confidential")), posts: true }
  return {
    server,
    name: "Purser",
    issuer: server.url,
    manners: PURSER_MANNERS,
    clients: { basic, post, second: await client("Second", "confidential"), open: await client("Open", "public") },
    async newPerson() {
      const user = await makeUser(server.app)
      return { login: user.email, password: PASSWORD }
    },
    async later(ms) {
      clock.add(ms)
    },
    backchannel: { client: await client("Listening", "confidential"), next: listener.next },
    relying: (issuer, answer) => signsInWith(server, issuer, answer),
    async rotate() {
      await server.app.oauth.rotateKeys({ requestId: "req_test", actor: "cli", force: true })
    },
    async close() {
      listener.close()
      await server.close()
    },
  }
}
