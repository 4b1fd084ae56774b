// What the read Worker does for the marketplace, put together from its folders. The Worker loads this file, so it knows no running domain.
import type { HeavyReads } from "../store/index.ts"
import { CATALOG_READS } from "./catalog/worker-reads.ts"

export const MARKETPLACE_READS: HeavyReads = { ...CATALOG_READS }
