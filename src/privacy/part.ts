// What `privacy` contributes: copies that are made and swept, people whose day has come, and those whom a backup brought back.
import { HOUR_MS, type Log, MINUTE_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import { PRIVACY_LETTERS } from "./mails.ts"
import { PRIVACY_SENTENCES } from "./sentences.ts"
import { GRACE_DAYS, PRIVACY_KEEPS } from "./settings.ts"
import { eraseCopies, PRIVACY_PERSONAL } from "./store-personal.ts"
import type { Privacy } from "./types.ts"

const STAYS = "who asked for a copy or to go asked as themselves; both are proved once more"

export const privacyPart: Part<{ privacy: Privacy; log: Log }> = {
  name: "privacy",
  letters: PRIVACY_LETTERS,
  settings: [GRACE_DAYS],
  keeps: PRIVACY_KEEPS,
  sentences: PRIVACY_SENTENCES,
  personal: PRIVACY_PERSONAL,
  run: ({ privacy, log }) => ({
    jobs: [
      { name: "make-exports", everyMs: MINUTE_MS / 2, atStart: true, run: ({ signal }) => privacy.makeCopy(signal) },
      { name: "sweep-exports", everyMs: HOUR_MS, goesOn: true, run: () => privacy.sweepCopies().then(() => false) },
      // Goes on in a restored house: who was erased must not wait there for somebody to look.
      { name: "erase-people", everyMs: MINUTE_MS, atStart: true, goesOn: true, run: () => privacy.eraseNext() },
      { name: "end-test-users", everyMs: HOUR_MS, atStart: true, run: () => privacy.endTestUsers().then(() => false) },
      {
        name: "erase-again",
        everyMs: HOUR_MS,
        goesOn: true,
        run: () => privacy.eraseAgain().then(() => false),
      },
    ],
    lifecycle: {
      suspended: { nothing: STAYS },
      reinstated: { nothing: STAYS },
      passwordChanged: { nothing: STAYS },
      erased: (tx, { id }, rows) => eraseCopies(tx, id, rows),
    },
    /** Before anybody is answered. */
    async recover() {
      const people = await privacy.eraseAgain()
      if (people > 0) log.warn("privacy.erased_again", { people, why: "a backup brought them back" })
    },
  }),
}
