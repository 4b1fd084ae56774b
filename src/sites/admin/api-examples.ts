// What programs may send to the forms of /admin, one right body each, for the description of the API; and what such an answer holds
// beside its sentence. Tests send each of them.
import { type TProperties, Type as t } from "@sinclair/typebox"
import { ANNOUNCEMENTS } from "./api-examples-announcements.ts"
import { PAYOUTS } from "./api-examples-payouts.ts"
import { SETUP } from "./api-examples-setup.ts"

export interface Described {
  body: Readonly<Record<string, unknown>>
  /** Members of the answer beside `message`. */
  result?: TProperties
}

const ISSUER_RESULT = {
  issuer: t.String({ description: "The issuer, by its short name", examples: ["company"] }),
  ok: t.Boolean({
    description: "Whether its documents and keys could be read and it knows the client",
    examples: [true],
  }),
}

const reason = "Asked by mail"
const USER = "usr_01K9ZT4M2Q8V6X3B7N5RJDHWCE"
const POSTED: TProperties = {
  already: t.Boolean({ description: "It had been done before under the same `key`", examples: [false] }),
  transaction_id: t.Union([t.String({ examples: ["txn_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }), t.Null()], {
    description: "The transaction in the books; null where nothing had to be posted",
  }),
}
const SAVED: TProperties = { id: t.Integer({ description: "What was saved", examples: [12] }) }
const key = "a-key-of-your-own-0001"
const PRICE = { list: "openai", model: "gpt-5-mini", reason }

const PEOPLE: Record<string, Described> = {
  "/admin/users/:user/suspension": { body: { reason } },
  "/admin/users/:user/reinstatement": { body: { reason } },
  "/admin/users/:user/role": {
    body: { reason },
    result: { is_admin: t.Boolean({ description: "What the person is now", examples: [true] }) },
  },
  "/admin/users/:user/erasure": {
    body: { when: "grace", reason },
    result: { due_at: t.String({ description: "When it begins (RFC 3339)", examples: ["2026-12-11T09:00:00.000Z"] }) },
  },
  "/admin/users/:user/erasure/keep": { body: { reason } },
  "/admin/users/:user/two-step": { body: { reason } },
  "/admin/users/:user/passkeys": { body: { reason } },
  "/admin/users/:user/plan": { body: { plan: "professional", paid: "1", reason } },
  "/admin/users/:user/wallet/bonus": { body: { amount: { credits: "500" }, days: 30, reason, key }, result: POSTED },
  "/admin/users/:user/wallet/adjustment": { body: { amount: { credits: "-2.5" }, reason }, result: POSTED },
  "/admin/users/:user/wallet/balance": { body: { amount: "1,000", reason }, result: POSTED },
  "/admin/users/:user/wallet/transactions/:transaction/refund": {
    body: { amount: { credits: "0.001" }, reason },
    result: POSTED,
  },
  "/admin/users/:user/wallet/transactions/:transaction/reversal": { body: { reason }, result: POSTED },
  "/admin/users/:user/lots/:lot/void": { body: { reason }, result: POSTED },
  "/admin/users/bulk": {
    body: { act: "plan", plan: "pro", users: USER, reason },
    result: {
      done: t.Integer({ description: "People it was done to", examples: [1] }),
      refused: t.Array(
        t.Object({
          name: t.String({ description: "Their name, or their address", examples: ["Ada Reader"] }),
          why: t.String({ examples: ["This person is on that plan already."] }),
        }),
        { description: "People it was not done to, and why" },
      ),
    },
  },
  "/admin/filters": { body: { page: "/admin/users", query: "role=admin&sort=name", name: "Admins" } },
  "/admin/filters/:filter/removal": { body: {} },
}

const HOUSE: Record<string, Described> = {
  "/admin/books/verification": { body: {} },
  "/admin/jobs/:job/run": { body: {} },
  "/admin/outbox/:message/retry": { body: {} },
  "/admin/outbox/:message/removal": { body: {} },
  "/admin/restore": { body: {} },
  "/admin/system/backup-proof": {
    body: {},
    result: { ok: t.Boolean({ description: "Whether it restores and all of it is well", examples: [true] }) },
  },
  "/admin/system/mail-test": {
    body: {},
    result: {
      ok: t.Boolean({ description: "Whether the mail server took it", examples: [true] }),
      answer: t.String({ description: "What the mail server answered", examples: ["250 OK"] }),
    },
  },
  "/admin/system/signing-keys": { body: {} },
  "/admin/system/signing-keys/withdrawal": { body: { reason } },
  ...SETUP,
  "/admin/plans/free-budget": { body: { credits: "2,500", reason } },
  "/admin/plans/:plan": { body: { price: "49.50", yearly_price: "495", markup_paid: "2.5", support: true, reason } },
  "/admin/earnings": { body: { promo_days: 14, payout_min: { nano: "25000000000" }, reason } },
  "/admin/settings/:setting": { body: { value: "21", reason } },
  "/admin/limits": {
    body: { level: "everybody", kind: "requests_day", amount: "5000", reason },
    result: {
      limit: t.String({ description: "The limit that was made", examples: ["lim_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    },
  },
  "/admin/limits/:limit": { body: { amount: "70", reason } },
  "/admin/limits/:limit/removal": { body: { reason } },
  "/admin/packages": {
    body: { slug: "mini", name: "Mini", price: "2.50", bonus: "0", reason },
    result: { package: t.String({ description: "The package that was made", examples: ["mini"] }) },
  },
  "/admin/packages/:package": { body: { price: "6", bonus: { credits: "25" }, bonus_days: 90, reason } },
  "/admin/packages/:package/deactivation": { body: { reason } },
  "/admin/packages/:package/activation": { body: {} },
  "/admin/coupons": {
    body: { code: "SPRING10", kind: "credits", credits: { credits: "10000" }, days: 90, max_uses: 100, reason },
    result: { coupon: t.String({ description: "The coupon that was made, by its code", examples: ["SPRING10"] }) },
  },
  "/admin/coupons/:coupon": { body: { max_uses: 500, note: "Spring fair", reason } },
  "/admin/coupons/:coupon/ending": { body: { reason } },
  "/admin/users/:user/payment": {
    body: { price: "250", tax: "47.50", way: "bank", reference: "RF18 5390 0754 7034", paid_on: "2026-11-26", reason },
    result: {
      invoice: t.String({ description: "Its number", examples: ["INV-2026-001"] }),
      order: t.String({ description: "The order that was made", examples: ["ord_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    },
  },
  "/admin/invoices/:invoice/payment": { body: { paid_on: "2026-11-26", reason } },
  "/admin/invoices/:invoice/failure": { body: { reason } },
  "/admin/sales/:sale/refund": {
    body: { amount: "0.50", reason, key },
    result: {
      refund: t.String({ description: "The refund", examples: ["mrf_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
      note: t.String({ description: "The number of its credit note", examples: ["CN-2026-001"] }),
    },
  },
  "/admin/orders/:payment/refund": {
    body: { amount: "2.50", reason, key },
    result: {
      refund: t.String({ description: "The refund that was asked for", examples: ["rfd_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
      state: t.String({ description: "What the payment service says of it", examples: ["succeeded"] }),
    },
  },
  "/admin/orders/:payment/disputes/:dispute/release": { body: {} },
  "/admin/billing/key": {
    body: { secret_key: "sk_test_fake", reason },
    result: { mode: t.String({ description: "`test` or `live`", examples: ["test"] }) },
  },
  "/admin/billing/key/removal": { body: { reason } },
  "/admin/billing/webhook": { body: {} },
  "/admin/billing/test": { body: {} },
  "/admin/billing/comparison/reading": {
    body: {},
    result: { read: t.Integer({ description: "Lines that were new", examples: [12] }) },
  },
  "/admin/billing/events/:event/replay": {
    body: {},
    result: { state: t.String({ description: "`applied`, `ignored` or `parked`", examples: ["applied"] }) },
  },
  "/admin/billing/events/:event/setting-aside": { body: { reason } },
  "/admin/apps": {
    body: { name: "Help desk", redirect_uris: ["https://help.example.com/callback"], scope: ["email", "llm"], reason },
    result: {
      app: t.String({ description: "Its client id", examples: ["cli_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
      secret: t.String({ description: "Its first secret; it is shown this once", examples: ["cs_live_…"] }),
    },
  },
  "/admin/apps/house/:houseapp": { body: { name: "Help desk 2", reason } },
  "/admin/apps/:app/verification": { body: { verified: true, reason } },
  "/admin/apps/:app/review": {
    body: { decision: "changes_requested", text: "Tell people what it does with their addresses." },
    result: { review: t.String({ description: "Where the app stands now", examples: ["draft"] }) },
  },
  "/admin/apps/:app/suspension": { body: { reason } },
  "/admin/apps/:app/reinstatement": { body: { reason } },
  "/admin/apps/:app/secrets": {
    body: { name: "Production", last_day: "2027-11-26", reason },
    result: {
      secret: t.String({ description: "The secret; it is shown this once", examples: ["cs_live_…"] }),
      secret_id: t.String({ description: "What it is revoked by", examples: ["sec_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    },
  },
  "/admin/apps/:app/secrets/:secret/revocation": { body: { reason } },
  "/admin/apps/removal/:guest": { body: { reason } },
  "/admin/issuers": {
    body: {
      preset: "google",
      client_id: "1234-abcd.apps.googleusercontent.com",
      client_secret: "GOCSPX-secret",
      reason,
    },
    result: ISSUER_RESULT,
  },
  "/admin/issuers/:issuer": { body: { domains: ["example.com"], sign_up: true, reason }, result: ISSUER_RESULT },
  "/admin/issuers/:issuer/removal": { body: { reason } },
  "/admin/issuers/:issuer/activation": { body: {} },
  "/admin/issuers/:issuer/deactivation": { body: {} },
  "/admin/issuers/:issuer/test": { body: {}, result: ISSUER_RESULT },
  "/admin/issuers/:issuer/up": { body: {} },
  "/admin/mcp": {
    body: {
      title: "GitHub",
      slug: "github",
      url: "https://api.githubcopilot.com/mcp/",
      words: "Issues, pull requests and code.",
      auth: "oauth",
      reason,
    },
    result: { recommended: t.String({ description: "Its short name", examples: ["github"] }) },
  },
  "/admin/mcp/:recommended": { body: { words: "Issues and pull requests.", reason } },
  "/admin/mcp/:recommended/removal": { body: { reason } },
  "/admin/mcp/:recommended/activation": { body: {} },
  "/admin/mcp/:recommended/deactivation": { body: {} },
  "/admin/mcp/:recommended/up": { body: {} },
  "/admin/services": {
    body: { slug: "voice", name: "Voice", unit: "character", price: "0.000015", scope: "speech", reason },
    result: { service: t.String({ description: "The service that was made", examples: ["voice"] }) },
  },
  "/admin/services/:service": { body: { price: { nano: "250.5" }, reason } },
  "/admin/services/:service/deactivation": { body: { reason } },
  "/admin/services/:service/activation": { body: {} },
  "/admin/products/:product/commission": { body: { commission: "7.5", reason } },
  "/admin/products/:product/publisher-commission": { body: { commission: "5", reason } },
  "/admin/products/:product/featuring": { body: {} },
  "/admin/products/:product/featuring/removal": { body: {} },
  "/admin/products/:product/host": { body: { reason } },
  "/admin/products/:product/suspension": { body: { reason } },
  "/admin/products/:product/reinstatement": { body: {} },
  "/admin/products/:product/return": { body: { reason } },
  "/admin/products/:product/publication": { body: { reason } },
  "/admin/products/:product/consumers/:consumer/quota": { body: { reason } },
  "/admin/products/:product/consumers/:consumer/plan": { body: { plan: "mpl_01K9ZT4M2Q8V6X3B7N5RJDHWCE", reason } },
  "/admin/products/:product/consumers/:consumer/block": { body: { reason } },
  "/admin/products/:product/consumers/:consumer/unblock": { body: {} },
  "/admin/products/:product/consumers/:consumer/end": { body: { reason } },
  "/admin/products/:product/signs/:sign/closing": { body: { reason } },
  "/admin/directory/:app/approval": { body: { reason } },
  "/admin/directory/:app/feature": { body: { on: true } },
  "/admin/directory/:app/remark": { body: { remark: "Say what it costs." } },
  "/admin/directory/:app/reports": { body: { reason } },
  "/admin/directory/:app/suspension": { body: { remark: "It passes for another app." } },
  "/admin/directory/:app/reinstatement": { body: { reason } },
  "/admin/support/:ticket": {
    body: { act: "answer", text: "Your invoice is under Credits, Invoices." },
    result: { state: t.String({ description: "Where the question stands now", examples: ["answered"] }) },
  },
  "/admin/reviews/:review/hiding": { body: { reason } },
  "/admin/reviews/:review/keeping": { body: { reason } },
}

const LEGAL: Record<string, Described> = {
  "/admin/brand": { body: { name: "Acme AI", accent: "#0b6aa2", reason } },
  "/admin/legal/:legal": { body: { source: "# Terms\n\nBe kind.", changes: "Shorter.", reason } },
}

const MODELS: Record<string, Described> = {
  "/admin/upstreams": { body: { kind: "sandbox", name: "second" } },
  "/admin/upstreams/:upstream": { body: { provider: "mistral" } },
  "/admin/upstreams/:upstream/routing": { body: { weight: 7, priority: 2 } },
  "/admin/upstreams/:upstream/drain": { body: {} },
  "/admin/upstreams/:upstream/undrain": { body: {} },
  "/admin/upstreams/:upstream/test": { body: {} },
  "/admin/upstreams/:upstream/deactivation": { body: {} },
  "/admin/upstreams/:upstream/activation": { body: {} },
  "/admin/models/new": {
    body: {
      name: "house-2",
      model: "gpt-5-mini",
      input_1k: "0.025",
      output_1k: "0.025",
      fee: "0",
      active: true,
      reason,
    },
  },
  "/admin/models/:house": { body: { fee: "0.5", reason } },
  "/admin/prices/refresh": { body: {} },
  "/admin/prices/model/held": { body: { list: "openrouter", model: "openai/gpt-4o-mini", reason } },
  "/admin/prices/model/price": { body: { ...PRICE, input: "11", output: "33" }, result: SAVED },
  "/admin/prices/model/list-price": { body: PRICE },
  "/admin/prices/model/earlier": { body: { ...PRICE, id: "1" } },
  "/admin/prices/left-out": { body: { list: "openai", model: "gpt-99", left_out: "yes" } },
  "/admin/prices/rules/new": {
    body: { pattern: "a*", traffic: "key", priority: "3", platform: "1", developer: "2.5", active: true, reason },
    result: SAVED,
  },
  "/admin/prices/rules/:rule": { body: { platform: "40", reason } },
}

/** By the form's path. */
export const API_EXAMPLES: Readonly<Record<string, Described>> = {
  ...PEOPLE,
  ...HOUSE,
  ...LEGAL,
  ...PAYOUTS,
  ...ANNOUNCEMENTS,
  ...MODELS,
}
