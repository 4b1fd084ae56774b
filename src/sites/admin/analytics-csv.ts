// Parts of the operator's analytics as files: exact amounts, whatever the page rounds.
import { meanLatencyMs, nameOfDay, type Span } from "../../analytics/index.ts"
import { CsvNumber, creditsDecimal, csvLine, ensure, type Nano, usdDecimal } from "../../app/index.ts"
import { csvHeaders } from "../../http/index.ts"
import {
  firstTokenOf,
  type House,
  modelName,
  monthName,
  PARTS,
  payerName,
  revenueOf,
  topName,
  upstreamOf,
} from "./house.ts"

type Cells = Parameters<typeof csvLine>[0]

const usd = (amount: Nano) => new CsvNumber(usdDecimal(amount))
const credits = (amount: Nano) => new CsvNumber(creditsDecimal(amount))

const MONEY = ["credits_used", "upstream_usd", "developers_usd", "revenue_usd"]
const moneyOf = (row: { collectedNano: Nano; upstreamNano: Nano; earnedNano: Nano }): Cells => [
  credits(row.collectedNano),
  usd(row.upstreamNano),
  usd(row.earnedNano),
  usd(revenueOf(row)),
]
const CALLS = ["calls", "failed", "mean_ms", "first_token_ms", "input_tokens", "output_tokens"]
const callsOf = (row: House["parts"]["models"][number]): Cells => [
  row.calls,
  row.errors,
  meanLatencyMs(row),
  firstTokenOf(row),
  row.inputTokens,
  row.outputTokens,
]

function days({ report, moneyOn }: House): Cells[] {
  const head = ["day", "calls", "failed", "refused", "active_users", "new_users", "mean_ms", ...MONEY]
  return [
    [...head, "money_in_usd", "refunds_usd", "free_credits"],
    ...report.days.map((row) => [
      nameOfDay(row.day),
      row.calls,
      row.errors,
      row.refused,
      row.activeUsers,
      row.newUsers,
      meanLatencyMs(row),
      ...moneyOf(row),
      usd(moneyOn(row.day).in),
      usd(moneyOn(row.day).refunds),
      credits(row.freeNano),
    ]),
  ]
}

const codes = ({ parts }: House, refused: 0 | 1): Cells[] => [
  ["code", "calls"],
  ...parts.errors.filter((row) => row.refused === refused).map(({ code, calls }) => [code, calls]),
]

type Deps = Parameters<typeof topName>[0]

const TABLES: Readonly<Record<(typeof PARTS)[number], (house: House, deps: Deps) => Cells[]>> = {
  days,
  models: ({ parts }) => [
    ["model", ...CALLS, ...MONEY],
    ...parts.models.map((row) => [modelName(row), ...callsOf(row), ...moneyOf(row)]),
  ],
  upstreams: (house) => [
    ["upstream", ...CALLS, ...MONEY],
    ...house.parts.upstreams.map((row) => [upstreamOf(house, row)[0], ...callsOf(row), ...moneyOf(row)]),
  ],
  payers: ({ parts }) => [
    ["paid_by", ...CALLS, ...MONEY],
    ...parts.payers.map((row) => [payerName(row), ...callsOf(row), ...moneyOf(row)]),
  ],
  errors: (house) => codes(house, 0),
  refusals: (house) => codes(house, 1),
  hours: ({ parts }) => [
    ["weekday", "hour_utc", "calls"],
    ...parts.hours.flatMap((hours, weekday) => hours.map((calls, hour) => [weekday + 1, hour, calls])),
  ],
  cohorts: ({ cohorts }) => [
    ["signed_up", "people", "month", "active"],
    ...cohorts.flatMap(({ monthMs, people, active }) =>
      active.map((called, month) => [monthName(monthMs), people, month, called]),
    ),
  ],
  users: ({ top }, deps) => [
    ["user", "email", "calls", "credits_used"],
    ...top.users.map((row) => [row.userId, topName(deps, row), row.calls, credits(row.collectedNano)]),
  ],
  apps: ({ top }) => [
    ["app", "name", "calls", "credits_used", "developers_usd"],
    ...top.apps.map((row) => [row.appId, row.name, row.calls, credits(row.collectedNano), usd(row.earnedNano)]),
  ],
}

/** @throws AppError not_found */
export function houseCsv(deps: Deps, house: House, span: Span, asked: string | null): Response {
  const part = PARTS.find((one) => one === (asked ?? "days"))
  ensure(part, "not_found", `There is no such part. There are: ${PARTS.join(", ")}.`)
  const text = TABLES[part](house, deps).map((cells) => csvLine(cells))
  const headers = csvHeaders(`purser-${part}-${nameOfDay(span.from)}-to-${nameOfDay(span.to)}.csv`)
  return new Response(text.join(""), { headers })
}
