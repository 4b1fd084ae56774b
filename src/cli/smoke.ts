// `purser smoke URL`: whether a deployed instance works, from outside: what a browser, an app and an SDK each meet first.
import { DAY_MS, systemClock } from "../app/index.ts"
import { UsageError } from "./args.ts"
import { certificateOf } from "./doctor/certificate.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"

export const smoke: Verb = {
  words: "smoke",
  help: "prove a deployed instance from outside",
  about: [
    "Asks a running instance by its public address, as strangers do: TLS and certificate, whether it is up, security headers, discovery and signing keys, the sign-in page with its styles, and that a call without a token is refused. With a token it makes one call to the model `sandbox` and reads its charge.",
    "The token is read from the environment (PURSER_SMOKE_TOKEN), so that it does not stand in the list of processes. It may be an API key or an app's access token.",
  ],
  operands: "URL",
  options: [JSON_OPTION, { name: "model", value: "NAME", help: "the model that is called with the token (sandbox)" }],
  examples: [
    { run: "smoke https://ai.example.com", does: "after each deployment" },
    { run: "smoke https://ai.example.com --model gpt-5-mini", does: "with PURSER_SMOKE_TOKEN set: a real call" },
  ],
  exits: { 1: "a step failed", 2: "URL is not an address" },
  async run({ words: [address = ""], switches, options }) {
    const url = originOf(address)
    const steps = await prove(url, { token: process.env.PURSER_SMOKE_TOKEN, model: options.model ?? "sandbox" })
    const ok = steps.every((step) => step.ok)
    console.log(
      switches.has("json")
        ? JSON.stringify({ ok, steps }, null, 2)
        : [...steps.map(lineOf), "", ok ? `${url.origin} works.` : `${url.origin} does not work.`].join("\n"),
    )
    return ok ? 0 : 1
  },
}

function originOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || !["http:", "https:"].includes(url.protocol))
    throw new UsageError(`"${address}" is not an address such as https://ai.example.com`)
  return new URL(url.origin)
}

export interface Step {
  name: string
  ok: boolean
  detail: string
}

const lineOf = ({ name, ok, detail }: Step): string => `${ok ? "ok  " : "FAIL"}  ${name.padEnd(12)} ${detail}`

const WAIT_MS = 15_000

/** What a step asks; `get` fails on what is no answer at all. */
interface Asked {
  url: URL
  get(path: string, init?: RequestInit): Promise<Response>
  token: string | undefined
  model: string
}

/** A step throws what is wrong, and answers with what it saw. */
class Wrong extends Error {}
const must = (isSo: boolean, otherwise: string): void => {
  if (!isSo) throw new Wrong(otherwise)
}

export async function prove(url: URL, given: { token: string | undefined; model: string }): Promise<Step[]> {
  const get = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, url), { redirect: "manual", signal: AbortSignal.timeout(WAIT_MS), ...init })
  const asked: Asked = { url, get, ...given }
  const steps: Step[] = []
  for (const [name, step] of STEPS) {
    if (name === "call" && !given.token) continue
    try {
      steps.push({ name, ok: true, detail: await step(asked) })
    } catch (error) {
      const detail = error instanceof Wrong ? error.message : `no answer: ${(error as Error).message}`
      steps.push({ name, ok: false, detail })
    }
    // Without a connection each of the others would only say so again.
    if (["tls", "up"].includes(name) && !steps.at(-1)!.ok) break
  }
  return steps
}

const STEPS: readonly (readonly [string, (asked: Asked) => Promise<string>])[] = [
  ["tls", tls],
  ["up", up],
  ["headers", headers],
  ["discovery", discovery],
  ["sign-in", signIn],
  ["api", api],
  ["call", call],
]

async function tls({ url }: Asked): Promise<string> {
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)
  if (url.protocol === "http:") {
    must(isLoopback, "it is http: passwords and tokens would travel in the open; put TLS in front of it")
    return "http on this machine"
  }
  const found = await certificateOf(url)
  if ("error" in found) throw new Wrong(`no connection: ${found.error}`)
  const { certificate, problem, protocol } = found
  must(problem === null, `browsers do not accept the certificate: ${problem}`)
  const days = Math.floor((Date.parse(certificate.valid_to) - systemClock.now()) / DAY_MS)
  must(days >= 0, `the certificate ended ${certificate.valid_to}`)
  return `${protocol}, certificate of ${certificate.subject.CN ?? url.hostname} for ${days} more days`
}

async function up({ get }: Asked): Promise<string> {
  const answer = await get("/up")
  must(answer.status === 200, `/up answers ${answer.status}`)
  return "/up answers"
}

const HEADERS: Readonly<Record<string, RegExp>> = {
  "content-security-policy": /default-src 'none'.*frame-ancestors 'none'/,
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /\S/,
}

async function headers({ get, url }: Asked): Promise<string> {
  const answer = await get("/login")
  const wanted = {
    ...HEADERS,
    ...(url.protocol === "https:" ? { "strict-transport-security": /max-age=[1-9]\d{6,}/ } : {}),
  }
  const missing = Object.entries(wanted).filter(([name, pattern]) => !pattern.test(answer.headers.get(name) ?? ""))
  must(
    missing.length === 0,
    `not as Purser sends them: ${missing.map(([name]) => name).join(", ")}; does a proxy change them?`,
  )
  const cookies = answer.headers.getSetCookie()
  const open = cookies.filter(
    (cookie) => !/httponly/i.test(cookie) || (url.protocol === "https:" && !/secure/i.test(cookie)),
  )
  must(open.length === 0, "a cookie is not HttpOnly and Secure")
  return Object.keys(wanted).join(", ")
}

async function discovery({ get, url }: Asked): Promise<string> {
  const answer = await get("/.well-known/openid-configuration")
  must(answer.status === 200, `discovery answers ${answer.status}`)
  const found = (await answer.json()) as { issuer?: string; jwks_uri?: string; authorization_endpoint?: string }
  must(found.issuer === url.origin, `it calls itself ${found.issuer}: set PURSER_BASE_URL, or ask it by that address`)
  const keys = (await (await get(new URL(found.jwks_uri ?? "/").pathname)).json()) as { keys?: unknown[] }
  must((keys.keys?.length ?? 0) > 0, "there are no keys that sign tokens")
  return `issuer ${found.issuer}, ${keys.keys!.length} keys`
}

async function signIn({ get }: Asked): Promise<string> {
  const answer = await get("/login")
  const text = await answer.text()
  must(answer.status === 200 && text.includes('name="password"'), `/login answers ${answer.status}, without its form`)
  const linked = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+\.(?:css|js)[^"]*)"/g)].map(([, path]) => path!)
  must(linked.length > 0, "the page has no styles")
  for (const path of new Set(linked)) {
    const asset = await get(path)
    must(asset.status === 200, `${path} answers ${asset.status}: does the proxy pass /assets?`)
    await asset.arrayBuffer()
  }
  return `the page and ${new Set(linked).size} files of it`
}

async function api({ get }: Asked): Promise<string> {
  const answer = await get("/v1/chat/completions", {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json" },
  })
  const type = answer.headers.get("content-type") ?? ""
  must(
    answer.status === 401 && type.includes("json"),
    `a call without a token answers ${answer.status} ${type}, not 401 in JSON`,
  )
  return "a call without a token is refused"
}

async function call({ get, token, model }: Asked): Promise<string> {
  const answer = await get("/v1/chat/completions", {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model, stream: true, messages: [{ role: "user", content: "Say yes." }] }),
  })
  const began = systemClock.now()
  let pieces = 0
  let text = ""
  const decoder = new TextDecoder()
  for await (const piece of answer.body ?? []) {
    pieces++
    text += decoder.decode(piece, { stream: true })
  }
  must(answer.status === 200, `a call to ${model} answers ${answer.status}: ${text.slice(0, 200)}`)
  const charged = /^: charged (\S+)/m.exec(text)?.[1]
  must(charged !== undefined && text.includes("data: [DONE]"), "the stream ended without its charge")
  return `${model} streamed ${pieces} pieces in ${systemClock.now() - began} ms for ${charged} credits`
}
