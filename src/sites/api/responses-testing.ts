// For tests of /v1/responses only: the official SDK as the caller, and an upstream that speaks the same wire.
import OpenAI from "openai"
import { PROVIDERS, type Providers } from "../../gateway/index.ts"
import { kit, type V1Options } from "./testing.ts"
import { startLogged } from "./upstream-testing.ts"

export { ANSWER, eventsOf, sseOf } from "../../gateway/providers/openai/responses/testing.ts"

export const ASK = { model: "mock-1", input: "hi" }

export const sdk = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })

export const respond = (token: string, body: unknown, init: RequestInit = {}) =>
  fetch(`${kit.server.url}/v1/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  })

/** The same server, asked as OpenAI itself is. */
function nativeProviders(): Providers {
  const openai = PROVIDERS["openai-compatible"]!
  const wireFor: typeof openai.wireFor = (dialect, account) =>
    openai.wireFor(dialect, { ...account, baseUrl: "https://api.openai.com/v1" })
  return { ...PROVIDERS, "openai-compatible": { ...openai, wireFor } }
}

export const startNative = (options: V1Options = {}): Promise<void> =>
  startLogged({ providers: nativeProviders(), ...options })
