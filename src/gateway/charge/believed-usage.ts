// What a report of usage may say at most. Servers err, and one that lies would take all that its caller has: beyond what any call of this model
// could come to, a half of a report counts as missing, and is estimated. Pure.
import { GATEWAY_LIMITS } from "../limits.ts"
import type { UsageReport } from "../providers/index.ts"

/** Tokens of one call. */
export interface MostUsage {
  input: number
  output: number
}

/** Tools that run at the provider read the prompt again and again, and lists of windows are behind: so many times what is known is a mistake. */
const TIMES_MAX = 20
/** Of a model whose window nobody knows: the largest that there are, in tokens. */
const WINDOW_LARGEST = 2_000_000
/** Searches on the web in one call. */
const SEARCHES_MAX = 1_000

/** @param asked what the call itself holds for */
export const mostUsageOf = (
  { contextWindow, maxOutputTokens }: { contextWindow: number | null; maxOutputTokens: number | null },
  asked: MostUsage,
): MostUsage => ({
  input: TIMES_MAX * Math.max(contextWindow ?? WINDOW_LARGEST, asked.input),
  output: TIMES_MAX * Math.max(maxOutputTokens ?? GATEWAY_LIMITS.holdOutputTokensMax, asked.output),
})

/** The report without what nobody believes, which the operator is told of. */
export function believedUsage(report: UsageReport, most: MostUsage): UsageReport {
  const { input, output, webSearches = 0 } = report
  const odd = {
    input: input !== null && input.inputTokens > most.input && `a prompt of ${input.inputTokens} tokens`,
    output: output !== null && output.outputTokens > most.output && `an answer of ${output.outputTokens} tokens`,
    searches: webSearches > SEARCHES_MAX && `${webSearches} searches on the web`,
  }
  const faults = Object.values(odd).filter((words) => words !== false)
  if (faults.length === 0) return report
  return {
    ...report,
    input: odd.input ? null : input,
    output: odd.output ? null : output,
    ...(odd.searches ? { webSearches: 0 } : {}),
    faults: [...report.faults, ...faults],
  }
}
