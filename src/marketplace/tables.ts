// The tables of the marketplace that its parts share, as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, PrincipalId, UserId } from "../app/index.ts"
import type {
  Anchor,
  Cycle,
  KeyAccess,
  Method,
  ParameterPlace,
  ProductState,
  QuotaPeriod,
  RateSpan,
  SubscriptionState,
  SupportLevel,
} from "./types.ts"

const ZERO = 0 as Nano
const whole = (name: string) => integer(name).notNull()
const amount = (name: string) => integer(name).notNull().$type<Nano>()
const flag = (name: string) => integer(name, { mode: "boolean" }).notNull()

export const marketPublishers = sqliteTable("market_publishers", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  ownerId: integer("owner_id").notNull().$type<PrincipalId>(),
  slug: text().notNull(),
  name: text().notNull(),
  organisation: text(),
  about: text().notNull().default(""),
  commissionBp: integer("commission_bp"),
  suspendedMs: integer("suspended_ms"),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
})

export const marketPublisherSlugs = sqliteTable("market_publisher_slugs", {
  slug: text().primaryKey(),
  publisherId: whole("publisher_id"),
  untilMs: whole("until_ms"),
})

export const marketProducts = sqliteTable("market_products", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  publisherId: whole("publisher_id"),
  slug: text().notNull(),
  title: text().notNull(),
  tagline: text().notNull().default(""),
  overview: text().notNull().default(""),
  version: text().notNull().default("1.0.0"),
  upstreamUrl: text("upstream_url").notNull(),
  state: text().notNull().$type<ProductState>(),
  stateReason: text("state_reason"),
  hostProvenMs: integer("host_proven_ms"),
  featuredMs: integer("featured_ms"),
  commissionBp: integer("commission_bp"),
  upstreamHeader: text("upstream_header"),
  upstreamSecret: text("upstream_secret"),
  signingSecret: text("signing_secret").notNull(),
  timeoutMs: whole("timeout_ms").default(30000),
  bodyBytesMax: whole("body_bytes_max").default(10485760),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
  publishedMs: integer("published_ms"),
  allowedIps: text("allowed_ips").notNull().default(""),
  deniedIps: text("denied_ips").notNull().default(""),
})

export const marketProductCategories = sqliteTable(
  "market_product_categories",
  { productId: whole("product_id"), category: text().notNull() },
  (table) => [primaryKey({ columns: [table.productId, table.category] })],
)

export const marketPlans = sqliteTable("market_plans", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  productId: whole("product_id"),
  rank: whole("rank"),
  name: text().notNull(),
  features: text().notNull().default(""),
  supportLevel: text("support_level").notNull().$type<SupportLevel>().default("community"),
  retiredMs: integer("retired_ms"),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
})

export const marketPlanTerms = sqliteTable("market_plan_terms", {
  id: integer().primaryKey(),
  planId: whole("plan_id"),
  version: whole("version"),
  priceNano: amount("price_nano"),
  cycle: text().notNull().$type<Cycle>(),
  trialDays: whole("trial_days").default(0),
  overageNano: integer("overage_nano").$type<Nano>(),
  overageCapNano: integer("overage_cap_nano").$type<Nano>(),
  resetsOnUpgrade: flag("resets_on_upgrade").default(false),
  createdMs: whole("created_ms"),
})

export const marketQuotas = sqliteTable(
  "market_quotas",
  {
    termsId: whole("terms_id"),
    period: text().notNull().$type<QuotaPeriod>(),
    anchor: text().notNull().$type<Anchor>(),
    units: whole("units"),
  },
  (table) => [primaryKey({ columns: [table.termsId, table.period] })],
)

export const marketRates = sqliteTable(
  "market_rates",
  {
    termsId: whole("terms_id"),
    endpointId: whole("endpoint_id"),
    span: text().notNull().$type<RateSpan>(),
    requests: whole("requests"),
  },
  (table) => [primaryKey({ columns: [table.termsId, table.endpointId, table.span] })],
)

export const marketEndpoints = sqliteTable("market_endpoints", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  productId: whole("product_id"),
  position: whole("position"),
  method: text().notNull().$type<Method>(),
  path: text().notNull(),
  title: text().notNull(),
  description: text().notNull().default(""),
  minPlanId: integer("min_plan_id"),
  weight: whole("weight").default(1),
  priceNano: amount("price_nano").default(ZERO),
  validates: flag("validates").default(false),
  bodySchema: text("body_schema"),
  bodyType: text("body_type"),
  deprecated: flag("deprecated").default(false),
  removedMs: integer("removed_ms"),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
  allowedIps: text("allowed_ips").notNull().default(""),
  deniedIps: text("denied_ips").notNull().default(""),
})

export const marketParameters = sqliteTable("market_parameters", {
  id: integer().primaryKey(),
  endpointId: whole("endpoint_id"),
  position: whole("position"),
  place: text().notNull().$type<ParameterPlace>(),
  name: text().notNull(),
  type: text().notNull(),
  required: flag("required"),
  description: text().notNull().default(""),
  example: text(),
  schema: text(),
})

export const marketExamples = sqliteTable("market_examples", {
  id: integer().primaryKey(),
  endpointId: whole("endpoint_id"),
  position: whole("position"),
  status: whole("status"),
  meaning: text().notNull().default(""),
  bodyType: text("body_type").notNull().default("application/json"),
  body: text().notNull().default(""),
})

export const marketSubscriptions = sqliteTable("market_subscriptions", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  productId: whole("product_id"),
  userId: integer("user_id").notNull().$type<UserId>(),
  payerId: integer("payer_id").notNull().$type<PrincipalId>(),
  planId: whole("plan_id"),
  termsId: whole("terms_id"),
  state: text().notNull().$type<SubscriptionState>(),
  anchorMs: whole("anchor_ms"),
  periodStartMs: whole("period_start_ms"),
  periodEndMs: whole("period_end_ms"),
  cancelledMs: integer("cancelled_ms"),
  nextPlanId: integer("next_plan_id"),
  pastDueMs: integer("past_due_ms"),
  graceEndMs: integer("grace_end_ms"),
  reason: text(),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
  endedMs: integer("ended_ms"),
})

export const marketQuotaUse = sqliteTable(
  "market_quota_use",
  {
    subscriptionId: whole("subscription_id"),
    period: text().notNull().$type<QuotaPeriod>(),
    startMs: whole("start_ms"),
    endMs: whole("end_ms"),
    used: whole("used"),
  },
  (table) => [primaryKey({ columns: [table.subscriptionId, table.period] })],
)

export const marketOverages = sqliteTable(
  "market_overages",
  {
    subscriptionId: whole("subscription_id"),
    periodStartMs: whole("period_start_ms"),
    termsId: whole("terms_id"),
    endpointId: whole("endpoint_id"),
    unitNano: amount("unit_nano"),
    units: whole("units"),
    nano: amount("nano"),
    commissionNano: amount("commission_nano"),
  },
  (table) => [
    primaryKey({
      columns: [table.subscriptionId, table.periodStartMs, table.termsId, table.endpointId, table.unitNano],
    }),
  ],
)

export const marketKeys = sqliteTable("market_keys", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  subscriptionId: whole("subscription_id"),
  userId: integer("user_id").notNull().$type<UserId>(),
  mode: text().notNull().$type<"live" | "test">().default("live"),
  name: text().notNull(),
  access: text().notNull().$type<KeyAccess>().default("all"),
  allowedIps: text("allowed_ips").notNull().default(""),
  deniedIps: text("denied_ips").notNull().default(""),
  hmacSecret: text("hmac_secret"),
  expiresMs: integer("expires_ms"),
  revokedMs: integer("revoked_ms"),
  revokedBecause: text("revoked_because"),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
})

export const marketKeySecrets = sqliteTable("market_key_secrets", {
  id: integer().primaryKey(),
  keyId: whole("key_id"),
  hash: text().notNull(),
  prefix: text().notNull(),
  createdMs: whole("created_ms"),
  endsMs: integer("ends_ms"),
})

export const marketKeyUses = sqliteTable("market_key_uses", {
  keyId: integer("key_id").primaryKey(),
  lastUsedMs: whole("last_used_ms"),
  calls: whole("calls"),
})
