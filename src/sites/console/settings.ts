// /settings: name, password, the theme, and where this person is signed in.
import { Elysia } from "elysia"
import { SettingsPage } from "../../../views/console/settings.tsx"
import type { Theme } from "../../../views/layout/index.ts"
import type { AppError } from "../../app/index.ts"
import { formErrors, ofTheForm, statusOf } from "../../http/index.ts"
import { visitorOf } from "../auth/index.ts"
import { type ConsoleDeps, signedIn, type Visit } from "./site.ts"

const NO_PARSE = { parse: "none" } as const

export function settingsRoutes(deps: ConsoleDeps) {
  const { web, identity, clock, plans } = deps

  const page = (visit: Visit, typedName?: string, error?: AppError): Response => {
    const current = identity.sessionByToken(web.cookies.read(visit.request, "auth"), "auth")
    const listed = identity.sessionsOf(visit.session.userId).map((one) => ({
      id: one.publicId,
      device: deviceName(one.userAgent),
      ip: one.ip,
      createdAtMs: one.createdMs,
      lastSeenMs: one.seenMs,
      current: one.publicId === current?.sessionPublicId,
    }))
    const sessions = [...listed.filter((one) => one.current), ...listed.filter((one) => !one.current)]
    const { name, email, userId } = visit.session
    const plan = plans.planOf(userId).name
    const props = { now: clock.now(), name, email, plan, sessions, typedName, errors: formErrors(error) }
    return visit.page((frame) => SettingsPage({ frame, ...props }), statusOf(error))
  }

  return new Elysia()
    .get(
      "/settings",
      signedIn(deps, (visit) => page(visit)),
    )
    .post(
      "/settings/name",
      signedIn(deps, async (visit) => {
        const name = (await web.form(visit.request)).get("name")
        try {
          await identity.setName(visit.ctx("changed their name"), { userId: visit.session.userId, name })
          return web.back("/settings", { kind: "ok", text: "Your name is saved." })
        } catch (error) {
          return page(visit, name, ofTheForm(error))
        }
      }),
      NO_PARSE,
    )
    .post(
      "/settings/password",
      signedIn(deps, async (visit) => {
        const form = await web.form(visit.request)
        try {
          const started = await identity.changePassword(visitorOf(web, visit.request), {
            userId: visit.session.userId,
            current: form.raw("current"),
            password: form.raw("password"),
          })
          const text = "Your password is changed. Other devices and apps are signed out."
          return web.back("/settings", { kind: "ok", text }, [
            web.cookies.set("auth", started.token, started.maxAgeSeconds),
          ])
        } catch (error) {
          return page(visit, undefined, ofTheForm(error))
        }
      }),
      NO_PARSE,
    )
    .post(
      "/settings/theme",
      signedIn(deps, async (visit) => {
        const form = await web.form(visit.request)
        return web.back("/settings", { kind: "ok", text: "The theme is changed." }, [
          web.themeCookie(form.get("theme") as Theme),
        ])
      }),
      NO_PARSE,
    )
    .post(
      "/settings/sessions/:id/revocation",
      signedIn(deps, async (visit, { id }) => {
        await web.form(visit.request)
        await identity.revokeSession(visit.ctx("ended a session"), {
          userId: visit.session.userId,
          sessionPublicId: id ?? "",
        })
        return web.back("/settings", { kind: "ok", text: "That device is signed out." })
      }),
      NO_PARSE,
    )
}

/** "Firefox on Linux" from a user agent; rough on purpose, it only has to be recognised by its owner. */
export function deviceName(userAgent: string): string {
  const find = (names: [string, RegExp][]) => names.find(([, pattern]) => pattern.test(userAgent))?.[0]
  const browser = find([
    ["Edge", /Edg\//],
    ["Opera", /OPR\//],
    ["Firefox", /Firefox\//],
    ["Chrome", /Chrom(e|ium)\//],
    ["Safari", /Safari\//],
  ])
  const system = find([
    ["iPhone", /iPhone/],
    ["iPad", /iPad/],
    ["Android", /Android/],
    ["Windows", /Windows/],
    ["macOS", /Mac OS X/],
    ["Linux", /Linux/],
  ])
  if (!browser && !system) return "Unknown device"
  return [browser ?? "A browser", system].filter(Boolean).join(" on ")
}
