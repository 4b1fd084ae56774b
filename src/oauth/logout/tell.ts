// Tells apps that somebody signed out or lost access (OpenID Connect Back-Channel Logout 1.0): a message in the outbox, written in
// the body of the act; delivered, it is a token signed then, since it is good for two minutes only.
// * sub always, sid where one sign-in ended   * never a nonce   * to the address that the client has registered by now
import { DAY_MS, SECOND_MS, UserId } from "../../app/index.ts"
import type { Delivery } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import { clientById } from "../client/store.ts"
import type { Core } from "../core.ts"
import { clientsBehind, clientsOfUser } from "./store.ts"
import type { EndedSession } from "./types.ts"

export const LOGOUT_TOPIC = "backchannel-logout"
const EVENT = "http://schemas.openid.net/event/backchannel-logout"
/** Back-Channel Logout §4: two minutes at most are recommended. */
const TOKEN_SECONDS = 120
const ANSWER_BYTES_MAX = 64_000
const DEADLINE_MS = 10 * SECOND_MS
/** An app that does not answer for so long has ended its own sessions, or never will; the operator is not to be bothered with it. */
const TELL_FOR_MS = DAY_MS

interface Told {
  clientId: number
  sub: string
  sid: string | null
}

/** One sign-in of a person ended: every app that was entered from it hears so. */
export function sessionEndedIn(core: Core, tx: Tx, { userId, sid }: EndedSession): void {
  for (const client of clientsBehind(tx, sid)) queueIn(core, tx, client, userId, sid)
}

/** The person is out everywhere: each app that they are in hears of all its sign-ins at once. Before their grants end. */
export function signedOutEverywhereIn(core: Core, tx: Tx, userId: number): void {
  for (const client of clientsOfUser(tx, userId)) queueIn(core, tx, client, userId, null)
}

/** The person took their permission back. */
export function permissionEndedIn(core: Core, tx: Tx, input: { userId: number; clientId: number }): void {
  for (const client of clientsOfUser(tx, input.userId))
    if (client.id === input.clientId) queueIn(core, tx, client, input.userId, null)
}

function queueIn(core: Core, tx: Tx, client: { id: number; publicId: string }, userId: number, sid: string | null) {
  const sub = core.identity.userById(UserId(userId))?.publicId
  if (sub === undefined) return
  const payload: Told = { clientId: client.id, sub, sid }
  core.outbox.enqueueIn(tx, { topic: LOGOUT_TOPIC, subject: `${client.publicId} ${sub}`, payload })
}

/** Rejects = tried again. */
export async function deliverLogout(core: Core, { eventId, payload, createdMs }: Delivery): Promise<void> {
  const { clientId, sub, sid } = payload as Told
  const client = clientById(core.store.read, clientId)
  const isOver = core.clock.now() - createdMs > TELL_FOR_MS
  if (!client?.backchannelLogoutUri || client.suspendedMs !== null || isOver) return
  const issued = Math.floor(core.wall.now() / 1_000)
  const token = await core.keys.sign(
    {
      iss: core.issuer,
      aud: client.publicId,
      sub,
      ...(sid === null ? {} : { sid }),
      iat: issued,
      exp: issued + TOKEN_SECONDS,
      jti: eventId,
      events: { [EVENT]: {} },
    },
    "logout+jwt",
    client.idTokenAlg,
  )
  const answer = await core.safeFetch(client.backchannelLogoutUri, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", "cache-control": "no-store" },
    body: new URLSearchParams({ logout_token: token }).toString(),
    bytesMax: ANSWER_BYTES_MAX,
    deadlineMs: DEADLINE_MS,
  })
  if (answer.status < 200 || answer.status > 299) throw new Error(`the app answered ${answer.status}`)
}
