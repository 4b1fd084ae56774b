// /settings: name and email, the theme, and where this person is signed in.
import { Elysia } from "elysia"
import { SettingsPage } from "../../views/console/settings.tsx"
import type { Theme } from "../../views/layout/index.ts"
import { type ConsoleDeps, signedIn } from "./site.ts"

const NO_PARSE = { parse: "none" } as const

export function settingsRoutes(deps: ConsoleDeps) {
  const { web, identity, clock } = deps
  return new Elysia()
    .get(
      "/settings",
      signedIn(deps, (visit) => {
        const current = identity.sessionByToken(web.cookies.read(visit.request, "auth"), "auth")
        const sessions = identity.sessionsOf(visit.session.userId).map((one) => ({
          id: one.publicId,
          device: deviceName(one.userAgent),
          ip: one.ip,
          createdAtMs: one.createdMs,
          lastSeenMs: one.seenMs,
          current: one.publicId === current?.sessionPublicId,
        }))
        const { name, email } = visit.session
        return visit.page((frame) => SettingsPage({ frame, now: clock.now(), name, email, sessions }))
      }),
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
