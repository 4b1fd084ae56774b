// Every plan by its name, and the two servers that they run on.
import { BASIC_PLAN } from "./basic.ts"
import { CONFIG_PLAN } from "./config.ts"
import { DPOP_PLAN } from "./dpop.ts"
import { BACKCHANNEL_PLAN, LOGOUT_PLAN } from "./logout.ts"
import { NEGATIVES } from "./negatives.ts"
import { DYNAMIC_PLAN } from "./registration.ts"
import { RP_PLAN } from "./relying.ts"
import { discover, type Plan, type Result, runModule, type Target } from "./run.ts"

export const PLANS: Readonly<Record<string, Plan>> = {
  "Basic OP": BASIC_PLAN,
  "Config OP": CONFIG_PLAN,
  "RP-initiated logout": LOGOUT_PLAN,
  "Back-channel logout": BACKCHANNEL_PLAN,
  "Dynamic registration": DYNAMIC_PLAN,
  "FAPI-style negatives": NEGATIVES,
  DPoP: DPOP_PLAN,
  "Relying party": RP_PLAN,
}

/** What turns time or keys, and what measures time: these have the server for themselves. */
const ALONE = /rotate-keys|expired|30seconds|rotates/

/** Modules at once: a server lets only so many people wait whose passwords it has to hash. */
const BESIDE = 12

export interface PlanResult extends Result {
  plan: string
}

/**
 * Every module, or one.
 * @param only part of a module's name
 */
export async function runPlans(target: Target, only = ""): Promise<PlanResult[]> {
  const as = await discover(target.issuer)
  const modules = Object.entries(PLANS)
    .flatMap(([plan, named]) => Object.entries(named).map(([name, module]) => ({ plan, name, module })))
    .filter(({ name }) => name.includes(only))
  const results = new Map<string, PlanResult>()
  const run = async ({ plan, name, module }: (typeof modules)[number]) =>
    void results.set(name, { plan, ...(await runModule(target, as, name, module)) })
  const beside = modules.filter(({ name }) => !ALONE.test(name))
  const next = async () => {
    for (let one = beside.shift(); one; one = beside.shift()) await run(one)
  }
  await Promise.all(Array.from({ length: BESIDE }, next))
  for (const one of modules.filter(({ name }) => ALONE.test(name))) await run(one)
  return modules.map(({ name }) => results.get(name)!)
}
