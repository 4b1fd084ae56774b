// The forms of an upstream: a new one, its account, a test. What is allowed, `gateway` says; which kinds there are comes with the request.
import { MAX_TOKENS_FIELDS } from "../../gateway/index.ts"
import { field, form } from "../../http/index.ts"

const PRICES = "Whose price list applies to its models."
const SAVE = { submit: "Save and test" }

export const NEW_FORM = form(
  {
    kind: field.choice({ label: "Kind", control: "radios", wrong: "Choose one of the kinds." }),
    name: field.text({
      label: "Name",
      required: true,
      max: 40,
      help: "Letters, digits, dots, dashes or underscores, such as openai.",
    }),
    baseUrl: field.url({ label: "Base URL", mono: true }),
    apiKey: field.secret({
      label: "API key",
      help: "Encrypted before it is stored, and never shown again.",
      optional: true,
      mono: true,
    }),
    priceProvider: field.choice({ name: "provider", label: "Prices", help: PRICES, byDomain: true }),
    preset: field.hidden({ label: "Provider it was chosen as" }),
  },
  SAVE,
)

export const ACCOUNT_FORM = form(
  {
    baseUrl: field.url({ label: "Base URL", required: true, mono: true }),
    apiKey: field.secret({ label: "New API key", optional: true, mono: true }),
    priceProvider: field.choice({ name: "provider", label: "Prices", help: PRICES, byDomain: true }),
    maxTokensField: field.choice({
      name: "max_tokens_field",
      label: "Field for the longest answer",
      help: "Every call names its maximum of tokens. Choose the field if the provider knows only one of them.",
      options: [{ value: "", label: "By base URL" }, ...MAX_TOKENS_FIELDS.map((value) => ({ value, label: value }))],
    }),
    extraFields: field.lines({
      name: "extra_fields",
      label: "Extra fields",
      optional: true,
      rows: 2,
      help: "Fields of a request that are not known here are refused. Name those this provider may get, one per line, such as min_tokens or messages.weight.",
      mono: true,
    }),
  },
  SAVE,
)

export const TEST_FORM = form(
  {
    from: field.choice({
      label: "Where it was asked",
      control: "hidden",
      options: [
        { value: "list", label: "The list" },
        { value: "page", label: "Its page" },
      ],
    }),
  },
  { submit: "Test" },
)

const MINUTE =
  "What the provider grants this account in a minute. Calls beyond it go to another. Empty if you do not know."

export const ROUTING_FORM = form(
  {
    priority: field.count({
      label: "Priority",
      required: true,
      max: 100,
      help: "The lowest is asked first; the others when it fails or is full.",
    }),
    weight: field.count({
      label: "Weight",
      required: true,
      min: 1,
      max: 1_000,
      help: "Among upstreams of the same priority: one of weight 3 gets three times the calls of one of weight 1.",
    }),
    requestsPerMinute: field.count({
      name: "requests_per_minute",
      label: "Requests a minute",
      optional: true,
      min: 1,
      max: 10_000_000,
      help: MINUTE,
    }),
    tokensPerMinute: field.count({
      name: "tokens_per_minute",
      label: "Tokens a minute",
      optional: true,
      min: 1,
      max: 999_999_999,
      help: "Prompts and answers together. Empty if you do not know.",
    }),
  },
  { submit: "Save share and limits" },
)
