// Parameters of operations. Those of paths by the name that all addresses give them: what they are, and one that looks like it.
import type { TSchema } from "@sinclair/typebox"

const ULID = "01K9ZT4M2Q8V6X3B7N5RJDHWCE"

const KNOWN: Readonly<Record<string, { description: string; example: string }>> = {
  user: { description: "A person", example: `usr_${ULID}` },
  webhook: { description: "A webhook endpoint", example: `whe_${ULID}` },
  webhook_delivery: { description: "An event that was sent to it", example: `whd_${ULID}` },
  key: { description: "An API key", example: `key_${ULID}` },
  ownkey: { description: "A key of one’s own at a provider", example: `pky_${ULID}` },
  lot: { description: "Credits that came at once, of one kind", example: `lot_${ULID}` },
  transaction: { description: "A transaction in the books", example: `txn_${ULID}` },
  request: { description: "The `x-request-id` of the call", example: `req_${ULID}` },
  response: { description: "As the answer named itself", example: "resp_01K9ZT4M2Q8V6X3B7N5RJDHWCE" },
  model: { description: "A name from `GET /v1/models`; may hold a slash: `provider/model`", example: "gpt-5-mini" },
  plan: { description: "The code of a plan", example: "professional" },
  upstream: { description: "An account at an AI provider", example: `upm_${ULID}` },
  house: { description: "A model that the house sells under a name of its own", example: `hsm_${ULID}` },
  limit: { description: "A limit", example: `lim_${ULID}` },
  rule: { description: "A price rule", example: "1" },
  consent: { description: "What a person lets an app do", example: `con_${ULID}` },
  app: { description: "An app (OAuth client)", example: `cli_${ULID}` },
  secret: { description: "A secret of an app (not the secret itself)", example: `sec_${ULID}` },
  houseapp: { description: "An app of the house", example: `cli_${ULID}` },
  guest: { description: "An app that came by itself", example: `cli_${ULID}` },
  product: { description: "An API product, by its id or its address", example: `prd_${ULID}` },
  consumer: { description: "A subscription to an API", example: `msb_${ULID}` },
  sale: { description: "What was paid for an API, by the number of its invoice", example: "INV-2026-001" },
  sign: { description: "A sign of unusual use, by its number", example: "1" },
  review: { description: "A review of an API", example: `mrv_${ULID}` },
  ticket: { description: "A question of a person to support", example: `sup_${ULID}` },
  payout: { description: "A payout of a developer", example: `pay_${ULID}` },
  legal: { description: "A legal text: terms, privacy, developer-agreement, cookie-policy", example: "terms" },
  paydoc: { description: "A document of a payee", example: `pyd_${ULID}` },
  payoutfile: { description: "A file of payouts for a bank", example: `pyf_${ULID}` },
  service: { description: "A metered service", example: "search" },
  setting: { description: "The key of a setting", example: "developers.paid_days" },
  invoice: { description: "The number of an invoice", example: "INV-2026-001" },
  event: { description: "An event that the payment service sent", example: "evt_1QqZ5pJ2eZvKYlo2" },
  signup: { description: "A way to a plan that is paid for", example: `sgn_${ULID}` },
  package: { description: "A package of credits", example: "starter" },
  payment: { description: "An order, or an invoice of a plan", example: `ord_${ULID}` },
  dispute: { description: "What a bank says against a payment", example: `dsp_${ULID}` },
  announcement: { description: "An announcement", example: "ann_01K9ZT4M2Q8V6X3B7N5RJDHWCE" },
  team: { description: "A team", example: `tea_${ULID}` },
  teammate: { description: "Somebody in it", example: `usr_${ULID}` },
  video: { description: "A video, by its id", example: `video_${ULID}` },
  coupon: { description: "A coupon, by its code", example: "WELCOME10" },
  code: { description: "The code of a coupon, in any case", example: "WELCOME10" },
  job: { description: "The name of a job", example: "give-back-space" },
  message: { description: "A message on its way out of the house", example: `evt_${ULID}` },
  issuer: { description: "An issuer that people sign in with, by its short name", example: "company" },
  recommended: { description: "A tool server that the operator recommends, by its short name", example: "github" },
  group: { description: "A group of tool servers, by its name", example: "travel" },
  filter: { description: "A list that was kept, by its number", example: "1" },
}

/** One without words stays in the document, which no missing word may keep from anybody; `test/e2e/openapi.test.ts` finds it. */
export const pathParameter = (name: string) => ({
  name,
  in: "path" as const,
  required: true,
  schema: { type: "string" as const },
  ...KNOWN[name],
})

/** A parameter of the query; its words are the schema's. */
export const queryParameter = (name: string, schema: TSchema, required: boolean) => ({
  name,
  in: "query" as const,
  required,
  schema: schema as never,
  ...(schema.description === undefined ? {} : { description: schema.description }),
  ...(required && Array.isArray(schema.examples) ? { example: schema.examples[0] as unknown } : {}),
})
