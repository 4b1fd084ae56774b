// What a publisher decides about plans: rows and versions of terms, audited with before and after.
import { AppError, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { PLAN_LIMITS as L } from "./limits.ts"
import { cleanFeatures, cleanName, isNoDearerPlan, isSameTerms, planErrors, refuse, termsErrors } from "./rules.ts"
import * as rows from "./store.ts"
import type { ChangePlan, NewPlan, ProductPlan, ProductPlanRow } from "./types.ts"

const PLANNED =
  "Somebody moves to this plan with their next period, and agreed to the terms of now. Make another plan, or change this one later."
const RANK_TAKEN = "Another plan has this place in the order. Choose another number."

export function createPlanIn({ ids }: Pick<MarketplaceDeps, "ids">, tx: Tx, input: NewPlan): ProductPlan {
  const { productId, terms } = input
  const known = rows.planRows(tx, productId)
  ensure(rows.hasProduct(tx, productId), "not_found", "There is no such product.")
  ensure(known.length < L.plansMax, "conflict", `A product has ${L.plansMax} plans at most. Change one of them.`)
  const row = {
    publicId: ids.next("mpl"),
    productId,
    name: cleanName(input.name),
    features: cleanFeatures(input.features ?? ""),
    rank: input.rank ?? (known.at(-1)?.rank ?? 0) + L.rankStep,
    supportLevel: input.supportLevel ?? ("community" as const),
    retiredMs: null,
    createdMs: tx.now,
    updatedMs: tx.now,
  }
  refuse({ ...planErrors(row), ...termsErrors(terms) })
  if (rows.rankTaken(tx, productId, row.rank) !== null) refuse({ rank: RANK_TAKEN })
  const id = rows.insertPlan(tx, row)
  rows.insertTerms(tx, id, 1, terms)
  const made = rows.planById(tx, id)!
  auditIn(tx, { action: "product_plan.added", subject: made.publicId, after: made })
  return made
}

/** Whoever subscribed keeps the terms they have: those of a change are for who comes later, or moves. */
export function changePlanIn(tx: Tx, input: ChangePlan): ProductPlan {
  const before = rows.planById(tx, input.planId)
  ensure(before, "not_found", "There is no such plan.")
  const { terms: beforeTerms, ...plan } = before
  if (input.seenMs !== undefined && input.seenMs !== plan.updatedMs)
    throw new AppError("conflict", "Somebody changed this plan since you opened it. Look at it again before you save.")
  const after: ProductPlanRow = {
    ...plan,
    name: input.name === undefined ? plan.name : cleanName(input.name),
    features: input.features === undefined ? plan.features : cleanFeatures(input.features),
    rank: input.rank ?? plan.rank,
    supportLevel: input.supportLevel ?? plan.supportLevel,
    retiredMs: input.retired === undefined ? plan.retiredMs : input.retired ? (plan.retiredMs ?? tx.now) : null,
    updatedMs: Math.max(tx.now, plan.updatedMs + 1),
  }
  refuse({ ...planErrors(after), ...(input.terms ? termsErrors(input.terms) : {}) })
  if (after.rank !== plan.rank) checkRank(tx, after)
  rows.savePlan(tx, after)
  if (input.terms && !isSameTerms(input.terms, beforeTerms)) {
    if (rows.isPlanned(tx, plan.id) && !isNoDearerPlan(beforeTerms, input.terms)) refuse({ priceNano: PLANNED })
    if (rows.isTermsInUse(tx, beforeTerms.id)) rows.insertTerms(tx, plan.id, beforeTerms.version + 1, input.terms)
    else rows.replaceTerms(tx, beforeTerms.id, input.terms)
  }
  const saved = rows.planById(tx, plan.id)!
  auditIn(tx, { action: "product_plan.changed", subject: saved.publicId, before, after: saved })
  return saved
}

/** A place in the order is which endpoints its subscribers have. */
function checkRank(tx: Tx, { id, productId, rank }: ProductPlanRow): void {
  const other = rows.rankTaken(tx, productId, rank)
  if (other !== null && other !== id) refuse({ rank: RANK_TAKEN })
  if (rows.countSubscribers(tx, id) > 0)
    refuse({ rank: "This plan has subscribers, and its place decides what they can call. Make another plan instead." })
}
