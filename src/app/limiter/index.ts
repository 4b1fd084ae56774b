// Exact limits, pure: fixed UTC-aligned windows, quotas over periods that their owner knows, optional smoothing (GCRA). Knows no
// domain, no table and no clock of its own; each domain supplies policy (rules) and rows.
export { decide, giveBack, type LimitAsk } from "./decide.ts"
export { limitHeaders } from "./headers.ts"
export { LimiterFull, MemoryStates } from "./memory.ts"
export { eitherStates, isLongRule, type LimitRow, type LimitRows, rowStates } from "./rows.ts"
export { type Verdict, WINDOW_MS } from "./rules.ts"
export type * from "./types.ts"
