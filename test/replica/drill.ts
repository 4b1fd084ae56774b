// `bun run drill [--standby] [--times N] [--seconds S]`: loses a machine under load N times with each Litestream there is, and prints what
// was lost and how long it took: back from an empty disk, or with `--standby` by promoting another machine. `bun run drill --weather
// [--seconds S]`: the replica's store is away, slow, throttling for S seconds each (60) instead. Ends with 1 when a promise was broken.
import { litestreams, type Tried } from "./kit.ts"
import { loseDisk } from "./lost-disk.ts"
import { loseFirst } from "./lost-first.ts"
import { weather } from "./storm.ts"

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  const value = at < 0 ? fallback : Number(process.argv[at + 1])
  if (Number.isInteger(value) && value > 0 && value <= 1_000) return value
  console.error(`--${name} takes a whole number from 1 to 1000`)
  return process.exit(2)
}
const isWeather = process.argv.includes("--weather")
const times = option("times", 10)
const seconds = option("seconds", isWeather ? 60 : 5)

const worst = <T>(losses: readonly T[], of: (loss: T) => number): number => Math.max(...losses.map(of))

/** @returns whether every promise was kept */
async function loseMachines(tried: Tried): Promise<boolean> {
  console.log(`\nLitestream ${tried.version} (${tried.path}), ${times} times, ${seconds} s of load each`)
  const losses = await loseDisk(tried, { lifeMs: seconds * 1_000, rounds: times }, (loss, round) => {
    const { granted, held, answered, lostGrants, lostCalls, lostMs, restoreMs, backMs } = loss
    console.log(
      `${String(round + 1).padStart(4)}  ${granted} grants (${held} waited for), ${answered} calls; lost ${lostGrants} and ${lostCalls}, the last ` +
        `${Math.max(0, lostMs)} ms; restored in ${restoreMs} ms, back after ${backMs} ms${brokenIn(loss.broken)}`,
    )
  })
  const kept = losses.filter(({ broken }) => broken.length === 0).length
  console.log(
    `${kept} of ${times} whole; at worst lost ${worst(losses, ({ lostMs }) => lostMs)} ms, restored in ${worst(losses, ({ restoreMs }) => restoreMs)} ms, ` +
      `back after ${worst(losses, ({ backMs }) => backMs)} ms`,
  )
  return kept === times
}

async function promoteStandbys(tried: Tried): Promise<boolean> {
  console.log(`\nLitestream ${tried.version} (${tried.path}), ${times} times, ${seconds} s of load each`)
  const takeovers = await loseFirst(tried, { lifeMs: seconds * 1_000, rounds: times }, (takeover, round) => {
    const { granted, held, answered, lostGrants, lostCalls, lostMs, rtoMs, restoreMs, broken } = takeover
    console.log(
      `${String(round + 1).padStart(4)}  ${granted} grants (${held} waited for), ${answered} calls; lost ${lostGrants} and ${lostCalls}, the last ` +
        `${Math.max(0, lostMs)} ms; answered again ${rtoMs} ms after the word, ${restoreMs} ms of it to restore${brokenIn(broken)}`,
    )
  })
  const kept = takeovers.filter(({ broken }) => broken.length === 0).length
  console.log(
    `${kept} of ${times} whole; at worst lost ${worst(takeovers, ({ lostMs }) => lostMs)} ms, answered again after ` +
      `${worst(takeovers, ({ rtoMs }) => rtoMs)} ms (with a lease of 2 s; with the usual one 28 s more)`,
  )
  return kept === times
}

async function weatherStorms(tried: Tried): Promise<boolean> {
  console.log(`\nLitestream ${tried.version} (${tried.path}), ${seconds} s each, under load`)
  let isWhole = true
  await weather(tried, seconds * 1_000, ({ name, granted, answered, worst, logLines, walMb, wellAfterMs, broken }) => {
    isWhole &&= broken.length === 0
    console.log(
      `  ${name}: ${granted} grants and ${answered} calls; ${worst ? `said "${worst}", ${logLines} complaints in the log, log of the database ${walMb} MB; ` : ""}` +
        `well after ${wellAfterMs} ms${brokenIn(broken)}`,
    )
  })
  return isWhole
}

const brokenIn = (broken: readonly string[]): string =>
  broken.length ? `; BROKEN: ${broken.slice(0, 5).join("; ")}` : ""

const exercise = isWeather ? weatherStorms : process.argv.includes("--standby") ? promoteStandbys : loseMachines
let isWhole = true
for (const tried of litestreams()) isWhole = (await exercise(tried)) && isWhole
process.exit(isWhole ? 0 : 1)
