// The door of `plans`: what a product's plans grant and cost, by versions, and which endpoint needs which.
import type { OrmReader, Tx } from "../../store/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { changePlanIn, createPlanIn } from "./edit.ts"
import * as rows from "./store.ts"
import type { ChangePlan, NewPlan } from "./types.ts"

export { commissionOf, isNoDearer, isNoDearerPlan, opens } from "./rules.ts"
export type * from "./types.ts"

/** Reads take the mutation's reader where they are asked inside one; default: what is committed. */
export const createProductPlans = (deps: Pick<MarketplaceDeps, "store" | "ids">) => {
  const { read } = deps.store
  return {
    /** @throws AppError not_found, conflict, validation_failed with a message per field */
    createPlanIn: (tx: Tx, input: NewPlan) => createPlanIn(deps, tx, input),
    /** Terms that somebody has stay as they are; the change is their next version. @throws AppError as above */
    changePlanIn: (tx: Tx, input: ChangePlan) => changePlanIn(tx, input),
    /** By rank, with their present terms; retired ones too. */
    plansOf: (productId: number, reader: OrmReader = read) => rows.plansOf(reader, productId),
    planById: (id: number, reader: OrmReader = read) => rows.planById(reader, id),
    planByPublicId: (publicId: string, reader: OrmReader = read) => rows.planByPublicId(reader, publicId),
    termsById: (id: number, reader: OrmReader = read) => rows.termsById(reader, id),
    /** Which versions its living subscribers have. */
    termsInUse: (planId: number, reader: OrmReader = read) => rows.termsInUse(reader, planId),
  }
}

export type ProductPlans = ReturnType<typeof createProductPlans>
