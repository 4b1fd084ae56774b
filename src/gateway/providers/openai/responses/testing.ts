// For tests only: an answer of the Responses API as OpenAI's documentation shows it, whole and as a stream.
import { readFileSync } from "node:fs"
import { join } from "node:path"

type Json = Record<string, unknown>

const CASES = join(import.meta.dir, "../../../../../test/cases/responses")
const EVENTS = readFileSync(join(CASES, "events.jsonl"), "utf8")

export const ANSWER = JSON.parse(readFileSync(join(CASES, "answer.json"), "utf8")) as Json & { output: Json[] }
export const SEAL = ANSWER.output[0]!.encrypted_content

/** Its events, in order. @param end another last one */
export function eventsOf(end?: Json): Json[] {
  const events = EVENTS.trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Json)
  return end ? [...events.slice(0, -1), { ...end, sequence_number: events.length - 1 }] : events
}

export const sseOf = (events: readonly Json[]): string =>
  events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join("")
