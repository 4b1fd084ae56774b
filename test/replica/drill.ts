// `bun run drill [--standby] [--times N] [--seconds S]`: loses a machine under load N times with each Litestream there is, and prints what
// was lost and how long it took: back from an empty disk, or with `--standby` by promoting another machine. Ends with 1 when a promise was
// broken.
import { litestreams, type Tried } from "./kit.ts"
import { type Loss, loseDisk } from "./lost-disk.ts"
import { loseFirst, type Takeover } from "./lost-first.ts"

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  const value = at < 0 ? fallback : Number(process.argv[at + 1])
  if (Number.isInteger(value) && value > 0 && value <= 1_000) return value
  console.error(`--${name} takes a whole number from 1 to 1000`)
  return process.exit(2)
}
const times = option("times", 10)
const lifeMs = option("seconds", 5) * 1_000

const worst = <T>(losses: readonly T[], of: (loss: T) => number): number => Math.max(...losses.map(of))
const brokenWords = (broken: readonly string[]): string => (broken.length > 0 ? `; BROKEN: ${broken.join("; ")}` : "")
const numbered = (round: number): string => String(round + 1).padStart(4)

async function disks(tried: Tried): Promise<boolean> {
  const losses = await loseDisk(tried, { lifeMs, rounds: times }, (loss: Loss, round) => {
    const { granted, held, answered, lostGrants, lostCalls, lostMs, restoreMs, backMs, broken } = loss
    console.log(
      `${numbered(round)}  ${granted} grants (${held} waited for), ${answered} calls; lost ${lostGrants} and ${lostCalls}, the last ` +
        `${Math.max(0, lostMs)} ms; restored in ${restoreMs} ms, back after ${backMs} ms${brokenWords(broken)}`,
    )
  })
  const kept = losses.filter(({ broken }) => broken.length === 0).length
  console.log(
    `${kept} of ${times} whole; at worst lost ${worst(losses, ({ lostMs }) => lostMs)} ms, restored in ${worst(losses, ({ restoreMs }) => restoreMs)} ms, ` +
      `back after ${worst(losses, ({ backMs }) => backMs)} ms`,
  )
  return kept === times
}

async function firsts(tried: Tried): Promise<boolean> {
  const takeovers = await loseFirst(tried, { lifeMs, rounds: times }, (takeover: Takeover, round) => {
    const { granted, held, answered, lostGrants, lostCalls, lostMs, rtoMs, restoreMs, broken } = takeover
    console.log(
      `${numbered(round)}  ${granted} grants (${held} waited for), ${answered} calls; lost ${lostGrants} and ${lostCalls}, the last ` +
        `${Math.max(0, lostMs)} ms; answered again ${rtoMs} ms after the word, ${restoreMs} ms of it to restore${brokenWords(broken)}`,
    )
  })
  const kept = takeovers.filter(({ broken }) => broken.length === 0).length
  console.log(
    `${kept} of ${times} whole; at worst lost ${worst(takeovers, ({ lostMs }) => lostMs)} ms of the rest, ` +
      `answered again after ${worst(takeovers, ({ rtoMs }) => rtoMs)} ms (lease of 2 s; with the usual one 28 s more)`,
  )
  return kept === times
}

const lose = process.argv.includes("--standby") ? firsts : disks
let isWhole = true
for (const tried of litestreams()) {
  console.log(`\nLitestream ${tried.version} (${tried.path}), ${times} times, ${lifeMs / 1_000} s of load each`)
  isWhole = (await lose(tried)) && isWhole
}
process.exit(isWhole ? 0 : 1)
