// The letter about a month of a team: what its credits went to, by person, app and model, beside the month before, and where its owner or an
// admin limits whom. To each of its people who handle money.
import { credits, nano } from "../app/index.ts"
import type { Letter, Paragraph } from "../part/index.ts"
import { beside, type CacheSaid, cacheWords, callsText, type MonthData, type MonthLine } from "./mails-letter.ts"
import { monthName, monthText } from "./months.ts"
import { creditsLeft, creditsUsed } from "./words.ts"

export interface TeamMonthData
  extends Pick<MonthData, "month" | "from" | "to" | "usedNano" | "beforeNano" | "calls" | "leftNano" | "models"> {
  team: string
  /** `tea_…` */
  teamId: string
  cache: CacheSaid
  /** `limitOf`: `usr_…` whom the reader may limit; null: they may not, or it is nobody of the team any more. */
  members: (MonthLine & { limitOf: string | null })[]
  apps: MonthLine[]
}

function spent(data: TeamMonthData): string {
  const { team, month, usedNano, beforeNano, calls } = data
  const first = `In ${monthText(month)} the team “${team}” used ${creditsUsed(usedNano)} in ${callsText(calls)}`
  return beforeNano === 0 ? `${first}. In ${monthName(month - 1)} it used none.` : `${first}: ${beside(data, month)}.`
}

const rowsOf = (lines: readonly MonthLine[], month: number) =>
  lines.map((line) => ({ name: line.name, figure: creditsUsed(line.usedNano), note: beside(line, month) }))

export const teamMonthlyLetter: Letter<TeamMonthData> = {
  kind: "team_monthly_letter",
  subject: ({ team, month, usedNano }) => `${team}: ${creditsUsed(usedNano)} used in ${monthName(month)}`,
  body(data, { baseUrl }): Paragraph[] {
    const { month, members, apps, models, teamId, leftNano } = data
    const home = `${baseUrl}/teams/${teamId}`
    return [
      `${spent(data)} ${creditsLeft(leftNano)} ${leftNano === credits(1) ? "is" : "are"} left.`,
      {
        text: "By person:",
        rows: members.map(({ limitOf, ...line }) => ({
          ...rowsOf([line], month)[0]!,
          ...(limitOf !== null && {
            link: { words: "Limit what they spend", to: `${home}/members/${limitOf}/limits` },
          }),
        })),
      },
      { text: "By app:", rows: rowsOf(apps, month) },
      { text: "By model:", rows: rowsOf(models, month) },
      ...cacheWords(data.cache),
      {
        text: "See every day of it, acting as the team:",
        link: `${baseUrl}/usage?range=custom&from=${data.from}&to=${data.to}`,
      },
      { text: "Who is in the team, and what each may spend:", link: home },
      "Days and months are those of UTC.",
    ]
  },
  sample: {
    team: "Paper Boat",
    teamId: "tea_01KAZ3V9M4N8T2X6Q7R5S1P0WT",
    month: 681,
    from: "2026-10-01",
    to: "2026-10-31",
    usedNano: nano(4_182_400_000),
    beforeNano: nano(3_020_000_000),
    calls: 1_284,
    leftNano: nano(2_640_500_000),
    cache: { calls: 212, savedNano: nano(318_000_000), isLeast: true },
    members: [
      {
        name: "Mara Lindqvist",
        usedNano: nano(2_610_000_000),
        beforeNano: nano(1_130_000_000),
        limitOf: "usr_01KAZ3V9M4N8T2X6Q7R5S1P0WH",
      },
      { name: "Somebody who left", usedNano: nano(1_572_400_000), beforeNano: nano(1_890_000_000), limitOf: null },
    ],
    apps: [
      { name: "Margin Notes", usedNano: nano(2_610_000_000), beforeNano: nano(1_130_000_000) },
      { name: "Keys of the team", usedNano: nano(1_572_400_000), beforeNano: nano(1_890_000_000) },
    ],
    models: [{ name: "openai/gpt-5-mini", usedNano: nano(4_182_400_000), beforeNano: nano(3_020_000_000) }],
  },
  others: [
    {
      team: "Night Shift",
      teamId: "tea_01KAZ3V9M4N8T2X6Q7R5S1P0WU",
      month: 672,
      from: "2026-01-01",
      to: "2026-01-31",
      usedNano: nano(1_000_000),
      beforeNano: nano(0),
      calls: 1,
      leftNano: nano(0),
      cache: { calls: 1, savedNano: nano(0), isLeast: true },
      members: [{ name: "Mara Lindqvist", usedNano: nano(1_000_000), beforeNano: nano(0), limitOf: null }],
      apps: [{ name: "Keys of the team", usedNano: nano(1_000_000), beforeNano: nano(0) }],
      models: [{ name: "openai/gpt-5-mini", usedNano: nano(1_000_000), beforeNano: nano(0) }],
    },
  ],
}
