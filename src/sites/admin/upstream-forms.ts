// The forms of an upstream: a new one, its account, a test. What is allowed, `gateway` says.
import { field, form } from "../../http/index.ts"

const PRICES = "Whose price list applies to its models."
const SAVE = { submit: "Save and test" }

export const NEW_FORM = form(
  {
    kind: field.choice({
      label: "Kind",
      control: "radios",
      wrong: "Choose one of the two.",
      options: [
        {
          value: "openai-compatible",
          label: "OpenAI-compatible",
          help: "OpenAI, OpenRouter, or any server with the same API.",
        },
        {
          value: "sandbox",
          label: "Sandbox",
          help: "A built-in model that costs nothing upstream. It needs no address and no key.",
        },
      ],
    }),
    name: field.text({
      label: "Name",
      required: true,
      max: 40,
      help: "Letters, digits, dots, dashes or underscores, such as openai.",
    }),
    baseUrl: field.url({
      label: "Base URL",
      help: "Including /v1, for instance https://api.openai.com/v1",
      mono: true,
    }),
    apiKey: field.secret({
      label: "API key",
      help: "Encrypted before it is stored, and never shown again.",
      optional: true,
      mono: true,
    }),
    priceProvider: field.choice({ name: "provider", label: "Prices", help: PRICES, byDomain: true }),
  },
  SAVE,
)

export const ACCOUNT_FORM = form(
  {
    baseUrl: field.url({
      label: "Base URL",
      help: "Including /v1. Another server needs its key below.",
      required: true,
      mono: true,
    }),
    apiKey: field.secret({ label: "New API key", optional: true, mono: true }),
    priceProvider: field.choice({ name: "provider", label: "Prices", help: PRICES, byDomain: true }),
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
