// Limits of everybody and of plans. Those of single people, keys and apps name rows of this house and stay out of files.
import { AppError, nano } from "../../../../app/index.ts"
import { type FieldDef, field, form } from "../../../../http/index.ts"
import { isSpend, KINDS, LIMIT_KINDS, type LimitKind } from "../../../../limits/index.ts"
import type { Kind, SetupDeps, Values } from "../types.ts"

const fieldOf = (kind: LimitKind): FieldDef<number | null> => {
  const words = { name: kind, label: KINDS[kind].label, optional: true } as const
  return isSpend(kind) ? (field.credits(words) as FieldDef<number | null>) : field.count(words)
}
const FORM = form(Object.fromEntries(LIMIT_KINDS.map((kind) => [kind, fieldOf(kind)])), { submit: "Save limits" })
const NONE: Values = Object.fromEntries(LIMIT_KINDS.map((kind) => [kind, null]))

const EVERYBODY = "everybody"
const PLAN = "plan:"

type Deps = Pick<SetupDeps, "limits" | "plans">

export function limitsKind({ limits, plans }: Deps): Kind {
  const whoseOf = (entry: string): { level: "everybody" | "plan"; subject: string } => {
    if (entry === EVERYBODY) return { level: "everybody", subject: "" }
    const code = entry.startsWith(PLAN) ? entry.slice(PLAN.length) : ""
    if (plans.planByCode(code)) return { level: "plan", subject: code }
    throw new AppError("not_found", "Limits of a file are of “everybody”, or of a plan such as “plan:free”.")
  }
  const rulesOf = (entry: string) => {
    const { level, subject } = whoseOf(entry)
    return limits.rules().filter((rule) => rule.level === level && rule.subject === subject)
  }
  return {
    name: "limits",
    shape: "fields",
    present() {
      const found = new Map<string, Values>()
      for (const { level, subject, kind, amount } of limits.rules()) {
        if (level !== "everybody" && level !== "plan") continue
        const entry = level === "plan" ? `${PLAN}${subject}` : EVERYBODY
        found.set(entry, { ...(found.get(entry) ?? NONE), [kind]: isSpend(kind) ? nano(amount) : amount })
      }
      return found
    },
    formOf(entry) {
      whoseOf(entry)
      return FORM
    },
    fresh: NONE,
    saveIn(tx, entry, values, before) {
      const whose = whoseOf(entry)
      for (const kind of LIMIT_KINDS) {
        const amount: number | null = values[kind]
        if (amount === (before?.[kind] ?? null)) continue
        const rule = rulesOf(entry).find((one) => one.kind === kind)
        if (amount !== null) limits.setIn(tx, { ...whose, kind, amount })
        else if (rule) limits.removeIn(tx, rule.publicId)
      }
    },
    removeIn(tx, entry) {
      for (const { publicId } of rulesOf(entry)) limits.removeIn(tx, publicId)
    },
  }
}
