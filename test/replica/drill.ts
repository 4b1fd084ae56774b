// `bun run drill [--times N] [--seconds S]`: loses a machine under load N times with each Litestream there is, and prints what was lost and
// how long it took. Ends with 1 when a promise was broken.
import { litestreams } from "./kit.ts"
import { type Loss, loseDisk } from "./lost-disk.ts"

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  const value = at < 0 ? fallback : Number(process.argv[at + 1])
  if (Number.isInteger(value) && value > 0 && value <= 1_000) return value
  console.error(`--${name} takes a whole number from 1 to 1000`)
  return process.exit(2)
}
const times = option("times", 10)
const lifeMs = option("seconds", 5) * 1_000

const worst = (losses: readonly Loss[], of: (loss: Loss) => number): number => Math.max(...losses.map(of))
let isWhole = true
for (const tried of litestreams()) {
  console.log(`\nLitestream ${tried.version} (${tried.path}), ${times} times, ${lifeMs / 1_000} s of load each`)
  const losses = await loseDisk(tried, { lifeMs, rounds: times }, (loss, round) => {
    const { granted, held, answered, lostGrants, lostCalls, lostMs, restoreMs, backMs } = loss
    console.log(
      `${String(round + 1).padStart(4)}  ${granted} grants (${held} waited for), ${answered} calls; lost ${lostGrants} and ${lostCalls}, the last ` +
        `${Math.max(0, lostMs)} ms; restored in ${restoreMs} ms, back after ${backMs} ms${loss.broken.length ? `; BROKEN: ${loss.broken.join("; ")}` : ""}`,
    )
  })
  const kept = losses.filter(({ broken }) => broken.length === 0).length
  isWhole &&= kept === times
  console.log(
    `${kept} of ${times} whole; at worst lost ${worst(losses, ({ lostMs }) => lostMs)} ms, restored in ${worst(losses, ({ restoreMs }) => restoreMs)} ms, ` +
      `back after ${worst(losses, ({ backMs }) => backMs)} ms`,
  )
}
process.exit(isWhole ? 0 : 1)
