// The form of a package of credits: its terms as people see and type them. What is allowed, `billing` says.
import { field, form } from "../../http/index.ts"

const TERMS = {
  name: field.text({ label: "Name", required: true }),
  priceNano: field.dollars({
    name: "price",
    label: "Price",
    required: true,
    help: "Buys as many credits as it is worth.",
  }),
  bonusNano: field.credits({
    name: "bonus",
    label: "Credits on top",
    help: "A lot of their own that was not paid for.",
  }),
  bonusDays: field.days({
    label: "They live for",
    optional: true,
    help: "Leave it empty for no end.",
    wrong: "Give a number of days, or leave it empty.",
  }),
}

export const NEW_PACKAGE_FORM = form(
  {
    slug: field.text({
      label: "Id",
      required: true,
      mono: true,
      help: "In addresses, such as starter. It cannot be changed later.",
    }),
    ...TERMS,
    reason: field.reason(),
  },
  { submit: "Add package" },
)

export const PACKAGE_FORM = form(
  { ...TERMS, seenMs: field.version(), reason: field.reason() },
  { submit: "Save package" },
)

export const PACKAGE_OFF_FORM = form({ reason: field.reason() }, { submit: "Take off sale", danger: true })
