// Which rule a model hits, where somebody asked; and the models that can be asked about, found by typing.
import type { PriceRulesProps } from "../../../views/admin/price-rules.tsx"
import { RULE_MODELS_PATH } from "../../../views/admin/price-text.ts"
import type { PriceRule, Traffic } from "../../pricing/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "gateway" | "pricing">

/** What a combobox lists, and as much of a name as is read. */
const OPTIONS_MAX = 50
const NAME_CHARS_MAX = 200

const nameOf = (params: URLSearchParams, name: string): string =>
  (params.get(name) ?? "").trim().slice(0, NAME_CHARS_MAX)

export function hitOf(
  { pricing }: Pick<Deps, "pricing">,
  params: URLSearchParams,
  rowOf: (rule: PriceRule) => NonNullable<PriceRulesProps["hit"]["rule"]>,
): PriceRulesProps["hit"] {
  const model = nameOf(params, "model")
  const traffic: Traffic = params.get("traffic") === "key" ? "key" : "app"
  return { model, traffic, rule: model === "" ? null : rowOf(pricing.ruleFor(model, traffic)) }
}

export function ruleModelRoutes(site: AdminSite, deps: Deps): void {
  site.get(RULE_MODELS_PATH, (page) =>
    Response.json(optionsOf(deps, nameOf(new URL(page.request.url).searchParams, "q"))),
  )
}

/** Models that answer here, and what was typed: rules fit names that nobody serves yet, too. */
function optionsOf({ gateway }: Deps, query: string) {
  const words = query.toLowerCase().split(/\s+/)
  const served = new Set(gateway.upstreams().flatMap(({ enabled, models }) => (enabled ? models : [])))
  const found = [...served]
    .filter((model) => words.every((word) => model.toLowerCase().includes(word)))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .slice(0, OPTIONS_MAX)
    .map((model) => ({ value: model, label: model }))
  if (query === "" || served.has(query)) return found
  return [...found.slice(0, OPTIONS_MAX - 1), { value: query, label: query, detail: "No upstream serves it" }]
}
