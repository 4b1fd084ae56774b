// Price rules: a list, since a rule has no name; models, calls and priority together say which one is meant.
import type { PriceRule } from "../../../../pricing/index.ts"
import { NEW_RULE, presentRule, RULE_FORM, ruleInputOf } from "../../price-rules.ts"
import type { Kind, SetupDeps, Values } from "../types.ts"

const FORM = RULE_FORM.with({ reason: null })
const NAMED_BY = ["pattern", "traffic", "priority"] as const

/** As a file names it, with what is left out. */
const nameOf = ({ pattern, traffic, priority }: Pick<PriceRule, (typeof NAMED_BY)[number]>): string =>
  [pattern.trim().toLowerCase(), traffic, String(priority)].join(" ")

function idOf(entry: string): string {
  const [pattern = "", traffic = "", priority = ""] = entry.split(" ")
  return [pattern.toLowerCase(), traffic || NEW_RULE.traffic, priority || NEW_RULE.priority].join(" ")
}

export function rulesKind({ pricing }: Pick<SetupDeps, "pricing">): Kind {
  return {
    name: "price_rules",
    shape: { list: NAMED_BY },
    present() {
      const found = new Map<string, Values>()
      // Of several that are off, the first; one that is in force comes before them.
      for (const rule of pricing.ruleOrder()) if (!found.has(nameOf(rule))) found.set(nameOf(rule), presentRule(rule))
      return found
    },
    idOf,
    formOf: () => FORM,
    fresh: NEW_RULE,
    saveIn: (tx, _, values, before) => void pricing.setRuleIn(tx, ruleInputOf(values, before?.id)),
  }
}
