// npm `oidc-provider` as a target: certified by the OpenID Foundation, so what it passes is a fair demand.
import type { Server } from "node:http"
import { exportJWK, generateKeyPair } from "jose"
import Provider from "oidc-provider"
import { freePort } from "../../build.ts"
import type { Manners } from "./agent.ts"
import { listenForLogouts } from "./listener.ts"
import { AFTER_LOGOUT, CALLBACKS, type ClientInfo, type Target } from "./run.ts"

const MANNERS: Manners = {
  loginField: "login",
  approve: { name: "", value: "" },
  deny: { link: /href="([^"]+\/abort)"/ },
  signOut: { name: "logout", value: "yes" },
  read(forms) {
    const has = (name: string, value?: string) =>
      forms.find((form) => form.fields.some((field) => field.name === name && (value ?? field.value) === field.value))
    const login = has("login")
    if (login) return { kind: "login", form: login }
    const consent = has("prompt", "consent")
    if (consent) return { kind: "consent", form: consent }
    const logout = has("xsrf")
    return logout ? { kind: "logout", form: logout } : null
  },
}

const ADA = {
  name: "Ada Reader",
  updated_at: 1_700_000_000,
  email_verified: true,
  address: { formatted: "1 Reading Lane" },
  phone_number: "+3725550100",
}

export async function referenceTarget(): Promise<Target> {
  const issuer = `http://127.0.0.1:${freePort()}`
  const { privateKey } = await generateKeyPair("RS256", { extractable: true })
  const listener = listenForLogouts()
  const client = (
    id: string,
    method: string,
    more: Record<string, unknown> = {},
  ): [ClientInfo, Record<string, unknown>] => {
    const info = {
      id,
      secret: method === "none" ? null : `${id}-`.padEnd(48, "s"),
      posts: method === "client_secret_post",
    }
    return [
      info,
      {
        client_id: id,
        ...(info.secret ? { client_secret: info.secret } : {}),
        token_endpoint_auth_method: method,
        redirect_uris: CALLBACKS,
        post_logout_redirect_uris: [AFTER_LOGOUT],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        ...more,
      },
    ]
  }
  const [basic, basicRow] = client("basic", "client_secret_basic")
  const [post, postRow] = client("post", "client_secret_post")
  const [second, secondRow] = client("second", "client_secret_basic")
  const [open, openRow] = client("open", "none")
  const backchannel = { backchannel_logout_uri: listener.url, backchannel_logout_session_required: true }
  const [listening, listeningRow] = client("listening", "client_secret_basic", backchannel)
  const provider = new Provider(issuer, {
    clients: [basicRow, postRow, secondRow, openRow, listeningRow] as never,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: "sig", alg: "RS256" }] } as never,
    // An authorization request by POST from another site needs cookies that go along with it.
    enableHttpPostMethods: true,
    cookies: { keys: ["only a test"], long: { sameSite: "none" }, short: { sameSite: "none" } },
    claims: {
      openid: ["sub"],
      profile: ["name", "updated_at"],
      email: ["email", "email_verified"],
      address: ["address"],
      phone: ["phone_number"],
    },
    responseTypes: ["code"],
    pkce: { required: () => true },
    acrValues: ["0"],
    ttl: {
      AuthorizationCode: 2,
      PushedAuthorizationRequest: 2,
      Interaction: 600,
      Session: 3_600,
      Grant: 3_600,
      AccessToken: 600,
      IdToken: 600,
      RefreshToken: 3_600,
    },
    features: {
      devInteractions: { enabled: true },
      claimsParameter: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      registration: { enabled: true },
      dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 9), requireNonce: () => true },
    },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ ...ADA, sub: id, email: `${id}@example.com` }),
    }),
  })
  const { port } = new URL(issuer)
  const server: Server = provider.listen(Number(port), "127.0.0.1")
  await new Promise<void>((done) => (server.listening ? done() : void server.once("listening", () => done())))
  let people = 0
  return {
    name: "oidc-provider",
    issuer,
    manners: MANNERS,
    clients: { basic, post, second, open },
    newPerson: async () => ({ login: `person${++people}`, password: "any" }),
    // Its codes live for two seconds here: it has no clock that could be turned.
    later: () => Bun.sleep(2_200),
    backchannel: { client: listening, next: listener.next },
    relying: null,
    rotate: null,
    async close() {
      listener.close()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
