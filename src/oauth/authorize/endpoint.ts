// The authorization endpoint (OAuth 2.1 §4.1.1, OIDC Core §3.1.2): begin, resume after login, decide on the consent
// page. An interaction belongs to the browser that opened it; a link to it is worthless elsewhere (consent fixation).
import { AppError, ensure, sha256Hex } from "../../app/index.ts"
import type { Reader, WriteContext } from "../../store/index.ts"
import { clientById } from "../client/store.ts"
import { answerConsentIn } from "../consent/verbs.ts"
import type { Core } from "../core.ts"
import type { AskingApp, AuthorizeOutcome, AuthSession, BeginInput, DecideInput, ResumeInput } from "../types.ts"
import { continueIn, standingIn, startIn } from "./advance.ts"
import { CHECKS } from "./checks.ts"
import { grantIn } from "./grant.ts"
import type { Progress } from "./next-step.ts"
import { type Draft, newDraft } from "./request.ts"
import { errorRedirect } from "./response.ts"
import { finish, type Interaction, interactionByHash } from "./store.ts"
import { askingApp } from "./view.ts"

export async function beginAuthorization(core: Core, input: BeginInput): Promise<AuthorizeOutcome> {
  const draft = newDraft(core, input.params)
  try {
    for (const check of CHECKS) await check(draft)
  } catch (error) {
    return refuse(core, draft, error)
  }
  const { session, browser } = input
  return orErrorPage(
    core.store.write(context(core, session, input.requestId), (tx) =>
      startIn(core, tx, { request: draft.request, session, browser }),
    ),
  )
}

export function resumeAuthorization(core: Core, input: ResumeInput): Promise<AuthorizeOutcome> {
  return orErrorPage(
    core.store.write(context(core, input.session, input.requestId), (tx) => {
      const row = openInteraction(tx, input, tx.now)
      const standing = standingIn(core, tx, row.request, input.session, progressOf(row, input))
      return continueIn(core, tx, row, standing, input.interaction)
    }),
  )
}

/**
 * The form says yes or no, which scopes and how much; everything else is what the server stored and reads again now.
 */
export function decide(core: Core, input: DecideInput): Promise<AuthorizeOutcome> {
  return orErrorPage(
    core.store.write(context(core, input.session, input.requestId), (tx) => {
      const row = openInteraction(tx, input, tx.now)
      const standing = standingIn(core, tx, row.request, input.session, progressOf(row, input))
      const { request, client, session, user, step } = standing
      // Signed out, too old, or somebody else than the one who saw the page: show what they should see first.
      if (!session || !user || step.kind === "login" || row.shownTo !== user.id) {
        return continueIn(core, tx, row, standing, input.interaction)
      }
      finish(tx, row.hash)
      const chosen = request.scopes.filter((scope) => scope === "openid" || input.scopes.includes(scope))
      if (!input.approve || chosen.length === 0) {
        return errorRedirect(core, request, new AppError("access_denied", "The person did not give permission."))
      }
      if (client.type === "first-party") return grantIn(core, tx, { request, session, scopes: chosen, consentId: null })
      const consent = answerConsentIn(core, tx, {
        userId: user.id,
        clientId: client.id,
        asked: request.scopes,
        chosen,
        limits: input.limits,
      })
      return grantIn(core, tx, { request, session, scopes: chosen, consentId: consent.id })
    }),
  )
}

export function peekAuthorization(
  core: Core,
  input: { interaction: string; browser: string },
): { app: AskingApp; loginHint: string | null } | null {
  try {
    const row = openInteraction(core.store.read, input, core.clock.now())
    const client = clientById(core.store.read, row.clientId)
    return client && { app: askingApp(client, row.request), loginHint: row.request.loginHint }
  } catch {
    return null
  }
}

function openInteraction(reader: Reader, input: { interaction: string; browser: string }, nowMs: number): Interaction {
  const row = interactionByHash(reader, sha256Hex(input.interaction))
  ensure(
    row && row.browserHash === sha256Hex(input.browser) && nowMs < row.expiresMs,
    "invalid_request",
    "This sign-in took too long or was started in another browser. Go back to the app and start again.",
  )
  ensure(row.finishedMs === null, "invalid_request", "This was answered already. Go back to the app.")
  return row
}

const progressOf = (row: Interaction, input: ResumeInput): Progress => ({
  startedMs: row.createdMs,
  sessionBefore: row.sessionBefore,
  // Consent is shown to somebody only after they chose this account, so that reload does not ask again.
  accountConfirmed: input.accountConfirmed === true || (row.shownTo !== null && row.shownTo === input.session?.userId),
})

/** An error before client and redirect URI are known to belong together never leaves this server. */
function refuse(core: Core, draft: Draft, error: unknown): AuthorizeOutcome {
  if (!(error instanceof AppError)) throw error
  return draft.trusted ? errorRedirect(core, draft.request, error) : { kind: "error-page", error }
}

/** Refusals become the error page; failures of ours go on to whoever maps them. */
async function orErrorPage(outcome: Promise<AuthorizeOutcome>): Promise<AuthorizeOutcome> {
  try {
    return await outcome
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return { kind: "error-page", error }
    throw error
  }
}

function context(core: Core, session: AuthSession | null, requestId: string): WriteContext {
  const user = session && core.identity.userById(session.userId)
  return { actor: user ? `user:${user.publicId}` : "system:authorize", requestId, reason: "authorization request" }
}
