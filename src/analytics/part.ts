// What `analytics` contributes: reads for the Worker. It has no table and writes nothing.
import type { Part } from "../part/index.ts"
import { ANALYTICS_READS } from "./worker-reads.ts"

export const analyticsPart: Part = { name: "analytics", reads: ANALYTICS_READS }
