// What every page needs around its own subject: the frame (theme, form token, flash, request id), forms that passed CSRF,
// and the way back after a POST. Sites hold one Web each; no site reads cookies itself.
import type { Flash, Frame, FrameUser, NavGroup, Theme } from "../../views/layout/index.ts"
import { inZone, isZone } from "../../views/ui/zone.ts"
import type { Keyring } from "../app/index.ts"
import { contextOf } from "./context.ts"
import type { Cookies } from "./cookies.ts"
import type { Csrf } from "./csrf.ts"
import { Form, readForm, readJsonObject } from "./forms.ts"
import { createOnce, FLASH_SECONDS, type Once } from "./once.ts"
import { html, openerPolicy, type PageOptions, seeOther } from "./responses.ts"

export interface Web extends Once {
  readonly cookies: Cookies
  readonly origin: string
  readonly demo: boolean
  /** The browser's pre-session id; codes that wait for it are bound to it. */
  browserId(request: Request): string
  /** The browser's pre-session ids, the oldest first: interactions are bound to one of them. */
  browserIds(request: Request): readonly string[]
  /** For redirects that start something bound to the browser; empty when it is known already. */
  browserCookies(request: Request): readonly string[]
  /** Renders a page or, for htmx, a fragment. */
  page(
    request: Request,
    user: FrameUser | undefined,
    view: (frame: Frame) => JSX.Element,
    options?: PageOptions,
  ): Response
  /** Reads a form of ours. @throws AppError csrf_failed and those of readForm */
  form(request: Request): Promise<Form>
  /** Reads a form of ours that a program sends as JSON; the token travels in `x-csrf-token`. @throws AppError */
  json(request: Request): Promise<Record<string, unknown>>
  /** 303 after a form, with a line to show on the next page. */
  back(location: string, flash?: Flash, cookies?: (string | null)[]): Response
  /** What this browser chose. */
  theme(request: Request): Theme
  themeCookie(theme: Theme): string
}

const THEMES: readonly Theme[] = ["system", "light", "dark"]
const YEAR_SECONDS = 365 * 86_400

export function createWeb(deps: {
  cookies: Cookies
  csrf: Csrf
  keyring: Keyring
  origin: string
  demo: boolean
  /** The sidebar that this person has. */
  nav: (user: FrameUser | undefined) => readonly NavGroup[]
}): Web {
  const { cookies, csrf, keyring, origin, demo, nav } = deps
  const themeOf = (request: Request): Theme => {
    const theme = cookies.read(request, "theme")
    return THEMES.find((one) => one === theme) ?? "system"
  }
  // Scripts write it (public/js/core/time.js); whatever else stands there is no zone.
  const zoneOf = (request: Request): string | null => {
    const zone = cookies.read(request, "zone")
    return zone !== null && isZone(zone) ? zone : null
  }
  return {
    cookies,
    origin,
    demo,
    browserId: (request) => csrf.browser(request).id,
    browserIds: (request) => csrf.browser(request).ids,
    browserCookies: (request) => csrf.browser(request).setCookies,
    page(request, user, view, options = {}) {
      const browser = csrf.browser(request)
      const flash = readFlash(cookies.read(request, "flash"))
      const url = new URL(request.url)
      const frame: Frame = {
        theme: themeOf(request),
        csrf: csrf.token(browser.id),
        path: url.pathname,
        here: request.method === "GET" ? url.pathname + url.search : undefined,
        requestId: contextOf(request).requestId,
        origin,
        demo,
        user,
        nav: nav(user),
        flash,
      }
      const set = [...browser.setCookies, flash ? cookies.clear("flash") : null, ...(options.cookies ?? [])]
      const headers = { "cross-origin-opener-policy": openerPolicy(url.pathname), ...options.headers }
      return html(
        inZone(zoneOf(request), () => view(frame)),
        { ...options, headers, cookies: set },
      )
    },
    async form(request) {
      const form = await readForm(request)
      csrf.check(request, form)
      return form
    },
    async json(request) {
      csrf.check(request, new Form(new URLSearchParams({ csrf: request.headers.get("x-csrf-token") ?? "" })))
      return readJsonObject(request)
    },
    back(location, flash, set = []) {
      const flashCookie = flash ? cookies.set("flash", JSON.stringify(flash), FLASH_SECONDS) : null
      return seeOther(location, [flashCookie, ...set])
    },
    ...createOnce({ cookies, csrf, keyring }),
    theme: themeOf,
    themeCookie: (theme) => cookies.set("theme", THEMES.includes(theme) ? theme : "system", YEAR_SECONDS),
  }
}

/** The cookie is the browser's to forge; only the shape we wrote is shown, and views escape it. */
function readFlash(value: string | null): Flash | undefined {
  if (!value) return undefined
  try {
    const { kind, text } = JSON.parse(value) as Flash
    if (!["ok", "error", "info"].includes(kind) || typeof text !== "string") return undefined
    return { kind, text: text.slice(0, 300) }
  } catch {
    return undefined
  }
}
