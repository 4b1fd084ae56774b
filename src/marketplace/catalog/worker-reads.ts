// What the read Worker does for the catalogue: documents of strangers, up to 5 MB, as drafts.
import type { HeavyReads } from "../../store/index.ts"
import { importDocument } from "./openapi/index.ts"

export const CATALOG_READS: HeavyReads = {
  "marketplace.import": (_, input) => importDocument(input as { text: string; fetchedFrom: string | null }),
}
