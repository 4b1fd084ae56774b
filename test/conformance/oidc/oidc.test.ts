// The modules of the OpenID Foundation's plans, and negatives beyond them, against this server and against a certified one: what the
// certified one does not pass is no fair demand, and what it passes is.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { PURSER_FAILS, PURSER_SKIPS, REFERENCE_FAILS, REFERENCE_SKIPS } from "./expected.ts"
import { PLANS, type PlanResult, runPlans } from "./plans.ts"
import { purserTarget } from "./purser.ts"
import { referenceTarget } from "./reference.ts"
import type { Target } from "./run.ts"

const CASES = [
  { name: "Purser", make: purserTarget, fails: PURSER_FAILS, skips: PURSER_SKIPS },
  { name: "oidc-provider", make: referenceTarget, fails: REFERENCE_FAILS, skips: REFERENCE_SKIPS },
]
const NAMES = Object.values(PLANS).flatMap((plan) => Object.keys(plan))

describe.each(CASES)("$name", ({ make, fails, skips }) => {
  let target: Target
  let results: Map<string, PlanResult>
  beforeAll(async () => {
    target = await make()
    results = new Map((await runPlans(target)).map((result) => [result.name, result]))
  }, 60_000)
  afterAll(() => target?.close())

  test.each(NAMES)("%s", (name) => {
    const { state, words } = results.get(name)!
    const wanted = name in fails ? "failed" : name in skips ? "skipped" : "passed"
    expect(`${state} ${wanted === "passed" ? words : ""}`.trim()).toBe(wanted)
  })
})

test("what is expected not to pass is a module that there is", () => {
  for (const list of [PURSER_FAILS, PURSER_SKIPS, REFERENCE_FAILS, REFERENCE_SKIPS]) {
    expect(NAMES).toEqual(expect.arrayContaining(Object.keys(list)))
  }
})
