// For tests of /v1/responses only: the official SDK as the caller, and an upstream that speaks the same wire, and answers as OpenAI's
// documentation shows it.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import OpenAI from "openai"
import { PROVIDERS, type Providers } from "../../gateway/index.ts"
import { kit, type V1Options } from "./testing.ts"
import { startLogged } from "./upstream-testing.ts"

type Json = Record<string, unknown>

const CASES = join(import.meta.dir, "../../../test/cases/responses")
const EVENTS = readFileSync(join(CASES, "events.jsonl"), "utf8")

export const ANSWER = JSON.parse(readFileSync(join(CASES, "answer.json"), "utf8")) as Json & { output: Json[] }

/** Its events, in order. @param end another last one */
export function eventsOf(end?: Json): Json[] {
  const events = EVENTS.trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Json)
  return end ? [...events.slice(0, -1), { ...end, sequence_number: events.length - 1 }] : events
}

export const sseOf = (events: readonly Json[]): string =>
  events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join("")

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
