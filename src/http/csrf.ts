// Cross-site request forgery: the browser's own word (Sec-Fetch-Site, Origin) and a token bound to the browser's cookie.
// Every POST of a page passes `check`, before anything else is read from the form.
import { AppError, constantTimeEqual, type Keyring, randomSecret } from "../app/index.ts"
import type { Cookies } from "./cookies.ts"
import type { Form } from "./forms.ts"

/** The browser before and after anybody signs in: random cookies that interactions and form tokens are bound to. */
export interface Browser {
  /** The oldest id: what waits for this browser, such as an emailed code, is found by it. */
  id: string
  /**
   * Every id of this browser. Tabs that meet us at the same moment, before any answer brings a cookie, get one each; all of them
   * stay good, so that no tab's answer takes another tab's form away.
   */
  ids: readonly string[]
  /** Set-Cookie to send: the id of a browser that was met for the first time, and the end of ids beyond the bound. */
  setCookies: readonly string[]
}

export interface Csrf {
  browser(request: Request): Browser
  token(browserId: string): string
  /** @throws AppError csrf_failed */
  check(request: Request, form: Form): void
}

const BROWSER_SECONDS = 400 * 86_400
/** Tabs that a person opens together; 80 bytes of header each. */
const BROWSER_IDS_MAX = 24

export function createCsrf(deps: { keyring: Keyring; cookies: Cookies; origin: string }): Csrf {
  const { keyring, cookies, origin } = deps
  const token = (browserId: string) => keyring.hmac("csrf", browserId)
  /** A browser is one browser for the whole of a request. */
  const met = new WeakMap<Request, Browser>()

  function meet(request: Request): Browser {
    const known = cookies.readAll(request, "browser").filter(({ value }) => /^[\w-]{43}$/.test(value))
    const kept = known.slice(0, BROWSER_IDS_MAX).map(({ value }) => value)
    if (kept[0]) {
      const setCookies = known.slice(BROWSER_IDS_MAX).map(({ name }) => cookies.clear(name))
      return { id: kept[0], ids: kept, setCookies }
    }
    const id = randomSecret()
    // Another site's form comes without our cookies (SameSite=Lax): that says nothing about whether we have met.
    const isForeignForm = request.method !== "GET" && request.method !== "HEAD" && originOf(request, origin) !== "own"
    const setCookies = isForeignForm ? [] : [cookies.set(`browser-${id.slice(0, 8)}`, id, BROWSER_SECONDS)]
    return { id, ids: [id], setCookies }
  }

  function browser(request: Request): Browser {
    const before = met.get(request)
    if (before) return before
    const now = meet(request)
    met.set(request, now)
    return now
  }

  return {
    browser,
    token,
    check(request, form) {
      const right = browser(request).ids.some((id) => constantTimeEqual(form.get("csrf"), token(id)))
      if (originOf(request, origin) === "foreign" || !right) {
        throw new AppError(
          "csrf_failed",
          "This form was open too long or came from another site. Go back, reload the page and send it again.",
          {},
          { site: request.headers.get("sec-fetch-site"), sender: request.headers.get("origin") },
        )
      }
    },
  }
}

/**
 * Whose page sent this, by the browser's own word. Our pages send no referrer, and a browser without Sec-Fetch-Site then says
 * `Origin: null` about our own forms too (Fetch §3.1): it cannot tell, and the token decides.
 */
function originOf(request: Request, origin: string): "own" | "foreign" | "unknown" {
  const site = request.headers.get("sec-fetch-site")
  if (site) return site === "same-origin" || site === "none" ? "own" : "foreign"
  const sender = request.headers.get("origin")
  if (sender === null || sender === "null") return "unknown"
  return sender === origin ? "own" : "foreign"
}
