// /admin/restore: what a restore lost, and the word of an admin that lets jobs and messages go on. Whoever says it confirms that it is them.
import { AdminRestorePage, type RestoreView } from "../../../views/admin/restore.tsx"
import { paymentsOf, type Restore } from "../../backup/index.ts"
import { button } from "../../http/index.ts"
import { actorName } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const PATH = "/admin/restore"
const GO_ON = button("I have looked; go on")

export function restoreRoutes(site: AdminSite, deps: AdminDeps): void {
  const { backup } = deps
  site.form(PATH, {
    summary: "Let jobs and messages go on after a restore",
    form: GO_ON,
    fresh: true,
    async act(page) {
      await backup.goOn(page.ctx("looked at what the restore lost"), page.session.userId)
      return { to: PATH, say: "Jobs and messages go on." }
    },
    show(page, view, _, status) {
      const restore = backup.lastRestore()
      const props = { restore: restore && viewOf(deps, restore), messages: backup.heldMessages(), form: view }
      return page.render((frame) => AdminRestorePage({ frame, ...props }), status)
    },
  })
}

const viewOf = (deps: AdminDeps, restore: Restore): RestoreView => ({
  restoredMs: restore.restoredMs,
  source: restore.source,
  epoch: restore.epoch,
  asked: restore.asked,
  lastCommitMs: restore.lastCommitMs,
  aliveMs: restore.aliveMs,
  isComplete: restore.complete === 1,
  lastTransaction: booked(restore.lastTransactionId, restore.lastTransactionMs),
  lastCall: booked(restore.lastCallId, restore.lastCallMs),
  payments: deps.billing.isOn || restore.payments !== null ? { caughtUp: paymentsOf(restore) } : null,
  sessionsEnded: restore.sessionsEnded,
  grantsEnded: restore.grantsEnded,
  looked:
    restore.lookedMs === null
      ? null
      : { ms: restore.lookedMs, by: actorName(deps, restore.lookedBy ?? "system:restore") },
})

const booked = (id: string | null, ms: number | null) => (id === null || ms === null ? null : { id, ms })
