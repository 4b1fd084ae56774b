// One round of dying: start on the folder, check what is there before anything new is promised, load, die.
import { expect } from "bun:test"
import { type Promised, startLoad } from "./load.ts"
import { prove } from "./proof.ts"
import type { Granted } from "./protocol.ts"
import { type Mortal, startMortal, type World } from "./world.ts"

/** A restart that takes longer makes load balancers give up; a busy test machine is allowed for. */
const BOOT_MS_MAX = 30_000

/** What one life promised; proved after the next start. */
export interface Life extends Promised {
  granted: Granted[]
}
export const newLife = (): Life => ({ answered: [], admitted: [], unexpected: [], granted: [] })

export class Ward {
  /** Of all lives together. */
  readonly totals = { answered: 0, streamed: 0, cutStreams: 0, granted: 0, holdsRecovered: 0, deathsInBoot: 0 }
  readonly bootsMs: number[] = []
  readonly lives: Life[] = []

  constructor(private readonly world: World) {}

  /** Starts, and proves the life before; nothing of the new life has been promised yet. */
  async start(
    round: number,
    env: Record<string, string> = {},
    proves = true,
  ): Promise<{ mortal: Mortal; url: string | null }> {
    const mortal = startMortal(this.world, round, env)
    const listening = await mortal.listening
    if (mortal.holdsFound > 0) this.totals.holdsRecovered += mortal.holdsFound
    if (!listening) {
      this.totals.deathsInBoot++
      return { mortal, url: null }
    }
    expect(listening.holdsLeft).toBe(0)
    expect(listening.bootMs).toBeLessThan(BOOT_MS_MAX)
    this.bootsMs.push(Math.round(listening.bootMs))
    const last = this.lives.at(-1) ?? newLife()
    if (proves) expect(prove(this.world.path, last, last.granted).broken).toEqual([])
    return { mortal, url: listening.url }
  }

  /** Opening, migrating and recovering may be cut off as well. */
  async killInBoot(round: number, afterMs: number): Promise<void> {
    const mortal = startMortal(this.world, round)
    const listening = await Promise.race([Bun.sleep(afterMs), mortal.listening])
    mortal.kill()
    await mortal.died
    if (!listening) this.totals.deathsInBoot++
    // Should it have listened after all, its grants count with those of the life before.
    this.lives.at(-1)?.granted.push(...mortal.granted)
  }

  /** Loads until the server is dead. @param die resolves when the killing is done, or never when the server dies alone */
  async load(mortal: Mortal, url: string, die: () => Promise<void>): Promise<void> {
    const life = newLife()
    this.lives.push(life)
    const load = startLoad(url, this.world.tokens, life)
    await Promise.race([die(), mortal.died])
    await mortal.died
    load.stop()
    await load.done
    life.granted.push(...mortal.granted)
    this.count(life)
  }

  /** The last start: everything that any life promised is there, and the books balance. */
  async proveAll(round: number): Promise<void> {
    const { mortal } = await this.start(round)
    const all = newLife()
    for (const life of this.lives)
      for (const name of ["answered", "admitted", "granted"] as const) all[name].push(...(life[name] as never[]))
    expect(prove(this.world.path, all, all.granted).broken).toEqual([])
    mortal.kill()
    await mortal.died
  }

  private count(life: Life): void {
    const streamed = life.answered.filter((call) => call.stream).length
    this.totals.answered += life.answered.length
    this.totals.streamed += streamed
    this.totals.cutStreams += life.admitted.length - streamed
    this.totals.granted += life.granted.length
  }

  report(): string {
    const sorted = this.bootsMs.toSorted((a, b) => a - b)
    return `${JSON.stringify(this.totals)}, start to listening: median ${sorted[sorted.length >> 1]} ms, worst ${sorted.at(-1)} ms`
  }
}
