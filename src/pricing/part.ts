// What `pricing` contributes: how the audit log reads changes of prices.
import type { Part } from "../part/index.ts"
import { PRICING_SENTENCES } from "./sentences.ts"

export const pricingPart: Part = { name: "pricing", sentences: PRICING_SENTENCES }
