// Which days the pages of billing tell about.
import type { RangeName } from "../../ui/index.ts"

export interface SpanProps {
  range: RangeName
  from: string
  to: string
  /** Latest day that can be chosen, "2026-03-31". */
  today: string
  error: string | null
}
