// Lets a seeded bug loose and counts the steps until the simulator sees it.
import { MUTANTS } from "./mutants/index.ts"
import { Failure, Simulation } from "./simulation.ts"

export interface Caught {
  name: string
  seed: number
  /** null = it ran through unseen. */
  steps: number | null
  hits: number
  /** First line of what gave it away. */
  why: string
}

/** @param stepsMax per seed; a few seeds are tried, each from an empty database */
export async function hunt(name: string, from: number, seeds: number, stepsMax: number): Promise<Caught> {
  const make = MUTANTS.get(name)
  if (!make) throw new Error(`there is no mutant ${name}; they are ${[...MUTANTS.keys()].join(", ")}`)
  let steps = 0
  let hits = 0
  for (let seed = from; seed < from + seeds; seed++) {
    const mutant = make()
    try {
      await new Simulation(seed, mutant).run(stepsMax)
      steps += stepsMax
      hits += mutant.hits
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const why = error.message.split("\n")[0]!
      return { name, seed, steps: steps + error.step, hits: hits + mutant.hits, why }
    }
  }
  return { name, seed: from, steps: null, hits, why: hits === 0 ? "it never had anything to change" : "nobody saw it" }
}
