// Cross-site request forgery: the browser's own word (Sec-Fetch-Site, Origin) and a token bound to the browser's cookie.
// Every POST of a page passes `check`, before anything else is read from the form.
import { AppError, constantTimeEqual, type Keyring, randomSecret } from "../app/index.ts"
import type { Cookies } from "./cookies.ts"
import type { Form } from "./forms.ts"

/** The browser before and after anybody signs in: a random cookie that login transactions and form tokens are bound to. */
export interface Browser {
  id: string
  /** Set-Cookie to send when the browser was met for the first time. */
  setCookie: string | null
}

export interface Csrf {
  browser(request: Request): Browser
  token(browserId: string): string
  /** @throws AppError csrf_failed */
  check(request: Request, form: Form): void
}

const BROWSER_SECONDS = 400 * 86_400

export function createCsrf(deps: { keyring: Keyring; cookies: Cookies; origin: string }): Csrf {
  const { keyring, cookies, origin } = deps
  const token = (browserId: string) => keyring.hmac("csrf", browserId)
  /** A browser without a cookie is one browser for the whole of its first request. */
  const newcomers = new WeakMap<Request, Browser>()
  return {
    browser(request) {
      const met = newcomers.get(request)
      if (met) return met
      const known = cookies.read(request, "browser")
      if (known && /^[\w-]{43}$/.test(known)) return { id: known, setCookie: null }
      const id = randomSecret()
      const browser = { id, setCookie: cookies.set("browser", id, BROWSER_SECONDS) }
      newcomers.set(request, browser)
      return browser
    },
    token,
    check(request, form) {
      const site = request.headers.get("sec-fetch-site")
      const sender = request.headers.get("origin")
      // Old browsers send no site, and from pages with `no-referrer` the origin `null`: that says nothing, and the token decides.
      const named = sender === null || sender === "null" ? null : sender
      const foreign = site ? site !== "same-origin" && site !== "none" : named !== null && named !== origin
      const browserId = cookies.read(request, "browser")
      const right = browserId !== null && constantTimeEqual(form.get("csrf"), token(browserId))
      if (foreign || !right) {
        throw new AppError(
          "csrf_failed",
          "This form was open too long or came from another site. Go back, reload the page and send it again.",
          {},
          { site, sender },
        )
      }
    },
  }
}
