// What is said after an act, on the page that follows: sealed for the browser, so that nobody else's words or undo stand in a page
// (a cookie is a server's of any port on loopback to set). An undo is shown to the person who acted, and to no one else.
import type { Flash } from "../../views/layout/index.ts"
import type { Keyring } from "../app/index.ts"
import type { Cookies } from "./cookies.ts"
import type { Csrf } from "./csrf.ts"

/** A flash that nobody comes to read should not surprise anyone tomorrow. */
export const FLASH_SECONDS = 60
const TEXT_CHARS_MAX = 300
/** Browsers keep cookies of 4,096 bytes with name and attributes (RFC 6265 §6.1). */
const COOKIE_CHARS_MAX = 3_800

export interface Flashes {
  /** Set-Cookie of a flash for the next page of this browser. */
  flashCookie(request: Request, flash: Flash): string
  /** Said on the page that answers this very request. */
  sayNow(request: Request, flash: Flash): void
  /** What to show to this person, and the Set-Cookie that forgets it. */
  takeFlash(request: Request, person: string | undefined): { flash: Flash | undefined; forget: string | null }
}

export function createFlashes(deps: { cookies: Cookies; csrf: Csrf; keyring: Keyring }): Flashes {
  const { cookies, csrf, keyring } = deps
  const said = new WeakMap<Request, Flash>()
  const sealed = (request: Request, flash: Flash): string =>
    cookies.set("flash", keyring.seal("flash", csrf.browser(request).id, JSON.stringify(flash)), FLASH_SECONDS)
  const opened = (request: Request, value: string): Flash | undefined => {
    for (const id of csrf.browser(request).ids) {
      try {
        return JSON.parse(keyring.open("flash", id, value)) as Flash
      } catch {
        // Of another browser, or nobody's.
      }
    }
    return undefined
  }
  return {
    flashCookie(request, { undo, ...flash }) {
      const short = { ...flash, text: flash.text.slice(0, TEXT_CHARS_MAX) }
      const whole = undo ? sealed(request, { ...short, undo }) : null
      return whole && whole.length <= COOKIE_CHARS_MAX ? whole : sealed(request, short)
    },
    sayNow: (request, flash) => void said.set(request, flash),
    takeFlash(request, person) {
      const now = said.get(request)
      if (now) return { flash: now, forget: null }
      const value = cookies.read(request, "flash")
      if (value === null) return { flash: undefined, forget: null }
      const forget = cookies.clear("flash")
      const flash = opened(request, value)
      if (!flash?.undo) return { flash, forget }
      const { undo, ...rest } = flash
      return { flash: undo.for !== undefined && undo.for === person ? flash : rest, forget }
    },
  }
}
