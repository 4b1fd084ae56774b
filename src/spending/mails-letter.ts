// The letter about a month: what was spent, by app and by model, beside the month before; what is left; and links that limit an app.
import { credits, type Nano, nano } from "../app/index.ts"
import type { Letter, Paragraph } from "../part/index.ts"
import { monthName, monthText } from "./months.ts"
import { creditsLeft, creditsUsed } from "./words.ts"

export interface MonthLine {
  name: string
  usedNano: Nano
  beforeNano: Nano
}

export interface MonthData {
  /** Counted from January 1970, UTC. */
  month: number
  /** First and last day, as /usage takes them: "2026-10-01". */
  from: string
  to: string
  usedNano: Nano
  beforeNano: Nano
  calls: number
  leftNano: Nano
  /** Answers out of the cache; letters that were queued by an older release have none. */
  cache?: CacheSaid
  apps: (MonthLine & { limit: { most: number; kinds: number; link: string } | null })[]
  models: MonthLine[]
}

export interface CacheSaid {
  calls: number
  savedNano: Nano
  /** What some of them saved is not known. */
  isLeast: boolean
}

/** What /usage says of them; nothing where there were none. */
export function cacheWords(cache: CacheSaid | undefined): Paragraph[] {
  if (!cache || cache.calls === 0) return []
  const { calls, savedNano, isLeast } = cache
  const answers = `${calls.toLocaleString("en-US")} ${calls === 1 ? "answer" : "answers"} came from the cache`
  return [
    savedNano > 0
      ? `${answers} and saved ${isLeast ? "at least" : "about"} ${creditsUsed(savedNano)}.`
      : `${answers} for nothing.`,
  ]
}

/** "300 credits more than in September" */
export function beside({ usedNano, beforeNano }: Pick<MonthLine, "usedNano" | "beforeNano">, month: number): string {
  const name = monthName(month - 1)
  if (beforeNano === 0) return `nothing in ${name}`
  if (usedNano === beforeNano) return `as much as in ${name}`
  const by = creditsUsed(nano(Math.abs(usedNano - beforeNano)))
  return `${by} ${usedNano > beforeNano ? "more" : "less"} than in ${name}`
}

const limitWords = ({ most, kinds }: { most: number; kinds: number }): string => {
  const amount = creditsUsed(credits(most))
  return kinds === 1 ? `Limit it to ${amount} a day` : `Limit each of its ${kinds} permissions to ${amount} a day`
}

export const callsText = (calls: number): string => `${calls.toLocaleString("en-US")} ${calls === 1 ? "call" : "calls"}`

function spent(data: MonthData): string {
  const { month, usedNano, beforeNano, calls } = data
  const first = `In ${monthText(month)} you used ${creditsUsed(usedNano)} in ${callsText(calls)}`
  return beforeNano === 0 ? `${first}. In ${monthName(month - 1)} you used none.` : `${first}: ${beside(data, month)}.`
}

export const monthlyLetter: Letter<MonthData> = {
  kind: "monthly_letter",
  subject: ({ month, usedNano }) => `Your ${monthName(month)}: ${creditsUsed(usedNano)} used`,
  body: (data, { baseUrl }): Paragraph[] => [
    `${spent(data)} ${creditsLeft(data.leftNano)} ${data.leftNano === credits(1) ? "is" : "are"} left.`,
    {
      text: "By app:",
      rows: data.apps.map((line) => ({
        name: line.name,
        figure: creditsUsed(line.usedNano),
        note: beside(line, data.month),
        ...(line.limit && { link: { words: limitWords(line.limit), to: line.limit.link } }),
      })),
    },
    {
      text: "By model:",
      rows: data.models.map((line) => ({
        name: line.name,
        figure: creditsUsed(line.usedNano),
        note: beside(line, data.month),
      })),
    },
    ...cacheWords(data.cache),
    ...(data.apps.some(({ limit }) => limit !== null)
      ? [
          "A limit is what the app used on a usual day. Its link asks you once more, and only ever lowers what the app may spend.",
        ]
      : []),
    { text: "See every day of it:", link: `${baseUrl}/usage?range=custom&from=${data.from}&to=${data.to}` },
    { text: "Change or end what apps may do:", link: `${baseUrl}/apps` },
    "Days and months are those of UTC.",
  ],
  sample: {
    month: 681,
    from: "2026-10-01",
    to: "2026-10-31",
    usedNano: nano(4_182_400_000),
    beforeNano: nano(3_020_000_000),
    calls: 1_284,
    leftNano: nano(2_640_500_000),
    cache: { calls: 212, savedNano: nano(318_000_000), isLeast: false },
    apps: [
      {
        name: "Margin Notes",
        usedNano: nano(2_610_000_000),
        beforeNano: nano(1_130_000_000),
        limit: { most: 85, kinds: 1, link: linkOf("cli_01KAZ3V9M4N8T2X6Q7R5S1P0WE", 85) },
      },
      {
        name: "Atelier",
        usedNano: nano(1_250_000_000),
        beforeNano: nano(1_890_000_000),
        limit: { most: 41, kinds: 3, link: linkOf("cli_01KAZ3V9M4N8T2X6Q7R5S1P0WF", 41) },
      },
      { name: "Your own keys", usedNano: nano(322_400_000), beforeNano: nano(0), limit: null },
    ],
    models: [
      { name: "openai/gpt-5-mini", usedNano: nano(2_710_000_000), beforeNano: nano(1_700_000_000) },
      { name: "image/fast", usedNano: nano(1_150_000_000), beforeNano: nano(1_150_000_000) },
      { name: "capability:cheap", usedNano: nano(322_400_000), beforeNano: nano(170_000_000) },
    ],
  },
  others: [
    {
      month: 672,
      from: "2026-01-01",
      to: "2026-01-31",
      usedNano: nano(1_000_000),
      beforeNano: nano(0),
      calls: 1,
      leftNano: nano(0),
      apps: [{ name: "Your own keys", usedNano: nano(1_000_000), beforeNano: nano(0), limit: null }],
      models: [{ name: "openai/gpt-5-mini", usedNano: nano(1_000_000), beforeNano: nano(0) }],
    },
  ],
}

function linkOf(app: string, most: number): string {
  return `https://ai.example.com/letter/limit?who=usr_01KAZ3V9M4N8T2X6Q7R5S1P0WH&app=${app}&most=${most}&until=1790000000000&sign=3f1c9a0d5e`
}
