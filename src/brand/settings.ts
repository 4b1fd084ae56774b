// What an operator says of their house: name, colour, promise, where to get help. Good without a change.
import { nameProblem, PRODUCT_NAME } from "../app/index.ts"
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"
import { isColour } from "./accent.ts"
import { BRAND_LIMITS } from "./limits.ts"

const group = "Brand"
const within = (max: number) => (text: string) => (text.length > max ? `Keep this within ${max} characters.` : null)
const { nameChars, claimChars, leadChars, emailChars, linkChars, linksMax } = BRAND_LIMITS

export const BRAND = {
  name: {
    key: "brand.name",
    group,
    field: field.text({ label: "Name", help: "On every page, mail and invoice.", max: nameChars }),
    default: PRODUCT_NAME,
    problem: (value) => nameProblem(value, { of: "thing", charsMax: nameChars }),
  },
  accent: {
    key: "brand.accent",
    group,
    field: field.text({
      label: "Accent colour",
      help: "As #0b6aa2, for buttons and links. It is made darker or lighter where it could not be read. Empty: sea blue.",
      max: 7,
      optional: true,
    }),
    default: "",
    problem: (value) =>
      value === "" || isColour(value) ? null : "Give a colour as # and six digits, such as #0b6aa2.",
  },
  claim: {
    key: "brand.claim",
    group,
    field: field.text({ label: "Claim", help: "The large line of the front page.", max: claimChars }),
    default: "One balance for every AI app you use",
    problem: (value) => (value.trim() === "" ? "Give a line." : within(claimChars)(value)),
  },
  lead: {
    key: "brand.lead",
    group,
    field: field.area({
      label: "What it means",
      help: "One or two sentences below it; search engines and previews of links show them too.",
      max: leadChars,
      rows: 3,
    }),
    default:
      "Sign in to AI apps with one account. They spend your credits under a daily limit that you set, and you see where every credit went.",
    problem: (value) => (value.trim() === "" ? "Give a sentence." : within(leadChars)(value)),
  },
  support: {
    key: "brand.support",
    group,
    field: field.text({
      label: "Address for help",
      help: "An email address, shown at the foot of pages. Empty: that of invoices.",
      max: emailChars,
      optional: true,
    }),
    default: "",
    problem: (value) =>
      value === "" || /^[^\s@]+@[^\s@]+$/.test(value) ? null : "Give an email address, or leave it empty.",
  },
  social: {
    key: "brand.social",
    group,
    field: field.area({
      label: "Elsewhere",
      help: `Addresses of your pages on other sites, one a line, at most ${linksMax}: https://github.com/acme.`,
      max: linkChars * linksMax,
      rows: 3,
      optional: true,
    }),
    default: "",
    problem(value) {
      const lines = linesOf(value)
      if (lines.length > linksMax) return `Give at most ${linksMax} addresses.`
      const wrong = lines.find((line) => URL.parse(line)?.protocol !== "https:" || line.length > linkChars)
      return wrong === undefined ? null : `“${wrong.slice(0, 80)}” is no https address.`
    },
  },
  counts: {
    key: "brand.counts",
    group,
    field: field.choice({
      label: "Count models and APIs on the front page",
      options: [
        { value: "yes", label: "Yes" },
        { value: "no", label: "No" },
      ],
    }),
    default: "yes",
    problem: (value) => (["yes", "no"].includes(value) ? null : "Choose one of the list."),
  },
} as const satisfies Record<string, Setting<string>>

export const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
