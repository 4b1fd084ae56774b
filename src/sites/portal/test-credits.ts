// Test credits for a developer who tries an app: they are no money, so a press is enough; once an hour, for what anybody can write has a bound.
import { creditsText } from "../../../views/ui/format.ts"
import { credits, DAY_MS, ensure, HOUR_MS } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

/** Of each press: many calls, and few enough that an app meets the end of them. */
const AMOUNT = credits(10_000)
const KEPT_MS = 30 * DAY_MS

export function testCreditRoutes(site: PortalSite, deps: PortalDeps): void {
  const { ledger, store, developers } = deps
  site.post("/developer/apps/:app/test-credits", {
    load(page, { app }) {
      const client = mine(deps, page, app)
      ensure(client.mode === "test", "not_found", "Test credits are for apps in test mode.")
      return client
    },
    form: button("Add test credits"),
    async act(page, _, client) {
      const granted = await store.write(page.ctx("took test credits"), (tx) => {
        developers.requireDeveloperIn(tx, page.holder.id)
        const hour = Math.floor(tx.now / HOUR_MS)
        return ledger.grantIn(tx, {
          owner: page.owner,
          mode: "test",
          type: "bonus",
          bucket: "bonus",
          paid: false,
          amountNano: AMOUNT,
          effectiveMs: hour * HOUR_MS,
          expiresMs: hour * HOUR_MS + KEPT_MS,
          key: `test-credits:${page.holder.id}:${hour}`,
        })
      })
      const to = `${pathOf(client)}#test-call`
      const has = creditsText(ledger.wallet(page.owner, "test").spendableNano)
      if (granted.already) return { to, say: `You have ${has} for tests. More can be had next hour.`, tone: "info" }
      return { to, say: `You have ${has} for tests now.` }
    },
    back: pathOf,
  })
}
