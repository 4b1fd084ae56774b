// /developer/payouts/statements: earnings and payouts of a month or a year, on a page and on paper.
import { StatementPage, StatementsPage } from "../../../../views/portal/payouts/statements.tsx"
import { ensure } from "../../../app/index.ts"
import { periodText, STATEMENT_WORDS, taxNumberName } from "../../../payouts/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"

const PATH = "/developer/payouts/statements"

export function statementRoutes(site: PortalSite, { payouts }: PortalDeps): void {
  site.get(PATH, (page) => {
    const months = payouts.months(page.holder.id)
    const years = [...new Set(months.map((month) => month.slice(0, 4)))]
    const shown = (period: string) => ({ period, text: periodText(period) })
    return page.render((frame) => StatementsPage({ frame, months: months.map(shown), years: years.map(shown) }))
  })
  site.get(`${PATH}/:period`, (page, { period }) => {
    const { opening, closing, sums, isRunning } = payouts.statementOf(page.holder.id, period)
    const tax = payouts.taxNumberOf(page.holder.id)
    const row = (text: string, of: typeof opening) => ({ text, pending: of.pendingNano, available: of.payableNano })
    const props = {
      period,
      title: periodText(period),
      taxNumber: tax && taxNumberName(tax),
      isRunning,
      opening: row("At the beginning", opening),
      rows: sums.map((one) => row(STATEMENT_WORDS[one.kind], one)),
      closing: row("At the end", closing),
    }
    return page.render((frame) => StatementPage({ frame, ...props }))
  })
  site.get(`${PATH}/:period/pdf`, async (page, { period }) => {
    ensure(/^\d{4}(-\d{2})?$/.test(period), "not_found", "There is no statement of that time.")
    return new Response(await payouts.statementPdf(page.holder.id, period), {
      headers: {
        "content-type": "application/pdf",
        "content-disposition": `attachment; filename="earnings-${period}.pdf"`,
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
      },
    })
  })
}
