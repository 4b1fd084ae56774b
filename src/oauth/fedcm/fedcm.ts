// FedCM: a browser asks for a page of an app, a person chose in the browser's own window. Whoever said yes to the app before gets what they
// would get by `prompt=none`; everybody else is shown our pages first. Nothing here trusts the choice alone: session, person, client and
// consent are read in the body, as for every other request.
import { AppError, ensure } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { standingIn, startIn } from "../authorize/advance.ts"
import { codeIn, newGrantIn } from "../authorize/grant.ts"
import { newInteraction, sessionsOf } from "../authorize/interaction.ts"
import type { AuthRequest } from "../authorize/request.ts"
import { allowedClaims } from "../claims.ts"
import { clientByPublicId } from "../client/store.ts"
import { activeConsentsOf } from "../consent/store.ts"
import { revokeConsentIn } from "../consent/verbs.ts"
import type { Core } from "../core.ts"
import { intersect } from "../scopes.ts"
import { signCandidate } from "../token/issue.ts"
import { grantById } from "../token/store.ts"
import type { AuthorizeOutcome, AuthSession, People } from "../types.ts"
import { checkedOf, uriAt, waitingOf } from "./request.ts"
import type { FedcmAccount, FedcmAnswer, FedcmClient, FedcmContinued, FedcmDisconnect, FedcmVerbs } from "./types.ts"
import { openWaiting, sealWaiting, type Waiting } from "./waiting.ts"

/** Apps of one person that the browser is told of. */
const APPROVED_MAX = 100

export const createFedcm = (core: Core): FedcmVerbs => ({
  accounts: (people) => accounts(core, people),
  client: (clientId, origin) => clientOf(core, clientId, origin),
  assert: (ask) => answered(core, waitingOf(ask), ask),
  begin: (input) => begin(core, input),
  resolve: (input) => answered(core, openWaiting(core, input.request), input),
  disconnect: (ask) => disconnect(core, ask),
})

const accounts = (core: Core, people: People): FedcmAccount[] =>
  sessionsOf(people).flatMap(({ userId }) => {
    const user = core.identity.userById(userId)
    if (!user) return []
    const approved = activeConsentsOf(core.store.read, userId).slice(0, APPROVED_MAX)
    return [
      {
        id: user.publicId,
        name: user.name ?? user.email,
        email: user.email,
        ...(user.picture ? { picture: user.picture } : {}),
        login_hints: [user.email, user.publicId],
        approved_clients: approved.map(({ client }) => client.documentUrl ?? client.publicId),
      },
    ]
  })

/** What the browser says of an app beside its name; null: it is none of this origin. */
function clientOf(core: Core, clientId: string, origin: string): FedcmClient | null {
  const client = clientByPublicId(core.store.read, clientId)
  if (!client || client.suspendedMs !== null || uriAt(client, origin) === null) return null
  return {
    ...(client.policyUri ? { privacy_policy_url: client.policyUri } : {}),
    ...(client.tosUri ? { terms_of_service_url: client.tosUri } : {}),
  }
}

/** @throws AppError with an OAuth code */
async function answered(
  core: Core,
  waiting: Waiting,
  here: People & { network: string; requestId: string },
): Promise<FedcmAnswer> {
  const { request } = await checkedOf(core, waiting, here)
  const session = accountOf(core, here, waiting.accountId)
  if (!session) throw new AppError("login_required", "This person is not signed in any more.")
  const ctx = { actor: `user:${waiting.accountId}`, requestId: here.requestId, reason: "signed in by the browser" }
  const done = await core.store.write(ctx, (tx) => grantedIn(core, tx, { request, session, waiting }))
  if (done === null) return { kind: "continue", request: sealWaiting(core, waiting) }
  if ("code" in done) return { kind: "token", token: JSON.stringify({ code: done.code, iss: core.issuer }) }
  const grant = grantById(core.store.read, done.grantId)
  const user = core.identity.userById(session.userId)
  ensure(grant && grant.revokedMs === null && user, "access_denied", "Permissions changed meanwhile.")
  const nonce = waiting.params.nonce ?? null
  const { id_token } = await signCandidate(core, grant, user, grant.scopes, { nonce, refresh: false, isAlone: true })
  return { kind: "token", token: id_token! }
}

type Granted = { code: string } | { grantId: number } | null

/** As `prompt=none` would; null: the person has to be shown something. */
function grantedIn(
  core: Core,
  tx: Tx,
  asked: { request: AuthRequest; session: AuthSession; waiting: Waiting },
): Granted {
  const { session, waiting } = asked
  const { request, client, step, consent } = standingIn(core, tx, asked.request, session, null)
  if (step.kind !== "done") return null
  const scopes = consent ? intersect(request.scopes, consent.scopes) : request.scopes
  const consentId = consent?.id ?? null
  if (waiting.wants === "code") {
    const allowed = consent?.scopes ?? client.scopes
    return { code: codeIn(core, tx, { request, client, session, scopes, allowed, consentId }).code }
  }
  const claims = allowedClaims(request.claims, consent?.scopes ?? client.scopes)
  return { grantId: newGrantIn(core, tx, { clientId: client.id, session, scopes, consentId, claims }) }
}

/** The window that the browser opened: through sign-in and consent, as the account that was chosen. */
async function begin(core: Core, input: FedcmContinued): Promise<AuthorizeOutcome> {
  try {
    const waiting = openWaiting(core, input.request)
    const { request } = await checkedOf(core, waiting, input)
    const session = accountOf(core, input, waiting.accountId)
    if (!session) throw new AppError("login_required", "This person is not signed in any more. Go back to the app.")
    const interaction = { ...newInteraction(request, { ...input, nowMs: core.clock.now() }), picked: session.userId }
    const ctx = { actor: `user:${waiting.accountId}`, requestId: input.requestId, reason: "signed in by the browser" }
    return await core.store.write(ctx, (tx) => startIn(core, tx, interaction, session, false))
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return { kind: "error-page", error }
    throw error
  }
}

/**
 * An app's page says that it forgot the person: the permission ends.
 * @returns whose it was. @throws AppError unauthorized_client, access_denied
 */
function disconnect(core: Core, ask: FedcmDisconnect): Promise<string> {
  const client = clientByPublicId(core.store.read, ask.clientId)
  ensure(client && uriAt(client, ask.origin) !== null, "unauthorized_client", "This page is not the client's.")
  const ctx = { actor: "system:fedcm", requestId: ask.requestId, reason: "the app disconnected" }
  return core.store.write(ctx, (tx) => {
    for (const { userId } of sessionsOf(ask)) {
      const user = core.identity.userById(userId)
      if (!user || ![user.publicId, user.email].includes(ask.accountHint)) continue
      const given = activeConsentsOf(tx, userId).find(({ clientId }) => clientId === client.id)
      if (!given) continue
      revokeConsentIn(core, tx, { userId, consentPublicId: given.publicId })
      return user.publicId
    }
    throw new AppError("access_denied", "Nobody here is connected by that hint.")
  })
}

const accountOf = (core: Core, people: People, accountId: string): AuthSession | undefined =>
  sessionsOf(people).find(({ userId }) => core.identity.userById(userId)?.publicId === accountId)
