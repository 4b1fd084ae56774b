// Saved cards: kept on a page of the processor, known here by what may be shown of them, and taken off.
import { AppError, eachAlone, ensure, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { withCustomer } from "../customers.ts"
import { ASK_ADDRESS, STRIPE_TAX } from "../invoices/index.ts"
import { BILLING_LIMITS as L } from "../limits.ts"
import { scopeOn } from "../scope.ts"
import { customerOf } from "../store.ts"
import { type CardFacts, ProcessorError } from "../stripe/index.ts"
import type { BillingDeps, BillingDepsOn, Buyer } from "../types.ts"
import { cardsFor } from "./known.ts"
import { LOOK_CTX, mailIn, turnOffIn } from "./look.ts"
import { cardExpires } from "./mails.ts"
import { cardName, expiresSoon } from "./rules.ts"
import { cardByMethod, cardByPublicId, insertCard, ruleOf, saveCard, unwarnedCards } from "./store.ts"
import type { Card } from "./types.ts"

export const DETACH_TOPIC = "detach-card"
const AWAY = "The payment service does not answer. Nothing was saved; try again in a minute."

/** @returns the address of the page @throws AppError conflict, unavailable */
export async function beginCard(deps: BillingDepsOn, ctx: WriteContext, buyer: Buyer, key: string): Promise<string> {
  const isFull = cardsFor(deps, deps.store.read, buyer.id).length >= L.cardsMax
  ensure(!isFull, "conflict", "There are too many cards. Remove one that you no longer use.")
  try {
    const here = `${deps.baseUrl}/credits/cards`
    const page = await withCustomer(deps, ctx, buyer, (customerId) =>
      deps.processor.createSetup(
        { customerId, returnUrl: `${here}/saved?page={CHECKOUT_SESSION_ID}`, cancelUrl: here, asksWho: asksWho(deps) },
        `setup:${buyer.publicId}:${key}:${customerId}`,
      ),
    )
    // A page that was used, by a form that is sent once more.
    ensure(page.url !== null, "conflict", "That page is over. Open this one again.")
    return page.url
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    deps.log.error("billing.setup_failed", { kind: error.kind, why: error.message })
    throw new AppError("unavailable", AWAY)
  }
}

const asksWho = ({ settings }: BillingDepsOn): boolean =>
  settings.get(STRIPE_TAX) !== "off" || settings.get(ASK_ADDRESS) === "yes"

/** Back from the page; a webhook may have been first. Silence of the processor saves nothing, and the webhook will. */
export async function savePage(
  deps: BillingDepsOn,
  ctx: WriteContext,
  userId: UserId,
  sessionId: string,
): Promise<Card | null> {
  const { processor, store, log } = deps
  try {
    const page = await processor.setup(sessionId)
    const customerId = customerOf(store.read, userId, scopeOn(deps))
    const isOurs = page.isOurs && page.isLive !== processor.isTest && page.customerId === customerId
    if (!isOurs || page.card === null) return null
    const { card } = page
    return await store.write(ctx, (tx) => keepIn(deps, tx, userId, card))
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.not_asked", { kind: error.kind, why: error.message })
    return null
  }
}

/** Known once; one that was removed stays so. */
export function keepIn(deps: BillingDeps, tx: Tx, userId: UserId, facts: CardFacts): Card {
  const known = cardByMethod(tx, facts.id)
  if (known) return known
  const { id: methodId, customerId, brand, last4, expMonth, expYear } = facts
  const row = {
    publicId: deps.ids.next("card"),
    userId,
    methodId,
    customerId,
    brand: brand.slice(0, 40),
    last4: last4.slice(0, 4),
    expMonth,
    expYear,
    createdMs: tx.now,
    removedMs: null,
    warnedMs: null,
  }
  const card = { id: insertCard(tx, row), ...row }
  auditIn(tx, { action: "card.saved", subject: `user:${userId}`, after: { card: cardName(card) } })
  return card
}

/** @throws AppError not_found */
export function removeIn(deps: BillingDeps, tx: Tx, userId: UserId, publicId: string): { turnedOff: boolean } {
  const card = cardByPublicId(tx, publicId)
  ensure(card?.userId === userId && card.removedMs === null, "not_found", "There is no such card. It may be removed.")
  deps.outbox.enqueueIn(tx, { topic: DETACH_TOPIC, subject: card.methodId, payload: { method: card.methodId } })
  return goneIn(deps, tx, card)
}

/** It is off, whoever took it off; where it was the last one, so is auto-recharge. */
function goneIn(deps: BillingDeps, tx: Tx, card: Card): { turnedOff: boolean } {
  saveCard(tx, { ...card, removedMs: tx.now })
  auditIn(tx, { action: "card.removed", subject: `user:${card.userId}`, before: { card: cardName(card) } })
  const rule = ruleOf(tx, card.userId)
  const turnedOff = rule?.active === true && cardsFor(deps, tx, card.userId).length === 0
  if (rule && turnedOff) turnOffIn(deps, tx, rule, "card", card)
  return { turnedOff }
}

/** What the processor knows of it now: renewed by its bank, or taken off elsewhere. @returns whether it is one of ours */
export function knownIn(deps: BillingDeps, tx: Tx, methodId: string, facts: CardFacts | null): boolean {
  const card = cardByMethod(tx, methodId)
  if (!card) return false
  if (card.removedMs !== null) return true
  if (facts === null || facts.customerId === null) goneIn(deps, tx, card)
  else {
    const { brand, last4, expMonth, expYear } = facts
    const isRenewed = expMonth !== card.expMonth || expYear !== card.expYear
    saveCard(tx, { ...card, brand, last4, expMonth, expYear, warnedMs: isRenewed ? null : card.warnedMs })
  }
  return true
}

/** @returns how many people were told @throws RowsFailed when all others were */
export async function warnOfCards(deps: BillingDeps): Promise<number> {
  const { store, clock } = deps
  const ctx = { ...LOOK_CTX, requestId: "job_warn-of-cards", reason: "the card expires soon" }
  let told = 0
  const warn = async (card: Card) => {
    if (await store.write(ctx, (tx) => warnIn(deps, tx, card))) told++
  }
  await eachAlone(unwarnedCards(store.read, clock.now() + L.cardWarnMs), ({ publicId }) => publicId, warn)
  return told
}

/** @returns whether its owner is told now */
function warnIn(deps: BillingDeps, tx: Tx, card: Card): boolean {
  const [first] = cardsFor(deps, tx, card.userId)
  if (first?.id !== card.id || first.warnedMs !== null || !expiresSoon(first, tx.now)) return false
  saveCard(tx, { ...first, warnedMs: tx.now })
  const expires = `${String(first.expMonth).padStart(2, "0")}/${first.expYear}`
  const data = { card: cardName(first), expires }
  mailIn(deps, tx, first.userId, (to) => deps.mails.queueIn(tx, cardExpires, { to, data, uselessAfterMs: null }))
  return true
}
