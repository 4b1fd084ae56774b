// What `oauth` contributes: the clearing away of what is over, and the end of grants with the password they were given under.
import { MINUTE_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Oauth } from "./api.ts"

export const oauthPart: Part<{ oauth: Pick<Oauth, "sweep" | "revokeGrantsOfUserIn"> }> = {
  name: "oauth",
  run: ({ oauth }) => ({
    jobs: [
      {
        name: "sweep-oauth",
        everyMs: 5 * MINUTE_MS,
        async run() {
          await oauth.sweep()
          return false
        },
      },
    ],
    lifecycle: {
      suspended: { nothing: "every use of a token asks whether its person is active (access/alive.ts)" },
      reinstated: { nothing: "consents and grants were kept" },
      passwordChanged: (tx, person) => void oauth.revokeGrantsOfUserIn(tx, person.id),
    },
  }),
}
