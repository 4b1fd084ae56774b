// /publisher/revenue: what APIs earned by product, plan and month: gross, commission, net; and as a file.
import { type RevenueLine, RevenuePage } from "../../../../views/portal/selling/revenue.tsx"
import { CsvNumber, csvLine, nano, usdDecimal } from "../../../app/index.ts"
import { csvHeaders } from "../../../http/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { PortalSite } from "../site.ts"
import { ownerOf, type SellingDeps } from "./places.ts"

const RANGES = { "3m": 3, "12m": 12, all: null } as const
type Range = keyof typeof RANGES

interface Asked {
  range: Range
  product: string | null
  fromMs: number
  toMs: number
}

export function revenueRoutes(site: PortalSite, deps: SellingDeps): void {
  site.get("/publisher/revenue", (page) => revenuePage(deps, page))
  site.get("/publisher/revenue.csv", (page) => {
    const asked = askedOf(deps, page)
    const head = ["month", "product", "plan", "payments", "gross_usd", "refunded_usd", "commission_usd", "net_usd"]
    const rows = linesOf(deps, page, asked).map((line) => [
      new Date(line.fromMs).toISOString().slice(0, 7),
      line.product,
      line.plan,
      line.payments,
      new CsvNumber(usdDecimal(line.gross)),
      new CsvNumber(usdDecimal(line.refunded)),
      new CsvNumber(usdDecimal(line.commission)),
      new CsvNumber(usdDecimal(line.net)),
    ])
    const body = [head, ...rows].map((row) => csvLine(row)).join("")
    return new Response(body, { headers: csvHeaders("revenue.csv") })
  })
}

function askedOf({ clock }: SellingDeps, { request }: PageRequest): Asked {
  const params = new URL(request.url).searchParams
  const range = Object.hasOwn(RANGES, params.get("range") ?? "") ? (params.get("range") as Range) : "12m"
  const now = new Date(clock.now())
  const months = RANGES[range]
  const fromMs = months === null ? 0 : Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months + 1, 1)
  return { range, product: params.get("product") || null, fromMs, toMs: clock.now() + 1 }
}

const linesOf = ({ marketplace }: SellingDeps, page: PageRequest, { fromMs, toMs, product }: Asked): RevenueLine[] =>
  marketplace.subscriptions.revenue({ ownerId: ownerOf(page), fromMs, toMs, product }).map((row) => ({
    product: row.product,
    title: row.title,
    plan: row.plan,
    fromMs: row.fromMs,
    payments: row.payments,
    gross: row.grossNano,
    refunded: row.refundedNano,
    commission: row.commissionNano,
    net: row.netNano,
  }))

function revenuePage(deps: SellingDeps, page: PageRequest): Response {
  const { catalog, subscriptions } = deps.marketplace
  const asked = askedOf(deps, page)
  const publisher = catalog.publisherOf(ownerOf(page))
  const products = publisher ? catalog.productsOf(publisher.id).map(({ slug, title }) => ({ slug, title })) : []
  const lines = linesOf(deps, page, asked)
  const sum = (of: (line: RevenueLine) => number) => nano(lines.reduce((total, line) => total + of(line), 0))
  const open = subscriptions.unbilledOverages(ownerOf(page))
  const props = {
    range: asked.range,
    product: asked.product,
    products,
    lines,
    total: {
      gross: sum(({ gross }) => gross),
      refunded: sum(({ refunded }) => refunded),
      commission: sum(({ commission }) => commission),
      net: sum(({ net }) => net),
    },
    open: { gross: open.grossNano, net: nano(open.grossNano - open.commissionNano) },
  }
  return page.render((frame) => RevenuePage({ frame, ...props }))
}
