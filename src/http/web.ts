// What every page needs around its own subject: the frame (theme, form token, flash, request id), forms that passed CSRF,
// and the way back after a POST. Sites hold one Web each; no site reads cookies itself.
import type { Brand, Flash, Frame, FrameUser, NavGroup, Theme } from "../../views/layout/index.ts"
import { inSeat, type Seat } from "../../views/ui/seat.ts"
import { inZone, isZone } from "../../views/ui/zone.ts"
import type { Keyring } from "../app/index.ts"
import { packPage } from "./compress.ts"
import { contextOf } from "./context.ts"
import type { Cookies } from "./cookies.ts"
import type { Csrf } from "./csrf.ts"
import { createFlashes, type Flashes } from "./flash.ts"
import { Form, readForm, readJsonObject } from "./forms.ts"
import { createKeptForms, type KeptForms } from "./kept.ts"
import { isMultipart, readMultipart } from "./multipart.ts"
import { createOnce, type Once } from "./once.ts"
import type { Origins } from "./origins.ts"
import { cspOf, html, openerPolicy, type PageOptions, seeOther } from "./responses.ts"

export interface Web extends Once {
  readonly cookies: Cookies
  /** The base URL's: where people sign in. */
  readonly origin: string
  readonly origins: Origins
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
  /** Reads a form of ours, with files where the route takes some. @throws AppError csrf_failed and those of readForm, readMultipart */
  form(request: Request, user?: FrameUser, takes?: { hasFile: boolean; bytesMax: number }): Promise<Form>
  /** A form that nobody is signed in for any more, with whose page it was; null for nobody's. @throws AppError csrf_failed and those of readForm */
  ownForm(request: Request): Promise<{ form: Form; owner: string } | null>
  readonly kept: KeptForms
  /** How the form of a route is shown again with what was typed; by the route's pattern. */
  readonly resumes: Map<string, Resume>
  /** A line on the page that answers this very request. */
  sayNow(request: Request, flash: Flash): void
  /** That a request without a form came from a page of ours: the token travels in `x-csrf-token`. @throws AppError csrf_failed */
  provesForm(request: Request, user?: FrameUser): void
  /** Reads a form of ours that a program sends as JSON; the token travels in `x-csrf-token`. @throws AppError */
  json(request: Request, user?: FrameUser): Promise<Record<string, unknown>>
  /** 303 after a form, with a line to show on the next page. */
  back(request: Request, location: string, flash?: Flash, cookies?: (string | null)[]): Response
  /** What this browser chose. */
  theme(request: Request): Theme
  themeCookie(theme: Theme): string
}

export type Resume = (
  request: Request,
  params: Readonly<Record<string, string>>,
  form: Form,
  /** What its person did since: signed in again, or confirmed who they are. */
  after: "sign-in" | "confirm",
) => Response | Promise<Response>

/** Whom a form belongs to: a page of somebody who acts as a team is not their own, nor the other way round. */
export const formOwner = (user: FrameUser | undefined): string | undefined =>
  user?.id !== undefined && user.acting ? `${user.id} ${user.acting.id}` : user?.id

const THEMES: readonly Theme[] = ["system", "light", "dark"]
const YEAR_SECONDS = 365 * 86_400

interface WebDeps {
  cookies: Cookies
  csrf: Csrf
  keyring: Keyring
  origins: Origins
  demo: boolean
  /** What somebody who acts as a team is offered; null: all. */
  seat?: ((user: FrameUser) => Seat | null) | undefined
  /** The sidebar that this person has. */
  nav: (user: FrameUser | undefined) => readonly NavGroup[]
  /** How many notices this person has not read. */
  unread?: ((user: FrameUser) => number) | undefined
  /** Default: the system's clock. */
  now?: () => number
  /** An announcement that this person has not put away. */
  announcement?: ((user: FrameUser) => Frame["announcement"]) | undefined
  /** What every page says above its own subject; none = nothing. */
  notice?: ((user: FrameUser | undefined) => string | undefined) | undefined
  /** How the house is called and looks; none = as the product came. */
  brand?: (() => Brand) | undefined
}

/** Renders a page with its frame. */
function pages(
  { csrf, origins, demo, nav, cookies, notice, announcement, brand, unread, seat }: WebDeps,
  flashes: Flashes,
  once: Once,
  reader: { themeOf: (request: Request) => Theme; zoneOf: (request: Request) => string | null },
): Web["page"] {
  const origin = origins.hosts.site
  const policy = { "content-security-policy": cspOf(origins.others) }
  return (request, user, view, options = {}) => {
    if (options.keepSeconds !== undefined && !request.headers.has("cookie"))
      return forAnybody({ origins, demo, nav, notice, brand }, request, view, options, options.keepSeconds)
    const browser = csrf.browser(request)
    const { flash, forget } = flashes.takeFlash(request, user?.id)
    const url = new URL(request.url)
    const frame: Frame = {
      theme: reader.themeOf(request),
      csrf: csrf.token(browser.id, formOwner(user)),
      path: url.pathname,
      here: request.method === "GET" ? url.pathname + url.search : undefined,
      requestId: contextOf(request).requestId,
      origin,
      brand: brand?.(),
      demo,
      user,
      nav: nav(user),
      unread: user && unread?.(user),
      closed: (cookies.read(request, "nav") ?? "").split("."),
      closedCookie: cookies.nameOf("nav"),
      flash,
      notice: notice?.(user),
      announcement: user && announcement?.(user),
    }
    const set = [...browser.setCookies, forget, ...(options.cookies ?? [])]
    const made = () => inSeat((user && seat?.(user)) ?? null, () => view(frame))
    const text = inZone(reader.zoneOf(request), made) as string
    const { body, headers } =
      options.pack && !once.showsSecret(request) ? packPage(request, text) : { body: text, headers: {} }
    const all = {
      ...policy,
      "cross-origin-opener-policy": openerPolicy(url.pathname),
      ...headers,
      ...options.headers,
    }
    return html(body, { ...options, headers: all, cookies: set })
  }
}

/** Of no browser and no person, so that everybody may be given the same. */
function forAnybody(
  { origins, demo, nav, notice, brand }: Pick<WebDeps, "origins" | "demo" | "nav" | "notice" | "brand">,
  request: Request,
  view: (frame: Frame) => JSX.Element,
  options: PageOptions,
  seconds: number,
): Response {
  const path = new URL(request.url).pathname
  const closed = { closed: [], closedCookie: "" }
  const frame = {
    theme: "system",
    csrf: "",
    path,
    here: undefined,
    requestId: "",
    origin: origins.hosts.site,
    brand: brand?.(),
    demo,
    user: undefined,
  } as const
  const text = inZone(null, () =>
    view({ ...frame, ...closed, nav: nav(undefined), flash: undefined, notice: notice?.(undefined) }),
  ) as string
  const { body, headers } = packPage(request, text)
  return html(body, {
    ...options,
    headers: {
      "content-security-policy": cspOf(origins.others),
      "cross-origin-opener-policy": openerPolicy(path),
      ...headers,
      ...options.headers,
      "cache-control": `public, max-age=${seconds}`,
      vary: "cookie, accept-encoding, HX-Request, HX-Request-Type",
    },
  })
}

export function createWeb(deps: WebDeps): Web {
  const { cookies, csrf, keyring, origins, demo } = deps
  const flashes = createFlashes({ cookies, csrf, keyring })
  const once = createOnce({ cookies, csrf, keyring })
  const themeOf = (request: Request): Theme => {
    const theme = cookies.read(request, "theme")
    return THEMES.find((one) => one === theme) ?? "system"
  }
  // Scripts write it (public/js/core/time.js); whatever else stands there is no zone.
  const zoneOf = (request: Request): string | null => {
    const zone = cookies.read(request, "zone")
    return zone !== null && isZone(zone) ? zone : null
  }
  const provesForm: Web["provesForm"] = (request, user) => {
    const token = new Form(new URLSearchParams({ csrf: request.headers.get("x-csrf-token") ?? "" }))
    csrf.check(request, token, formOwner(user))
  }
  return {
    cookies,
    origin: origins.hosts.auth,
    origins,
    demo,
    kept: createKeptForms({ cookies, csrf, keyring, ...(deps.now ? { now: deps.now } : {}) }),
    resumes: new Map(),
    sayNow: flashes.sayNow,
    browserId: (request) => csrf.browser(request).id,
    browserIds: (request) => csrf.browser(request).ids,
    browserCookies: (request) => csrf.browser(request).setCookies,
    page: pages(deps, flashes, once, { themeOf, zoneOf }),
    async form(request, user, takes) {
      const hasFile = takes?.hasFile && isMultipart(request)
      const form = hasFile ? await readMultipart(request) : await readForm(request, takes?.bytesMax)
      csrf.check(request, form, formOwner(user))
      return form
    },
    async ownForm(request) {
      const form = await readForm(request)
      const owner = csrf.ownerOf(request, form)
      return owner === null ? null : { form, owner }
    },
    provesForm,
    async json(request, user) {
      provesForm(request, user)
      return readJsonObject(request)
    },
    back(request, location, flash, set = []) {
      const line = flash ? flashes.flashCookie(request, flash) : null
      return seeOther(location, [...csrf.browser(request).setCookies, line, ...set])
    },
    ...once,
    theme: themeOf,
    themeCookie: (theme) => cookies.set("theme", THEMES.includes(theme) ? theme : "system", YEAR_SECONDS),
  }
}
