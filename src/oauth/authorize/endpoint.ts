// The authorization endpoint (OAuth 2.1 §4.1.1, OIDC Core §3.1.2): begin, resume after login, decide on the consent
// page. An interaction belongs to the browser that opened it; a link to it is worthless elsewhere (consent fixation).
// While nobody is signed in, nothing is written.
import { AppError, UserId } from "../../app/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { CONSOLE_KEY, isOfNobody, letsIn } from "../client/rules.ts"
import { clientById, clientByKey } from "../client/store.ts"
import { answerConsentIn } from "../consent/verbs.ts"
import type { Core } from "../core.ts"
import { approveDeviceIn, denyDeviceIn, requestOfDevice } from "../device/answer.ts"
import { intersect } from "../scopes.ts"
import type {
  AppSite,
  AuthorizeOutcome,
  AuthSession,
  BeginDeviceInput,
  BeginInput,
  Client,
  DecideInput,
  PeekedAuthorization,
  People as PeopleHere,
  ResumeInput,
} from "../types.ts"
import { continueIn, loginPage, standingIn, startIn } from "./advance.ts"
import { answerIn, repeatIn } from "./answer.ts"
import { CHECKS } from "./checks.ts"
import { type Chosen, chooseAccount } from "./choose-account.ts"
import { grantIn } from "./grant.ts"
import { type Interaction, newInteraction, openInteraction, sessionsOf } from "./interaction.ts"
import type { Progress } from "./next-step.ts"
import { type Pushed, pushedOf } from "./push.ts"
import { asksFor, type Draft, newDraft } from "./request.ts"
import { deviceDone, errorRedirect } from "./response.ts"
import { usedSid } from "./store.ts"
import { askingApp, siteOf } from "./view.ts"

export async function beginAuthorization(core: Core, input: BeginInput): Promise<AuthorizeOutcome> {
  let pushed: Pushed | null
  try {
    pushed = pushedOf(core, input.params)
  } catch (error) {
    if (error instanceof AppError) return { kind: "error-page", error }
    throw error
  }
  const draft = newDraft(core, pushed?.params ?? input.params, {
    isPushed: pushed !== null,
    network: input.network,
    requestId: input.requestId,
  })
  let interaction: Interaction
  let session: AuthSession
  try {
    for (const check of CHECKS) await check(draft)
    interaction = newInteraction(draft.request, { ...input, nowMs: core.clock.now(), id: pushed?.id })
    const chosen = chosenBy(core, draft.client!, interaction, input)
    if (chosen === null) return signedOut(core, draft, interaction)
    if (chosen === "several") return severalHere(core, draft, interaction)
    session = chosen
  } catch (error) {
    return refuse(core, draft, error)
  }
  const outcome = inBody(core, session, input, (tx) => startIn(core, tx, interaction, session, pushed !== null))
  return orErrorPage(outcome, () => siteOf(draft.client))
}

function signedOut(core: Core, { request, client }: Draft, interaction: Interaction): AuthorizeOutcome {
  if (request.prompt.includes("none")) throw new AppError("login_required", "The person has to sign in.")
  return loginPage(core, client!, interaction, request.prompt.includes("create") ? "create" : "signed_out")
}

function severalHere(core: Core, { request, client }: Draft, interaction: Interaction): AuthorizeOutcome {
  if (request.prompt.includes("none"))
    throw new AppError(
      "account_selection_required",
      "Several people are signed in to this browser. One has to be chosen.",
    )
  return loginPage(core, client!, interaction, "select_account")
}

/** Whom this is about. The choice grants nothing: the body that acts on it reads all the rest again. */
function chosenBy(core: Core, client: Client, interaction: Interaction, input: PeopleHere): Chosen {
  const people = sessionsOf(input).flatMap((session) => {
    const user = core.identity.userById(session.userId)
    return user ? [{ session, user }] : []
  })
  const { request, picked: said, shownTo } = interaction
  const builds = (who: UserId, ownerId: UserId) => core.teams.mayFor(core.store.read, who, ownerId, "build")
  const picked = pickedOf(said ?? shownTo)
  return chooseAccount({
    request,
    // A test user is nobody where it may not sign in, until it tries to: then it is told.
    people: people.filter(({ user }) => letsIn(client, user, builds) || user.id === picked),
    picked,
    current: isConsole(core, client) ? input.session : null,
    usedSid: usedSid(
      core.store.read,
      client.id,
      people.map(({ session }) => session.sid),
    ),
  })
}

const pickedOf = (id: number | null): UserId | null => (id === null ? null : UserId(id))
const isConsole = (core: Core, client: Client): boolean => clientByKey(core.store.read, CONSOLE_KEY)?.id === client.id

/**
 * The person typed the code that a device shows: on to sign-in and consent.
 * @throws AppError validation_failed (formErrors userCode), rate_limit_exceeded
 */
export async function beginDevice(core: Core, input: BeginDeviceInput): Promise<AuthorizeOutcome> {
  const { client, request } = await requestOfDevice(core, input)
  const interaction = newInteraction(request, { ...input, nowMs: core.clock.now() })
  const session = chosenBy(core, client, interaction, input)
  if (session === null) return loginPage(core, client, interaction, "signed_out")
  if (session === "several") return loginPage(core, client, interaction, "select_account")
  return orErrorPage(
    inBody(core, session, input, (tx) => startIn(core, tx, interaction, session, false)),
    () => siteOf(client),
  )
}

export function resumeAuthorization(core: Core, input: ResumeInput): Promise<AuthorizeOutcome> {
  return orErrorPage(
    visit(core, input, (tx, interaction, session) => {
      const standing = standingIn(core, tx, interaction.request, session, progressOf(interaction, session))
      return continueIn(core, tx, interaction, standing)
    }),
    () => siteBehind(core, input),
  )
}

/**
 * The form says yes or no, which scopes and how much; everything else is what was sealed and is read again now.
 */
export function decide(core: Core, input: DecideInput): Promise<AuthorizeOutcome> {
  return orErrorPage(
    visit(core, { ...input, formSent: true }, (tx, interaction, session) => {
      const standing = standingIn(core, tx, interaction.request, session, progressOf(interaction, session))
      const { request, client, user, step } = standing
      // Too old, or somebody else than the one who saw the page: show what they should see first.
      if (!user || step.kind === "login" || interaction.shownTo !== user.id) {
        return continueIn(core, tx, interaction, standing)
      }
      const chosen = asksFor(request).filter((scope) => scope === "openid" || input.scopes.includes(scope))
      if (!input.approve || intersect(request.scopes, chosen).length === 0) {
        const error = new AppError("access_denied", "The person did not give permission.")
        if (request.device) denyDeviceIn(tx, request.device.id, client, session)
        return answerIn(core, tx, interaction, session, errorRedirect(core, client, request, error))
      }
      const grant = { request, client, session, scopes: intersect(request.scopes, chosen), allowed: chosen }
      if (client.type === "first-party")
        return answerIn(core, tx, interaction, session, grantIn(core, tx, { ...grant, consentId: null }))
      const consent = answerConsentIn(core, tx, {
        userId: user.id,
        clientId: client.id,
        asked: asksFor(request),
        chosen,
        limits: input.limits,
        suggested: request.suggested,
        tools: { named: core.resources.toolsIn(request.resources), chosen: toolsSent(core, input) },
        payer: input.payer,
      })
      if (request.device) {
        approveDeviceIn(core, tx, { id: request.device.id, client, session, scopes: chosen, consentId: consent.id })
        return answerIn(core, tx, interaction, session, deviceDone(core, client, request))
      }
      tx.afterCommit(() => core.approvals.add(session, client, request.redirectUri))
      return answerIn(core, tx, interaction, session, grantIn(core, tx, { ...grant, consentId: consent.id }))
    }),
    () => siteBehind(core, input),
  )
}

const toolsSent = (core: Core, { tools }: DecideInput) => tools && core.resources.knownTools(tools)

export function peekAuthorization(
  core: Core,
  input: { interaction: string; browserIds: readonly string[] },
): PeekedAuthorization | null {
  try {
    const { request, shownTo } = openInteraction(core, input, core.clock.now())
    const client = clientById(core.store.read, request.clientId)
    if (!client) return null
    const person = shownTo === null ? null : UserId(shownTo)
    const { loginHint, prompt, maxAgeMs } = request
    const maxAgeSeconds = prompt.includes("login") ? 0 : maxAgeMs === null ? null : Math.floor(maxAgeMs / 1_000)
    const chooses = prompt.includes("select_account")
    const tools = core.resources.toolsIn(request.resources)
    const rest = { tools, maxAgeSeconds, chooses, isConsole: isConsole(core, client) }
    return { app: askingApp(client, request), loginHint, shownTo: person, ...rest }
  } catch {
    return null
  }
}

/** The app's site behind an interaction of this browser, also one that is over. */
function siteBehind(core: Core, input: Pick<ResumeInput, "interaction" | "browserIds">): AppSite | undefined {
  try {
    const { request } = openInteraction(core, input, 0)
    return siteOf(clientById(core.store.read, request.clientId))
  } catch {
    return undefined
  }
}

/** Opens an interaction and works on it in one body; without a session there is nothing to do but to sign in. */
async function visit(
  core: Core,
  input: ResumeInput,
  body: (tx: Tx, interaction: Interaction, session: AuthSession) => AuthorizeOutcome,
): Promise<AuthorizeOutcome> {
  const opened = openInteraction(core, input, core.clock.now())
  const interaction = { ...opened, picked: input.picked ?? opened.picked }
  const client = clientById(core.store.read, interaction.request.clientId)
  if (!client) throw new AppError("invalid_request", "This app was removed.")
  const session = chosenBy(core, client, interaction, input)
  if (session === null) return loginPage(core, client, interaction, "signed_out")
  if (session === "several") return loginPage(core, client, interaction, "select_account")
  return inBody(
    core,
    session,
    input,
    (tx) => repeatIn(core, tx, interaction, { ...input, session }) ?? body(tx, interaction, session),
  )
}

const progressOf = ({ startedMs, sessionBefore, picked, shownTo }: Interaction, { userId }: AuthSession): Progress => ({
  startedMs,
  sessionBefore,
  // Consent is shown to somebody only after they chose this account, so that reload does not ask again.
  accountConfirmed: (picked ?? shownTo) === userId,
})

/**
 * An error before client and redirect URI are known to belong together never leaves this server; one before the person did
 * anything leaves by their own click only, or anybody who registers an app had an open redirector (RFC 9700 §4.11.2).
 * `prompt=none` asks for an answer without pages (OIDC Core §3.1.2.6): for clients that somebody here answers for.
 */
function refuse(core: Core, draft: Draft, error: unknown): AuthorizeOutcome {
  if (!(error instanceof AppError)) throw error
  if (!draft.trusted) return { kind: "error-page", error, site: siteOf(draft.client) }
  const { location, app } = errorRedirect(core, draft.client!, draft.request, error)
  if (draft.param("prompt") === "none" && !isOfNobody(draft.client!)) return { kind: "redirect", location, app }
  return { kind: "refused", error, location, app }
}

/** Refusals become the error page; failures of ours go on to whoever maps them. */
async function orErrorPage(
  outcome: Promise<AuthorizeOutcome>,
  site: () => AppSite | undefined,
): Promise<AuthorizeOutcome> {
  try {
    return await outcome
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return { kind: "error-page", error, site: site() }
    throw error
  }
}

function inBody(
  core: Core,
  session: AuthSession,
  { requestId }: { requestId: string },
  body: (tx: Tx) => AuthorizeOutcome,
): Promise<AuthorizeOutcome> {
  const user = core.identity.userById(session.userId)
  const actor = user ? `user:${user.publicId}` : "system:authorize"
  const ctx: WriteContext = { actor, requestId, reason: "authorization request" }
  return core.store.write(ctx, body)
}
