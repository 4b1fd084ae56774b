// The browser behind a request: random cookies that it gets when it is met, and whose page sent a form, by the browser's own word.
import { randomSecret } from "../app/index.ts"
import type { Cookies } from "./cookies.ts"

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

const BROWSER_SECONDS = 400 * 86_400
/** Tabs that a person opens together; 80 bytes of header each. */
const BROWSER_IDS_MAX = 24

/** Finds the browser of a request, or meets it. A browser is one browser for the whole of a request. */
export function createBrowsers(cookies: Cookies, ownOf: (request: Request) => string): (request: Request) => Browser {
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
    const isForeignForm =
      request.method !== "GET" && request.method !== "HEAD" && originOf(request, ownOf(request)) !== "own"
    const setCookies = isForeignForm ? [] : [cookies.set(`browser-${id.slice(0, 8)}`, id, BROWSER_SECONDS)]
    return { id, ids: [id], setCookies }
  }

  return (request) => {
    const before = met.get(request)
    if (before) return before
    const now = meet(request)
    met.set(request, now)
    return now
  }
}

/**
 * Whose page sent this, by the browser's own word. Our pages send no referrer, and a browser without Sec-Fetch-Site then says
 * `Origin: null` about our own forms too (Fetch §3.1): it cannot tell, and the token decides.
 */
export function originOf(request: Request, origin: string): "own" | "foreign" | "unknown" {
  const site = request.headers.get("sec-fetch-site")
  if (site) return site === "same-origin" || site === "none" ? "own" : "foreign"
  const sender = request.headers.get("origin")
  if (sender === null || sender === "null") return "unknown"
  return sender === origin ? "own" : "foreign"
}
