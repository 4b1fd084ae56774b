// The sandbox: OpenAI's wire, spoken by this process. Costs nothing upstream, and is what apps in test mode may use.
import { OWN, openai } from "../openai/index.ts"
import { chatWire } from "../openai/wire.ts"
import type { Provider } from "../provider.ts"
import { createSandbox, SANDBOX_MODEL, SANDBOX_URL } from "./answer.ts"

export const sandbox: Provider = {
  ...openai,
  label: "Sandbox",
  help: "A built-in model that costs nothing upstream. It needs no address and no key.",
  account: null,
  fixed: { baseUrl: SANDBOX_URL, priceProvider: "sandbox", models: [SANDBOX_MODEL] },
  wireFor: (dialect) => OWN[dialect] ?? chatWire,
  leaving: { stream: "stops", whole: "stops" },
  connect: ({ wordMs }) => createSandbox(wordMs),
}
