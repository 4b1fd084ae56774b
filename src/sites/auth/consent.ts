// /authorize/consent: what an app may do, and what that may cost a day. The form carries an opaque interaction and the person's
// choices; everything else is re-validated by the oauth domain.
import { ConsentPage, type ConsentProps, type ConsentScope } from "../../../views/auth/consent.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { AppError, type Nano } from "../../app/index.ts"
import { type FieldDef, field, form } from "../../http/index.ts"
import type { AuthSession } from "../../identity/index.ts"
import { AI_SCOPES, type AiScope, type ConsentView, isAiScope, SCOPES } from "../../oauth/index.ts"
import type { BaseRequest, Status } from "../base/index.ts"
import { dailyLimit, LIMITS_FORM } from "./limit-fields.ts"
import { SCOPE_SENTENCES } from "./scope-words.ts"
import { type AuthDeps, type AuthSite, authSession, follow, interactionOf, stepOf, withInteraction } from "./site.ts"

const PATH = "/authorize/consent"
const UNREADABLE = "unreadable"
const CHOOSE_AGAIN = "You were signed out, and nothing was approved. Sign in, then choose again."
/** Null: it was not sent. */
type SentLimit = Nano | null | typeof UNREADABLE

/** A limit counts only beside a ticked scope, and when the person approves: until then nothing about it is wrong. */
function sentLimit(strict: FieldDef<Nano>): FieldDef<SentLimit> {
  return {
    ...strict,
    read(texts, look) {
      if (texts.length === 0) return { value: null }
      const read = strict.read(texts, look)
      return "value" in read ? read : { value: UNREADABLE }
    },
    write: (limit) => (typeof limit === "number" ? strict.write(limit) : []),
  }
}
const LIMITS = Object.fromEntries(AI_SCOPES.map((scope) => [scope, sentLimit(LIMITS_FORM.fields[scope])])) as Record<
  AiScope,
  FieldDef<SentLimit>
>

const CONSENT_FORM = form(
  {
    ...LIMITS,
    scopes: field.choices({
      name: "scope",
      label: "What it may do",
      options: SCOPES.map((scope) => ({ value: scope, label: SCOPE_SENTENCES[scope] })),
    }),
    // Anything but "approve" is a no.
    decision: field.hidden({ label: "Decision", optional: true }),
  },
  { submit: "Approve" },
)

const isAmong = (scopes: readonly string[] | undefined, scope: string): boolean => scopes?.includes(scope) ?? false

export function consentRoutes(site: AuthSite, deps: AuthDeps): void {
  const { oauth } = deps
  site.form(PATH, {
    load: (_page, _params, sent) => requiredInteraction(sent("interaction")),
    form: CONSENT_FORM,
    check: ({ readable }) =>
      Object.fromEntries(
        AI_SCOPES.filter(
          (scope) =>
            readable.decision === "approve" && isAmong(readable.scopes, scope) && readable[scope] === UNREADABLE,
        ).map((scope) => [scope, "Enter credits per day as a number, such as 100."]),
      ),
    async act({ request }, { scopes, decision, ...sent }, interaction) {
      const limits: Record<string, Nano> = {}
      for (const scope of AI_SCOPES) {
        const limit = sent[scope]
        if (scopes.includes(scope) && typeof limit === "number") limits[scope] = limit
      }
      const choice = { interaction, approve: decision === "approve", scopes: ["openid", ...scopes], limits }
      const outcome = await oauth.decide({ ...choice, ...stepOf(deps, request) })
      // What one person chose is not kept for whoever signs in next in this browser.
      if (outcome.kind === "login")
        return deps.web.back(request, withInteraction("/login", outcome.interaction), {
          kind: "info",
          text: CHOOSE_AGAIN,
        })
      return follow(deps, request, outcome)
    },
    async show(page, view, interaction, status) {
      const { request } = page
      const outcome = await oauth.resumeAuthorization({ interaction, ...stepOf(deps, request) })
      const session = authSession(deps, request)
      if (outcome.kind !== "consent" || !session) return follow(deps, request, outcome)
      return consentPage(deps, page, { ...outcome, session }, view, status)
    },
  })
}

interface Asked {
  interaction: string
  view: ConsentView
  session: AuthSession
}

function consentPage(deps: AuthDeps, page: BaseRequest, asked: Asked, form: FormView, status: Status): Response {
  const { interaction, view, session } = asked
  const again = view.reason === "new_scopes" ? "more" : view.reason === "expired" ? "old" : undefined
  const props = {
    interaction,
    again,
    client: clientOf(deps, view),
    person: { name: session.name, email: session.email },
    balance: view.app.mode === "test" ? undefined : deps.spendable(session.userId, view.app.mode),
    scopes: scopesOf(deps, view, form),
  } as const
  return page.render((frame) => ConsentPage({ frame, ...props, errors: form.errors }), status)
}

/** As it was asked for, or, after a refusal, as the person left it. */
function scopesOf(deps: AuthDeps, view: ConsentView, { fields, errors }: FormView): ConsentScope[] {
  const limitOf = (scope: string, perDay: Nano | null) =>
    perDay !== null && isAiScope(scope)
      ? dailyLimit(scope, perDay, deps.typicalCharge(view.app.clientId, scope), typed(`limit_${scope}`)[0])
      : undefined
  const typed = (name: string) => fields.find((one) => one.name === name)?.typed ?? []
  return view.scopes
    .filter(({ scope }) => scope !== "openid")
    .map(({ scope, limitNano, granted, declined }) => ({
      scope,
      sentence: SCOPE_SENTENCES[scope],
      checked: errors ? typed("scope").includes(scope) : !declined,
      isNew: view.reason === "new_scopes" && !granted && !declined,
      limit: limitOf(scope, limitNano),
    }))
}

const clientOf = (deps: AuthDeps, { app }: ConsentView): ConsentProps["client"] => ({
  name: app.name,
  iconUrl: deps.media.addressOf({ purpose: "icon", subject: app.clientPublicId }, 128),
  developerName: app.ownerId === null ? "this server" : deps.developerName(app.ownerId),
  verified: app.firstParty,
  returnHost: app.returnsTo,
  links: [
    { label: "Website", href: app.homepageUrl },
    { label: "Privacy", href: app.policyUri },
    { label: "Terms", href: app.tosUri },
  ].flatMap(({ label, href }) => (href?.startsWith("https:") ? [{ label, href }] : [])),
  loopback: /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(app.returnsTo),
})

function requiredInteraction(value: string): string {
  const interaction = interactionOf(value)
  if (interaction) return interaction
  throw new AppError("invalid_request", "This page opens from an app. Go back to the app and sign in from there.")
}
