// What invoices contribute: what an operator says of itself, and the drawing of a PDF, which takes the read Worker's time.
import type { Part } from "../../part/index.ts"
import type { Paper } from "./paper.ts"
import { pdfOf } from "./pdf.ts"
import { INVOICE_SETTINGS } from "./settings.ts"

export const DRAW_PDF = "billing.pdf"

export interface DrawInput {
  paper: Paper
  productName: string
}

export const invoicesPart: Part = {
  name: "billing/invoices",
  settings: INVOICE_SETTINGS,
  reads: {
    [DRAW_PDF](_, input) {
      const { paper, productName } = input as DrawInput
      return pdfOf(paper, productName)
    },
  },
}
