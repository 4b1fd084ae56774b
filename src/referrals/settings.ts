// What an operator sets for referrals. Without an amount there are none.
import { credits, type Nano, nano } from "../app/index.ts"
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"

const GROUP = "Referrals"
const MOST_CREDITS = credits(1_000_000)

const tooMuch = (value: Nano): string | null => (value > MOST_CREDITS ? "Give at most 1,000,000 credits." : null)

export const REFERRAL_AMOUNT: Setting<Nano> = {
  key: "referrals.amount",
  group: GROUP,
  field: field.credits({
    label: "Credits for bringing somebody",
    help: "0 = no referrals. Granted, never payable; taken back when the purchase is paid back.",
    required: true,
  }),
  default: nano(0),
  problem: tooMuch,
}

export const REFERRAL_PURCHASE: Setting<Nano> = {
  key: "referrals.purchase",
  group: GROUP,
  field: field.dollars({
    label: "Least first purchase",
    help: "Whoever came buys credits for at least this much, the first time they buy.",
    required: true,
  }),
  default: credits(5_000),
  problem: tooMuch,
}

export const REFERRAL_MOST: Setting<number> = {
  key: "referrals.most",
  group: GROUP,
  field: field.count({ label: "Rewards for one person at most", required: true }),
  default: 10,
  problem: (value) => (value < 1 || value > 10_000 ? "Give a number from 1 to 10,000." : null),
}
