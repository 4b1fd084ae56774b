// Responses of pages: headers every page carries (DESIGN §7) and the redirect after a form.
import type { Bytes } from "./pack.ts"

/**
 * No inline code anywhere, so no nonces either. Chromium holds every redirect after a form against `form-action`, wherever an app
 * may send it next: no answer to a form of ours redirects to an origin that is not ours (see `goOn` of the auth site).
 */
const csp = (others: readonly string[], api?: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: https:",
    "media-src 'self' data:",
    "font-src 'self'",
    ["connect-src 'self'", ...(api === undefined ? [] : [api])].join(" "),
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ["form-action 'self'", ...others].join(" "),
  ].join("; ")

const CSP = csp([])

/**
 * @param others origins of this very server that forms of its pages may lead to
 * @param api where scripts of this one page may call, beside its own origin; counts only among several origins
 */
export const cspOf = (others: readonly string[], api?: string): string => (others.length === 0 ? CSP : csp(others, api))

const PAGE_HEADERS: Record<string, string> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": CSP,
  "cache-control": "no-store",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  vary: "accept-encoding, HX-Request, HX-Request-Type",
}

/** What a sign-in may lead through, and adding credits. Popups of apps open here and answer their opener when they are back with the app. */
const POPUP_PATHS = [
  "/authorize",
  "/login",
  "/signup",
  "/verify-email",
  "/forgot-password",
  "/reset-password",
  "/fedcm",
  "/credits",
]

/** `cross-origin-opener-policy` of a page: anything but unsafe-none cuts an app's popup off from the app (HTML §7.1.3). */
export const openerPolicy = (path: string): "unsafe-none" | "same-origin" =>
  POPUP_PATHS.some((each) => path === each || path.startsWith(`${each}/`)) ? "unsafe-none" : "same-origin"

export interface PageOptions {
  status?: number
  cookies?: readonly (string | null)[]
  headers?: Record<string, string>
  /**
   * May be compressed: no secret stands in it that the next answer repeats. Form tokens are masked; what signs people in, setup links,
   * waiting authorizations and secrets that are shown are not, and their pages travel as they are (BREACH).
   */
  pack?: boolean
  /**
   * Caches may keep it so long for everybody who sends no cookie, s: it is then made for nobody, without a form, and sets no cookie. Whoever sends
   * one gets a page of their own.
   */
  keepSeconds?: number
}

/** A page or fragment. Takes the string a view returns, or what became of it. */
export function html(body: JSX.Element | Bytes, options: PageOptions = {}): Response {
  const headers = new Headers(PAGE_HEADERS)
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value)
  appendCookies(headers, options.cookies)
  return new Response(body as string | Bytes, { status: options.status ?? 200, headers })
}

/** 303 See Other: what every successful form answers; never 307, which would post the password again. */
export function seeOther(location: string, cookies: readonly (string | null)[] = []): Response {
  const headers = new Headers({ location, "cache-control": "no-store", "referrer-policy": "no-referrer" })
  appendCookies(headers, cookies)
  return new Response(null, { status: 303, headers })
}

/** JSON that caches must not keep: tokens, people, money. */
export const jsonNoStore = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers: { "cache-control": "no-store", pragma: "no-cache", ...headers } })

function appendCookies(headers: Headers, cookies: readonly (string | null)[] = []): void {
  for (const cookie of cookies) if (cookie) headers.append("set-cookie", cookie)
}
