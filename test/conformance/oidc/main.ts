// `bun run conformance [part of a module's name]`: a table, module by module, and a last line for each server.
import { PURSER_FAILS, PURSER_SKIPS, REFERENCE_FAILS, REFERENCE_SKIPS } from "./expected.ts"
import { runPlans } from "./plans.ts"
import { purserTarget } from "./purser.ts"
import { referenceTarget } from "./reference.ts"

const only = process.argv[2] ?? ""
const SIGN = { passed: "✓", failed: "✗", skipped: "–" } as const
const targets = [
  { make: purserTarget, known: { ...PURSER_FAILS, ...PURSER_SKIPS } },
  { make: referenceTarget, known: { ...REFERENCE_FAILS, ...REFERENCE_SKIPS } },
]
const last: string[] = []
let isBad = false
for (const { make, known } of targets) {
  const target = await make()
  const results = await runPlans(target, only)
  console.log(`\n${target.name}`)
  let plan = ""
  for (const result of results) {
    if (result.plan !== plan) console.log(`  ${result.plan}`)
    plan = result.plan
    const why = result.state === "passed" ? "" : `  ${known[result.name] ?? result.words}`
    const warned = result.warnings.map((words) => `  (warning: ${words})`).join("")
    console.log(`    ${SIGN[result.state]} ${result.name}${why}${warned}`)
  }
  const passed = results.filter(({ state }) => state === "passed").length
  const failed = results.filter(({ state, name }) => state === "failed" && !(name in known)).length
  const expected = results.filter(({ state, name }) => state === "failed" && name in known).length
  const skipped = results.filter(({ state }) => state === "skipped").length
  isBad ||= failed > 0
  last.push(`${target.name}: ${passed} passed, ${failed} failed (${expected} expected to fail, ${skipped} skipped)`)
  await target.close()
}
console.log(`\n${last.join("\n")}`)
process.exit(isBad ? 1 : 0)
