// Settings of a server whose parts have origins of their own. Sign-in's is the base URL, which issuer and passkeys are bound to for ever;
// the others may be moved.
import type { Setting, SettingsReader } from "./settings-reader.ts"

/** Origins without a trailing slash; all the same unless the operator says otherwise. */
export interface Hosts {
  /** Sign-in, the authorization server, and the settings that need its session. */
  auth: string
  /** The console: people, developers, admins. */
  console: string
  /** `/v1` and `/api/v1`. */
  api: string
  /** What strangers see: front page, prices, reference. */
  site: string
  /** Published APIs alone, on a name that nothing else has; the API's where they have none of their own. */
  market: string
}

export const HOST_SETTINGS = {
  consoleUrl: {
    flag: "console-url",
    env: "PURSER_CONSOLE_URL",
    help: "origin of the console, where it is not the base URL",
    fallback: "",
  },
  apiUrl: {
    flag: "api-url",
    env: "PURSER_API_URL",
    help: "origin of /v1 and /api/v1, where it is not the base URL",
    fallback: "",
  },
  siteUrl: {
    flag: "site-url",
    env: "PURSER_SITE_URL",
    help: "origin of the public pages, where it is not the base URL",
    fallback: "",
  },
  marketUrl: {
    flag: "market-url",
    env: "PURSER_MARKET_URL",
    help: "origin of published APIs alone, beside /m at the API's; a host name that nothing else has",
    fallback: "",
  },
} as const satisfies Record<string, Setting>

type Reader = SettingsReader<keyof typeof HOST_SETTINGS>

export function readHosts(read: Reader, baseUrl: string): Hosts {
  const of = (name: keyof typeof HOST_SETTINGS, otherwise = baseUrl): string => {
    const text = read.optional(name)
    if (text === null) return otherwise
    const problem = originProblem(text) ?? schemeProblem(text, baseUrl)
    if (problem === null) return new URL(text).origin
    read.wrong(name, problem)
    return otherwise
  }
  const parts = { auth: baseUrl, console: of("consoleUrl"), api: of("apiUrl"), site: of("siteUrl") }
  const market = of("marketUrl", parts.api)
  // Cookies know no ports, and this one answers with what strangers' servers say.
  const isShared = Object.values(parts).some((origin) => new URL(origin).hostname === new URL(market).hostname)
  const given = read.optional("marketUrl")
  if (isShared && given !== null && originProblem(given) === null)
    read.wrong("marketUrl", "give a host name that no other part has, such as https://api-market.example.com")
  return { ...parts, market }
}

const schemeProblem = (text: string, baseUrl: string): string | null => {
  const { protocol } = new URL(baseUrl)
  if (new URL(text).protocol === protocol) return null
  return `use ${protocol}// as the base URL does: one cookie cannot be safe and unsafe`
}

/** Where published APIs are called, each below it as `/:publisher/:product`; no slash at the end. */
export const publishedAt = ({ market, api }: Hosts): string => (market === api ? `${api}/m` : market)

/** Names that a certificate has to be for; the base URL's first. */
export const hostNames = (hosts: Hosts): [string, ...string[]] => {
  const [auth = "", ...rest] = new Set([hosts.auth, ...Object.values(hosts)].map((origin) => new URL(origin).hostname))
  return [auth, ...rest]
}

/** Why a text is no public origin; null when it is one. */
export function originProblem(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !["http:", "https:"].includes(url.protocol))
    return `"${text}" is not a URL such as https://ai.example.com`
  if (url.protocol === "http:" && !isLoopback(url.hostname)) return "http is for loopback only; use https"
  return url.pathname !== "/" || url.search || url.hash || url.username ? "give the origin alone, without path" : null
}

/** RFC 6761 §6.3: every name below localhost is this machine. */
const isLoopback = (hostname: string): boolean =>
  ["localhost", "127.0.0.1", "[::1]"].includes(hostname) || hostname.endsWith(".localhost")
