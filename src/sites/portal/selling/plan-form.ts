// The form of a product plan, and what its fields say of terms.
import { AppError } from "../../../app/index.ts"
import { field, form } from "../../../http/index.ts"
import type { ProductPlan, QuotaTerms, RateTerms, TermsInput } from "../../../marketplace/index.ts"

const PERIODS = ["day", "week", "month", "year"] as const
const quota = (period: string) =>
  field.count({
    label: `Units a ${period}`,
    optional: true,
    group: "Quota",
    help: period === "day" ? "One pool for all endpoints. Empty: no quota of this length." : "",
  })

export const PLAN_FORM = form(
  {
    name: field.text({ label: "Name", required: true, length: 40 }),
    priceNano: field.dollars({
      name: "price",
      label: "Price",
      required: true,
      help: "Each cycle, in whole cents. 0 makes it free.",
    }),
    cycle: field.choice({
      label: "Cycle",
      options: [
        { value: "month", label: "A month" },
        { value: "week", label: "A week" },
        { value: "year", label: "A year" },
      ],
    }),
    trialDays: field.count({
      label: "Trial",
      suffix: "days",
      required: true,
      max: 90,
      help: "Free, once a person. 0: none.",
    }),
    day: quota("day"),
    week: quota("week"),
    month: quota("month"),
    year: quota("year"),
    anchor: field.choice({
      label: "Quotas begin anew",
      group: "Quota",
      options: [
        { value: "anniversary", label: "Counted from the moment of subscribing" },
        { value: "calendar", label: "With the calendar, at midnight UTC" },
      ],
    }),
    resets: field.box({ label: "Moving up to this plan starts quotas anew", group: "Quota" }),
    overageNano: field.dollars({
      name: "overage",
      label: "Price of a unit above the quota",
      optional: true,
      group: "Above the quota",
      help: "Empty: calls above the quota are refused.",
    }),
    overageCapNano: field.dollars({
      name: "overage_cap",
      label: "At most, each cycle",
      optional: true,
      group: "Above the quota",
      help: "Calls that would cost more are refused. Empty: no bound.",
    }),
    rates: field.area({
      label: "Rates",
      optional: true,
      mono: true,
      rows: 4,
      length: 4_000,
      group: "Rates",
      help: "One rule a line: 10 a second, 600 a minute, 5,000 an hour. For one endpoint name it behind: 5 a second GET /forecast/{city}.",
    }),
    features: field.area({
      label: "What it has",
      optional: true,
      rows: 4,
      length: 2_000,
      group: "Words",
      help: "One line each, on the page of plans.",
    }),
    supportLevel: field.choice({
      name: "support",
      label: "Support",
      group: "Words",
      options: [
        { value: "community", label: "Community" },
        { value: "email", label: "Email" },
        { value: "priority", label: "Priority" },
        { value: "dedicated", label: "Dedicated" },
      ],
    }),
    rank: field.count({
      label: "Place in the order",
      optional: true,
      group: "Words",
      max: 10_000,
      help: "Higher plans have all that lower ones have. Empty: above all others.",
    }),
    seenMs: field.version(),
  },
  { submit: "Save plan" },
)

type Values = ReturnType<typeof emptyPlan>
export const emptyPlan = () => ({
  name: "",
  priceNano: 0 as TermsInput["priceNano"],
  cycle: "month" as TermsInput["cycle"],
  trialDays: 0,
  day: null as number | null,
  week: null as number | null,
  month: 1_000 as number | null,
  year: null as number | null,
  anchor: "anniversary" as QuotaTerms["anchor"],
  resets: false,
  overageNano: null as TermsInput["overageNano"],
  overageCapNano: null as TermsInput["overageCapNano"],
  rates: "60 a minute",
  features: "",
  supportLevel: "community" as ProductPlan["supportLevel"],
  rank: null as number | null,
  seenMs: undefined as number | undefined,
})

interface NamedEndpoint {
  id: number
  method: string
  path: string
}

/** What stands in the fields. */
export function presentOf(plan: ProductPlan, endpoints: readonly NamedEndpoint[]): Values {
  const { terms } = plan
  const units = (period: (typeof PERIODS)[number]) => terms.quotas.find((one) => one.period === period)?.units ?? null
  return {
    name: plan.name,
    priceNano: terms.priceNano,
    cycle: terms.cycle,
    trialDays: terms.trialDays,
    day: units("day"),
    week: units("week"),
    month: units("month"),
    year: units("year"),
    anchor: terms.quotas[0]?.anchor ?? "anniversary",
    resets: terms.resetsOnUpgrade,
    overageNano: terms.overageNano,
    overageCapNano: terms.overageCapNano,
    rates: terms.rates.map((rate) => rateText(rate, endpoints)).join("\n"),
    features: plan.features,
    supportLevel: plan.supportLevel,
    rank: plan.rank,
    seenMs: plan.updatedMs,
  }
}

/** @throws AppError validation_failed naming `rates` */
export function termsOf(values: Omit<Values, "seenMs">, endpoints: readonly NamedEndpoint[]): TermsInput {
  const quotas = PERIODS.flatMap((period): QuotaTerms[] => {
    const units = values[period]
    return units === null ? [] : [{ period, anchor: values.anchor, units }]
  })
  const { priceNano, cycle, trialDays, overageNano, overageCapNano } = values
  const rates = values.rates.split("\n").flatMap((line) => (line.trim() === "" ? [] : [rateOf(line.trim(), endpoints)]))
  return { priceNano, cycle, trialDays, overageNano, overageCapNano, resetsOnUpgrade: values.resets, quotas, rates }
}

const ARTICLE = { second: "a", minute: "a", hour: "an" } as const
const RATE = /^(\d{1,3}(?:,\d{3})+|\d{1,9}) ?(?:a|an|per|\/) ?(second|minute|hour)(?: +([A-Z]+) +(\/\S*))?$/

function rateText({ endpointId, span, requests }: RateTerms, endpoints: readonly NamedEndpoint[]): string {
  const endpoint = endpoints.find(({ id }) => id === endpointId)
  const rule = `${requests.toLocaleString("en-US")} ${ARTICLE[span]} ${span}`
  return endpoint ? `${rule} ${endpoint.method} ${endpoint.path}` : rule
}

function rateOf(line: string, endpoints: readonly NamedEndpoint[]): RateTerms {
  const found = RATE.exec(line)
  if (!found) throw wrong(`“${line.slice(0, 60)}” is no rule such as 10 a second.`)
  const [, count = "", span, method, path] = found
  const endpoint = method === undefined ? null : endpoints.find((one) => one.method === method && one.path === path)
  if (endpoint === undefined) throw wrong(`There is no endpoint ${method} ${path?.slice(0, 60)}.`)
  return { endpointId: endpoint?.id ?? 0, span: span as RateTerms["span"], requests: Number(count.replaceAll(",", "")) }
}

const wrong = (words: string): AppError => new AppError("validation_failed", words, { formErrors: { rates: words } })
