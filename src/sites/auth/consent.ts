// /authorize/consent: what an app may do, and what that may cost a day. The form carries an opaque interaction and the person's
// choices; everything else is re-validated by the oauth domain.
import { ConsentPage, type ConsentProps, type ConsentScope } from "../../../views/auth/consent.tsx"
import type { AppOrigin, WaitingDevice } from "../../../views/auth/consent-who.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { AppError, type Nano, type UserId } from "../../app/index.ts"
import { type FieldDef, Form, field, form } from "../../http/index.ts"
import type { AuthSession } from "../../identity/index.ts"
import {
  AI_SCOPES,
  type AiScope,
  type AskingApp,
  type Client,
  type ConsentReason,
  type ConsentView,
  isAccountScope,
  isAiScope,
  SCOPES,
} from "../../oauth/index.ts"
import type { BaseRequest, Status } from "../base/index.ts"
import { everybody, peopleOf } from "./accounts.ts"
import { confirmRaised } from "./consent-raised.ts"
import { dailyLimit, LIMITS_FORM, limitsSent } from "./limit-fields.ts"
import { PAYER_FIELD, payerOptions, payerSent, payerValue } from "./payer-fields.ts"
import { SCOPE_SENTENCES } from "./scope-words.ts"
import {
  type AuthDeps,
  type AuthSite,
  follow,
  interactionOf,
  networkOfRequest,
  stepOf,
  withInteraction,
} from "./site.ts"
import { noTools, TOOL_FIELDS, toolAsk, toolsSent } from "./tool-fields.ts"

const PATH = "/authorize/consent"
const UNREADABLE = "unreadable"
const FINISH = "You were signed out, and nothing was approved. Sign in and we will finish this."
const NOT_YET = "Nothing was approved yet: look it over and decide once more."
const NO_TOOLS = "Tick at least one, or untick that it may use tools."
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
    ...TOOL_FIELDS,
    payer: PAYER_FIELD,
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

type Readable = Partial<Record<AiScope, SentLimit>> &
  Parameters<typeof noTools>[0] & { scopes?: string[]; decision?: string }

function problemsOf(readable: Readable): Record<string, string> {
  if (readable.decision !== "approve") return {}
  const given = AI_SCOPES.filter((scope) => isAmong(readable.scopes, scope))
  const unread = given.filter((scope) => readable[scope] === UNREADABLE)
  const limits = Object.fromEntries(unread.map((scope) => [scope, "Enter credits per day, such as 100."]))
  return given.includes("mcp") && noTools(readable) ? { ...limits, paths: NO_TOOLS } : limits
}

export function consentRoutes(site: AuthSite, deps: AuthDeps): void {
  const { oauth } = deps
  site.form(PATH, {
    load: (_page, _params, sent) => requiredInteraction(sent("interaction")),
    form: CONSENT_FORM,
    check: ({ readable }) => problemsOf(readable),
    async act({ request }, { scopes, decision, ...sent }, interaction) {
      const limits = limitsSent(scopes, sent)
      const payer = payerSent(sent.payer)
      const peeked = oauth.peekAuthorization({ interaction, browserIds: deps.web.browserIds(request) })
      if (decision === "approve" && peeked) {
        const wanted = scopes.includes("mcp") ? (peeked.tools ?? toolsSent(sent)) : []
        const raised = {
          clientPublicId: peeked.app.clientPublicId,
          interaction,
          scopes,
          limits,
          tools: wanted,
          payer,
        }
        const confirm = confirmRaised(deps, request, personShown(deps, request, interaction), raised)
        const kept = confirm && keepChoice(deps, request, { interaction, app: peeked.app }, { scopes, ...sent })
        if (confirm) return deps.web.back(request, confirm, undefined, [kept])
      }
      const choice = {
        interaction,
        approve: decision === "approve",
        scopes: ["openid", ...scopes],
        limits,
        tools: toolsSent(sent),
        payer,
      }
      const outcome = await oauth.decide({ ...choice, ...stepOf(deps, request) })
      if (outcome.kind !== "login") return follow(deps, request, outcome)
      const cookie = keepChoice(deps, request, { interaction, app: outcome.app }, { scopes, ...sent })
      const login = withInteraction("/login", outcome.interaction)
      return deps.web.back(request, login, { kind: "info", text: FINISH }, [cookie])
    },
    async show(page, view, interaction, status) {
      const { request } = page
      const outcome = await oauth.resumeAuthorization({ interaction, ...stepOf(deps, request) })
      if (outcome.kind !== "consent") return follow(deps, request, outcome)
      const session = personShown(deps, request, outcome.interaction)
      if (!session) return follow(deps, request, outcome)
      const asked = { ...outcome, session }
      const kept = view.errors ? null : deps.web.kept.takeForm(request, placeOf(outcome.view.app), session.publicId)
      // Nobody can read what an older key sealed: it is chosen again.
      if (!kept?.form) return consentPage(deps, page, asked, view, status)
      deps.web.sayNow(request, { kind: "info", text: NOT_YET, stays: true })
      const typed = CONSENT_FORM.fromHtml(
        new Form(new URLSearchParams(kept.form.fields.map(([name, text]) => [name, text]))),
      )
      const left = CONSENT_FORM.show({ action: PATH, typed, errors: {} })
      return consentPage(deps, page, asked, left, { ...status, cookies: [kept.forget] })
    },
  })
}

/** Who sees the page, of the people who are signed in here. */
function personShown(deps: AuthDeps, request: Request, interaction: string): AuthSession | undefined {
  const shownTo = deps.oauth.peekAuthorization({ interaction, browserIds: deps.web.browserIds(request) })?.shownTo
  return everybody(peopleOf(deps, request)).find(({ userId }) => userId === shownTo)
}

/** Choices are about one app. */
const placeOf = ({ clientPublicId }: Pick<AskingApp, "clientPublicId">): string => `${PATH}/${clientPublicId}`

/** What was chosen waits for the person who saw the page, and for nobody else who signs in next in this browser. */
function keepChoice(
  deps: AuthDeps,
  request: Request,
  { interaction, app }: { interaction: string; app: AskingApp },
  choice: Parameters<typeof CONSENT_FORM.typedOf>[0],
): string | null {
  const shownTo = deps.oauth.peekAuthorization({ interaction, browserIds: deps.web.browserIds(request) })?.shownTo
  const person = shownTo ? deps.identity.userById(shownTo) : null
  if (!person) return null
  const fields = Object.entries(CONSENT_FORM.typedOf(choice)).flatMap(([name, texts]) =>
    texts.map((text): [string, string] => [name, text]),
  )
  return deps.web.kept.keepFor(request, person.publicId, { path: placeOf(app), pattern: PATH, params: {}, fields })
}

interface Asked {
  interaction: string
  view: ConsentView
  session: AuthSession
}

function consentPage(
  deps: AuthDeps,
  page: BaseRequest,
  asked: Asked,
  form: FormView,
  status: Status & { cookies?: string[] },
): Response {
  const { interaction, view, session } = asked
  const again = AGAIN[view.reason]
  const props = {
    interaction,
    again,
    client: clientOf(deps, view),
    device: deviceOf(deps, page.request, view),
    person: { name: session.name, email: session.email },
    balance: view.app.mode === "test" ? undefined : deps.spendable(session.userId, view.app.mode),
    sponsored: deps.sponsored(view.app.clientId, session.userId) ?? undefined,
    free: view.app.mode === "test" ? undefined : deps.unclaimed(session.userId),
    scopes: scopesOf(deps, view, form, session.userId),
    payers: payersOf(deps, view, form, session.userId),
  } as const
  return page.render((frame) => ConsentPage({ frame, ...props, errors: form.errors }), status)
}

/** Why somebody is asked who said yes before. */
const AGAIN: Partial<Record<ConsentReason, NonNullable<ConsentProps["again"]>>> = {
  new_scopes: "more",
  expired: "old",
  limits: "limits",
  tools: "tools",
  revoked: "revoked",
  prompt: "asked",
  share: "share",
  developer: "developer",
}

/** Test credits are nobody's to choose: they cost nothing. */
function payersOf(deps: AuthDeps, view: ConsentView, { fields, errors }: FormView, userId: UserId) {
  if (view.app.mode === "test" || !view.scopes.some(({ kind }) => kind === "ai")) return []
  const typed = errors && fields.find(({ name }) => name === "payer")?.typed[0]
  return payerOptions(deps, userId, typed ?? payerValue(deps, userId, view.payerId))
}

/** As it was asked for, or, after a refusal, as the person left it. */
function scopesOf(deps: AuthDeps, view: ConsentView, { fields, errors }: FormView, userId: UserId): ConsentScope[] {
  const limitOf = (scope: string, perDay: Nano | null) =>
    perDay !== null && isAiScope(scope)
      ? dailyLimit(scope, perDay, deps.typicalCharge(view.app.clientId, scope), typed(`limit_${scope}`)[0])
      : undefined
  const typed = (name: string) => fields.find((one) => one.name === name)?.typed ?? []
  const toolsChosen = ({ before }: NonNullable<ConsentView["tools"]>) =>
    (errors && toolsSent({ reach: typed("tools")[0], paths: [...typed("tool")] })) ?? (errors ? null : before)
  return view.scopes
    .filter(({ scope }) => scope !== "openid")
    .map(({ scope, limitNano, suggestedNano, granted, declined }) => ({
      scope,
      sentence: SCOPE_SENTENCES[scope],
      checked: errors ? typed("scope").includes(scope) : !declined,
      isNew: view.reason === "new_scopes" && !granted && !declined,
      limit: limitOf(scope, limitNano),
      suggested: suggestedNano,
      account: isAccountScope(scope),
      tools:
        scope === "mcp" && view.tools
          ? toolAsk(deps, userId, { ...view.tools, chosen: toolsChosen(view.tools) })
          : undefined,
    }))
}

const clientOf = (deps: AuthDeps, { app }: ConsentView): ConsentProps["client"] => ({
  ...verifiedOf(deps, app),
  name: app.name,
  iconUrl: deps.media.addressOf({ purpose: "icon", subject: app.clientPublicId }, 128),
  origin: originOf(deps, { ...app, documentUrl: app.documentHost && `https://${app.documentHost}` }),
  share: app.shareBp === null ? undefined : deps.shareNow(app.clientId),
  returnHost: app.returnsTo,
  links: [
    { label: "Website", href: app.homepageUrl },
    { label: "Privacy", href: app.policyUri },
    { label: "Terms", href: app.tosUri },
    { label: "Help", href: app.supportUrl },
  ].flatMap(({ label, href }) => (href?.startsWith("https:") ? [{ label, href }] : [])),
  loopback: /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(app.returnsTo ?? ""),
})

/** An admin's word says more than a domain, and names none. */
function verifiedOf(deps: AuthDeps, app: AskingApp): Pick<ConsentProps["client"], "verified" | "domain"> {
  const proof = app.firstParty ? null : deps.verifiedApp(app.clientPublicId)
  return { verified: app.firstParty || proof !== null, domain: proof && !proof.byAdmin ? proof.host : undefined }
}

/** Nobody here answers for an app that came by itself, whatever name it gives. */
export function originOf(
  deps: Pick<AuthDeps, "developerName">,
  app: Pick<Client, "source" | "ownerId" | "documentUrl">,
): AppOrigin {
  if (app.documentUrl !== null) return { kind: "document", host: new URL(app.documentUrl).host }
  if (app.source === "registration") return { kind: "registration" }
  return { kind: "developer", name: app.ownerId === null ? "this server" : deps.developerName(app.ownerId) }
}

function deviceOf(deps: AuthDeps, request: Request, { device }: ConsentView): WaitingDevice | undefined {
  if (!device) return undefined
  const network = device.network === networkOfRequest(request) ? null : device.network
  return { ...device, now: deps.now(), network, program: device.device }
}

function requiredInteraction(value: string): string {
  const interaction = interactionOf(value)
  if (interaction) return interaction
  throw new AppError("invalid_request", "This page opens from an app. Go back to the app and sign in from there.")
}
