// Magic words: how a developer sees their app meet what real models do. They stand at the beginning of the last question, so that nothing but
// the prompt has to change. Documented in docs/how-to/test-your-app.md.
import { pause } from "./pause.ts"

/** What the sandbox was told to do. */
export type Told =
  | { act: "answer" }
  | { act: "fail"; status: number }
  | { act: "break" }
  | { act: "stall"; ms: number }
  | { act: "cost"; words: number }
  | { act: "refuse" }
  | { act: "tool"; name: string; args: string }
  | { act: "help" }

/** Statuses that a model's server answers with, and what they are called there. */
const FAILURES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  429: "rate_limit_exceeded",
  500: "server_error",
  503: "overloaded_error",
}
/** Longest silence, s: within what a call may take, and no connection is held for long. */
const STALL_SECONDS_MAX = 60
/** Longest answer, words: enough to meet every limit of credits, and quickly made. */
const COST_WORDS_MAX = 20_000

const WORD = /^\s*sandbox:\s?([a-z]+)(?:[\s=]+(\d{1,6}))?(?=\s|$)/i

/** `sandbox:tool get_weather {"city":"Oslo"}` */
const TOOL = /^sandbox:\s?tool\s([\w.-]{1,128})(?=[\s{]|$)/i

export function toldIn(question: string): Told {
  const [called, tool] = TOOL.exec(question.trimStart()) ?? []
  if (called !== undefined && tool !== undefined)
    return { act: "tool", name: tool, args: question.trimStart().slice(called.length).trim() || "{}" }
  const [, word = "", number] = WORD.exec(question) ?? []
  const given = number === undefined ? null : Number(number)
  switch (word.toLowerCase()) {
    case "":
      return { act: "answer" }
    case "fail":
      return { act: "fail", status: given !== null && given in FAILURES ? given : 500 }
    case "break":
      return { act: "break" }
    case "stall":
      return { act: "stall", ms: Math.min(given ?? 5, STALL_SECONDS_MAX) * 1_000 }
    case "cost":
      return { act: "cost", words: Math.min(Math.max(given ?? 1_000, 1), COST_WORDS_MAX) }
    case "refuse":
      return { act: "refuse" }
    default:
      return { act: "help" }
  }
}

export const REFUSAL = "I cannot help with that."

export const HELP =
  'The sandbox knows these words at the beginning of a question: sandbox:fail (or sandbox:fail 429), sandbox:break, sandbox:stall 5, sandbox:cost 1000, sandbox:refuse, sandbox:tool name {"its":"arguments"}.'

/** @returns the answer that takes the place of one, if it was told to fail; waits where it was told to. */
export async function before(told: Told, signal: AbortSignal): Promise<Response | null> {
  if (told.act === "stall") await pause(told.ms, signal)
  if (told.act !== "fail") return null
  const { status } = told
  const error = {
    message: `The sandbox was told to fail with ${status}.`,
    type: FAILURES[status],
    param: null,
    code: null,
  }
  return Response.json({ error }, { status, headers: status === 429 ? { "retry-after": "2" } : {} })
}
