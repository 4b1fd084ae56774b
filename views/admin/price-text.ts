// Prices in words: dollars with every decimal that they have, since a price that is cut is another price. Addresses of models.
import { type Nano, usdDecimal } from "../../src/app/units.ts"
import { group } from "../ui/format.ts"
import { withQuery } from "../ui/nav.tsx"

/** "$0.15", "$1.25", "$0.083334": exact, at least cents. */
export function rateText(amount: Nano): string {
  const [whole = "0", fraction = ""] = usdDecimal(amount).split(".")
  return `$${group(whole)}.${fraction.padEnd(2, "0")}`
}

export const PRICES_PATH = "/admin/prices"
export const RULES_PATH = "/admin/prices/rules"
/** Answers `?q=` with models, for a combobox. */
export const RULE_MODELS_PATH = "/admin/prices/rules/models"

/** Whose rule it is, in the middle of a sentence: "all models", "gpt-4*". */
export const modelsOf = (pattern: string): string => (pattern === "*" ? "all models" : pattern)

/** Names of models hold slashes: they stand in the query. */
export const modelPath = (list: string, model: string, more: Record<string, string | undefined> = {}): string =>
  withQuery(`${PRICES_PATH}/model`, { list, model, ...more })
export const priceFormPath = (list: string, model: string): string =>
  withQuery(`${PRICES_PATH}/model/price`, { list, model })

export type PriceSource = "table" | "override" | "catalogue" | "built-in"

/** Where a price comes from, in two words. */
export const SOURCE_WORDS: Readonly<Record<PriceSource, string>> = {
  override: "Set here",
  catalogue: "Published",
  table: "Bundled",
  "built-in": "Built in",
}
