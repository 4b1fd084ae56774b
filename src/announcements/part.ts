// What `announcements` contributes: its mail, the job that tells people, and what becomes of it with its person.
import { MINUTE_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Announcements } from "./index.ts"
import { ANNOUNCEMENT_LIMITS } from "./limits.ts"
import { announced } from "./mails.ts"
import { ANNOUNCEMENT_SENTENCES } from "./sentences.ts"
import { ANNOUNCEMENTS_PERSONAL, eraseAnnouncements } from "./store-personal.ts"

export const announcementsPart: Part<{ announcements: Pick<Announcements, "tellSome"> }> = {
  name: "announcements",
  letters: [announced],
  sentences: ANNOUNCEMENT_SENTENCES,
  personal: ANNOUNCEMENTS_PERSONAL,
  run: ({ announcements }) => ({
    jobs: [
      {
        name: "tell-announcements",
        everyMs: MINUTE_MS,
        sliceRows: ANNOUNCEMENT_LIMITS.peoplePerRun,
        run: ({ rows }) => announcements.tellSome(rows),
      },
    ],
    lifecycle: {
      suspended: { nothing: "they see no page, and are told of nothing new" },
      reinstated: { nothing: "what is open is shown to them again" },
      passwordChanged: { nothing: "an announcement lets nobody in" },
      erased: (tx, { id }) => eraseAnnouncements(tx, id),
    },
  }),
}
