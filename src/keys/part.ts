// What `keys` contributes: its mails and sentences, the writing of uses, and what happens to keys with their person.
import type { Leaving, Part } from "../part/index.ts"
import { KEY_LIMITS } from "./limits.ts"
import { KEY_LETTERS } from "./mails.ts"
import { KEY_SENTENCES } from "./sentences.ts"
import { eraseKeys, KEYS_PERSONAL } from "./store-personal.ts"
import type { ApiKeyShown, Keys } from "./types.ts"

export const keysPart: Part<{ keys: Pick<Keys, "flushUses" | "of"> }> = {
  name: "keys",
  personal: KEYS_PERSONAL,
  letters: KEY_LETTERS,
  sentences: KEY_SENTENCES,
  run: ({ keys }) => ({
    jobs: [
      {
        name: "write-key-uses",
        goesOn: true,
        everyMs: KEY_LIMITS.usesEveryMs,
        // All that was gathered, in slices of its own.
        async run() {
          await keys.flushUses()
          return false
        },
      },
    ],
    lifecycle: {
      suspended: {
        nothing: "every request asks whether the person of the key is suspended; servers cannot sign in again",
      },
      reinstated: { nothing: "keys were refused only while their person was suspended" },
      passwordChanged: {
        nothing:
          "no password made them: each key is mailed to its owner, and programs that run on keys would stop without a word",
      },
      erased: (tx, { id }, rows) => eraseKeys(tx, id, rows),
      leaving: ({ id }) => leavingOf(keys.of(id)),
    },
  }),
}

function leavingOf(keys: readonly Pick<ApiKeyShown, "revokedMs">[]): Leaving {
  const alive = keys.filter(({ revokedMs }) => revokedMs === null).length
  return alive === 0 ? {} : { ends: [alive === 1 ? "1 API key stops working." : `${alive} API keys stop working.`] }
}
