// What `plans` contributes.
import type { Marketplace } from "../index.ts"
import type { MarketPart } from "../types.ts"
import { PRODUCT_PLAN_SENTENCES } from "./sentences.ts"

export const plansPart: MarketPart<Marketplace> = { sentences: PRODUCT_PLAN_SENTENCES }
