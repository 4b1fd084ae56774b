// What `support` contributes: its mails, settings and sweep, how many wait, and what becomes of questions with their person.
import { HOUR_MS } from "../app/index.ts"
import type { Check, Part } from "../part/index.ts"
import type { Support } from "./index.ts"
import { SUPPORT_LETTERS } from "./mails.ts"
import { SUPPORT_SENTENCES } from "./sentences.ts"
import { PRIORITY_MAIL, SUPPORT_MAIL } from "./settings.ts"
import { eraseSupport, SUPPORT_PERSONAL } from "./store-personal.ts"

export const supportPart: Part<{ support: Pick<Support, "counts" | "sweep"> }> = {
  name: "support",
  letters: SUPPORT_LETTERS,
  settings: [SUPPORT_MAIL, PRIORITY_MAIL],
  sentences: SUPPORT_SENTENCES,
  personal: SUPPORT_PERSONAL,
  keeps: [
    {
      what: "Questions to support",
      goes: "Closed ones are deleted, with what was said; those that wait stay.",
      kept: "365 days after the last word",
      job: "sweep-support",
    },
  ],
  run: ({ support }) => ({
    checks: [() => waiting(support)],
    jobs: [
      {
        name: "sweep-support",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await support.sweep(rows)) >= rows,
      },
    ],
    lifecycle: {
      suspended: {
        nothing: "who is suspended sees no page and writes nothing; what they asked is answered all the same",
      },
      reinstated: { nothing: "what they asked is there" },
      passwordChanged: { nothing: "a question lets nobody in" },
      erased: (tx, { id }, rows) => eraseSupport(tx, id, rows),
    },
  }),
}

function waiting(support: Pick<Support, "counts">): Check[] {
  const { waiting: all, priority } = support.counts()
  if (all === 0) return []
  const text = `${all} ${all === 1 ? "waits" : "wait"} for an answer${priority > 0 ? `, ${priority} with priority` : ""}`
  return [{ label: "Support", state: "ok", text, href: "/admin/support" }]
}
