// The code a developer copies, with the real client id in it. Every value goes through JSON.stringify: it is data, not code.

import type { Language } from "../ui/index.ts"

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
  /** What pages in a browser import. */
  sdk?: { version: string; integrity: string } | undefined
}

const scopeOf = ({ scopes }: SnippetInput): string =>
  ["openid", ...scopes.filter((name) => name !== "openid")].join(" ")

export interface Snippet {
  label: string
  language: Language
  /** What to install first; none for what every terminal has. */
  install: string | null
  code: string
}

/** From sign-in to the first charged call, in three languages; the five lines of the terminal first when asked for. */
export function snippets(input: SnippetInput, terminalFirst = false): Snippet[] {
  const terminal = { label: "curl", language: "bash" as const, install: null, code: curl(input) }
  const languages = [
    {
      label: "JavaScript",
      language: "javascript" as const,
      install: "npm install openid-client openai",
      code: javascript(input),
    },
    {
      label: "Python",
      language: "python" as const,
      install: "pip install authlib requests openai",
      code: python(input),
    },
    ...webPages(input),
  ]
  return terminalFirst ? [terminal, ...languages] : [...languages, terminal]
}

/** For apps that cannot keep a secret: a whole page, with this version of sdk.js and its hash. */
function webPages(input: SnippetInput): Snippet[] {
  if (input.confidential || !input.sdk) return []
  const sdk = input.sdk
  return [{ label: "Web page", language: "html", install: null, code: webPage({ ...input, sdk }) }]
}

/** A string in a script in a page. */
const inPage = (value: string): string => JSON.stringify(value).replaceAll("<", "\\u003c")

function webPage({
  issuer,
  apiBaseUrl,
  clientId,
  scopes,
  model,
  sdk,
}: SnippetInput & { sdk: { version: string; integrity: string } }): string {
  const address = `${issuer}/sdk/${sdk.version}/sdk.js`
  const scope = [...new Set(["openid", ...scopes, "offline_access"])].join(" ")
  return `<!doctype html>
<!-- Calls go to ${apiBaseUrl} -->
<script type="importmap">
  { "integrity": { ${inPage(address)}: ${inPage(sdk.integrity)} } }
</script>
<purser-button></purser-button> <purser-balance></purser-balance>
<button id="ask">Ask</button>
<pre id="out"></pre>
<script type="module">
  import { purser } from ${inPage(address)}

  const ai = purser(${inPage(clientId)}, { scope: ${inPage(scope)}, model: ${inPage(model)} })
  ask.onclick = async () => {
    for await (const text of ai.chat("Say hello in five words.")) out.append(text)
  }
</script>`
}

/** A word of a POSIX shell: nothing in single quotes means anything but itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

export interface CallInput {
  apiBaseUrl: string
  model: string
  /** Absent: its place is named. */
  token?: string | undefined
}

const ASK = "Say hello in five words."
/** Few, so that the call asks for few credits to be set aside. */
const ANSWER_TOKENS = 60

/** What the call sends. */
export const callBody = (model: string) => ({
  model,
  max_tokens: ANSWER_TOKENS,
  messages: [{ role: "user", content: ASK }],
})

/** One call with a token that is there already: three lines, in a terminal and two languages. */
export function callSnippets({ apiBaseUrl, model, token }: CallInput): { label: string; code: string }[] {
  const text = (value: string): string => JSON.stringify(value)
  const key = token ?? "YOUR TEST TOKEN"
  const messages = `[{"role": "user", "content": ${text(ASK)}}]`
  return [
    {
      label: "curl",
      code: `curl ${quoted(`${apiBaseUrl}/chat/completions`)} -H 'Content-Type: application/json' \\
  -H ${quoted(`Authorization: Bearer ${key}`)} \\
  -d ${quoted(JSON.stringify(callBody(model)))}`,
    },
    {
      label: "JavaScript",
      code: `const ai = new (await import("openai")).OpenAI({ baseURL: ${text(apiBaseUrl)}, apiKey: ${text(key)} })
const messages = [{ role: "user", content: ${text(ASK)} }]
console.log((await ai.chat.completions.create({ model: ${text(model)}, max_tokens: ${ANSWER_TOKENS}, messages })).choices[0].message.content)`,
    },
    {
      label: "Python",
      code: `from openai import OpenAI
ai = OpenAI(base_url=${text(apiBaseUrl)}, api_key=${text(key)})
print(ai.chat.completions.create(model=${text(model)}, max_tokens=${ANSWER_TOKENS}, messages=${messages}).choices[0].message.content)`,
    },
  ]
}

/** Five lines for a terminal: make a verifier, hash it, sign in, swap the code for a token, call a model. */
export function curl(input: SnippetInput): string {
  const query = new URLSearchParams({
    client_id: input.clientId,
    redirect_uri: input.redirectUri,
    response_type: "code",
    scope: scopeOf(input),
    code_challenge_method: "S256",
  })
  const form = [
    "-d grant_type=authorization_code",
    `-d client_id=${quoted(input.clientId)}`,
    ...(input.confidential ? [`--data-urlencode client_secret="$CLIENT_SECRET"`] : []),
    `--data-urlencode redirect_uri=${quoted(input.redirectUri)}`,
    `-d code_verifier="$VERIFIER"`,
    `--data-urlencode code="$CODE"`,
  ].join(" ")
  const body = JSON.stringify({
    model: input.model,
    messages: [{ role: "user", content: "Say hello in five words." }],
  })
  // In braces, so that a shell has read all of a paste before it asks for the code.
  return `{ VERIFIER=$(openssl rand -hex 32)
CHALLENGE=$(printf %s "$VERIFIER" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')
echo "Open this, sign in, and copy the code from the address you land on:"; echo ${quoted(`${input.issuer}/authorize?${query}&code_challenge=`)}"$CHALLENGE"; read -r CODE
TOKEN=$(curl -s ${quoted(`${input.issuer}/token`)} ${form} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl ${quoted(`${input.apiBaseUrl}/chat/completions`)} -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d ${quoted(body)}; }`
}

/** Authlib and openai. A JSON string is a Python string too. */
export function python(input: SnippetInput): string {
  const text = (value: string): string => JSON.stringify(value)
  const secret = input.confidential
    ? `    client_secret=os.environ["CLIENT_SECRET"],\n    token_endpoint_auth_method="client_secret_post",`
    : `    token_endpoint_auth_method="none",`
  const insecure = input.issuer.startsWith("http://")
    ? `os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain http: loopback only\n`
    : ""
  return `${input.confidential || insecure ? "import os\n" : ""}import secrets
from authlib.integrations.requests_client import OAuth2Session
from openai import OpenAI

${insecure}session = OAuth2Session(
    ${text(input.clientId)},
${secret}
    redirect_uri=${text(input.redirectUri)},
    scope=${text(scopeOf(input))},
    code_challenge_method="S256",
)

# 1. Send the person to sign in.
verifier = secrets.token_urlsafe(48)
sign_in, state = session.create_authorization_url(${text(`${input.issuer}/authorize`)}, code_verifier=verifier)

# 2. They come back to your redirect URI. \`url\` is the address they arrived at.
token = session.fetch_token(
    ${text(`${input.issuer}/token`)}, authorization_response=url, state=state, code_verifier=verifier
)

# 3. Call a model with their credits.
ai = OpenAI(base_url=${text(input.apiBaseUrl)}, api_key=token["access_token"])
answer = ai.chat.completions.create(
    model=${text(input.model)},
    messages=[{"role": "user", "content": "Say hello in five words."}],
)
print(answer.choices[0].message.content)`
}

/** openid-client 6 and openai. */
export function javascript(input: SnippetInput): string {
  const scope = scopeOf(input)
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
