// /admin/prices/rules: what is added to the cost of a call, in the order in which rules are tried; adding, changing and switching off.
import {
  AdminPriceRuleAskedPage,
  AdminPriceRulePage,
  AdminPriceRulesPage,
  type RuleRow,
} from "../../../views/admin/price-rules.tsx"
import { modelsOf, RULES_PATH } from "../../../views/admin/price-text.ts"
import { ensure, type Nano, nano } from "../../app/index.ts"
import { type FieldDef, field, form, type ValuesOf } from "../../http/index.ts"
import { DEFAULT_RULES, type PriceRule, type SetRuleInput } from "../../pricing/index.ts"
import { newValues, undoing, undoTo } from "../base/index.ts"
import { previewOf } from "./price-preview.ts"
import { hitOf, ruleModelRoutes } from "./price-rule-hit.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const { readFile: _, ...PRIORITY_TEXT } = field.text({
  label: "Priority",
  help: "The highest one that fits applies; among equals, the longest name.",
  required: true,
  length: 5,
})
/** A whole number that may be below zero; which ones may be, the domain says. */
const PRIORITY: FieldDef<number> = {
  ...PRIORITY_TEXT,
  read: ([text = ""]) =>
    /^[-−]?\d{1,4}$/.test(text)
      ? { value: Number(text.replace("−", "-")) }
      : { error: "Use a whole number from -1000 to 1000." },
  write: (priority) => [String(priority)],
}

export const RULE_FORM = form(
  {
    pattern: field.text({
      label: "Models",
      help: "A model’s name; * stands for any characters, ? for one. For instance gpt-4*.",
      required: true,
      missing: "Name the models, such as gpt-4* or *.",
      length: 200,
      mono: true,
    }),
    traffic: field.choice({
      label: "Calls",
      control: "radios",
      options: [
        { value: "app", label: "Through apps" },
        {
          value: "key",
          label: "By people’s own keys",
          help: "The plan says the markup; of the rule, minimum and fee apply.",
        },
        { value: "any", label: "Both" },
      ],
    }),
    priority: PRIORITY,
    platformBp: field.percent({
      name: "platform",
      label: "Platform",
      help: "Of the provider’s price.",
      required: true,
      group: "Added to the provider’s price",
    }),
    developerBp: field.percent({
      name: "developer",
      label: "Developer",
      help: "Goes to who made the app; to the platform where nobody did.",
      required: true,
      group: "Added to the provider’s price",
    }),
    minimumNano: field.dollars({ name: "minimum", label: "A call costs at least", optional: true, group: "Each call" }),
    requestFeeNano: field.dollars({
      name: "request_fee",
      label: "Fee of each call",
      optional: true,
      group: "Each call",
    }),
    active: field.box({ label: "In force" }),
    reason: field.reason(),
  },
  { submit: "Save rule" },
)

type Values = ValuesOf<typeof RULE_FORM.fields>

export const NEW_RULE: Partial<Values> = {
  traffic: "app",
  priority: 0,
  platformBp: 5_000,
  developerBp: 5_000,
  minimumNano: null,
  requestFeeNano: null,
  active: true,
}

export const ruleInputOf = (values: Values, id?: number): SetRuleInput => ({
  pattern: values.pattern,
  traffic: values.traffic,
  priority: values.priority,
  platformBp: values.platformBp,
  developerBp: values.developerBp,
  minimumNano: values.minimumNano ?? nano(0),
  requestFeeNano: values.requestFeeNano ?? nano(0),
  active: values.active,
  ...(id === undefined ? {} : { id }),
})

const orNull = (amount: Nano): Nano | null => (amount === 0 ? null : amount)
export const presentRule = (rule: PriceRule): Partial<Values> => ({
  ...rule,
  minimumNano: orNull(rule.minimumNano),
  requestFeeNano: orNull(rule.requestFeeNano),
})

type Deps = Pick<AdminDeps, "gateway" | "pricing" | "reads" | "clock">

export function priceRuleRoutes(site: AdminSite, deps: Deps): void {
  const { pricing } = deps
  site.get(RULES_PATH, (page) => {
    const params = new URL(page.request.url).searchParams
    const rules = pricing.ruleOrder().map(rowOf)
    return page.render((frame) =>
      AdminPriceRulesPage({ frame, rules, defaults: defaultRows(), hit: hitOf(deps, params, rowOf) }),
    )
  })
  ruleModelRoutes(site, deps)

  site.form(
    `${RULES_PATH}/new`,
    {
      summary: "Add a price rule",
      form: RULE_FORM,
      present: () => NEW_RULE,
      kept: ["priority", "platformBp", "developerBp"],
      question: (values) => question(deps, ruleInputOf(values)),
      async act(page, values) {
        const saved = await pricing.setRule(page.ctx(values.reason), ruleInputOf(values))
        return { to: RULES_PATH, say: `${wordsOf(saved)}.`, result: { id: saved.id } }
      },
      show: (page, form, _, status) => page.render((frame) => AdminPriceRulePage({ frame, form, rule: null }), status),
      ask: (page, asked) => page.render((frame) => AdminPriceRuleAskedPage({ frame, ...asked, rule: null })),
    },
    `${RULES_PATH}/new`,
  )
  changeRoute(site, deps)
}

function changeRoute(site: AdminSite, deps: Deps): void {
  const { pricing } = deps
  site.form(`${RULES_PATH}/:rule`, {
    summary: "Change a price rule",
    load: (_, params) => ruleOf(deps, params.rule),
    form: RULE_FORM,
    present: presentRule,
    kept: ["pattern", "priority", "platformBp", "developerBp"],
    question: (values, rule) => question(deps, ruleInputOf(values, rule.id)),
    async act(page, values, rule) {
      const saved = await pricing.setRule(page.ctx(values.reason), ruleInputOf(values, rule.id))
      const changed = newValues(RULE_FORM, presentRule(rule), presentRule(saved))
      if (!changed) return { to: RULES_PATH, say: "The rule is as it was." }
      const undo = undoTo(`${RULES_PATH}/${rule.id}`, RULE_FORM, presentRule(rule), {
        reason: undoing(values.reason),
        confirmed: "1",
      })
      return { to: RULES_PATH, say: `${wordsOf(saved)}.`, undo }
    },
    show: (page, form, rule, status) =>
      page.render((frame) => AdminPriceRulePage({ frame, form, rule: rowOf(rule) }), status),
    ask: (page, asked, rule) => page.render((frame) => AdminPriceRuleAskedPage({ frame, ...asked, rule: rowOf(rule) })),
  })
}

function ruleOf({ pricing }: Deps, text: string): PriceRule {
  const rule = pricing.rules().find((one) => String(one.id) === text)
  ensure(rule, "not_found", "There is no such price rule. They are listed under Prices.")
  return rule
}

/** What all rules would be with this one, over last month's calls. */
async function question(deps: Deps, input: SetRuleInput) {
  const { id = Number.MAX_SAFE_INTEGER, ...rule } = input
  const rules = [
    ...deps.pricing.rules().filter((one) => one.id !== id),
    { ...rule, pattern: rule.pattern.trim().toLowerCase(), id },
  ]
  const words = await previewOf(deps, { rules })
  return { words, label: "Save rule", danger: false }
}

const percent = (bp: number): string => `${RULE_FORM.fields.platformBp.write(bp)[0]}%`

const rowOf = (rule: PriceRule): RuleRow => ({
  id: rule.id,
  pattern: rule.pattern,
  traffic: rule.traffic,
  priority: rule.priority,
  platform: percent(rule.platformBp),
  developer: percent(rule.developerBp),
  minimum: orNull(rule.minimumNano),
  fee: orNull(rule.requestFeeNano),
  active: rule.active,
})

const defaultRows = (): RuleRow[] => Object.values(DEFAULT_RULES).map(rowOf)

function wordsOf(rule: PriceRule): string {
  if (!rule.active) return `The rule for ${modelsOf(rule.pattern)} is off`
  return `Calls of ${modelsOf(rule.pattern)} now add ${percent(rule.platformBp)} for the platform and ${percent(rule.developerBp)} for developers`
}
