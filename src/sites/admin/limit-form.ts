// The forms of a limit: whose it is, of what, and how much. What is allowed, `limits` says.
import { group } from "../../../views/ui/format.ts"
import { creditsDecimal, nano, parseCredits } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import {
  amountError,
  isSpend,
  KINDS,
  LIMIT_KINDS,
  type LimitKind,
  type LimitRule,
  type SetLimit,
} from "../../limits/index.ts"
import { APP_OPTIONS, KEY_OPTIONS, PEOPLE_OPTIONS } from "./limit-options.ts"
import { idTyped } from "./people.ts"
import type { AdminDeps } from "./site.ts"

type Deps = Pick<AdminDeps, "identity" | "oauth" | "keys" | "plans">

const LEVELS = [
  { value: "everybody", label: "Everybody, each person" },
  { value: "plan", label: "Everybody on a plan" },
  { value: "user", label: "A person" },
  { value: "key", label: "An API key" },
  { value: "app", label: "Everybody in an app, each person" },
  { value: "app_user", label: "A person in an app" },
] as const

const WHOSE = "Whose limit"
const OF = "How much"
const reason = field.reason()

export const NEW_LIMIT_FORM = form(
  {
    level: field.choice({ label: "Applies to", options: LEVELS, wrong: "Choose one of these.", group: WHOSE }),
    plan: field.choice({
      label: "Plan",
      options: [{ value: "", label: "Not by plan" }],
      group: WHOSE,
    }),
    person: field.choice({
      label: "Person",
      help: "Any part of a name or an email, or the id that begins with usr_.",
      control: "combobox",
      search: PEOPLE_OPTIONS,
      byDomain: true,
      group: WHOSE,
    }),
    key: field.choice({
      label: "API key",
      help: "Its owner’s name or email, or the id that begins with key_.",
      control: "combobox",
      search: KEY_OPTIONS,
      byDomain: true,
      group: WHOSE,
    }),
    app: field.choice({
      label: "App",
      help: "Any part of its name, or the client id that begins with cli_.",
      control: "combobox",
      search: APP_OPTIONS,
      byDomain: true,
      group: WHOSE,
    }),
    kind: field.choice({
      label: "Of what",
      options: LIMIT_KINDS.map((value) => ({ value, label: KINDS[value].label })),
      wrong: "Choose one of these.",
      group: OF,
    }),
    amount: field.text({
      label: "At most",
      required: true,
      missing: "Say how much.",
      max: 40,
      help: "Requests, tokens or calls; for spend, credits. 0 lets nothing through.",
      group: OF,
    }),
    reason,
  },
  { submit: "Set limit" },
)

export const NEW_LIMIT = {
  level: "everybody",
  plan: "",
  person: "",
  key: "",
  app: "",
  kind: "requests_minute",
  amount: "",
} as const

export const LIMIT_FORM = form(
  {
    amount: field.text({ label: "At most", required: true, missing: "Say how much.", max: 40 }),
    seenMs: field.version(),
    reason,
  },
  { submit: "Save limit" },
)

export const REMOVE_FORM = form({ reason }, { submit: "Remove limit", danger: true })

/** `At most, credits a day`. */
export const amountLabel = (kind: LimitKind): string =>
  `${KINDS[kind].label}, at most${isSpend(kind) ? ", in credits" : ""}`

export const amountText = ({ kind, amount }: Pick<LimitRule, "kind" | "amount">): string =>
  group(isSpend(kind) ? creditsDecimal(nano(amount)) : String(amount))

/** Of a text that `wrongAmount` has nothing against. */
export function amountFrom(kind: LimitKind, text: string): number {
  const plain = text.replace(/[\s,_]/g, "")
  if (isSpend(kind)) return parseCredits(plain) ?? Number.NaN
  return /^\d{1,15}$/.test(plain) ? Number(plain) : Number.NaN
}

export const wrongAmount = (kind: LimitKind, text: string): string | null => amountError(kind, amountFrom(kind, text))

interface Whose {
  level: SetLimit["level"]
  plan: string
  person: string
  key: string
  app: string
}

const userOf = ({ identity }: Deps, typed: string) =>
  identity.userByPublicId(idTyped({ identity }, typed.trim().toLowerCase()) || "") ??
  identity.userByPublicId(idTyped({ identity }, typed.trim()))
const appOf = ({ oauth }: Deps, typed: string) => oauth.clientByPublicId(typed.trim())
const keyOf = ({ keys }: Deps, typed: string) => keys.find(typed.trim())

/** All that is wrong at once. */
export function newLimitErrors(
  deps: Deps,
  given: Partial<Whose & { kind: LimitKind; amount: string }>,
): Record<string, string> {
  const { level, plan = "", person = "", key = "", app = "", kind, amount } = given
  const errors: Record<string, string> = {}
  if (level === "plan" && !deps.plans.planByCode(plan)) errors.plan = "Choose one of the plans."
  if ((level === "user" || level === "app_user") && !userOf(deps, person))
    errors.person = "Nobody here has this email or id. Choose somebody from the list."
  if (level === "key" && !keyOf(deps, key)) errors.key = "There is no key with this id. Choose one from the list."
  if ((level === "app" || level === "app_user") && !appOf(deps, app))
    errors.app = "There is no app with this client id. Choose one from the list."
  const wrong = kind === undefined || amount === undefined || amount === "" ? null : wrongAmount(kind, amount)
  if (wrong) errors.amount = wrong
  return errors
}

/** Of what `newLimitErrors` has nothing against. */
export function subjectFrom(deps: Deps, { level, plan, person, key, app }: Whose): Pick<SetLimit, "level" | "subject"> {
  const user = () => String(userOf(deps, person)?.id)
  const client = () => String(appOf(deps, app)?.id)
  const subject = {
    everybody: () => "",
    plan: () => plan,
    user,
    key: () => String(keyOf(deps, key)?.id),
    app: client,
    app_user: () => `${client()}:${user()}`,
  }[level]()
  return { level, subject }
}
