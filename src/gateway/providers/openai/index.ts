// OpenAI's chat completions, and the many servers that speak the same: OpenRouter, vLLM, LiteLLM, Groq, DeepSeek, …
import type { Provider } from "../provider.ts"
import { decodeStream, decodeWhole } from "./decode.ts"
import { encode } from "./encode.ts"
import { messageIn, refusal } from "./refusal.ts"

export const openai: Provider = {
  label: "OpenAI-compatible",
  help: "OpenAI, OpenRouter, or any server with the same API.",
  account: { baseUrlHelp: "Including /v1.", baseUrlExample: "https://api.openai.com/v1" },
  native: "chat",
  // Most bill an answer in one piece whole, whoever still listens.
  leaving: { stream: "stops", whole: "runs-on" },
  endpoint: ({ baseUrl, apiKey }, what) => ({
    url: what === "chat" ? `${baseUrl}/chat/completions` : `${baseUrl}/models`,
    headers: {
      "content-type": "application/json",
      "accept-encoding": "identity",
      ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
    },
  }),
  encode,
  decodeStream,
  decodeWhole,
  refusal,
  messageIn,
  models,
}

/** OpenAI's `data`, or `models` of servers that half imitate it. */
function models(text: string): string[] {
  const parsed = JSON.parse(text) as { data?: unknown; models?: unknown } | null
  const list = [parsed?.data, parsed?.models].find((one) => Array.isArray(one)) as unknown[] | undefined
  return (list ?? []).map((entry) => String((entry as { id?: unknown } | null)?.id ?? ""))
}
