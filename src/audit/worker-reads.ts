// What the read Worker does for the audit log. The Worker loads this file, so it knows no running domain.
import type { Words } from "../part/index.ts"
import type { HeavyReads } from "../store/index.ts"
import { naming } from "./store-personal.ts"

/** Facts are text without an index: at a million acts looking through them takes seconds, which no write may. */
export const AUDIT_NAMING = "audit.naming"

export const AUDIT_READS: HeavyReads = {
  [AUDIT_NAMING]: (reader, input) => reader.snapshot(() => naming(reader, input as Words)),
}
