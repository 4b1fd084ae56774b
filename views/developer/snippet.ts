// The code a developer copies, with the real client id in it. Every value goes through JSON.stringify: it is data, not code.

export interface SnippetInput {
  /** Issuer URL without trailing slash. */
  issuer: string
  /** Base URL for the OpenAI SDK, ending in /v1. */
  apiBaseUrl: string
  clientId: string
  confidential: boolean
  redirectUri: string
  scopes: readonly string[]
  /** A model that answers on this server. */
  model: string
}

/** openid-client 6 and openai, from sign-in to the first charged call. */
export function snippet(input: SnippetInput): string {
  const scope = ["openid", ...input.scopes.filter((name) => name !== "openid")].join(" ")
  const auth = input.confidential ? "oidc.ClientSecretPost(process.env.CLIENT_SECRET)" : "oidc.None()"
  const insecure = input.issuer.startsWith("http://")
    ? `, {\n  execute: [oidc.allowInsecureRequests], // plain http: loopback only\n}`
    : ""
  return `import * as oidc from "openid-client"
import OpenAI from "openai"

const issuer = new URL(${JSON.stringify(input.issuer)})
const clientId = ${JSON.stringify(input.clientId)}
const auth = ${auth}
const config = await oidc.discovery(issuer, clientId, undefined, auth${insecure})

// 1. Send the person to sign in.
const verifier = oidc.randomPKCECodeVerifier()
const state = oidc.randomState()
const signIn = oidc.buildAuthorizationUrl(config, {
  redirect_uri: ${JSON.stringify(input.redirectUri)},
  scope: ${JSON.stringify(scope)},
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
})

// 2. They come back to your redirect URI. \`url\` is the address they arrived at.
const tokens = await oidc.authorizationCodeGrant(config, url, {
  pkceCodeVerifier: verifier,
  expectedState: state,
})

// 3. Call a model with their credits.
const ai = new OpenAI({ baseURL: ${JSON.stringify(input.apiBaseUrl)}, apiKey: tokens.access_token })
const answer = await ai.chat.completions.create({
  model: ${JSON.stringify(input.model)},
  messages: [{ role: "user", content: "Say hello in five words." }],
})
console.log(answer.choices[0].message.content)`
}
