// Disputes and warnings of fraud: money taken back by a bank, and perhaps given again.
import { book } from "./balance.ts"
import { invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none, PAGED, pageOf } from "./lists.ts"
import { fields, flag, metadata, text, whatever } from "./shape.ts"
import type { Charge, Dispute, EarlyFraudWarning } from "./types.ts"
import type { World } from "./world.ts"

const FEE = 1_500

/** Of cards that are made for it. */
export function disputeSoon(world: World, charge: Charge, after: "dispute" | "warning" | undefined): void {
  if (after === "dispute") dispute(world, charge)
  if (after === "warning") warn(world, charge)
}

/** @param isQuestion the bank asks first, and takes nothing */
export function dispute(
  world: World,
  charge: Charge,
  amount = charge.amount - charge.amount_refunded,
  isQuestion = false,
): Dispute {
  if (charge.disputed) throw invalid(`Charge ${charge.id} is disputed already.`)
  const { currency, customer } = charge
  const made: Dispute = {
    id: world.id("du"),
    object: "dispute",
    created: world.now(customer),
    livemode: false,
    amount,
    balance_transactions: [],
    charge: charge.id,
    currency,
    is_charge_refundable: false,
    payment_intent: charge.payment_intent,
    reason: "fraudulent",
    status: isQuestion ? "warning_needs_response" : "needs_response",
    metadata: {},
  }
  world.add(made)
  if (isQuestion) {
    world.emit("charge.dispute.created", made)
    return made
  }
  charge.disputed = true
  made.balance_transactions.push(
    book(world, { type: "adjustment", amount: -amount, fee: FEE, currency, source: made.id, customer }),
  )
  world.emit("charge.dispute.created", made)
  world.emit("charge.dispute.funds_withdrawn", made)
  return made
}

export function closeDispute(world: World, made: Dispute, isWon: boolean): void {
  const { currency, amount } = made
  const isQuestion = made.status.startsWith("warning_")
  made.status = isQuestion ? "warning_closed" : isWon ? "won" : "lost"
  if (isWon && !isQuestion) {
    made.balance_transactions.push(book(world, { type: "adjustment", amount, fee: -FEE, currency, source: made.id }))
    world.emit("charge.dispute.funds_reinstated", made)
  }
  world.emit("charge.dispute.closed", made)
}

export function warn(world: World, charge: Charge): EarlyFraudWarning {
  const made: EarlyFraudWarning = {
    id: world.id("issfr"),
    object: "radar.early_fraud_warning",
    created: world.now(charge.customer),
    livemode: false,
    actionable: true,
    charge: charge.id,
    fraud_type: "made_with_stolen_card",
    ...(charge.payment_intent ? { payment_intent: charge.payment_intent } : {}),
  }
  world.add(made)
  world.emit("radar.early_fraud_warning.created", made)
  return made
}

export const disputeRoutes = (world: World): Route[] => [
  route("GET", "/v1/disputes", fields({}, { ...PAGED, charge: text, payment_intent: text }), (sent) =>
    pageOf(
      world.all<Dispute>("dispute").filter((one) => !sent.charge || one.charge === sent.charge),
      sent,
      "/v1/disputes",
    ),
  ),
  route("GET", "/v1/disputes/:id", none, (_, { id }) => world.find<Dispute>("dispute", id!)),
  route(
    "POST",
    "/v1/disputes/:id",
    fields({}, { evidence: whatever, metadata, submit: flag, ...EXPAND }),
    (sent, { id }) => {
      const made = world.find<Dispute>("dispute", id!)
      if (sent.metadata) Object.assign(made.metadata, sent.metadata)
      if (sent.submit) made.status = "under_review"
      world.emit("charge.dispute.updated", made)
      // In test mode the words decide.
      const word = (sent.evidence as { uncategorized_text?: string } | undefined)?.uncategorized_text
      if (sent.submit && (word === "winning_evidence" || word === "losing_evidence"))
        closeDispute(world, made, word === "winning_evidence")
      return made
    },
  ),
  route("POST", "/v1/disputes/:id/close", none, (_, { id }) => {
    const made = world.find<Dispute>("dispute", id!)
    closeDispute(world, made, false)
    return made
  }),
  route("GET", "/v1/radar/early_fraud_warnings", fields({}, { ...PAGED, charge: text }), (sent) =>
    pageOf(world.all<EarlyFraudWarning>("radar.early_fraud_warning"), sent, "/v1/radar/early_fraud_warnings"),
  ),
  route("GET", "/v1/radar/early_fraud_warnings/:id", none, (_, { id }) =>
    world.find<EarlyFraudWarning>("radar.early_fraud_warning", id!),
  ),
]
