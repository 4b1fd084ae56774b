// The wire of OpenAI's own Responses API, at OpenAI and at Azure.
import type { Account, Wire } from "../../provider.ts"
import { refusal } from "../refusal.ts"
import { bearerAt } from "../wire.ts"
import { decodeStream, decodeWhole } from "./decode.ts"
import { encode } from "./encode.ts"
import { cannotSay } from "./from-conversation.ts"

export const responsesWire: Wire = {
  name: "responses",
  endpoint: (account) => bearerAt(account, `${account.baseUrl}/responses`),
  encode,
  cannot: cannotSay,
  decodeStream,
  decodeWhole,
  refusal,
}

/** Servers known to have this API whole; the others are asked in chat completions. */
const HOSTS = /^(api\.openai\.com|.+\.api\.openai\.com|.+\.openai\.azure\.com|.+\.services\.ai\.azure\.com)$/

export function hasResponses({ baseUrl }: Account): boolean {
  const url = URL.parse(baseUrl)
  if (!url || !HOSTS.test(url.hostname)) return false
  return url.hostname.endsWith("azure.com") ? url.pathname.replace(/\/$/, "") === "/openai/v1" : true
}
