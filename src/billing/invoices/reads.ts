// The drawing of a PDF, which takes the read Worker's time.
import type { HeavyReads } from "../../store/index.ts"
import type { Paper } from "./paper.ts"
import { pdfOf } from "./pdf.ts"

export const DRAW_PDF = "billing.pdf"

export const INVOICE_READS: HeavyReads = { [DRAW_PDF]: (_, input) => pdfOf(input as Paper) }
