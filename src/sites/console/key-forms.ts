// The forms of an API key: making one, what may be changed of it, and a new secret. What is allowed, `keys` says.
import { DAY_MS, HOUR_MS } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import { ADMIN_SCOPES, type ApiKeyShown, isAdminScope, KEY_SCOPES, type KeyScope } from "../../keys/index.ts"
import { type AiScope, isAiScope } from "../../oauth/index.ts"
import { SCOPE_LABELS, SCOPE_SENTENCES } from "../auth/index.ts"

const MANAGE = "Read and manage your account: credits, keys, use. It cannot change your password."
const ADMIN_HELP: Readonly<Record<(typeof ADMIN_SCOPES)[number], string>> = {
  "admin:users": "Suspend and reinstate people",
  "admin:credits": "Bonuses, adjustments, refunds",
  "admin:plans": "Plans, and who is on which",
  "admin:prices": "Prices and the terms of earning",
  "admin:upstreams": "AI provider accounts",
  "admin:settings": "Settings of this server",
}

/** "Chat"; a permission of an admin keeps its own name. */
export const scopeLabel = (scope: KeyScope): string => (scope === "manage" ? "Account" : (SCOPE_LABELS[scope] ?? scope))

function scopeHelp(scope: KeyScope): string {
  if (scope === "manage") return MANAGE
  return isAiScope(scope) ? SCOPE_SENTENCES[scope as AiScope] : ADMIN_HELP[scope as (typeof ADMIN_SCOPES)[number]]
}

const option = (scope: KeyScope) => ({ value: scope, label: scopeLabel(scope), help: scopeHelp(scope) })
const MINE = KEY_SCOPES.filter((scope) => !isAdminScope(scope)).map(option)

export const KEY_FORM = form(
  {
    name: field.text({
      label: "Name",
      required: true,
      length: 80,
      help: "Which program uses it, such as “Nightly report”.",
    }),
    mode: field.choice({
      label: "Mode",
      control: "radios",
      wrong: "Choose one of the two.",
      options: [
        { value: "live", label: "Live", help: "Spends your credits." },
        { value: "test", label: "Test", help: "Reaches only models on this machine and spends test credits." },
      ],
    }),
    scopes: field.choices<KeyScope>({ name: "scope", label: "It may use", options: MINE }),
    expiresMs: field.date({
      name: "last_day",
      label: "Last day",
      optional: true,
      help: "It works to the end of this day, UTC. Empty: until you revoke it.",
    }),
    allowedIps: field.lines({
      label: "Works from",
      optional: true,
      mono: true,
      help: "Addresses or ranges, such as 203.0.113.7 or 10.0.0.0/8, one per line. Empty: from anywhere.",
    }),
  },
  { submit: "Create key" },
)

const SPENDS = MINE.filter(({ value }) => value !== "manage")

/** With the permissions of an admin for those who are one; a team's key spends and nothing else. */
export const keyFormFor = (reach: boolean | "spends") =>
  reach === "spends"
    ? KEY_FORM.with({ scopes: { options: SPENDS } })
    : reach
      ? KEY_FORM.with({ scopes: { options: [...MINE, ...ADMIN_SCOPES.map(option)] } })
      : KEY_FORM

/** Live or test is for good. */
export const keyDetailsFor = (reach: boolean | "spends") => keyFormFor(reach).with({ mode: null })

/** Ticked before anybody chose: what most programs need. */
export const NEW_KEY = { mode: "live" as const, scopes: ["llm", "embeddings"] as KeyScope[] }

/** The last day as it is typed, and the moment it ends. */
export const lastDayOf = (expiresMs: number | null): number | null =>
  expiresMs === null ? null : Math.floor((expiresMs - 1) / DAY_MS) * DAY_MS
export const endOf = (lastDayMs: number | null): number | null => (lastDayMs === null ? null : lastDayMs + DAY_MS)

/** What stands in the form. */
export const presentOf = ({ name, mode, scopes, allowedIps, expiresMs }: ApiKeyShown) => ({
  name,
  mode,
  scopes,
  allowedIps,
  expiresMs: lastDayOf(expiresMs),
})

/** How long the secret before works on. */
const KEEP: Readonly<Record<string, { ms: number; label: string }>> = {
  now: { ms: 0, label: "Ends now" },
  hour: { ms: HOUR_MS, label: "Works for one more hour" },
  day: { ms: DAY_MS, label: "Works for one more day" },
  week: { ms: 7 * DAY_MS, label: "Works for one more week" },
}
export const keepMs = (chosen: string): number => KEEP[chosen]?.ms ?? 0

export const ROLL_FORM = form(
  {
    keep: field.choice({
      label: "The secret before",
      options: Object.entries(KEEP).map(([value, { label }]) => ({ value, label })),
    }),
  },
  { submit: "Make a new secret" },
)
