// Moves an authorization as far as it goes without the person: to an answer, to the login page or to the consent page.
// Everything it decides on is read inside the body, so that a stored request gains nothing from having been right once.
import { AppError, ensure, randomSecret, sha256Hex } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { redirectUriAllowed } from "../client/redirect-uri.ts"
import { clientById } from "../client/store.ts"
import { consentOf } from "../consent/store.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { intersect } from "../scopes.ts"
import type { AuthorizeOutcome, AuthSession, Client, Consent, OauthUser } from "../types.ts"
import { grantIn } from "./grant.ts"
import { type NextStep, nextStep, type Progress } from "./next-step.ts"
import type { AuthRequest } from "./request.ts"
import { errorRedirect } from "./response.ts"
import { finish, type Interaction, insertInteraction, setShownTo } from "./store.ts"
import { askingApp, consentView } from "./view.ts"

/** Where a stored or new request stands, with all that was read to know it. */
export interface Standing {
  request: AuthRequest
  client: Client
  session: AuthSession | null
  user: OauthUser | null
  consent: Consent | null
  step: NextStep
}

/** @throws AppError for the error page, when client or redirect URI stopped being right meanwhile */
export function standingIn(
  core: Core,
  tx: Tx,
  stored: AuthRequest,
  session: AuthSession | null,
  progress: Progress | null,
): Standing {
  const client = clientById(tx, stored.clientId)
  ensure(client, "invalid_request", "This app was removed.")
  if (client.suspendedMs !== null)
    throw new AppError("client_suspended", "This app is suspended. You cannot sign in to it.")
  ensure(
    redirectUriAllowed(stored.redirectUri, client.redirectUris),
    "invalid_request",
    "The app no longer returns to this address. Start again from the app.",
  )
  const request = { ...stored, scopes: intersect(stored.scopes, client.scopes) }
  ensure(request.scopes.length > 0, "invalid_scope", "The app may no longer ask for this. Start again from the app.")
  const user = session && core.identity.userById(session.userId)
  if (user) core.identity.requireActiveIn(tx, user.id)
  const consent = user && client.type !== "first-party" ? consentOf(tx, user.id, client.id) : null
  const step = nextStep({
    request,
    client,
    session,
    user,
    consent,
    progress,
    nowMs: tx.now,
    consentMaxAgeMs: core.consentMaxAgeMs,
  })
  return { request, client, session, user, consent, step }
}

/** The first visit: no interaction yet; one is made when the person has to do something. */
export function startIn(
  core: Core,
  tx: Tx,
  input: { request: AuthRequest; session: AuthSession | null; browser: string },
): AuthorizeOutcome {
  const standing = standingIn(core, tx, input.request, input.session, null)
  const { request, step } = standing
  if (step.kind === "done") return answer(core, tx, standing)
  if (request.prompt.includes("none")) {
    const code = step.kind === "login" ? "login_required" : "consent_required"
    const message = step.kind === "login" ? "The person has to sign in." : "The person has to give permission."
    return errorRedirect(core, request, new AppError(code, message))
  }
  const interaction = randomSecret()
  insertInteraction(tx, {
    hash: sha256Hex(interaction),
    browserHash: sha256Hex(input.browser),
    request: input.request,
    sessionBefore: input.session && String(input.session.sessionId),
    shownTo: step.kind === "consent" ? input.session!.userId : null,
    expiresMs: tx.now + OAUTH_LIMITS.authorizationMs,
  })
  return page(standing, interaction)
}

/** A later visit of the same interaction. */
export function continueIn(
  core: Core,
  tx: Tx,
  row: Interaction,
  standing: Standing,
  interaction: string,
): AuthorizeOutcome {
  const { step, request, user } = standing
  if (step.kind === "login" && step.reason === "other_account" && step.fresh) {
    finish(tx, row.hash)
    return errorRedirect(
      core,
      request,
      new AppError("login_required", "Another person signed in than the app expected."),
    )
  }
  if (step.kind === "done") {
    finish(tx, row.hash)
    return answer(core, tx, standing)
  }
  if (step.kind === "consent" && row.shownTo !== user!.id) setShownTo(tx, row.hash, user!.id)
  return page(standing, interaction)
}

/** Silent success: first-party, or covered by an earlier consent, without what was declined then. */
function answer(core: Core, tx: Tx, { request, session, consent }: Standing): AuthorizeOutcome {
  const scopes = consent ? intersect(request.scopes, consent.scopes) : request.scopes
  return grantIn(core, tx, { request, session: session!, scopes, consentId: consent?.id ?? null })
}

function page({ client, request, consent, step }: Standing, interaction: string): AuthorizeOutcome {
  if (step.kind === "consent")
    return { kind: "consent", interaction, view: consentView(client, request, consent, step.reason) }
  const reason = step.kind === "login" ? step.reason : "signed_out"
  return { kind: "login", interaction, reason, loginHint: request.loginHint, app: askingApp(client, request) }
}
