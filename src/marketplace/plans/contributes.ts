// What `plans` contributes.
import type { Marketplace } from "../index.ts"
import type { MarketPart } from "../types.ts"

export const plansPart: MarketPart<Marketplace> = {}
