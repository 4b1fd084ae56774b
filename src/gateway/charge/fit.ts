// Shortens a call to what its hold could cover: the most output whose charge still fits, at every candidate. Upstreams
// are told, so that the answer ends with `length` instead of running past the caller's balance or daily limit.
import type { Quote } from "../types.ts"

export function fitToHold(quotes: readonly Quote[], choices: number, heldNano: number): void {
  if (quotes.every((quote) => quote.hold.totalNano <= heldNano)) return
  const fits = (each: number) => quotes.every((quote) => quote.holdFor(each * choices).totalNano <= heldNano)
  let low = 1
  let high = Math.max(...quotes.map((quote) => quote.outputTokensMax)) / choices
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  for (const quote of quotes) quote.outputTokensMax = Math.min(quote.outputTokensMax, low * choices)
}
