// /settings: name, kept answers, the theme, and where this person is signed in.
import { OpenrouterRemovalPage } from "../../../views/console/openrouter-account.tsx"
import { SettingsPage, type SettingsProps } from "../../../views/console/settings.tsx"
import { ensure, type UserId } from "../../app/index.ts"
import { button, field, form } from "../../http/index.ts"
import { deviceKind, deviceName, signInWords } from "../../identity/index.ts"
import { type PageRequest, type Status, undoTo } from "../base/index.ts"
import { ANSWERS_ACTION, ANSWERS_FORM } from "./answers-form.ts"
import { AVATAR_FORM } from "./avatar-form.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "web" | "identity" | "clock" | "plans" | "kept" | "places" | "gateway">

const NAME_FORM = form(
  { name: field.text({ label: "Name", optional: true, autocomplete: "name", length: 80 }) },
  { submit: "Save name" },
)

const PROFILE_FORM = form(
  {
    company: field.text({
      label: "Company",
      optional: true,
      autocomplete: "organization",
      length: 120,
      help: "Stands on your invoices from now on.",
    }),
    locale: field.text({ label: "Language", optional: true, length: 35, help: "Such as en, de-AT or pt-BR." }),
    zoneinfo: field.text({ label: "Time zone", optional: true, length: 64, help: "Such as Europe/Vienna." }),
  },
  { submit: "Save profile" },
)

const THEME_FORM = form(
  {
    theme: field.choice({
      label: "Theme",
      control: "radios",
      options: [
        { value: "system", label: "Same as this device" },
        { value: "light", label: "Light" },
        { value: "dark", label: "Dark" },
      ],
    }),
  },
  { submit: "Save theme" },
)

const ACTION = { name: "/settings/name", profile: "/settings/profile", theme: "/settings/theme" } as const

export function settingsRoutes(site: ConsoleSite, deps: Deps): void {
  const { web, identity } = deps
  site.get("/settings", (page) => settings(deps, page))

  site.post(ACTION.name, {
    form: NAME_FORM,
    async act(page, { name }) {
      const { session } = page
      const after = await identity.setName(page.ctx("changed their name"), { userId: session.userId, name })
      const say = after.name === null ? "You have no name here now." : `Your name is ${after.name} now.`
      return { to: "/settings", say, undo: undoTo(ACTION.name, NAME_FORM, { name: session.name ?? "" }) }
    },
    show: (page, name, _, status) => settings(deps, page, { name }, status),
  })
  site.post(ACTION.profile, {
    form: PROFILE_FORM,
    async act(page, profile) {
      const { userId } = page.session
      await identity.setProfile(page.ctx("changed their profile"), { userId, ...asTyped(profile) })
      return { to: "/settings", say: "Your profile is saved." }
    },
    show: (page, profile, _, status) => settings(deps, page, { profile }, status),
  })
  site.post(ACTION.theme, {
    form: THEME_FORM,
    act: async (_, { theme }) => ({
      to: "/settings",
      say: theme === "system" ? "The theme follows this device now." : `The theme is ${theme} now.`,
      cookies: [web.themeCookie(theme)],
    }),
    show: (page, theme, _, status) => settings(deps, page, { theme }, status),
  })
  openrouterActs(site, deps)
  site.post("/settings/sessions/:session/revocation", {
    load: (_, params) => params.session,
    form: button("Sign out"),
    async act(page, _, sessionPublicId) {
      const { userId } = page.session
      const ended = identity.sessionsOf(userId).find(({ publicId }) => publicId === sessionPublicId)
      await identity.revokeSession(page.ctx("ended a session"), { userId, sessionPublicId })
      return { to: "/settings", say: `${ended ? deviceName(ended.userAgent) : "That device"} is signed out.` }
    },
    back: () => "/settings",
  })
}

function openrouterActs(site: ConsoleSite, { gateway: { openrouter } }: Deps): void {
  const ownerOf = ({ session: { userId, publicId } }: PageRequest) => ({ userId, userPublicId: publicId })
  site.post("/settings/openrouter/account", {
    form: button("Get an account"),
    async act(page) {
      await openrouter.create(page.ctx("asked for an account at OpenRouter"), ownerOf(page))
      return { to: "/settings#openrouter", say: "Your account at OpenRouter is made in a moment." }
    },
    back: () => "/settings#openrouter",
  })
  site.form("/settings/openrouter/removal", {
    load({ session: { userId } }) {
      const account = openrouter.of(userId)
      ensure(account && account.state !== "deleted", "not_found", "You have no account at OpenRouter.")
      return account
    },
    form: button("Delete the account", true),
    async act(page) {
      await openrouter.remove(page.ctx("deleted the account at OpenRouter"), ownerOf(page))
      return { to: "/settings#openrouter", say: "Your account at OpenRouter is deleted." }
    },
    show: (page, form, _, status) => page.render((frame) => OpenrouterRemovalPage({ frame, form }), status),
  })
  site.post("/settings/openrouter/sync", {
    form: button("Read anew"),
    async act(page) {
      await openrouter.sync(page.ctx("read the account at OpenRouter"), ownerOf(page))
      return { to: "/settings#openrouter", say: "This is what OpenRouter says now." }
    },
    back: () => "/settings#openrouter",
  })
}

const profileOf = (identity: Deps["identity"], userId: UserId): Profile => {
  const user = identity.userById(userId)
  return asTyped({ company: null, locale: null, zoneinfo: null, ...user })
}

type Profile = { company: string; locale: string; zoneinfo: string }

const asTyped = (profile: { [Key in keyof Profile]: string | null }): Profile => ({
  company: profile.company ?? "",
  locale: profile.locale ?? "",
  zoneinfo: profile.zoneinfo ?? "",
})

/** The page with its forms; `sent` is the one that was refused. */
export function settings(
  { web, identity, plans, clock, kept, places, gateway }: Deps,
  page: PageRequest,
  sent: Partial<SettingsProps["forms"]> = {},
  status?: Status,
): Response {
  const { name, email, userId } = page.session
  const current = identity.sessionByToken(web.cookies.read(page.request, "auth"), "auth")
  const listed = identity.sessionsOf(userId).map((one) => ({
    id: one.publicId,
    device: deviceName(one.userAgent),
    kind: deviceKind(one.userAgent),
    by: signInWords(one.amr),
    ip: one.ip,
    place: places.placeOf(one.ip),
    createdAtMs: one.createdMs,
    lastSeenMs: one.seenMs,
    current: one.publicId === current?.sessionPublicId,
  }))
  const props = {
    now: clock.now(),
    email,
    hasPassword: identity.confirmWays(userId).first === "password",
    plan: plans.planOf(userId).name,
    openrouter: { isOffered: gateway.openrouter.isOffered, account: gateway.openrouter.of(userId) },
    kept: { ...kept.sum(userId), days: kept.days() },
    connections: identity.connectionsOf(userId).map((one) => one.name),
    passkeys: identity.passkeysOf(userId).length,
    twoStep: identity.secondStepOf(userId) !== null,
    sessions: listed.toSorted((a, b) => Number(b.current) - Number(a.current)),
    forms: {
      picture: AVATAR_FORM.show({ action: "/settings/picture" }),
      name: NAME_FORM.show({ action: ACTION.name, present: { name: name ?? "" } }),
      profile: PROFILE_FORM.show({ action: ACTION.profile, present: profileOf(identity, userId) }),
      answers: ANSWERS_FORM.show({ action: ANSWERS_ACTION, present: { keep: kept.isOn(userId) } }),
      theme: THEME_FORM.show({ action: ACTION.theme, present: { theme: web.theme(page.request) } }),
      ...sent,
    },
  }
  return page.render((frame) => SettingsPage({ frame, ...props }), status)
}
