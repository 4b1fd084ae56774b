// What `notices` contributes: its sweep, and what becomes of notices with their person.
import { HOUR_MS, MINUTE_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Notices } from "./index.ts"
import { NOTICE_LETTERS } from "./mails.ts"
import { NOTICE_SENTENCES } from "./sentences.ts"
import { eraseNotices, NOTICES_PERSONAL } from "./store-personal.ts"

export const noticesPart: Part<{ notices: Pick<Notices, "sweep" | "sendDigests"> }> = {
  name: "notices",
  letters: NOTICE_LETTERS,
  sentences: NOTICE_SENTENCES,
  personal: NOTICES_PERSONAL,
  keeps: [
    {
      what: "Notices in the console",
      goes: "They are deleted, read or not.",
      kept: "180 days, and 500 for each person",
      job: "sweep-notices",
    },
    {
      what: "When mails of a kind were sent to a person",
      goes: "They are forgotten: they are counted so that many at once become one mail.",
      kept: "1 day",
      job: "sweep-notices",
    },
  ],
  run: ({ notices }) => ({
    jobs: [
      {
        name: "notice-digests",
        everyMs: MINUTE_MS,
        run: ({ rows }) => notices.sendDigests(rows),
      },
      {
        name: "sweep-notices",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await notices.sweep(rows)) >= rows,
      },
    ],
    lifecycle: {
      suspended: { nothing: "they are told of nothing new, and see no page" },
      reinstated: { nothing: "what they were told before is there" },
      passwordChanged: { nothing: "a notice lets nobody in" },
      erased: (tx, { id }, rows) => eraseNotices(tx, id, rows),
    },
  }),
}
