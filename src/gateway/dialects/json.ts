// Reads the JSON of a request so that it can be sent on as it was written: numbers that JavaScript cannot hold keep
// their digits, and nesting is bounded before anything walks it.
import { AppError } from "../../app/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"

/**
 * One document twice: `plain` for checking and counting, `exact` for sending. The same object when every number is
 * plain.
 */
export interface Parsed {
  plain: unknown
  exact: unknown
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])
/** Characters of a number (RFC 8259 §6). */
const NUMBER = new Set([..."0123456789+-.eE"].map((char) => char.charCodeAt(0)))

/** @throws AppError invalid_request */
export function parseJson(text: string): Parsed {
  if (text === "") throw new AppError("invalid_request", "The body is empty. Send a JSON object.")
  const isPlain = scan(text)
  try {
    const plain: unknown = JSON.parse(text)
    return { plain, exact: isPlain ? plain : JSON.parse(text, asWritten) }
  } catch {
    throw new AppError("invalid_request", "The body is not valid JSON. Check quotes, commas and brackets.")
  }
}

/** One pass over what is not inside strings. @returns whether every number survives being parsed and written again */
function scan(text: string): boolean {
  let depth = 0
  let isPlain = true
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (OPENING.has(code)) {
      if (++depth > GATEWAY_LIMITS.jsonDepthMax) throw tooDeep()
    } else if (CLOSING.has(code)) depth--
    else if (NUMBER.has(code)) {
      const start = at
      while (NUMBER.has(text.charCodeAt(at + 1))) at++
      isPlain &&= survives(text.slice(start, at + 1))
    }
  }
  return isPlain
}

/** At the closing quote: the first one with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return end
  }
  return text.length
}

/** The letters of `true`, `false` and `null` look like exponents. */
const survives = (token: string): boolean => /^[eE]/.test(token) || String(Number(token)) === token

/** JSON.rawJSON (ECMAScript "JSON.parse source text access"), which the library's types do not know yet. */
const { rawJSON } = JSON as unknown as { rawJSON: (source: string) => unknown }
const asWritten = (_: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === "number" && context?.source ? rawJSON(context.source) : value

const tooDeep = (): AppError =>
  new AppError(
    "invalid_request",
    `The body is nested deeper than ${GATEWAY_LIMITS.jsonDepthMax} levels. Make it flatter.`,
  )
