// Prints seed, step and the last operations of a failure and exits 1; the same seed replays it. Arguments: USAGE.
import { parseArgs } from "node:util"
import { type Caught, hunt } from "./hunt.ts"
import { MUTANTS } from "./mutants/index.ts"
import { Failure, Simulation } from "./simulation.ts"

const USAGE = "bun run simulate [--seeds N] [--from S] [--steps K] [--mutant NAME | --mutants]"

/** What was asked for; anything that cannot be meant ends here, so that a mistyped run never looks like one that found nothing. */
function readArgs() {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: {
      seeds: { type: "string", default: "1" },
      from: { type: "string", default: "1" },
      steps: { type: "string", default: "5000" },
      mutant: { type: "string" },
      mutants: { type: "boolean", default: false },
    },
  })
  const whole = (name: "seeds" | "from" | "steps"): number => {
    if (!/^[1-9]\d{0,8}$/.test(values[name])) throw new Error(`--${name} takes a whole number above 0`)
    return Number(values[name])
  }
  if (values.mutant && !MUTANTS.has(values.mutant)) throw new Error(`there is no mutant ${values.mutant}`)
  const names = values.mutants ? [...MUTANTS.keys()] : values.mutant ? [values.mutant] : []
  return { from: whole("from"), seeds: whole("seeds"), steps: whole("steps"), names }
}

async function simulate(from: number, seeds: number, steps: number): Promise<boolean> {
  const startedMs = performance.now()
  const total = { steps: 0, crashes: 0, refusals: 0 }
  const posted: Record<string, number> = {}
  for (let seed = from; seed < from + seeds; seed++) {
    try {
      const counts = await new Simulation(seed).run(steps)
      total.steps += counts.steps
      total.crashes += counts.crashes
      total.refusals += counts.refusals
      for (const [type, count] of Object.entries(counts.posted)) posted[type] = (posted[type] ?? 0) + count
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      console.error(`${error.log.join("\n")}\n\n${error.message}`)
      console.error(`\nreplay: bun run simulate --from ${seed} --steps ${steps}`)
      return false
    }
  }
  const seconds = (performance.now() - startedMs) / 1_000
  const { crashes, refusals } = total
  const speed = Math.round(total.steps / seconds)
  console.log(
    `${total.steps} steps over ${seeds} seeds found nothing: ${crashes} crashes, ${refusals} refusals, ${speed} steps/s`,
  )
  console.log(`transactions: ${JSON.stringify(posted)}`)
  return true
}

const show = ({ name, steps, hits, why }: Caught): void =>
  console.log(
    `${(steps === null ? "ALIVE" : `${steps} steps`).padStart(12)}  ${name} (${hits} hits): ${why.slice(0, 160)}`,
  )

/** Each seeded bug must be found. */
async function hunts(names: string[], from: number, seeds: number, steps: number): Promise<boolean> {
  let fine = true
  for (const name of names) {
    const caught = await hunt(name, from, seeds, steps)
    show(caught)
    fine &&= caught.steps !== null
  }
  return fine
}

function readArgsOrLeave() {
  try {
    return readArgs()
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}

const { from, seeds, steps, names } = readArgsOrLeave()
const fine = names.length > 0 ? await hunts(names, from, seeds, steps) : await simulate(from, seeds, steps)
process.exit(fine ? 0 : 1)
