// /credits/low: when somebody is told that their credits are low.
import { LowPage } from "../../../views/console/credits/low.tsx"
import { field, form } from "../../http/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

const PATH = "/credits/low"
const MARK = form(
  {
    belowNano: field.credits({
      name: "below",
      label: "Tell me when I have less than",
      help: "1,000 credits are $1.",
      required: true,
      positive: true,
    }),
  },
  { submit: "Save" },
)

export function lowRoutes(site: ConsoleSite, { spending, billing }: Pick<ConsoleDeps, "spending" | "billing">): void {
  site.form(PATH, {
    form: MARK,
    load: (page) => page.holder.id,
    present: (id) => ({ belowNano: spending.markOf(id).belowNano }),
    async act(page, { belowNano }, id) {
      await spending.setMark(page.ctx("chose when credits are low"), id, belowNano)
      return { to: PATH, say: "Your choice is saved." }
    },
    show(page, sent, id, status) {
      const { rule, isHeld } = billing.recharges.of(id)
      const isRecharged = rule?.active === true && !rule.paused && !isHeld
      return page.render((frame) => LowPage({ frame, form: sent, isRecharged }), status)
    },
  })
}
