// The form of a plan: every term an operator may change, as people see and type it. What is allowed, `plans` says.
import { field, form } from "../../http/index.ts"
import { FREE_BUDGET } from "../../plans/index.ts"

const PUBLIC = "What people see"
const CREDITS = "Credits"
const KEYS = "Own keys"
const MORE = "Also included"

export const PLAN_FORM = form(
  {
    name: field.text({ label: "Name", required: true, group: PUBLIC }),
    description: field.area({
      label: "Description",
      help: "One sentence for the comparison of plans.",
      rows: 2,
      group: PUBLIC,
    }),
    priceNano: field.dollars({ name: "price", label: "Price a month", group: PUBLIC }),
    yearlyNano: field.dollars({
      name: "yearly_price",
      label: "Price a year",
      help: "Leave it empty to sell the plan by the month only.",
      optional: true,
      group: PUBLIC,
    }),
    sortOrder: field.count({ label: "Place in the list", help: "Lower numbers come first.", group: PUBLIC }),
    active: field.box({
      label: "Open to new people",
      help: "People who are on a plan that is closed stay on it.",
      group: PUBLIC,
    }),
    dailyClaimNano: field.credits({ name: "daily", label: "Daily claim", group: CREDITS }),
    freeBudgetCounts: field.box({
      name: "free_budget",
      label: "Claims count against the free budget",
      help: "Then they wait for the next day once it is spent.",
      group: CREDITS,
    }),
    monthlyNano: field.credits({
      name: "monthly",
      label: "Monthly credits",
      help: "Granted when a period begins; they expire when it ends. 1,000 credits are $1.",
      group: CREDITS,
    }),
    rolloverMaxNano: field.credits({
      name: "rollover_max",
      label: "Rolls over at most",
      help: "Unused credits that live on when a period ends. 0 for none.",
      group: CREDITS,
    }),
    rolloverCapNano: field.credits({
      name: "rollover_cap",
      label: "All rolled-over credits together",
      help: "What a person holds from earlier periods at most. Leave it empty for no limit.",
      optional: true,
      group: CREDITS,
    }),
    rolloverPeriods: field.count({
      label: "Months that rolled-over credits live on",
      wrong: "Give a whole number of months.",
      group: CREDITS,
    }),
    markupPaidBp: field.percent({
      name: "markup_paid",
      label: "Markup with own API keys, paid models",
      help: "Above the model’s price. Calls through apps follow the price rules instead.",
      group: KEYS,
    }),
    markupFreeBp: field.percent({
      name: "markup_free",
      label: "Markup with own API keys, free models",
      group: KEYS,
    }),
    freeModelsOnly: field.box({ label: "Own API keys reach free models only", group: KEYS }),
    freePer1kNano: field.credits({
      name: "per_1k",
      label: "1,000 tokens of a free model",
      help: "Charged when own API keys reach free models only.",
      group: KEYS,
    }),
    byokAllowed: field.box({
      name: "byok",
      label: "Own provider keys allowed",
      help: "Calls with them cost the person no credits.",
      group: KEYS,
    }),
    eitherOr: field.box({
      label: "Either monthly credits or own provider keys",
      help: "The person chooses one for each period.",
      group: KEYS,
    }),
    overrides: field.box({ label: "A model of the person’s choice for each capability", group: MORE }),
    prioritySupport: field.box({ name: "support", label: "Priority support", group: MORE }),
    teams: field.box({ label: "Teams", group: MORE }),
    seenMs: field.version(),
    reason: field.reason(),
  },
  { submit: "Save plan" },
)

/** The free plan has no periods, and cannot be closed. */
export const FREE_PLAN_FORM = PLAN_FORM.with({
  yearlyNano: null,
  active: null,
  monthlyNano: null,
  rolloverMaxNano: null,
  rolloverCapNano: null,
  rolloverPeriods: null,
  eitherOr: null,
})

export const FREE_BUDGET_FORM = form(
  {
    credits: FREE_BUDGET.field,
    reason: field.reason(),
  },
  { submit: "Save free budget" },
)
