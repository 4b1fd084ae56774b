// What a call through a person's own key costs (SPEC §2): raw × (1 + the plan's markup), with the price rule's minimum and fee. No
// developer stands between, so nobody but upstream and platform has a share. Pure.
import { nano } from "../app/index.ts"
import type { KeyTerms, PriceRule } from "./types.ts"

export interface KeyCall {
  /** Nothing of the model costs anything. */
  isFree: boolean
  /** The person's own account at the provider answers: its cost is theirs already, and the call is only logged. */
  ownUpstream?: boolean
}

/** One rule of one plan's terms is one object: what is kept by rule (snapshots) is then found again. */
const made = new WeakMap<PriceRule, Map<string, PriceRule>>()

/**
 * @param rule what applies to the model by price rules; its shares are the plan's business, minimum and fee stand
 * @returns null when the plan does not reach the model: free models only
 */
export function keyRule(rule: PriceRule, terms: KeyTerms, { isFree, ownUpstream = false }: KeyCall): PriceRule | null {
  if (ownUpstream) return kept(rule, { platformBp: 0, minimumNano: 0, requestFeeNano: 0, tokenPico: 0, ownUpstream })
  if (terms.freeModelsOnly && !isFree) return null
  const { minimumNano, requestFeeNano } = rule
  const platformBp = isFree ? terms.markupFreeBp : terms.markupPaidBp
  // n$ per 1,000 tokens are as many p$ per token.
  return kept(rule, {
    platformBp,
    minimumNano,
    requestFeeNano,
    tokenPico: isFree ? terms.freePer1kNano : 0,
    ownUpstream,
  })
}

/** What a call through an app costs whose answer the person's own account pays: the developer's share of the list price, nothing else. */
export const ownAppRule = (rule: PriceRule, developerBp: number): PriceRule =>
  kept(rule, { platformBp: 0, developerBp, minimumNano: 0, requestFeeNano: 0, tokenPico: 0, ownUpstream: true })

interface Parts {
  platformBp: number
  developerBp?: number
  minimumNano: number
  requestFeeNano: number
  tokenPico: number
  ownUpstream: boolean
}

function kept(rule: PriceRule, parts: Parts): PriceRule {
  const byParts = made.get(rule) ?? new Map<string, PriceRule>()
  made.set(rule, byParts)
  const { platformBp, developerBp = 0, minimumNano, requestFeeNano, tokenPico, ownUpstream } = parts
  const key = [platformBp, developerBp, minimumNano, requestFeeNano, tokenPico, ownUpstream].join(" ")
  const known = byParts.get(key)
  if (known) return known
  const one: PriceRule = {
    ...rule,
    platformBp,
    developerBp,
    minimumNano: nano(minimumNano),
    requestFeeNano: nano(requestFeeNano),
    ...(tokenPico > 0 ? { tokenPico } : {}),
    ...(ownUpstream ? { ownUpstream } : {}),
  }
  byParts.set(key, one)
  return one
}
