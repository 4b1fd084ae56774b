// /admin/billing: money by day, what Stripe says against the books, the events that it sent, and how it is set up.
import { AdminComparisonPage, type ComparedRow, type DifferenceRow } from "../../../views/admin/billing/comparison.tsx"
import { AdminBillingPage, type AdminBillingProps, type MoneyFigures } from "../../../views/admin/billing/money.tsx"
import { orderPathOf } from "../../../views/admin/orders.tsx"
import { HOUSE_DEFINITIONS } from "../../analytics/index.ts"
import { AppError, csvLine, DAY_MS, dayOf, type Nano, nano, usdDecimal } from "../../app/index.ts"
import {
  type Billing,
  COMPARE,
  type ComparedLine,
  type Comparison,
  type Difference,
  dashboardUrl,
  MONEY_DAYS,
  type MoneyOfDay,
  nanoOfCents,
} from "../../billing/index.ts"
import { button, csvHeaders } from "../../http/index.ts"
import type { PageRequest } from "../base/index.ts"
import { billingEventRoutes } from "./billing-events.ts"
import { billingSetupRoutes, movedOf, todoOf } from "./billing-setup.ts"
import { type Span, spanOf, withSpan } from "./billing-span.ts"
import { labelOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "billing" | "clock" | "store" | "settings" | "reads" | "identity">

const PATH = "/admin/billing"
const COMPARISON = "/admin/billing/comparison"

export function billingRoutes(site: AdminSite, deps: Deps): void {
  site.get(PATH, (page) => money(deps, page))
  site.get("/admin/billing.csv", (page) => csv(deps, page))
  site.get(COMPARISON, (page) => comparison(deps, page))
  site.post(`${COMPARISON}/reading`, {
    summary: "Read the statement of the payment service",
    form: button("Read the statement now"),
    async act() {
      const found = await readNow(deps.billing)
      const say =
        found === 0 ? "Nothing was new in Stripe's statement." : `${found} lines of Stripe's statement were new.`
      return { to: COMPARISON, say, result: { read: found } }
    },
    back: () => COMPARISON,
  })
  billingEventRoutes(site, deps)
  billingSetupRoutes(site, deps)
}

/** @throws AppError conflict, unavailable */
async function readNow({ statement }: Billing): Promise<number> {
  try {
    return await statement.read()
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError("unavailable", `Stripe does not answer now: ${(error as Error).message}. Try again in a minute.`)
  }
}

const askedSpan = ({ clock }: Deps, page: PageRequest): Span =>
  spanOf(new URL(page.request.url).searchParams, clock.now())

async function money(deps: Deps, page: PageRequest): Promise<Response> {
  const { billing } = deps
  const span = askedSpan(deps, page)
  const [days, { readThroughMs, differences }] = await Promise.all([daysOf(deps, span), compared(deps, span)])
  const total = totalOf(days)
  const props: Omit<AdminBillingProps, "frame"> = {
    span: span.props,
    parked: billing.countParked(),
    todo: todoOf(billing, deps.settings),
    moved: movedOf(billing, deps.clock.now()),
    isTest: billing.isTest,
    total: { ...total, left: nano(total.in - total.refunds - total.disputes - total.fees) },
    days,
    differences: readThroughMs === null ? null : differences.length,
    href: withSpan(PATH, span),
    csvHref: withSpan("/admin/billing.csv", span),
    definitions: FIGURES.map(([label, key]) => ({ label, words: HOUSE_DEFINITIONS[key] })),
  }
  return page.render((frame) => AdminBillingPage({ frame, ...props }))
}

const FIGURES = [
  ["Money in", "moneyIn"],
  ["Refunds", "refunds"],
  ["Disputes", "disputes"],
  ["Fees", "fees"],
] as const satisfies readonly (readonly [string, keyof typeof HOUSE_DEFINITIONS])[]

const compared = ({ reads, clock }: Deps, { fromMs, toMs }: Span): Promise<Comparison> =>
  reads.ask<Comparison>(COMPARE, { fromMs, toMs, nowMs: clock.now() })

/** Every day of the span, also those on which nothing moved. */
async function daysOf({ reads }: Deps, { fromMs, toMs }: Span): Promise<(MoneyFigures & { dayMs: number })[]> {
  const found = await reads.ask<MoneyOfDay[]>(MONEY_DAYS, { fromMs, toMs })
  const known = new Map(found.map((one) => [one.day, one]))
  const first = dayOf(fromMs)
  return Array.from({ length: dayOf(toMs) - first }, (_, at) => {
    const one = known.get(first + at)
    const of = (amount: Nano | undefined) => amount ?? nano(0)
    return {
      dayMs: (first + at) * DAY_MS,
      in: of(one?.inNano),
      refunds: of(one?.refundsNano),
      disputes: of(one?.disputesNano),
      fees: of(one?.feesNano),
    }
  })
}

function totalOf(days: readonly MoneyFigures[]): MoneyFigures {
  const sum = (of: (day: MoneyFigures) => number) => nano(days.reduce((total, day) => total + of(day), 0))
  return {
    in: sum((day) => day.in),
    refunds: sum((day) => day.refunds),
    disputes: sum((day) => day.disputes),
    fees: sum((day) => day.fees),
  }
}

async function csv(deps: Deps, page: PageRequest): Promise<Response> {
  const span = askedSpan(deps, page)
  const head = csvLine(["day", "money_in_usd", "refunds_usd", "disputes_usd", "fees_usd"])
  const lines = (await daysOf(deps, span)).map((day) =>
    csvLine([
      new Date(day.dayMs).toISOString().slice(0, 10),
      ...[day.in, day.refunds, day.disputes, day.fees].map(usdDecimal),
    ]),
  )
  return new Response([head, ...lines].join(""), {
    headers: csvHeaders(`purser-money-${span.props.from}-to-${span.props.to}.csv`),
  })
}

const LABELS: Record<ComparedLine["category"], string> = {
  payments: "Payments",
  refunds: "Refunds",
  disputes: "Disputes",
  fees: "Fees",
  other: "Other",
}
/** Other kinds only where there is something of them. */
const isShown = ({ category, processorCents, booksCents }: ComparedLine): boolean =>
  category !== "other" || processorCents !== 0 || booksCents !== 0
const CLEARING = { disputes: "Disputes, not decided yet", payouts: "Payouts, not arrived yet" } as const

async function comparison(deps: Deps, page: PageRequest): Promise<Response> {
  const { billing, clock } = deps
  const span = askedSpan(deps, page)
  const found = await compared(deps, span)
  const props = {
    now: clock.now(),
    span: span.props,
    parked: billing.countParked(),
    isOn: billing.isOn,
    readThroughMs: found.readThroughMs,
    lines: found.lines.filter(isShown).map(
      (line): ComparedRow => ({
        label: LABELS[line.category],
        processor: nanoOfCents(line.processorCents),
        books: nanoOfCents(line.booksCents),
        elsewhere: nanoOfCents(line.elsewhereCents),
        difference: nanoOfCents(line.differenceCents),
      }),
    ),
    differences: found.differences.map((one) => differenceRow(deps, one)),
    isMore: found.isMore,
    bank: nanoOfCents(found.bankCents),
    foreign: nanoOfCents(found.foreignCents),
    clearing: found.clearing.map(({ account, standsNano }) => ({ label: CLEARING[account], stands: standsNano })),
  }
  return page.render((frame) => AdminComparisonPage({ frame, ...props }))
}

/** Each id leads to where it can be looked at. */
function differenceRow({ billing, identity }: Deps, one: Difference): DifferenceRow {
  const { kind, category, objectId, orderId, paymentId, userId, transactionIds, atMs, text } = one
  const user = userId === null ? null : identity.userById(userId)
  const userPath = user && `/admin/users/${user.publicId}`
  const named = paymentId ?? orderId
  return {
    kind,
    label: LABELS[category],
    object: objectId === null ? null : { id: objectId, href: dashboardUrl(objectId, billing.isTest) },
    payment: named === null ? null : { id: named, href: paymentId === null ? null : orderPathOf(paymentId) },
    person: user && userPath ? { label: labelOf(user), href: userPath } : null,
    transactions: transactionIds.map((id) => ({ id, href: userPath && `${userPath}/wallet/transactions/${id}` })),
    processor: nanoOfCents(one.processorCents),
    books: nanoOfCents(one.booksCents),
    atMs,
    text,
  }
}
