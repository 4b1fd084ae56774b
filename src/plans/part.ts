// What `plans` contributes: the monthly credits of periods that began.
import { type Log, MINUTE_MS } from "../app/index.ts"
import type { Leaving, Part } from "../part/index.ts"
import { PLAN_SENTENCES } from "./sentences.ts"
import { FREE_BUDGET } from "./settings.ts"
import { erasePlan, PLANS_PERSONAL } from "./store-personal.ts"
import type { Plan, Plans } from "./types.ts"

const PLAN_STAYS = "a plan and its period run on; who may not call cannot spend it"

export const plansPart: Part<{ plans: Pick<Plans, "allocateDue" | "planOf">; log: Log }> = {
  name: "plans",
  personal: PLANS_PERSONAL,
  settings: [FREE_BUDGET],
  sentences: PLAN_SENTENCES,
  run: ({ plans, log }) => ({
    jobs: [
      {
        name: "allocate-plans",
        everyMs: MINUTE_MS,
        // A person a write; the verb itself goes round by round.
        async run() {
          await plans.allocateDue()
          return false
        },
      },
    ],
    lifecycle: {
      suspended: { nothing: PLAN_STAYS },
      reinstated: { nothing: PLAN_STAYS },
      passwordChanged: { nothing: PLAN_STAYS },
      erased: (tx, { id }, rows) => erasePlan(tx, id, rows),
      leaving: ({ id }) => leavingOf(plans.planOf(id)),
    },
    // Before anybody looks at their credits. A person whose plan cannot be granted keeps nobody else waiting.
    async catchUp() {
      await plans.allocateDue().catch((error: unknown) => log.error("plans.allocate_failed", { error }))
    },
  }),
}

const leavingOf = ({ code, name }: Plan): Leaving => (code === "free" ? {} : { ends: [`Your plan ${name} ends.`] })
