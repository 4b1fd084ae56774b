// Sessions: 256 random bits in a cookie, a hash in a row. An auth session stands for the person in this browser;
// console sessions hang below it and die with it. A login always makes a new one (no fixation). Several people may be signed in to one
// browser, each once.
import { AppError, randomSecret, sha256Hex, UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Person } from "../part/index.ts"
import type { Reader, Tx, WriteContext } from "../store/index.ts"
import { browserHashOf, type Core, visitorCtx } from "./core.ts"
import { deviceName } from "./device-name.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { newDevice } from "./mails.ts"
import { isSessionAlive } from "./rules.ts"
import * as rows from "./store/sessions.ts"
import { accountById } from "./store/users.ts"
import { countNewDeviceIn } from "./throttle.ts"
import type { AuthSession, SessionInfo, SessionKind, StartedSession, User, Visitor } from "./types.ts"

/** Cookies are what strangers send: anything that is not one of our tokens is not even hashed. */
const hashOf = (token: string | null | undefined): string | null =>
  token && /^[\w-]{43}$/.test(token) ? sha256Hex(token) : null

/** @param prover whose proof counts: of a console session its parent */
const asSession = (row: rows.SessionRow, user: User, prover: rows.SessionRow): AuthSession => ({
  sessionId: row.id,
  sessionPublicId: row.publicId,
  kind: row.kind,
  userId: user.id,
  publicId: user.publicId,
  email: user.email,
  name: user.name,
  emailVerified: user.emailVerified,
  isAdmin: user.isAdmin,
  testOf: user.testOf,
  authTimeMs: row.authTimeMs,
  amr: row.amr.split(" "),
  sid: row.sid,
  actingId: prover.actingId,
  proof: { ms: prover.provedMs, amr: prover.provedAmr.split(" ").filter(Boolean) },
})

interface Start {
  user: User
  visitor: Visitor
  kind: SessionKind
  parent: rows.SessionRow | null
  amr: string
  authTimeMs: number
  /** Of the session that it takes the place of. Default: signing in is the proof. */
  proof?: { provedMs: number; provedAmr: string }
}

/** Starts a session in place of the one this browser carries of its person. Their console sessions move over. */
export function startSessionIn(core: Core, tx: Tx, start: Start): StartedSession {
  if (start.kind === "auth") tellOfNewDeviceIn(core, tx, start)
  const token = randomSecret()
  const expiresMs = start.parent?.expiresMs ?? tx.now + L.sessionMs
  const publicId = core.ids.next("ses")
  const here = sessionsHere(tx, start.visitor, start.kind)
  const own = here.filter(({ userId }) => userId === start.user.id)
  const id = rows.insertSession(tx, {
    publicId,
    kind: start.kind,
    userId: start.user.id,
    parentId: start.parent?.id ?? null,
    tokenHash: sha256Hex(token),
    browserHash: browserHashOf(core, start.visitor),
    amr: start.amr,
    authTimeMs: start.authTimeMs,
    expiresMs,
    ip: start.visitor.ip,
    userAgent: start.visitor.userAgent.slice(0, L.userAgentCharsMax),
    sid: start.parent?.sid ?? own[0]?.sid ?? publicId,
    provedMs: start.proof?.provedMs ?? start.authTimeMs,
    provedAmr: start.proof?.provedAmr ?? start.amr,
    // Who acts as a team does so still after proving that it is them.
    actingId: own[0]?.actingId ?? null,
  })
  for (const previous of own) {
    rows.adoptChildren(tx, previous.id, id)
    rows.endSession(tx, previous.id, "replaced")
  }
  const others = here.filter((one) => !own.includes(one))
  // The console is one person's at a time; what it hangs below goes on.
  if (start.kind === "console") for (const { id: other } of others) rows.endSession(tx, other, "replaced")
  if (start.kind === "auth") {
    makeRoomIn(core, tx, others)
    for (const old of rows.openSessions(tx, start.user.id).slice(L.sessionsPerUserMax)) {
      tellEndIn(core, tx, rows.sessionById(tx, old.id)!)
      rows.endSession(tx, old.id, "too_many")
    }
    auditIn(tx, { action: "session.started", subject: start.user.publicId, after: { session: publicId } })
  }
  const row = rows.sessionById(tx, id)!
  return {
    token,
    maxAgeSeconds: Math.floor((expiresMs - tx.now) / 1_000),
    session: asSession(row, start.user, start.parent ?? row),
  }
}

/** Sessions behind the cookies of this browser that nobody ended, the one used last first. */
function sessionsHere(tx: Tx, { previousToken, otherTokens = [] }: Visitor, kind: SessionKind): rows.SessionRow[] {
  const found = new Map<number, rows.SessionRow>()
  for (const token of [previousToken, ...otherTokens].slice(0, L.tokensOfBrowserMax)) {
    const hash = hashOf(token)
    const row = hash ? rows.sessionByHash(tx, hash, kind) : null
    if (row?.endedMs === null) found.set(row.id, row)
  }
  return [...found.values()].toSorted((a, b) => b.seenMs - a.seenMs || b.id - a.id)
}

/** One more person in a browser: who used it longest ago gives way. */
function makeRoomIn(core: Core, tx: Tx, others: readonly rows.SessionRow[]): void {
  for (const old of others.slice(L.peoplePerBrowserMax - 1)) {
    rows.endSession(tx, old.id, "too_many")
    tellEndIn(core, tx, old)
    noteEnd(tx, old.userId, "too_many")
  }
}

/** A mail to the owner when a browser signs in that never has; not of their first sign-in at all. */
function tellOfNewDeviceIn(core: Core, tx: Tx, { user, visitor }: Start): void {
  const who = { userId: user.id, email: user.email, browserHash: browserHashOf(core, visitor), nowMs: tx.now }
  // A new password gives a signed-in browser a new session.
  if (sessionsHere(tx, visitor, "auth").some(({ userId }) => userId === user.id)) return
  if (!rows.hasSignedIn(tx, user.id) || rows.isKnownBrowser(tx, who) || !countNewDeviceIn(core, tx, user.id)) return
  const data = { device: deviceName(visitor.userAgent), ip: visitor.ip, atMs: tx.now }
  core.mails.queueIn(tx, newDevice, { to: user.email, data, uselessAfterMs: null })
}

/** The rows behind a cookie if all of them live: session, parent, person. */
function living(core: Core, reader: Reader, token: string | null, kind: SessionKind, nowMs: number) {
  const tokenHash = hashOf(token)
  const row = tokenHash ? rows.sessionByHash(reader, tokenHash, kind) : null
  if (!row || !isSessionAlive(row, nowMs) || core.notActive.has(row.userId)) return null
  const parent = row.parentId === null ? null : rows.sessionById(reader, row.parentId)
  if (row.parentId !== null && !(parent && isSessionAlive(parent, nowMs))) return null
  const account = accountById(reader, row.userId)
  return account?.user.status === "active" ? { row, parent, user: account.user } : null
}

/** @see Identity.sessionByToken. Last use is noted now and then, without making the reader wait. */
export function createSessionReader(core: Core): (token: string | null, kind?: SessionKind) => AuthSession | null {
  const noting = new Set<number>()
  const note = (row: rows.SessionRow | null, nowMs: number): void => {
    if (!row || nowMs - row.seenMs < L.sessionSeenMs || noting.has(row.id)) return
    noting.add(row.id)
    // A note that is lost (the queue is full, the server stops) is made at the next visit.
    const done = () => void noting.delete(row.id)
    core.store
      .write({ actor: "system:auth", requestId: row.publicId, reason: "session seen" }, (tx) =>
        rows.noteSeen(tx, row.id),
      )
      .then(done, done)
  }
  return (token, kind = "auth") => {
    const nowMs = core.clock.now()
    const found = living(core, core.store.read, token, kind, nowMs)
    if (!found) return null
    note(found.row, nowMs)
    note(found.parent, nowMs)
    return asSession(found.row, found.user, found.parent ?? found.row)
  }
}

/** @see Identity.sessionBySid */
export function sessionBySid(core: Core, userId: number, sid: string): AuthSession | null {
  const row = rows.sessionBySid(core.store.read, userId, sid)
  const account = accountById(core.store.read, userId)
  const isAlive = row !== null && isSessionAlive(row, core.clock.now()) && account?.user.status === "active"
  return isAlive ? asSession(row, account.user, row) : null
}

const WORD = { purpose: "fedcm-word", place: "identity:fedcm-word" }

/** @see Identity.browserWord */
export const browserWord = (core: Core, { userId, sid }: Pick<AuthSession, "userId" | "sid">): string =>
  core.keyring.seal(WORD.purpose, WORD.place, JSON.stringify({ userId, sid }))

/** @see Identity.sessionByWord */
export function sessionByWord(core: Core, word: string): AuthSession | null {
  if (word.length > L.browserWordCharsMax) return null
  try {
    const { userId, sid } = JSON.parse(core.keyring.open(WORD.purpose, WORD.place, word))
    return sessionBySid(core, userId, sid)
  } catch {
    return null
  }
}

/** The living auth session that this browser acts with, read inside a body. */
export const livingIn = (core: Core, tx: Tx, { previousToken }: Pick<Visitor, "previousToken">) =>
  living(core, tx, previousToken ?? null, "auth", tx.now)

/** Everybody who is signed in to this browser, read inside a body. */
export const peopleIn = (core: Core, tx: Tx, { previousToken, otherTokens = [] }: Visitor): User[] =>
  [previousToken, ...otherTokens]
    .slice(0, L.tokensOfBrowserMax)
    .flatMap((token) => living(core, tx, token ?? null, "auth", tx.now)?.user ?? [])

/** The living auth session of this person in this browser, whoever else is signed in there. */
export function livingOfIn(core: Core, tx: Tx, { previousToken, otherTokens = [] }: Visitor, userId: number) {
  for (const token of [previousToken, ...otherTokens].slice(0, L.tokensOfBrowserMax)) {
    const found = living(core, tx, token ?? null, "auth", tx.now)
    if (found?.user.id === userId) return found
  }
  return null
}

/** @see Identity.openConsoleSession */
export function openConsoleSession(
  core: Core,
  visitor: Visitor,
  input: { userId: number; parentSessionId: number },
): Promise<StartedSession> {
  return core.store.write(visitorCtx(visitor, "open the console"), (tx) => {
    const parent = rows.sessionById(tx, input.parentSessionId)
    const account = accountById(tx, input.userId)
    const fits = parent?.kind === "auth" && parent.userId === input.userId && isSessionAlive(parent, tx.now)
    if (!fits || account?.user.status !== "active") {
      throw new AppError("unauthenticated", "You were signed out in the meantime. Sign in again.")
    }
    const { amr, authTimeMs } = parent
    return startSessionIn(core, tx, { user: account.user, visitor, kind: "console", parent, amr, authTimeMs })
  })
}

/** @see Identity.actAsIn */
export function actAsIn(tx: Tx, input: { sessionId: number; userId: number; actingId: number | null }): void {
  if (!rows.setActing(tx, input.sessionId, input.userId, input.actingId))
    throw new AppError("unauthenticated", "You were signed out in the meantime. Sign in again.")
}

/** @see Identity.logout */
export function logout(core: Core, ctx: WriteContext, token: string | null, kind: SessionKind = "auth"): Promise<void> {
  const tokenHash = hashOf(token)
  if (!tokenHash) return Promise.resolve()
  return core.store.write(ctx, (tx) => {
    const row = rows.sessionByHash(tx, tokenHash, kind)
    if (!row || row.endedMs !== null) return
    rows.endSession(tx, row.parentId ?? row.id, "logout")
    tellEndIn(core, tx, row)
    noteEnd(tx, row.userId, "logout")
  })
}

/** @see Identity.sessionsOf */
export function sessionsOf(core: Core, userId: number): SessionInfo[] {
  const nowMs = core.clock.now()
  return rows
    .openSessions(core.store.read, userId)
    .filter((row) => isSessionAlive({ ...row, endedMs: null }, nowMs))
    .map(({ id: _, ...info }) => info)
}

/** @see Identity.revokeSession */
export function revokeSession(
  core: Core,
  ctx: WriteContext,
  input: { userId: number; sessionPublicId: string },
): Promise<void> {
  return core.store.write(ctx, (tx) => {
    const row = rows.sessionByPublicId(tx, input.userId, input.sessionPublicId)
    if (!row || row.endedMs !== null) throw new AppError("not_found", "This session has ended already.")
    rows.endSession(tx, row.id, "revoked")
    tellEndIn(core, tx, row)
    noteEnd(tx, row.userId, "revoked")
  })
}

/**
 * Ends all sessions of a person, except one (with its children) when given, and tells every domain of the act behind it: whoever ends a
 * person's sessions says which act it is, so that apps hear of it. @returns how many auth sessions ended
 */
export function endSessionsIn(
  core: Core,
  tx: Tx,
  input: { person: Person; exceptSessionId?: number; reason: string; act: "suspended" | "passwordChanged" },
): number {
  const ended = rows.endSessionsOf(tx, input.person.id, input.exceptSessionId ?? 0, input.reason)
  if (ended > 0) noteEnd(tx, input.person.id, input.reason)
  core.lifecycle.tellIn(tx, input.act, input.person)
  return ended
}

/** Apps that were entered from it hear of it. */
const tellEndIn = (core: Core, tx: Tx, { userId, sid }: Pick<rows.SessionRow, "userId" | "sid">): void =>
  core.lifecycle.sessionEndedIn(tx, { userId: UserId(userId), sid })

function noteEnd(tx: Tx, userId: number, reason: string): void {
  const user = accountById(tx, userId)!.user
  auditIn(tx, { action: "session.ended", subject: user.publicId, after: { reason } })
}
