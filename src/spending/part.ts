// What `spending` contributes: its letters, the jobs that send them, and what becomes of marks with their person.
import { inRounds } from "../app/index.ts"
import type { Job, Part } from "../part/index.ts"
import type { Spending } from "./index.ts"
import { SPENDING_LIMITS as L } from "./limits.ts"
import { monthlyLetter } from "./mails-letter.ts"
import { LOW_LETTERS } from "./mails-lows.ts"
import { teamMonthlyLetter } from "./mails-team.ts"
import { SPENDING_SENTENCES } from "./sentences.ts"
import { forgetLow } from "./store.ts"
import { SPENDING_PERSONAL } from "./store-personal.ts"

export const spendingPart: Part<{
  spending: Pick<Spending, "tellLows" | "tellPools" | "writeLetters" | "writeTeamLetters">
}> = {
  name: "spending",
  letters: [...LOW_LETTERS, monthlyLetter, teamMonthlyLetter],
  sentences: SPENDING_SENTENCES,
  personal: SPENDING_PERSONAL,
  run: ({ spending }) => ({
    jobs: [
      roundJob("tell-lows", (after, rows) => spending.tellLows(after, rows)),
      roundJob("tell-pools", (after, rows) => spending.tellPools(after, rows)),
      {
        name: "monthly-letters",
        everyMs: L.letterEveryMs,
        atStart: true,
        sliceRows: L.letterRows,
        run: ({ rows }) => spending.writeLetters(rows),
      },
      {
        name: "team-monthly-letters",
        everyMs: L.letterEveryMs,
        atStart: true,
        sliceRows: L.letterRows,
        run: ({ rows }) => spending.writeTeamLetters(rows),
      },
    ],
    lifecycle: {
      suspended: { nothing: "they are told of nothing new" },
      reinstated: { nothing: "what is low then is told then" },
      passwordChanged: { nothing: "a mark lets nobody in" },
      erased: (tx, { id }) => forgetLow(tx, id),
    },
  }),
}

/** Goes through all of them, slice by slice, and begins anew. */
function roundJob(name: string, look: (after: number, rows: number) => Promise<number | null>): Job {
  const go = inRounds(look)
  return { name, everyMs: L.lookEveryMs, run: ({ rows }) => go(rows) }
}
