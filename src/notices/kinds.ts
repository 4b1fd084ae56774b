// The registry of notices: each letter that tells an account of something, by its kind, with what it is about and how it is called among
// the switches. Letters with codes, links and words to strangers stand in ONLY_MAIL: they are no news.

import type { Channel } from "./types.ts"

export type Topic = "security" | "money" | "apis" | "apps" | "payouts" | "account" | "house"

export interface NoticeKind {
  topic: Topic
  /** Among the switches: "A payment was refunded". */
  label: string
  /** By which ways it comes; none = by all. */
  by?: readonly Channel[]
}

/** What is about whoever gets in, or ends the account, is always told. */
export const ALWAYS: ReadonlySet<Topic> = new Set(["security", "account"])

export const TOPICS: readonly { topic: Topic; label: string; help: string }[] = [
  { topic: "security", label: "Security", help: "Always sent, by mail and here." },
  { topic: "account", label: "Your data and account", help: "Always sent, by mail and here." },
  { topic: "money", label: "Payments, credits and plans", help: "" },
  { topic: "apis", label: "APIs you use or publish", help: "" },
  { topic: "apps", label: "Your apps", help: "For developers." },
  { topic: "payouts", label: "Payouts", help: "For developers and publishers." },
  { topic: "house", label: "From us", help: "" },
]

const all = (topic: Topic, labels: Readonly<Record<string, string>>): [string, NoticeKind][] =>
  Object.entries(labels).map(([kind, label]) => [kind, { topic, label }])

/** One mail for those that came too often for mails of their own. */
export const DIGEST = "notices_digest"

export const KINDS: ReadonlyMap<string, NoticeKind> = new Map([
  ...all("security", {
    password_changed: "Password changed",
    password_set: "First password set",
    new_device: "Sign-in on a new device",
    second_step_on: "Two-step sign-in turned on",
    second_step_off: "Two-step sign-in turned off",
    recovery_code_used: "Recovery code used",
    passkey_added: "Passkey added",
    passkey_removed: "Passkey removed",
    passkeys_removed: "All passkeys removed",
    passkey_copied: "Passkey seems to be copied",
    connection_added: "Account elsewhere connected",
    connection_removed: "Account elsewhere disconnected",
    key_created: "API key made",
    key_revoked: "API key revoked",
    key_reported: "API key found in public",
    app_key_reported: "Secret key of an app found in public",
    product_key_created: "Key of an API made",
    product_key_signal: "Unusual use of a key",
    payout_method: "Payout method changed",
  }),
  ...all("account", {
    copy_ready: "Copy of your data is ready",
    copy_failed: "Copy of your data failed",
    leaving_asked: "Deletion of the account planned",
    leaving_soon: "Account is deleted soon",
    leaving_kept: "Account is kept",
    team_member: "Your teams: joined, changed, removed",
  }),
  ...all("money", {
    credits_low: "Credits are low",
    order_paid: "Credits bought",
    plan_paid: "Plan paid",
    plan_unpaid: "Payment for a plan failed",
    plan_unpaid_reminder: "Plan still unpaid",
    plan_rests: "Plan paused",
    plan_ended: "Plan ended",
    recharge_paid: "Auto-recharge paid",
    recharge_declined: "Auto-recharge declined",
    recharge_asks: "Bank asks you to confirm a recharge",
    recharge_needs_address: "Auto-recharge needs your address",
    recharge_off: "Auto-recharge turned off",
    recharge_capped: "Auto-recharge reached its cap",
    card_expires: "Card expires",
    refund_made: "Payment refunded",
    refund_failed: "Refund failed",
    payment_disputed: "Payment disputed",
    payment_dispute_over: "Dispute ended in your favour",
    payment_dispute_lost: "Dispute ended against you",
  }),
  ...all("apis", {
    market_paid: "API subscription paid",
    market_unpaid: "Payment for an API failed",
    market_became: "API subscription changed",
    market_refunded: "API payment refunded",
    market_trial_ends: "Trial of an API ends",
    market_api_changed: "An API you use changed",
    product_quota: "Quota of an API used",
    product_server: "Your API is down, or back",
    market_product_decided: "Review of your API decided",
    market_review_decided: "Your rating was looked at",
    market_host_missing: "Proof of a server’s address is missing",
    market_host_lost: "Proof of a server’s address ended",
    market_hosting: "Hosting fee of your API",
  }),
  ...all("apps", {
    app_transfer_offered: "An app is offered to you",
    app_transfer_asked: "You offered an app to somebody",
    app_transfer_ended: "An app changed hands, or did not",
    app_reviewed: "Review of an app decided",
    app_host_missing: "Proof of an app’s domain is missing",
    app_host_lost: "Proof of an app’s domain ended",
    directory_listing_decided: "Directory listing decided",
    webhook_off: "Webhook endpoint turned off",
    pool_low: "Credits that an app pays with are low",
    pool_empty: "Credits that an app pays with are used up",
  }),
  ...all("payouts", {
    payout_requested: "Payout asked for",
    payout_approved: "Payout approved",
    payout_paid: "Payout paid",
    payout_failed: "Payout failed",
    payout_check: "Documents decided",
  }),
  ...all("house", { support_answered: "Answer to your question" }),
  ...all("house", {
    house_announced: "Announcements",
    monthly_letter: "Monthly letter: what you spent",
    team_monthly_letter: "Monthly letter of your teams: what they spent",
  }),
  // What it tells stands in the console already.
  [DIGEST, { topic: "house", label: "Summary, when there are many at once", by: ["mail"] }],
])

/** Codes, links, and words to an address that has no account (any more). */
export const ONLY_MAIL: ReadonlySet<string> = new Set([
  "signup_code",
  "signup_existing",
  "email_code",
  "confirm_code",
  "email_existing",
  "email_changed",
  "reset_link",
  "join_code",
  "payout_method_code",
  "erased",
  // To the operator.
  "support_asked",
  "team_invited",
])

/** Whether its person may turn it off. What is always told is told by mail and here; programs are told what their person wants. */
export const isOptional = (kind: string, channel: Channel = "mail"): boolean => {
  const known = KINDS.get(kind)
  return known !== undefined && comesBy(kind, channel) && (channel === "webhook" || !ALWAYS.has(known.topic))
}

export const comesBy = (kind: string, channel: Channel): boolean =>
  KINDS.get(kind)?.by?.includes(channel) ?? KINDS.has(kind)
