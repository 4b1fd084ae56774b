// A payee's account at Stripe: made with their first visit, filled in there, asked about when they come back and once an hour. Nobody is paid
// through it before Stripe says that it can be.
import { AppError, DAY_MS, eachAlone, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { type Processor, ProcessorError } from "../../billing/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { PayoutsDeps } from "../deps.ts"
import { PAYOUT_LIMITS as L } from "../limits.ts"
import { payoutMethodChanged } from "../mails.ts"
import { openDestination, sealDestinationIn } from "../sealed.ts"
import { COOLING_DAYS, STRIPE_CONNECT } from "../settings.ts"
import { endMethod, insertMethod, type MethodRow, methodOf, methodsSince } from "../store.ts"
import { confirmMethod, unconfirmMethod } from "../store-methods.ts"
import type { Destination } from "../types.ts"
import { lastFour, methodName } from "../words.ts"
import { stripeMethods } from "./store.ts"

type StripeDestination = Extract<Destination, { kind: "stripe" }>

/** Whether payees may choose it. */
export const isOffered = ({ settings, connection }: PayoutsDeps): boolean =>
  settings.get(STRIPE_CONNECT) === "on" && connection.processor !== null

function processorOf(deps: PayoutsDeps): Processor {
  const { processor } = deps.connection
  if (processor && isOffered(deps)) return processor
  throw new AppError("not_found", "Payouts do not go through Stripe here.")
}

/** Of this processor's account and mode; null: of another one, or none. */
export function destinationOf(
  { keyring, connection }: PayoutsDeps,
  method: Pick<MethodRow, "publicId" | "sealed">,
): StripeDestination | null {
  if (method.sealed === null) return null
  const to = openDestination(keyring, method.publicId, method.sealed)
  if (to.kind !== "stripe") return null
  const isOurs = to.platform === connection.account && to.isTest === connection.processor?.isTest
  return isOurs ? to : null
}

/** @returns where they go on. @throws AppError not_found, conflict, rate_limit_exceeded, unavailable, forbidden, account_suspended */
export async function startStripe(deps: PayoutsDeps, ctx: WriteContext, userId: UserId): Promise<string> {
  const { store, baseUrl } = deps
  const processor = processorOf(deps)
  const known = methodOf(store.read, userId)
  const accountId = (known && destinationOf(deps, known)?.account) ?? (await makeAccount(deps, processor, ctx, userId))
  const path = `${baseUrl}/developer/payouts/method/stripe`
  return told(processor.payeeLink({ accountId, returnUrl: `${path}?back=1`, refreshUrl: path }))
}

async function makeAccount(deps: PayoutsDeps, processor: Processor, ctx: WriteContext, userId: UserId) {
  const { store, ids, connection, identity, answersFor } = deps
  const user = identity.userById(userId)
  const email = identity.userById(answersFor(userId))?.email
  if (!user || email === undefined) throw new AppError("not_found", "There is no such user.")
  // Asked before Stripe is: what would be refused makes no account there.
  await store.write(ctx, (tx) => mayIn(deps, tx, userId))
  const publicId = ids.next("pym")
  const account = await told(processor.createPayee({ email, payee: user.publicId }, `payee:${publicId}`))
  const to: StripeDestination = {
    kind: "stripe",
    account,
    platform: connection.account,
    isTest: processor.isTest,
  }
  await store.write(ctx, (tx) => setStripeIn(deps, tx, { userId, publicId, to }))
  return account
}

function mayIn(deps: PayoutsDeps, tx: Tx, userId: UserId) {
  deps.developers.requireDeveloperIn(tx, userId)
  const user = deps.identity.requireActiveIn(tx, userId)
  if (methodsSince(tx, userId, tx.now - DAY_MS) >= L.methodsPerDay)
    throw new AppError("rate_limit_exceeded", "You changed this often today. Try again tomorrow.")
  return user
}

/** Ends what stood there, waits before it is used, and is mailed, as every change. */
function setStripeIn(
  deps: PayoutsDeps,
  tx: Tx,
  { userId, publicId, to }: { userId: UserId; publicId: string; to: StripeDestination },
): void {
  const user = mayIn(deps, tx, userId)
  const before = methodOf(tx, userId)
  if (before) endMethod(tx, before.id)
  const shown = { kind: "stripe", hint: lastFour(to.account) } as const
  const usableMs = tx.now + deps.settings.get(COOLING_DAYS, tx) * DAY_MS
  insertMethod(tx, {
    publicId,
    ownerId: userId,
    ...shown,
    currency: "USD",
    country: null,
    sealed: sealDestinationIn(tx, deps.keyring, publicId, to),
    createdMs: tx.now,
    usableMs,
    confirmedMs: null,
  })
  auditIn(tx, {
    action: "payout_method.set",
    subject: user.publicId,
    before: before && { kind: before.kind, hint: before.hint },
    after: { ...shown, currency: "USD" },
  })
  const data = { method: methodName(shown), usableMs, isChange: before !== null }
  deps.mails.queueIn(tx, payoutMethodChanged, { to: user.email, data, uselessAfterMs: null })
}

const CTX = {
  actor: "system:ask-stripe-payees",
  requestId: "job_ask-stripe-payees",
  reason: "what Stripe says of them",
}

/** Theirs, as Stripe has it now. @returns whether they can be paid; null: it is no method of theirs, or Stripe says nothing now */
export async function syncStripe(deps: PayoutsDeps, userId: number): Promise<boolean | null> {
  const method = methodOf(deps.store.read, userId)
  const { processor } = deps.connection
  const to = method && destinationOf(deps, method)
  if (!method || !to || !processor) return null
  try {
    const { canBePaid } = await processor.payee(to.account)
    if (canBePaid !== (method.confirmedMs !== null))
      await deps.store.write(CTX, (tx) => saveIn(deps, tx, { userId, methodId: method.id, canBePaid }))
    return canBePaid
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    deps.log.warn("payouts.payee_not_asked", { method: method.publicId, kind: error.kind, why: error.message })
    return null
  }
}

function saveIn(
  { identity }: PayoutsDeps,
  tx: Tx,
  { userId, methodId, canBePaid }: { userId: number; methodId: number; canBePaid: boolean },
): void {
  const method = methodOf(tx, userId)
  if (method?.id !== methodId || canBePaid === (method.confirmedMs !== null)) return
  if (canBePaid) confirmMethod(tx, methodId)
  else unconfirmMethod(tx, methodId)
  const subject = identity.userById(userId as UserId)?.publicId ?? "nobody"
  if (canBePaid) auditIn(tx, { action: "payout_method.confirmed", subject })
  else auditIn(tx, { action: "payout_method.unconfirmed", subject })
}

/** The job: everybody's, a few after each other. */
export async function syncAll(deps: PayoutsDeps, rows: number): Promise<void> {
  const all: ReturnType<typeof stripeMethods> = []
  for (let after = 0; ; ) {
    const slice = stripeMethods(deps.store.read, after, rows)
    all.push(...slice)
    if (slice.length < rows) break
    after = slice.at(-1)!.id
  }
  await eachAlone(
    all,
    ({ ownerId }) => ownerId,
    ({ ownerId }) => syncStripe(deps, ownerId),
  )
}

/** The processor's refusals, as a page says them. */
async function told<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    if (error.kind === "unavailable" || error.kind === "rate_limited")
      throw new AppError("unavailable", "Stripe does not answer now. Try again in a minute.")
    throw new AppError("conflict", `Stripe refuses: ${error.message}`)
  }
}
