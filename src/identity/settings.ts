// What an operator sets of sign-up: which addresses may have an account.
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"
import { SIGN_UP_WORK } from "./work/index.ts"

const GROUP = "Sign-up"
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/
const CHARS_MAX = 4_000

/** Apart by blanks, commas or lines. */
export const domainsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)

const problem = (text: string): string | null => {
  if (text.length > CHARS_MAX) return `Give at most ${CHARS_MAX} characters.`
  const wrong = domainsOf(text).find((domain) => !DOMAIN.test(domain))
  return wrong === undefined ? null : `${wrong.slice(0, 60)} is no domain, such as example.com.`
}

export const REFUSE_DISPOSABLE: Setting<"refuse" | "allow"> = {
  key: "identity.refuse_disposable",
  group: GROUP,
  field: field.choice({
    label: "Disposable addresses",
    help: "Of services whose mailboxes are thrown away, by a list that comes with each release.",
    options: [
      { value: "refuse", label: "Refuse them" },
      { value: "allow", label: "Let them in" },
    ],
  }),
  default: "refuse",
  problem: () => null,
}

export const DOMAINS_BLOCKED: Setting<string> = {
  key: "identity.domains_blocked",
  group: GROUP,
  field: field.area({
    label: "Domains that may not sign up",
    optional: true,
    max: CHARS_MAX,
    help: "One a line; what lies below them is meant, too.",
  }),
  default: "",
  problem,
}

export const DOMAINS_ALLOWED: Setting<string> = {
  key: "identity.domains_allowed",
  group: GROUP,
  field: field.area({
    label: "Domains that are fine",
    optional: true,
    max: CHARS_MAX,
    help: "One a line. They are let in whatever the lists say.",
  }),
  default: "",
  problem,
}

export const SIGN_UP_SETTINGS = [SIGN_UP_WORK, REFUSE_DISPOSABLE, DOMAINS_BLOCKED, DOMAINS_ALLOWED]
