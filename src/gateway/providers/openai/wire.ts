// The wire of chat completions: OpenAI's, and that of the many servers that speak the same.
import type { Account, Endpoint, Wire } from "../provider.ts"
import { decodeStream, decodeWhole } from "./decode.ts"
import { encode } from "./encode.ts"
import { cannotSay } from "./from-conversation.ts"
import { refusal } from "./refusal.ts"

export const bearerAt = ({ apiKey }: Account, url: string): Endpoint => ({
  url,
  headers: {
    "content-type": "application/json",
    "accept-encoding": "identity",
    ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
  },
})

export const chatWire: Wire = {
  name: "chat",
  reportEnds: true,
  endpoint: (account) => bearerAt(account, `${account.baseUrl}/chat/completions`),
  encode,
  cannot: cannotSay,
  decodeStream,
  decodeWhole,
  refusal,
}
