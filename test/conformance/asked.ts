// One plain question in each dialect, as bytes; for tests that break the answer.
import { COLUMNS } from "./columns.ts"
import type { Said } from "./meaning.ts"
import { USAGE } from "./scenarios.ts"

export const WIRES = COLUMNS.filter(({ kind }) => kind !== "vertex")
export const SAID: Said = { text: "one two three four five six seven", finish: "stop", usage: USAGE }

export const PATHS = { chat: "chat/completions", messages: "messages", responses: "responses" } as const
export type Dialect = keyof typeof PATHS
export const BODIES = {
  chat: { messages: [{ role: "user", content: "q" }], max_tokens: 500 },
  messages: { messages: [{ role: "user", content: "q" }], max_tokens: 500 },
  responses: { input: "q", max_output_tokens: 500 },
}

/** Both what an error is called, and that a stream ends in one. */
export const codeIn = (text: string): string | null => /"(?:error_)?code":\s?"(\w+)"/.exec(text)?.[1] ?? null
