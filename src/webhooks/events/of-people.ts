// Events of people: their credits, keys and payments, what they subscribed to, what they sell, and what is paid out to them.
import { Type as t } from "@sinclair/typebox"
import { count, credits, kind, list, maybe, oneOf, text, time } from "./shape.ts"

const KEY = { key: text("`key_…`"), name: text("As you called it") }
const KEY_EXAMPLE = { key: "key_01KAZ3V9M4N8T2X6Q7R5S1P0WH", name: "Nightly report" }
const MONEY = {
  order: text("`ord_…`: the payment"),
  credits: credits("What it buys"),
  amount: text("Price with its currency, such as `10.00 USD`"),
}
const MONEY_EXAMPLE = { order: "ord_01KAZ3V9M4N8T2X6Q7R5S1P0WJ", credits: "10000", amount: "10.00 USD" }
const SUBSCRIPTION = {
  subscription: text("`msb_…`"),
  product: text("`prd_…`: the API"),
  plan: text("Name of the plan"),
}
const SUBSCRIPTION_EXAMPLE = {
  subscription: "msb_01KAZ3V9M4N8T2X6Q7R5S1P0WK",
  product: "prd_01KAZ3V9M4N8T2X6Q7R5S1P0WM",
  plan: "Pro",
}
const CHANGE = oneOf(
  "What happened to it",
  "started",
  "plan_changed",
  "change_planned",
  "change_cancelled",
  "renewed",
  "past_due",
  "revived",
  "cancelled",
  "resumed",
  "ended",
)
const PAYOUT = {
  payout: text("`pay_…`"),
  credits: credits("What leaves your earnings"),
  amount: maybe("What is paid, with its currency, such as `42.10 EUR`; null until it is known"),
}
const PAYOUT_EXAMPLE = { payout: "pay_01KAZ3V9M4N8T2X6Q7R5S1P0WN", credits: "42100", amount: "42.10 USD" }

const VIDEO = {
  video: text("`video_…`, by which it is fetched"),
  request: text("`req_…`: the call that asked for it"),
  key: maybe("`key_…`: the key that asked"),
  model: text("As the call named it"),
}
const VIDEO_EXAMPLE = {
  video: "video_01KAZ3V9M4N8T2X6Q7R5S1P0WH",
  request: "req_01KAZ3V9M4N8T2X6Q7R5S1P0WJ",
  key: "key_01KAZ3V9M4N8T2X6Q7R5S1P0WK",
  model: "sora-2",
}

export const PERSON_EVENTS = {
  "credits.added": kind({
    to: "person",
    when: "Credits came to your wallet: bought, monthly, given, or won back.",
    note: "The daily free credits of a plan are no event.",
    data: t.Object({
      credits: credits("What came"),
      balance: credits("What you have now, held credits included"),
      source: text("Where they come from, such as `purchase` or `monthly`"),
      expires: t.Union([time("When they end"), t.Null()], { description: "When they end; null = never" }),
    }),
    example: { credits: "10000", balance: "10240.5", source: "purchase", expires: "2027-11-28T00:00:00.000Z" },
  }),
  "balance.low": kind({
    to: "person",
    liveOnly: true,
    when: "Your credits fell below your mark: 500, or what you set under Low credits.",
    note: "Within a minute; once, until you have more again.",
    data: t.Object({ balance: credits("What you have now"), below: credits("The mark that it fell below") }),
    example: { balance: "498.75", below: "500" },
  }),
  "call.refused": kind({
    to: "person",
    when: "A call in your name was refused because you have too few credits, or because a limit of yours is used up.",
    note: "At most once a day, reason, app and key.",
    data: t.Object({
      reason: text("Code of the error, such as `insufficient_credits` or `app_daily_limit_exceeded`"),
      app: maybe("`cli_…`: the app that called"),
      key: maybe("`key_…`: the API key that called"),
      scope: text("What the call would have used"),
    }),
    example: {
      reason: "app_daily_limit_exceeded",
      app: "cli_01KAZ3V9M4N8T2X6Q7R5S1P0WP",
      key: null,
      scope: "ai.chat",
    },
  }),
  "key.created": kind({
    to: "person",
    when: "An API key of yours was made.",
    data: t.Object({ ...KEY, scopes: list("What it may do") }),
    example: { ...KEY_EXAMPLE, scopes: ["ai.chat"] },
  }),
  "key.revoked": kind({
    to: "person",
    when: "An API key of yours was revoked, or found in public and ended.",
    data: t.Object({ ...KEY, because: oneOf("Why it ended", "owner", "reported") }),
    example: { ...KEY_EXAMPLE, because: "reported" },
  }),
  "payment.succeeded": kind({
    to: "person",
    liveOnly: true,
    when: "A payment of yours arrived.",
    data: t.Object(MONEY),
    example: MONEY_EXAMPLE,
  }),
  "payment.failed": kind({
    to: "person",
    liveOnly: true,
    when: "A charge of your card by auto-recharge was refused.",
    data: t.Object({ ...MONEY, reason: text("Why, in a word of the card's bank") }),
    example: { ...MONEY_EXAMPLE, reason: "card_declined" },
  }),
  "payment.refunded": kind({
    to: "person",
    liveOnly: true,
    when: "A payment of yours was given back, in whole or in part, or disputed.",
    data: t.Object({ order: MONEY.order, credits: credits("What left your wallet again") }),
    example: { order: MONEY_EXAMPLE.order, credits: "5000" },
  }),
  "own_video.completed": kind({
    to: "person",
    when: "A video that one of your API keys asked for is done, and was charged.",
    data: t.Object(VIDEO),
    example: VIDEO_EXAMPLE,
  }),
  "own_video.failed": kind({
    to: "person",
    when: "A video that one of your API keys asked for could not be made; its credits were given back.",
    data: t.Object({ ...VIDEO, error: text("Why, for programs") }),
    example: { ...VIDEO_EXAMPLE, error: "moderation_blocked" },
  }),
  "subscription.changed": kind({
    to: "person",
    liveOnly: true,
    when: "Your subscription to an API began, moved to another plan, was renewed, could not be paid, or ended.",
    data: t.Object({ ...SUBSCRIPTION, change: CHANGE }),
    example: { ...SUBSCRIPTION_EXAMPLE, change: "renewed" },
  }),
  "subscriber.changed": kind({
    to: "person",
    liveOnly: true,
    when: "The same of somebody who subscribed to an API that you publish.",
    data: t.Object({ ...SUBSCRIPTION, change: CHANGE }),
    example: { ...SUBSCRIPTION_EXAMPLE, change: "started" },
  }),
  "payout.requested": kind({
    to: "person",
    when: "A payout of your earnings was asked for, by you or your schedule.",
    data: t.Object(PAYOUT),
    example: { ...PAYOUT_EXAMPLE, amount: null },
  }),
  "payout.approved": kind({
    to: "person",
    when: "The operator approved a payout of yours.",
    data: t.Object(PAYOUT),
    example: PAYOUT_EXAMPLE,
  }),
  "payout.held": kind({
    to: "person",
    when: "The operator holds a payout back.",
    data: t.Object({ ...PAYOUT, reason: maybe("Null: the operator keeps the reason; ask them") }),
    example: { ...PAYOUT_EXAMPLE, amount: null, reason: null },
  }),
  "payout.paid": kind({
    to: "person",
    when: "A payout of yours was paid.",
    data: t.Object(PAYOUT),
    example: PAYOUT_EXAMPLE,
  }),
  "payout.failed": kind({
    to: "person",
    when: "A payout did not go through; the credits are yours again.",
    data: t.Object({ ...PAYOUT, reason: maybe("As the operator or the bank wrote it") }),
    example: { ...PAYOUT_EXAMPLE, reason: "The account does not exist." },
  }),
  "notice.created": kind({
    to: "person",
    when: "You were told something: a notice in the console, or a mail.",
    note: "Which kinds: under Settings, Notices.",
    data: t.Object({
      notice: maybe("`ntc_…`: as it stands in the console; null where you turned that off"),
      kind: text("What it is about, such as `order_paid`"),
      topic: text("The group of the kind, such as `money` or `security`"),
      title: text("One line, as the subject of the mail"),
      url: maybe("Where to read more; null = nowhere"),
    }),
    example: {
      notice: "ntc_01KAZ3V9M4N8T2X6Q7R5S1P0WQ",
      kind: "order_paid",
      topic: "money",
      title: "Receipt: $29.75 for Plus",
      url: "https://ai.example.com/credits/invoices/INV-2026-001",
    },
  }),
  "test.sent": kind({
    to: "person",
    when: "You pressed “Send a test event”. It goes to the one endpoint it was pressed for, of an app too.",
    data: t.Object({ message: text("A sentence"), number: count("How many were sent to it within this hour") }),
    example: { message: "It works.", number: 1 },
  }),
} as const
