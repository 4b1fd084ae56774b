// Redirect URIs: what may be registered, and the one comparison used wherever a request names one (OAuth 2.1 §2.3.1,
// §8.4.2, RFC 8252 §7). Comparison never parses or normalises: plain string equality, and for loopback the same with
// any port.
import { domainToASCII, domainToUnicode } from "node:url"
import { OAUTH_LIMITS } from "../limits.ts"
import type { ClientType } from "../types.ts"

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::([1-9]\d{0,4}))?([/?].*)?$/

/** Host names (RFC 1123 §2.1, with the underscore that some have); the URL parser alone lets `a;script-src` pass. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/** Whether a parsed URL's host is an IP address, or a name of which every label can be looked up and punycode can be read. */
export function isPlainHost(hostname: string): boolean {
  if (/^\[[0-9a-f:.]+\]$/.test(hostname)) return true
  if (hostname.length > 253 || !hostname.split(".").every((label) => LABEL.test(label))) return false
  return domainToASCII(domainToUnicode(hostname)) === hostname
}

/**
 * Why a URI cannot be registered, in words for the developer; null when it can.
 * Only canonical spellings pass, so that `..`, `%2e`, capital hosts, user names and odd IP forms never get into a
 * comparison.
 */
export function redirectUriProblem(uri: string, type: ClientType): string | null {
  if (uri.length > OAUTH_LIMITS.redirectUriCharsMax) return "This address is too long."
  if (!/^[\x21-\x7e]+$/.test(uri) || /[\\<>"`{}|^]/.test(uri))
    return "Use plain letters without spaces; encode the rest."
  if (uri.includes("#")) return "Remove the part after #."
  if (!URL.canParse(uri)) return "This is not a complete address such as https://app.example.com/callback."
  const url = new URL(uri)
  const scheme = url.protocol.slice(0, -1)
  if (url.username || url.password) return "Remove the user name from the address."
  if (uri.includes("*")) return "Wildcards are not allowed; register each address."
  if (/%(2e|2f|5c|00|0a|0d)/i.test(uri.split("?")[0]!)) return "Do not encode dots or slashes in the path."
  if (scheme === "http" || scheme === "https") {
    if (url.href !== uri && url.href !== `${uri}/`) return `Write it in its plain form: ${url.href}`
    if (!isPlainHost(url.hostname)) return "The host is not a name that can be looked up. Check it for stray signs."
    if (url.port === "0") return "Port 0 cannot be reached. Leave the port out, or name a real one."
    if (scheme === "http" && !LOOPBACK.test(uri))
      return "Use https. Plain http is for 127.0.0.1, [::1] and localhost only."
    return null
  }
  if (!/^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+$/.test(scheme)) {
    return "Use https, or for a native app a scheme with a dot such as com.example.app:/callback."
  }
  return type === "public" ? null : "Only public clients (native apps) may use a scheme of their own."
}

/**
 * Whether a requested URI is one of the registered ones. Loopback hosts are not interchangeable; their port is free.
 */
export function redirectUriAllowed(requested: string, registered: readonly string[]): boolean {
  if (registered.includes(requested)) return true
  const wanted = LOOPBACK.exec(requested)
  if (!wanted || Number(wanted[2] ?? 80) > 65_535) return false
  return registered.some((uri) => {
    const known = LOOPBACK.exec(uri)
    return known !== null && known[1] === wanted[1] && (known[3] ?? "") === (wanted[3] ?? "")
  })
}

export const isLoopback = (uri: string): boolean => LOOPBACK.test(uri)

/** Anything on the machine may answer a loopback port or a scheme: such an app cannot prove itself (RFC 8252 §8.6). */
export const isNativeRedirect = (uri: string): boolean => !uri.startsWith("https://")

/** What a person sees as "where you return to": the host, or the scheme of a native app. */
export const returnsTo = (uri: string): string => {
  const url = new URL(uri)
  return url.host || url.protocol.slice(0, -1)
}

/** Appends parameters and keeps the URI's own query untouched (OAuth 2.1 §4.1.2). */
export function withParams(uri: string, params: Record<string, string | null>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== null) search.set(name, value)
  if (search.size === 0) return uri
  const joint = uri.includes("?") ? (/[?&]$/.test(uri) ? "" : "&") : "?"
  return `${uri}${joint}${search}`
}
