// The whole check, in order: types, style, unescaped JSX, then every test. What `bun run test` and CI run.
// Ends with one line: N passed, N failed.
import { existsSync } from "node:fs"

const bin = (name: string): string => `node_modules/.bin/${name}`
const STEPS: { name: string; command: string[] }[] = [
  { name: "types", command: [process.execPath, bin("tsc"), "-p", "."] },
  { name: "style", command: [bin("biome"), "check", "--error-on-warnings"] },
  { name: "escaping", command: [process.execPath, bin("xss-scan")] },
]

let passed = 0
let failed = 0

for (const { name, command } of STEPS) {
  const run = Bun.spawnSync(command, { stdout: "inherit", stderr: "inherit" })
  console.log(`${run.exitCode === 0 ? "ok" : "FAILED"}: ${name}`)
  if (run.exitCode === 0) passed++
  else failed++
}

if (!existsSync(process.env.PURSER_CHROMIUM ?? "/usr/bin/chromium")) {
  console.log(
    "\n*** no Chromium found: the browser tests are SKIPPED. Install Debian's chromium, or set PURSER_CHROMIUM. ***\n",
  )
}
const tests = Bun.spawn([process.execPath, "test", "--timeout", "20000", ...process.argv.slice(2)], {
  stdout: "inherit",
  stderr: "pipe",
})
/** A test that spins cannot time itself out; the check as a whole can. */
const WHOLE_MS = 15 * 60_000
const watchdog = setTimeout(() => {
  console.log(`the tests were still running after ${WHOLE_MS / 60_000} minutes; killed`)
  tests.kill(9)
}, WHOLE_MS)
let tail = ""
for await (const chunk of tests.stderr) {
  process.stderr.write(chunk)
  tail = (tail + new TextDecoder().decode(chunk)).slice(-4_000)
}
const count = (word: string): number => Number(new RegExp(`^\\s*(\\d+) ${word}$`, "m").exec(tail)?.[1] ?? 0)
passed += count("pass")
failed += count("fail")
const skipped = count("skip")
if (skipped > 0) console.log(`${skipped} skipped`)
const exitCode = await tests.exited
clearTimeout(watchdog)
if (exitCode !== 0 && count("fail") === 0) failed++
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
