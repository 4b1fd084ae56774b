// Which coding of a file a client gets (RFC 9110 §12.5.3). Owns the reading of Accept-Encoding; compresses nothing itself.
import { listOf } from "./headers.ts"

/** Codings we can send, best first. */
export type Coding = "br" | "gzip" | "identity"

/**
 * Weights by name of an Accept-Encoding header; a name without a weight has 1, and what cannot be read has 0.
 * No header at all accepts anything, but says so of nothing: the plain bytes are what every client can read.
 */
function acceptedCodings(header: string | null): Map<string, number> {
  const weights = new Map<string, number>()
  for (const part of listOf(header)) {
    const [name = "", ...parameters] = part
      .toLowerCase()
      .split(";")
      .map((piece) => piece.trim())
    if (!name) continue
    const given = parameters.find((parameter) => parameter.startsWith("q="))
    const weight = given === undefined ? 1 : /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(given) ? Number(given.slice(2)) : 0
    weights.set(name, weight)
  }
  return weights
}

/** The coding with the highest weight of those at hand; among equals the smallest, which is the first of `available`. */
export function chooseCoding(header: string | null, available: readonly Coding[]): Coding {
  const weights = acceptedCodings(header)
  const weightOf = (coding: Coding): number => weights.get(coding) ?? weights.get("*") ?? 0
  let best: Coding = "identity"
  let bestWeight = weights.get("identity") ?? 0
  for (const coding of available) {
    const weight = weightOf(coding)
    if (coding === "identity" || weight === 0) continue
    if (weight > bestWeight || (weight === bestWeight && best === "identity")) {
      best = coding
      bestWeight = weight
    }
  }
  return best
}
