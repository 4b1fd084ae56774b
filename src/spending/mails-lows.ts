// The letters about credits that run low: a wallet's, and those of a pool that an app pays its people's first calls from.
import { credits, type Nano, nano, usdDecimal } from "../app/index.ts"
import type { Letter, Paragraph } from "../part/index.ts"
import { creditsExact, creditsLeft } from "./words.ts"

export interface LowData {
  leftNano: Nano
  belowNano: Nano
  /** The team whose credits they are; null = the reader's own. */
  team: string | null
  /** A card that is charged by itself; null = none is. */
  recharge: { belowNano: Nano; amountNano: Nano } | null
}

const whose = ({ team }: LowData): string => (team === null ? "You have" : `The team ${team} has`)

function nextOf({ recharge, team }: LowData, baseUrl: string): Paragraph[] {
  if (recharge)
    return [
      `Auto-recharge is on: the saved card is charged $${usdDecimal(recharge.amountNano)} by itself when fewer than ${creditsExact(recharge.belowNano)} are left. You need not do anything.`,
      { text: "Look at auto-recharge:", link: `${baseUrl}/credits/cards` },
    ]
  return [
    "When they are used up, calls are refused until there are more. Credits of the day still come by themselves, as the plan gives them.",
    { text: team === null ? "Buy credits:" : "Buy credits, as your team:", link: `${baseUrl}/credits` },
  ]
}

export const creditsLow: Letter<LowData> = {
  kind: "credits_low",
  subject: ({ leftNano, team, recharge }) => {
    const left = `${creditsLeft(leftNano)} left`
    if (team !== null) return `Credits are low: ${left}`
    return recharge ? `Credits are low, and auto-recharge is on: ${left}` : `Your credits are low: ${left}`
  },
  body: (data, { baseUrl }) => [
    `${whose(data)} ${creditsLeft(data.leftNano)} left. That is less than ${creditsExact(data.belowNano)}, where you wanted to be told.`,
    ...nextOf(data, baseUrl),
    { text: "Be told earlier or later:", link: `${baseUrl}/credits/low` },
  ],
  sample: { leftNano: nano(431_250_000), belowNano: credits(500), team: null, recharge: null },
  others: [
    {
      leftNano: nano(431_250_000),
      belowNano: credits(500),
      team: null,
      recharge: { belowNano: credits(400), amountNano: nano(10_000_000_000) },
    },
    { leftNano: nano(0), belowNano: credits(2_000), team: "Night Shift", recharge: null },
  ],
}

export interface PoolData {
  app: string
  /** `cli_…` */
  appId: string
  leftNano: Nano
}

const poolLink = (baseUrl: string, appId: string): string => `${baseUrl}/developer/apps/${appId}/pool`
const POOL: PoolData = { app: "Margin Notes", appId: "cli_01KAZ3V9M4N8T2X6Q7R5S1P0WE", leftNano: nano(180_000_000) }

export const poolLow: Letter<PoolData> = {
  kind: "pool_low",
  subject: ({ app, leftNano }) => `The pool of ${app} is low: ${creditsLeft(leftNano)} left`,
  body: ({ app, appId, leftNano }, { baseUrl }) => [
    `The pool that pays the first calls of people in ${app} has ${creditsLeft(leftNano)} left, less than a fifth of what it had.`,
    "When it is empty, people pay for their calls themselves.",
    { text: "Fill it again:", link: poolLink(baseUrl, appId) },
  ],
  sample: POOL,
}

export const poolEmpty: Letter<PoolData> = {
  kind: "pool_empty",
  subject: ({ app }) => `The pool of ${app} is empty`,
  body: ({ app, appId }, { baseUrl }) => [
    `The pool that paid the first calls of people in ${app} is used up. From now on they pay for their calls themselves.`,
    { text: "Fill it again:", link: poolLink(baseUrl, appId) },
  ],
  sample: { ...POOL, leftNano: nano(0) },
}

export const LOW_LETTERS = [creditsLow, poolLow, poolEmpty] as const
