// The tables of calls as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano } from "../../app/index.ts"
import type { QuotaPeriod } from "../types.ts"

/** `networks`: one key from many. `refusals`: many in a minute. `surge`: far above its own usual day. `url`: the key stood in an address. */
export type SignalRule = "networks" | "refusals" | "surge" | "url"

const whole = (name: string) => integer(name).notNull()
const counted = (name: string) => integer(name).notNull().default(0)

export const marketRateUse = sqliteTable(
  "market_rate_use",
  {
    subscriptionId: whole("subscription_id"),
    endpointId: whole("endpoint_id"),
    startMs: whole("start_ms"),
    used: whole("used"),
  },
  (table) => [primaryKey({ columns: [table.subscriptionId, table.endpointId] })],
)

export const marketQuotaNotices = sqliteTable(
  "market_quota_notices",
  {
    subscriptionId: whole("subscription_id"),
    period: text().notNull().$type<QuotaPeriod>(),
    percent: whole("percent"),
    startMs: whole("start_ms"),
  },
  (table) => [primaryKey({ columns: [table.subscriptionId, table.period, table.percent] })],
)

export const marketNonces = sqliteTable(
  "market_nonces",
  { keyId: whole("key_id"), nonce: text().notNull(), untilMs: whole("until_ms") },
  (table) => [primaryKey({ columns: [table.keyId, table.nonce] })],
)

export const marketCalls = sqliteTable("market_calls", {
  id: integer().primaryKey(),
  requestId: text("request_id").notNull(),
  atMs: whole("at_ms"),
  productId: whole("product_id"),
  subscriptionId: whole("subscription_id"),
  keyId: whole("key_id"),
  endpointId: whole("endpoint_id"),
  method: text().notNull(),
  path: text().notNull(),
  status: whole("status"),
  errorCode: text("error_code"),
  latencyMs: whole("latency_ms"),
  upstreamMs: integer("upstream_ms"),
  units: whole("units"),
  chargedNano: integer("charged_nano").notNull().$type<Nano>(),
  bytesOut: whole("bytes_out"),
  fromConsole: integer("from_console", { mode: "boolean" }).notNull().default(false),
})

export const marketCallDays = sqliteTable(
  "market_call_days",
  {
    day: whole("day"),
    productId: whole("product_id"),
    endpointId: whole("endpoint_id"),
    subscriptionId: whole("subscription_id"),
    calls: counted("calls"),
    status4xx: counted("status_4xx"),
    status5xx: counted("status_5xx"),
    failed: counted("failed"),
    refusedKey: counted("refused_key"),
    refusedPlan: counted("refused_plan"),
    refusedRate: counted("refused_rate"),
    refusedQuota: counted("refused_quota"),
    refusedState: counted("refused_state"),
    refusedOther: counted("refused_other"),
    units: counted("units"),
    chargedNano: counted("charged_nano"),
    bytesOut: counted("bytes_out"),
    latencies: text().notNull().default(""),
  },
  (table) => [primaryKey({ columns: [table.day, table.productId, table.endpointId, table.subscriptionId] })],
)

export const marketSignals = sqliteTable("market_signals", {
  id: integer().primaryKey(),
  rule: text().notNull().$type<SignalRule>(),
  productId: whole("product_id"),
  subscriptionId: whole("subscription_id"),
  keyId: whole("key_id"),
  seen: whole("seen"),
  usual: whole("usual"),
  firstMs: whole("first_ms"),
  lastMs: whole("last_ms"),
  times: whole("times").default(1),
  closedMs: integer("closed_ms"),
  note: text(),
})

export const marketUptime = sqliteTable(
  "market_uptime",
  {
    productId: whole("product_id"),
    day: whole("day"),
    checks: whole("checks"),
    up: whole("up"),
    msSum: whole("ms_sum"),
  },
  (table) => [primaryKey({ columns: [table.productId, table.day] })],
)

export const marketHealth = sqliteTable("market_health", {
  productId: integer("product_id").primaryKey(),
  state: text().notNull().$type<"up" | "down">(),
  sinceMs: whole("since_ms"),
  checkedMs: whole("checked_ms"),
  failures: whole("failures"),
  errorsDay: whole("errors_day").default(0),
})
