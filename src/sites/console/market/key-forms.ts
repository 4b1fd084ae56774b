// The forms of a product key: making one, changing it, and a new secret. What is allowed, the domain says.
import { DAY_MS, HOUR_MS } from "../../../app/index.ts"
import { field, form } from "../../../http/index.ts"
import type { Marketplace } from "../../../marketplace/index.ts"
import { endOf, lastDayOf } from "../key-forms.ts"

export type ProductKey = ReturnType<Marketplace["calls"]["keysOf"]>[number]

const IPS = "Addresses or ranges, such as 203.0.113.7 or 10.0.0.0/8, one per line."

const FIELDS = {
  name: field.text({
    label: "Name",
    required: true,
    length: 80,
    help: "Which program uses it, such as “Production” or “Laptop”.",
  }),
  access: field.choice({
    label: "It may",
    control: "radios",
    wrong: "Choose one of the two.",
    options: [
      { value: "all", label: "Make any call" },
      { value: "read", label: "Only read", help: "GET and HEAD." },
    ],
  }),
  expiresMs: field.date({
    name: "last_day",
    label: "Last day",
    optional: true,
    help: "It works to the end of this day, UTC. Empty: until you revoke it.",
  }),
  allowedIps: field.lines({ label: "Works from", optional: true, mono: true, help: `${IPS} Empty: from anywhere.` }),
  deniedIps: field.lines({ label: "Never from", optional: true, mono: true, help: `${IPS} Empty: none.` }),
} as const

export const EDIT_KEY = form(FIELDS, { submit: "Save key" })
export const NEW_KEY = form(
  {
    name: FIELDS.name,
    mode: field.choice({
      label: "Mode",
      control: "radios",
      wrong: "Choose one of the two.",
      options: [
        { value: "live", label: "Live", help: "Calls the API and uses your quota." },
        { value: "test", label: "Test", help: "Gets the stored examples: no call, no quota, no cost." },
      ],
    }),
    access: FIELDS.access,
    expiresMs: FIELDS.expiresMs,
    allowedIps: FIELDS.allowedIps,
    deniedIps: FIELDS.deniedIps,
  },
  { submit: "Make a key" },
)

export const presentOf = ({ name, access, expiresMs, allowedIps, deniedIps }: ProductKey) => ({
  name,
  access,
  allowedIps,
  deniedIps,
  expiresMs: lastDayOf(expiresMs),
})

/** As the domain takes it; an end that was not touched stays to the millisecond. */
export const termsOf = <T extends { expiresMs: number | null }>({ expiresMs, ...terms }: T, before?: ProductKey) => ({
  ...terms,
  ...(before && lastDayOf(before.expiresMs) === expiresMs ? {} : { expiresMs: endOf(expiresMs) }),
})

/** How long the secret before works on. */
const KEEP: Readonly<Record<string, { ms: number; label: string }>> = {
  hour: { ms: HOUR_MS, label: "Works for one more hour" },
  day: { ms: DAY_MS, label: "Works for one more day" },
  week: { ms: 7 * DAY_MS, label: "Works for one more week" },
  now: { ms: 0, label: "Ends now" },
}
export const keepMs = (chosen: string): number => KEEP[chosen]?.ms ?? 0

export const ROTATE = form(
  {
    keep: field.choice({
      label: "The secret before",
      options: Object.entries(KEEP).map(([value, { label }]) => ({ value, label })),
    }),
  },
  { submit: "Make a new secret" },
)
