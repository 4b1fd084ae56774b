// Changing what is added to the raw cost. Checks every bound with words before SQLite would refuse it without.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { findRule, findTwin, saveRule } from "./store.ts"
import type { PriceRule, SetRuleInput } from "./types.ts"

/** 1000 %: a share above this is a typing mistake. */
const SHARE_BP_MAX = 100_000
/** $1,000 */
const FEE_NANO_MAX = 1_000_000_000_000

/**
 * Adds a price rule, or changes the one with `id`, and audits it.
 * @throws AppError `validation_failed` (form errors by field), `not_found`, `conflict` (an active twin).
 */
export function setRuleIn(tx: Tx, input: SetRuleInput): PriceRule {
  const { id = null, ...rule } = { ...input, pattern: input.pattern.trim().toLowerCase() }
  checkRule(rule)
  const before = id === null ? null : findRule(tx, id)
  if (id !== null && !before) throw new AppError("not_found", "There is no such price rule.")
  const twin = rule.active ? findTwin(tx, rule, id) : null
  ensure(
    !twin,
    "conflict",
    "Another rule has this pattern, traffic and priority. Change that one, or pick another priority.",
  )
  const saved: PriceRule = { ...rule, id: saveRule(tx, rule, id) }
  auditIn(tx, {
    action: "price_rule.set",
    subject: `price_rule:${saved.id}`,
    before: before ?? undefined,
    after: saved,
  })
  return saved
}

function checkRule(rule: Omit<PriceRule, "id">): void {
  const wrong: Record<string, string> = {}
  if (!/^[\w.:/@*?~+-]{1,200}$/.test(rule.pattern)) wrong.pattern = "Use a model name; * stands for any characters."
  if (!["app", "key", "any"].includes(rule.traffic)) wrong.traffic = "Pick what the rule is for."
  if (!within(rule.priority, -1_000, 1_000)) wrong.priority = "Use a whole number from -1000 to 1000."
  if (!within(rule.platformBp, 0, SHARE_BP_MAX)) wrong.platformBp = "Use a share from 0 to 1000%."
  if (!within(rule.developerBp, 0, SHARE_BP_MAX)) wrong.developerBp = "Use a share from 0 to 1000%."
  if (!within(rule.minimumNano, 0, FEE_NANO_MAX)) wrong.minimumNano = "Use an amount from 0 to $1,000."
  if (!within(rule.requestFeeNano, 0, FEE_NANO_MAX)) wrong.requestFeeNano = "Use an amount from 0 to $1,000."
  ensure(Object.keys(wrong).length === 0, "validation_failed", "Check the price rule.", { formErrors: wrong })
}

const within = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most
