// Seals of one provider inside the opaque field of another dialect: Anthropic's signature in Responses' `encrypted_content`, OpenAI's
// encrypted thinking in Messages' `signature`. Clients send them back unchanged, and we read them again. No secret and no proof: a
// provider checks its own seals.
import type { Signature } from "./conversation.ts"

/** The version; what does not begin so is the dialect's own. */
const HEAD = "psig1."

const FORMATS: Readonly<Record<Signature["format"], string>> = { anthropic: "a", google: "g", openai: "o", other: "x" }
const LETTERS = new Map(Object.entries(FORMATS).map(([format, letter]) => [letter, format as Signature["format"]]))

/** Ids are short; longer ones are none. */
const ID_CHARS_MAX = 200

/** `psig1.<format><r?>.<id in base64url>.<seal>`. @returns ASCII as far as the seal is */
export function sealed({ format, data, id, redacted }: Signature): string {
  const named = id === undefined ? "" : Buffer.from(id.slice(0, ID_CHARS_MAX)).toString("base64url")
  return `${HEAD}${FORMATS[format]}${redacted ? "r" : ""}.${named}.${data}`
}

/** @returns null for anything that `sealed` did not write */
export function unsealed(text: string): Signature | null {
  if (!text.startsWith(HEAD)) return null
  const first = text.indexOf(".", HEAD.length)
  const second = text.indexOf(".", first + 1)
  if (first === -1 || second === -1) return null
  const kind = /^([agox])(r?)$/.exec(text.slice(HEAD.length, first))
  const named = text.slice(first + 1, second)
  const data = text.slice(second + 1)
  if (!kind || data === "" || named.length > ID_CHARS_MAX * 4 || !/^[\w-]*$/.test(named)) return null
  return {
    format: LETTERS.get(kind[1]!)!,
    data,
    ...(named === "" ? {} : { id: Buffer.from(named, "base64url").toString("utf8") }),
    ...(kind[2] === "r" ? { redacted: true } : {}),
  }
}
