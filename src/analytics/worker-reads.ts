// What the read Worker does for analytics. The Worker loads this file, so it knows no running domain.
import type { HeavyReads } from "../store/index.ts"
import { report, usedByPeople } from "./store.ts"
import type { FiguresQuery } from "./types.ts"

export const ANALYTICS_READS: HeavyReads = {
  "analytics.report": (reader, input) => reader.snapshot(() => report(reader, input as FiguresQuery)),
  "analytics.used-by-people": (reader, input) => usedByPeople(reader, input as Parameters<typeof usedByPeople>[1]),
}
