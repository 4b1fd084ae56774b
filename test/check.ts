// The whole check: types, style, unescaped JSX, then every test: first those that share modules, then those that start processes. What
// `bun run test` and CI run. The executable is built and the browser started once, for all files. Ends with one line: N passed, N failed.
import { mkdtempSync, rmSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { pairsToLend } from "../src/oauth/keys/testing.ts"
import { freshToLend } from "../src/store/index.ts"
import { filesOfFailures, isTriedAgain } from "./alone.ts"
import { build, canDropRights } from "./binary/binary.ts"
import { hasChromium, serveBrowser } from "./browser/kit.ts"
import { programsToLend } from "./bundle.ts"

const bin = (name: string): string => `node_modules/.bin/${name}`
const STEPS: { name: string; command: string[] }[] = [
  { name: "types", command: [process.execPath, "node_modules/typescript-7/bin/tsc", "-p", "."] },
  { name: "style", command: [bin("biome"), "check", "--error-on-warnings"] },
  { name: "escaping", command: [process.execPath, bin("xss-scan")] },
]
/** ms. A test that spins cannot time itself out; the check as a whole can. */
const WHOLE_MS = 60 * 60_000
/** Files that start early because they take long; `--update-timings` rewrites it. */
const TIMINGS = "test/timings.json"
/** Their files leave nothing behind in their process: those of one worker load the sources once, which takes a second each time. */
const TOGETHER =
  "src views test/billing test/books test/browser test/clients test/conformance test/e2e test/marketplace test/mcp test/privacy"
    .split(" ")
    .map((folder) => `./${folder}/`)
/** All others are mostly other processes, or change their own: each has modules of its own. */
const APART = TOGETHER.map((folder) => `--path-ignore-patterns=${folder.slice(2)}**`)
/** Of one test, ms: far above what any takes on a slow machine. */
const TEST_MS = 120_000
/** More files than these are not too slow by chance. */
const ALONE_MAX = 3

/** Of what was said before a failure, at the end once more. */
const FAILURE_CHARS = 1_500

let passed = 0
let failed = 0
/** Said once more at the very end, where a log that was cut still has it. */
const failures: string[] = []
const count = (isOk: boolean): void => void (isOk ? passed++ : failed++)

async function runStep({ name, command }: (typeof STEPS)[number]): Promise<void> {
  const step = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" })
  const said = await Promise.all([new Response(step.stdout).text(), new Response(step.stderr).text()])
  const isOk = (await step.exited) === 0
  console.log(isOk ? `ok: ${name}` : `${said.join("")}FAILED: ${name}`)
  if (!isOk) failures.push(name)
  count(isOk)
}

const folder = mkdtempSync(join(tmpdir(), "purser-check-"))
const browser = hasChromium ? await serveBrowser() : null
try {
  const lent = Promise.all([pairsToLend(), freshToLend(folder)])
  const [executable, programs, [pairs, fresh]] = await Promise.all([
    build(folder),
    programsToLend(folder),
    lent,
    ...STEPS.map(runStep),
  ])
  if (!hasChromium)
    console.log(
      "\n*** no Chromium found: the browser tests are SKIPPED. Install Debian's chromium-headless-shell or chromium, or set PURSER_CHROMIUM. ***\n",
    )
  if (!canDropRights)
    console.log("\n*** no setpriv found: as root, what needs a folder that cannot be written is SKIPPED. ***\n")
  await runTests({
    ...process.env,
    ...pairs,
    ...fresh,
    ...programs,
    PURSER_TEST_EXECUTABLE: executable,
    PURSER_TEST_BROWSER: browser?.wsEndpoint() ?? "",
  })
} finally {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
}
if (failures.length > 0) console.log(`\n${failures.join("\n")}\n`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

async function runTests(env: Record<string, string | undefined>): Promise<void> {
  const asked = process.argv.slice(2)
  const cores = availableParallelism()
  // Somebody who names files gets what the last run is.
  const isWhole = asked.every((word) => word.startsWith("-"))
  if (isWhole) await runSome(env, [`--parallel=${cores}`, "--no-isolate", ...asked, ...TOGETHER])
  // One more at once than there are cores: a good third of their time they wait for processes, leases and drains.
  await runSome(env, [`--parallel=${cores + (isWhole ? 1 : 0)}`, ...(isWhole ? APART : []), ...asked])
}

async function runSome(env: Record<string, string | undefined>, options: string[]): Promise<void> {
  const { output, exitCode } = await bunTest(env, [`--timings=${TIMINGS}`, ...options])
  for (const failure of failuresIn(output)) {
    console.log(failure)
    failures.push(failure.slice(-FAILURE_CHARS))
  }
  const tail = output.slice(-4_000)
  const said = (word: string): number => Number(new RegExp(`^\\s*(\\d+) ${word}$`, "m").exec(tail)?.[1] ?? 0)
  passed += said("pass")
  failed += said("fail")
  if (said("skip") > 0) console.log(`${said("skip")} skipped`)
  if (exitCode !== 0 && said("fail") === 0) failed++
  await runAlone(env, filesOfFailures(output))
}

/**
 * Files that failed and stand on servers, processes or clocks are run once more, by themselves, with nothing else on the machine: what
 * fails there is at fault; what does not was too slow beside others, which is said aloud, at the end as well, to be mended in the test.
 */
async function runAlone(env: Record<string, string | undefined>, counts: ReadonlyMap<string, number>): Promise<void> {
  if (counts.size > ALONE_MAX) return
  for (const [file, times] of counts) {
    if (!isTriedAgain(file)) continue
    console.log(`\n*** ${file} failed beside others; once more, alone ***\n`)
    const { exitCode } = await bunTest(env, [`./${file}`])
    if (exitCode !== 0) continue
    const unstable = `*** UNSTABLE: ${file} failed beside others (${times}) and passed alone ***`
    console.log(`\n${unstable}\n`)
    failures.push(unstable)
    failed -= times
    passed += times
  }
}

async function bunTest(
  env: Record<string, string | undefined>,
  options: string[],
): Promise<{ output: string; exitCode: number }> {
  const tests = Bun.spawn([process.execPath, "test", `--timeout=${TEST_MS}`, ...options], {
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
  return { output, exitCode }
}

/** What was said before each "(fail)", once more where it is found: bun repeats the names alone. @param output of `bun test` */
function failuresIn(output: string): string[] {
  const found: string[] = []
  let said: string[] = []
  for (const line of output.split("\n")) {
    if (/^\d+ tests? failed:$/.test(line)) break
    said.push(line)
    if (line.startsWith("(fail)")) found.push(said.slice(-60).join("\n"))
    if (/^\((fail|pass|skip)\)|^\S+\.test\.tsx?:$/.test(line)) said = []
  }
  return found
}
