// Anthropic: the Messages API, and servers that speak the same.
import { type Account, type Endpoint, isTold, type Provider, type Wire } from "../provider.ts"
import { cannotSay } from "./cannot.ts"
import { decodeStream, decodeWhole } from "./decode.ts"
import { BETAS, encode } from "./encode.ts"
import { messageIn, refusal } from "./refusal.ts"

const HEADERS = {
  "content-type": "application/json",
  "accept-encoding": "identity",
  "anthropic-version": "2023-06-01",
}

/** Its own SDKs take the address without `/v1`; people write both. */
function at({ baseUrl, apiKey }: Account, path: string, betas: readonly string[] = []): Endpoint {
  return {
    url: `${baseUrl.replace(/\/v1$/, "")}/v1/${path}`,
    headers: {
      ...HEADERS,
      ...(apiKey === "" ? {} : { "x-api-key": apiKey }),
      ...(betas.length > 0 ? { "anthropic-beta": betas.join(",") } : {}),
    },
  }
}

export { citationJson, citationOf } from "./citations.ts"

const messagesWire: Wire = {
  name: "messages",
  endpoint: (account, { question }) =>
    at(account, "messages", question.fields?.[BETAS] as readonly string[] | undefined),
  encode,
  cannot: cannotSay,
  decodeStream,
  decodeWhole,
  refusal,
}

export const anthropic: Provider = {
  label: "Anthropic",
  help: "Claude, by the Messages API.",
  account: { baseUrlHelp: "Without /v1.", baseUrlExample: "https://api.anthropic.com" },
  priceProvider: "anthropic",
  wireFor: (dialect) => (isTold(dialect) ? messagesWire : null),
  leaving: { stream: "stops", whole: "runs-on" },
  // More than there are: one page.
  modelList: (account) => at(account, "models?limit=1000"),
  models,
  messageIn,
  countTokens: (account, { fields }) =>
    at(account, "messages/count_tokens", fields?.[BETAS] as readonly string[] | undefined),
}

function models(text: string): string[] {
  const { data } = JSON.parse(text) as { data?: unknown }
  return (Array.isArray(data) ? data : []).map((entry) => String((entry as { id?: unknown } | null)?.id ?? ""))
}
