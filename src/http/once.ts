// Secrets that are shown once, on the page after the form that made them: sealed for the browser that asked and the page's path.
import { type Keyring, randomSecret } from "../app/index.ts"
import type { Cookies } from "./cookies.ts"
import type { Csrf } from "./csrf.ts"
import { FLASH_SECONDS } from "./flash.ts"
import { seeOther } from "./responses.ts"

export interface Once {
  /** 303 to a page that shows a secret once; it travels sealed, for a minute, in this browser's cookie. */
  backWithSecret(request: Request, location: string, secret: string): Response
  /** The secret to show on this page, and the cookie that forgets it. */
  takeSecret(request: Request): { secret: string | undefined; forget: string | null }
  /** Whether this request's page shows one. */
  showsSecret(request: Request): boolean
}

export function createOnce(deps: { cookies: Cookies; csrf: Csrf; keyring: Keyring }): Once {
  const { cookies, csrf, keyring } = deps
  const unsealed = (value: string, browserId: string): { location: string; secret: string } | null => {
    try {
      return JSON.parse(keyring.open("once", browserId, value))
    } catch {
      return null
    }
  }
  const showing = new WeakSet<Request>()
  return {
    showsSecret: (request) => showing.has(request),
    backWithSecret(request, location, secret) {
      const sealed = keyring.seal("once", csrf.browser(request).id, JSON.stringify({ location, secret }))
      // A cookie of its own: another tab's secret must not take its place.
      return seeOther(location, [cookies.set(`once-${randomSecret(6)}`, sealed, FLASH_SECONDS)])
    },
    takeSecret(request) {
      const path = new URL(request.url).pathname
      for (const { name, value } of cookies.readAll(request, "once")) {
        const held = unsealed(value, csrf.browser(request).id)
        if (held?.location !== path) continue
        showing.add(request)
        return { secret: held.secret, forget: cookies.clear(name) }
      }
      return { secret: undefined, forget: null }
    },
  }
}
