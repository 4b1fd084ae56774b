// What `identity` contributes: its mails, the clearing away of what is over, and the first admin.
import { DAY_MS, MINUTE_MS } from "../app/index.ts"
import type { Media } from "../media/index.ts"
import type { Part } from "../part/index.ts"
import { PICTURE_TOPIC, SEALED_ISSUER_SECRETS } from "./federation/index.ts"
import { IDENTITY_LIMITS } from "./limits.ts"
import { LETTERS } from "./mails.ts"
import { SEALED_TOTP } from "./second-step/index.ts"
import { IDENTITY_SENTENCES } from "./sentences.ts"
import { erasePerson, IDENTITY_PERSONAL } from "./store/personal.ts"
import type { Identity } from "./types.ts"

const PURGE = { actor: "system:purge-identity", requestId: "job", reason: "delete what is over" }
const CONFIGURED = { actor: "system:configuration", requestId: "start", reason: "what the environment says of Google" }
const SORT = { actor: "system:sort-names", requestId: "start", reason: "names in the order of people" }

export const identityPart: Part<{
  identity: Pick<Identity, "purge" | "sortNames" | "hasAdmin" | "isOnlyAdmin" | "adoptConfigured" | "fetchPicture">
  media: Pick<Media, "addressOf" | "storeImage" | "showIn">
}> = {
  name: "identity",
  personal: IDENTITY_PERSONAL,
  letters: LETTERS,
  sealed: [SEALED_TOTP, SEALED_ISSUER_SECRETS],
  sentences: IDENTITY_SENTENCES,
  keeps: [
    {
      what: "Sign-ins that ended",
      goes: "They are deleted; until then a known browser is told from a new one.",
      kept: `${IDENTITY_LIMITS.sessionKeptMs / DAY_MS} days`,
      job: "purge-identity",
    },
  ],
  run: ({ identity, media }) => ({
    handlers: { [PICTURE_TOPIC]: (delivery) => identity.fetchPicture(media, delivery) },
    jobs: [
      {
        name: "purge-identity",
        goesOn: true,
        everyMs: 5 * MINUTE_MS,
        run: async ({ rows }) => (await identity.purge(PURGE, rows)) >= rows,
      },
    ],
    lifecycle: {
      suspended: { nothing: "the act begins here: `suspendIn` ends the sessions itself" },
      reinstated: { nothing: "sessions that ended stay ended" },
      passwordChanged: { nothing: "the act begins here: it ends the other sessions itself" },
      erased: erasePerson,
      leaving: ({ id }) =>
        identity.isOnlyAdmin(id)
          ? { first: [{ text: "You are the only admin. Make somebody else an admin first.", href: "/admin/users" }] }
          : {},
    },
    /** What a migration cannot work out. */
    async recover() {
      while ((await identity.sortNames(SORT)) > 0);
      await identity.adoptConfigured(CONFIGURED)
    },
    firstRun: [
      {
        key: "admin",
        order: 10,
        label: "Somebody is the admin",
        isDone: () => identity.hasAdmin(),
        remedy: "Open the link that the server printed when it started; `purser setup-link` makes a new one.",
      },
    ],
  }),
}
