// The switch of the sidebar: whose credits, keys and invoices the console shows from here on. It is held in the session, so no link can
// carry it, and a form of a page from before it is refused.
import { ensure } from "../../../app/index.ts"
import { field, form } from "../../../http/index.ts"
import type { ConsoleSite } from "../site.ts"
import { refOf, type TeamDeps } from "./of.ts"

const ACT_FORM = form({ team: field.hidden({ label: "Team", optional: true }) }, { submit: "Act as" })

export function actingRoutes(site: ConsoleSite, { teams, store, identity }: TeamDeps): void {
  site.post("/acting", {
    form: ACT_FORM,
    async act(page, { team: publicId }) {
      const { userId, sessionId } = page.session
      ensure(sessionId !== 0, "forbidden", "Only a person at the console acts as a team.")
      const team = publicId === "" ? null : teams.membership(refOf(page, publicId), "see").team
      await store.write(page.ctx("chose whom to act as"), (tx) =>
        identity.actAsIn(tx, { userId, sessionId, actingId: team?.id ?? null }),
      )
      return team
        ? { to: "/credits", say: `You act as ${team.name} now: its credits, keys and invoices are shown.` }
        : { to: "/dashboard", say: "You act as yourself again." }
    },
    back: () => "/teams",
  })
}
