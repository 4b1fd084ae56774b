// Moves an authorization as far as it goes without the person: to an answer, to the login page or to the consent page.
// Everything it decides on is read inside the body, so that a sealed request gains nothing from having been right once.
import { AppError, ensure, type UserId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { redirectUriAllowed } from "../client/redirect-uri.ts"
import { isClosed, isOfNobody, letsIn } from "../client/rules.ts"
import { clientById } from "../client/store.ts"
import { consentOf } from "../consent/store.ts"
import type { Core } from "../core.ts"
import { requireWaitingIn } from "../device/answer.ts"
import { intersect } from "../scopes.ts"
import { APP_REVIEWS } from "../settings.ts"
import type { AuthorizeOutcome, AuthSession, Client, Consent, LoginReason, OauthUser, Redirect } from "../types.ts"
import { answerIn, requireUnansweredIn } from "./answer.ts"
import { grantIn } from "./grant.ts"
import { type Interaction, sealInteraction } from "./interaction.ts"
import { type NextStep, nextStep, type Progress } from "./next-step.ts"
import type { AuthRequest } from "./request.ts"
import { errorRedirect } from "./response.ts"
import { askingApp, consentView } from "./view.ts"

/** Where a request stands, with all that was read to know it. */
export interface Standing {
  request: AuthRequest
  client: Client
  session: AuthSession
  user: OauthUser | null
  consent: Consent | null
  step: NextStep
}

/** @throws AppError for the error page, when client or redirect URI stopped being right meanwhile */
export function standingIn(
  core: Core,
  tx: Tx,
  asked: AuthRequest,
  session: AuthSession,
  progress: Progress | null,
): Standing {
  const client = clientById(tx, asked.clientId)
  ensure(client, "invalid_request", "This app was removed.")
  if (client.suspendedMs !== null)
    throw new AppError("client_suspended", "This app is suspended. You cannot sign in to it.")
  // Whoever reads one developer's name answers no other.
  ensure(
    client.movedMs === null || progress === null || progress.startedMs > client.movedMs,
    "invalid_request",
    "This app got another developer meanwhile. Start again from the app.",
  )
  if (asked.device) requireWaitingIn(tx, asked.device.id)
  else
    ensure(
      redirectUriAllowed(asked.redirectUri, client.redirectUris),
      "invalid_request",
      "The app no longer returns to this address. Start again from the app.",
    )
  const request = {
    ...asked,
    scopes: intersect(asked.scopes, client.scopes),
    claimScopes: intersect(asked.claimScopes, client.scopes),
  }
  ensure(request.scopes.length > 0, "invalid_scope", "The app may no longer ask for this. Start again from the app.")
  const user = core.identity.userById(session.userId)
  if (user) core.identity.requireActiveIn(tx, user.id)
  const builds = (who: UserId, ownerId: UserId) => core.teams.mayFor(tx, who, ownerId, "build")
  ensure(!user || letsIn(client, user, builds), "access_denied", NOT_FOR_TESTS)
  // Whoever reviews it has to be able to try it; its developer's own test users are no people who could be fooled.
  const tries = user?.isAdmin || user?.testOf != null
  const isTheirs = client.ownerId !== null && builds(session.userId, client.ownerId)
  if (!tries && !isTheirs && isClosed(client, core.setting(APP_REVIEWS) === "wanted"))
    throw new AppError("access_denied", "Only its developer can sign in to this app until it has been reviewed.")
  const consent = user && client.type !== "first-party" ? consentOf(tx, user.id, client.id) : null
  const step = nextStep({
    request,
    client,
    session,
    user,
    consent,
    progress,
    tools: core.resources.toolsIn(request.resources),
    canStepUp: core.identity.secondStepOf(session.userId) !== null,
    approvedHere: !request.device && core.approvals.has(session, client, request.redirectUri),
    nowMs: tx.now,
    consentMaxAgeMs: core.consentMaxAgeMs(),
  })
  return { request, client, session, user, consent, step }
}

const NOT_FOR_TESTS =
  "This is a test user. It signs in to the apps in test mode of the developer who made it, and to nothing else."

/** The first visit of somebody who is signed in. A pushed request is used up by any answer, the silent ones too. */
export function startIn(
  core: Core,
  tx: Tx,
  interaction: Interaction,
  session: AuthSession,
  isPushed: boolean,
): AuthorizeOutcome {
  if (isPushed) requireUnansweredIn(tx, interaction)
  const standing = standingIn(core, tx, interaction.request, session, null)
  const silent = silentIn(core, tx, standing)
  if (silent === null) return page(core, standing, interaction)
  return isPushed ? answerIn(core, tx, interaction, session, silent) : silent
}

/** The answer that needs no page; null: one is needed. */
function silentIn(core: Core, tx: Tx, standing: Standing): Redirect | null {
  const { request, client, step, consent } = standing
  if (step.kind === "done") return granted(core, tx, standing)
  if (step.kind === "unmet") return errorRedirect(core, client, request, unmet())
  if (!request.prompt.includes("none")) return null
  const error = SILENT_ERRORS[step.kind]()
  // Nobody here has said yes to it: it is no address that people are sent to unseen.
  if (isOfNobody(client) && (consent === null || consent.revokedMs !== null)) throw error
  return errorRedirect(core, client, request, error)
}

const SILENT_ERRORS = {
  login: () => new AppError("login_required", "The person has to sign in."),
  consent: () => new AppError("consent_required", "The person has to give permission."),
}

/** A later visit of the same interaction, still without an answer. */
export function continueIn(core: Core, tx: Tx, interaction: Interaction, standing: Standing): AuthorizeOutcome {
  const { step, request, client, session } = standing
  if (step.kind === "login" && step.reason === "other_account" && step.fresh) {
    const error = new AppError("login_required", "Another person signed in than the app expected.")
    return answerIn(core, tx, interaction, session, errorRedirect(core, client, request, error))
  }
  if (step.kind === "unmet")
    return answerIn(core, tx, interaction, session, errorRedirect(core, client, request, unmet()))
  if (step.kind === "done") return answerIn(core, tx, interaction, session, granted(core, tx, standing))
  return page(core, standing, interaction)
}

/** OIDC Core §5.5.1.1, OpenID Connect Core Error Code unmet_authentication_requirements. */
const unmet = () =>
  new AppError("unmet_authentication_requirements", "The person cannot sign in as strongly as the app asks (acr).")

/** Silent success: first-party, or covered by an earlier consent, without what was declined then. */
function granted(core: Core, tx: Tx, { request, client, session, consent }: Standing) {
  const scopes = consent ? intersect(request.scopes, consent.scopes) : request.scopes
  const allowed = consent?.scopes ?? client.scopes
  return grantIn(core, tx, { request, client, session, scopes, allowed, consentId: consent?.id ?? null })
}

function page(core: Core, { client, request, user, consent, step }: Standing, interaction: Interaction) {
  if (step.kind !== "consent" || !user)
    return loginPage(core, client, interaction, step.kind === "login" ? step.reason : "signed_out", user?.id)
  const view = consentView(client, request, consent, { ...step, tools: core.resources.toolsIn(request.resources) })
  return { kind: "consent" as const, interaction: sealInteraction(core, { ...interaction, shownTo: user.id }), view }
}

export const loginPage = (
  core: Core,
  client: Client,
  interaction: Interaction,
  reason: LoginReason,
  person: UserId | null = null,
): AuthorizeOutcome => ({
  kind: "login",
  interaction: sealInteraction(core, interaction),
  reason,
  loginHint: interaction.request.loginHint,
  person,
  app: askingApp(client, interaction.request),
})
