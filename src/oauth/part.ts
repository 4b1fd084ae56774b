// What `oauth` contributes: the clearing away of what is over, and the end of grants with their person's suspension or the password they were given under.
import { HOUR_MS, MINUTE_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Store, Tx } from "../store/index.ts"
import type { Oauth } from "./api.ts"
import { SEALED_ANSWERS } from "./authorize/answer.ts"
import { SEALED_KEYS } from "./keys/make.ts"
import { OAUTH_LIMITS } from "./limits.ts"
import { LOGOUT_TOPIC } from "./logout/tell.ts"
import { OAUTH_SENTENCES } from "./sentences.ts"
import {
  APP_REVIEWS,
  CONSENT_DAYS,
  DOCUMENT_HOSTS,
  DOCUMENTS,
  REGISTRATION,
  ROTATE_DAYS,
  SHARE_MAX,
  SHARE_MIN,
} from "./settings.ts"
import { leavingOf, OAUTH_PERSONAL } from "./store-personal.ts"
import { SEALED_REPLAYS } from "./token/refresh.ts"

export const oauthPart: Part<{
  oauth: Pick<
    Oauth,
    | "sweep"
    | "revokeGrantsOfUserIn"
    | "signedOutEverywhereIn"
    | "sessionEndedIn"
    | "deliverLogout"
    | "rotateKeysWhenDue"
    | "flushSecretUses"
    | "eraseAppsIn"
  >
  store: Pick<Store, "read">
}> = {
  name: "oauth",
  personal: OAUTH_PERSONAL,
  settings: [APP_REVIEWS, DOCUMENTS, DOCUMENT_HOSTS, REGISTRATION, ROTATE_DAYS, CONSENT_DAYS, SHARE_MIN, SHARE_MAX],
  sealed: [SEALED_KEYS, SEALED_REPLAYS, SEALED_ANSWERS],
  sentences: OAUTH_SENTENCES,
  run: ({ oauth, store }) => ({
    jobs: [
      {
        name: "rotate-signing-keys",
        everyMs: HOUR_MS,
        // One rotation is all that may be due: the next key has to be known for a while first.
        async run() {
          await oauth.rotateKeysWhenDue()
          return false
        },
      },
      {
        name: "write-secret-uses",
        goesOn: true,
        everyMs: OAUTH_LIMITS.secretUsesEveryMs,
        async run() {
          await oauth.flushSecretUses()
          return false
        },
      },
      {
        name: "sweep-oauth",
        goesOn: true,
        everyMs: 5 * MINUTE_MS,
        run: async ({ rows }) => (await oauth.sweep(rows)) >= rows,
      },
    ],
    handlers: { [LOGOUT_TOPIC]: (delivery) => oauth.deliverLogout(delivery) },
    sessionEnded: (tx, session) => oauth.sessionEndedIn(tx, session),
    lifecycle: {
      // Ended, not only refused: no old token comes back when the person is let in again.
      suspended: (tx, person) => end(oauth, tx, person.id),
      reinstated: { nothing: "consents were kept, grants stay ended: people sign in to their apps again" },
      passwordChanged: (tx, person) => end(oauth, tx, person.id),
      erased: (tx, person, rows) => oauth.eraseAppsIn(tx, person, rows),
      leaving: ({ id }) => leavingOf(store.read, id),
    },
  }),
}

/** Apps hear of it before their grants end, which say who has to. */
function end(oauth: Pick<Oauth, "revokeGrantsOfUserIn" | "signedOutEverywhereIn">, tx: Tx, userId: number): void {
  oauth.signedOutEverywhereIn(tx, userId)
  oauth.revokeGrantsOfUserIn(tx, userId)
}
