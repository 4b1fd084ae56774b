// Responses of pages: headers every page carries (DESIGN §7) and the redirect after a form.

/** No inline code anywhere, so no nonces either. */
function csp(formTargets: string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: https:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ["form-action 'self'", ...formTargets].join(" "),
  ].join("; ")
}

const PAGE_HEADERS: Record<string, string> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  vary: "HX-Request, HX-Request-Type",
}
const DEFAULT_CSP = csp([])

export interface PageOptions {
  status?: number
  cookies?: (string | null)[]
  /** Origins or schemes that the answer to this page's form may redirect to (consent only: Chromium checks the 303 too). */
  formTargets?: string[]
  headers?: Record<string, string>
}

/** A page or fragment. Takes the string a view returns. */
export function html(body: JSX.Element, options: PageOptions = {}): Response {
  const headers = new Headers(PAGE_HEADERS)
  headers.set("content-security-policy", options.formTargets?.length ? csp(options.formTargets) : DEFAULT_CSP)
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value)
  appendCookies(headers, options.cookies)
  return new Response(body as string, { status: options.status ?? 200, headers })
}

/** 303 See Other: what every successful form answers; never 307, which would post the password again. */
export function seeOther(location: string, cookies: (string | null)[] = []): Response {
  const headers = new Headers({ location, "cache-control": "no-store", "referrer-policy": "no-referrer" })
  appendCookies(headers, cookies)
  return new Response(null, { status: 303, headers })
}

/** JSON that caches must not keep: tokens, people, money. */
export const jsonNoStore = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers: { "cache-control": "no-store", pragma: "no-cache", ...headers } })

function appendCookies(headers: Headers, cookies: (string | null)[] = []): void {
  for (const cookie of cookies) if (cookie) headers.append("set-cookie", cookie)
}
