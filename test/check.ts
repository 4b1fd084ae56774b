// The whole check: types, style, unescaped JSX, then every test, a file or more on each core. What `bun run test` and CI
// run. The executable is built and the browser started once, for all files. Ends with one line: N passed, N failed.
import { mkdtempSync, rmSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { pairsToLend } from "../src/oauth/keys/testing.ts"
import { build, canDropRights } from "./binary/binary.ts"
import { hasChromium, serveBrowser } from "./browser/kit.ts"

const bin = (name: string): string => `node_modules/.bin/${name}`
const STEPS: { name: string; command: string[] }[] = [
  { name: "types", command: [process.execPath, bin("tsc"), "-p", "."] },
  { name: "style", command: [bin("biome"), "check", "--error-on-warnings"] },
  { name: "escaping", command: [process.execPath, bin("xss-scan")] },
]
/** A test that spins cannot time itself out; the check as a whole can. */
const WHOLE_MS = 45 * 60_000
/** Files that start early because they take long; `--update-timings` rewrites it. */
const TIMINGS = "test/timings.json"

let passed = 0
let failed = 0
const count = (isOk: boolean): void => void (isOk ? passed++ : failed++)

async function runStep({ name, command }: (typeof STEPS)[number]): Promise<void> {
  const step = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" })
  const said = await Promise.all([new Response(step.stdout).text(), new Response(step.stderr).text()])
  const isOk = (await step.exited) === 0
  console.log(isOk ? `ok: ${name}` : `${said.join("")}FAILED: ${name}`)
  count(isOk)
}

const folder = mkdtempSync(join(tmpdir(), "purser-check-"))
const browser = hasChromium ? await serveBrowser() : null
try {
  const [executable, pairs] = await Promise.all([build(folder), pairsToLend(), ...STEPS.map(runStep)])
  if (!hasChromium)
    console.log(
      "\n*** no Chromium found: the browser tests are SKIPPED. Install Debian's chromium-headless-shell or chromium, or set PURSER_CHROMIUM. ***\n",
    )
  if (!canDropRights)
    console.log("\n*** no setpriv found: as root, what needs a folder that cannot be written is SKIPPED. ***\n")
  await runTests({
    ...process.env,
    ...pairs,
    PURSER_TEST_EXECUTABLE: executable,
    PURSER_TEST_BROWSER: browser?.wsEndpoint() ?? "",
  })
} finally {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

async function runTests(env: Record<string, string | undefined>): Promise<void> {
  const options = [`--parallel=${availableParallelism()}`, `--timings=${TIMINGS}`, "--timeout=40000"]
  const tests = Bun.spawn([process.execPath, "test", ...options, ...process.argv.slice(2)], {
    env,
    stdout: "inherit",
    stderr: "pipe",
  })
  const watchdog = setTimeout(() => {
    console.log(`the tests were still running after ${WHOLE_MS / 60_000} minutes; killed`)
    tests.kill(9)
  }, WHOLE_MS)
  let output = ""
  const decoder = new TextDecoder()
  for await (const chunk of tests.stderr) {
    process.stderr.write(chunk)
    output += decoder.decode(chunk, { stream: true })
  }
  const exitCode = await tests.exited
  clearTimeout(watchdog)
  for (const failure of failuresIn(output)) console.log(failure)
  const tail = output.slice(-4_000)
  const said = (word: string): number => Number(new RegExp(`^\\s*(\\d+) ${word}$`, "m").exec(tail)?.[1] ?? 0)
  passed += said("pass")
  failed += said("fail")
  if (said("skip") > 0) console.log(`${said("skip")} skipped`)
  if (exitCode !== 0 && said("fail") === 0) failed++
}

/** What was said before each "(fail)", once more where it is found: bun repeats the names alone. @param output of `bun test` */
function failuresIn(output: string): string[] {
  const failures: string[] = []
  let said: string[] = []
  for (const line of output.split("\n")) {
    if (/^\d+ tests? failed:$/.test(line)) break
    said.push(line)
    if (line.startsWith("(fail)")) failures.push(said.slice(-60).join("\n"))
    if (/^\((fail|pass|skip)\)|^\S+\.test\.tsx?:$/.test(line)) said = []
  }
  return failures
}
