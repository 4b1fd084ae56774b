// One lost machine: load, kill −9 of server and Litestream, the disk deleted, a start on an empty one. What was acknowledged after its sync
// must be there, and the books must verify; what was not may be lost, and is counted.
import { type Promised, startLoad } from "../crash/load.ts"
import { prove } from "../crash/proof.ts"
import { createHouse, Mortal, settings, startS3, type Tried } from "./kit.ts"
import type { S3Server } from "./s3.ts"

export interface Loss {
  granted: number
  held: number
  answered: number
  /** Acknowledged, not waited for, and gone. */
  lostGrants: number
  lostCalls: number
  /** Between the last commit that came back and the death. */
  lostMs: number
  restoreMs: number
  /** From the start of the process until it listened: with the wait for the lease of the one that died. */
  backMs: number
  /** Broken promises; empty when all were kept. */
  broken: string[]
}

/** Each round is a machine of its own: a restore ends every access, so the callers of a house call until its first one. */
export async function loseDisk(
  tried: Tried,
  options: { lifeMs: number; rounds: number },
  tell: (loss: Loss, round: number) => void = () => {},
): Promise<Loss[]> {
  const s3 = startS3()
  const losses: Loss[] = []
  try {
    for (let round = 0; round < options.rounds; round++) {
      s3.objects.clear()
      const loss = await loseOne(s3, tried, options.lifeMs)
      losses.push(loss)
      tell(loss, round)
    }
    return losses
  } finally {
    await s3.down()
  }
}

async function loseOne(s3: S3Server, tried: Tried, lifeMs: number): Promise<Loss> {
  const house = await createHouse()
  try {
    const first = new Mortal(house, 0, settings(s3, tried))
    const up = await first.listening
    if (!up) throw new Error(`it did not start: ${first.why}\n${first.log}`)
    const promised: Promised = { answered: [], admitted: [], unexpected: [] }
    const load = startLoad(up.url, house.tokens, promised)
    // However busy the machine is, something must have been acknowledged after its sync.
    const endMs = performance.now() + 60_000
    await Bun.sleep(lifeMs)
    while (first.held === 0 && performance.now() < endMs) await Bun.sleep(20)
    const diedMs = Date.now()
    await first.kill()
    load.stop()
    await load.done
    house.loseDisk()
    const second = new Mortal(house, 1, settings(s3, tried), "rest")
    const back = await second.listening
    if (!back?.restored) throw new Error(`it did not come back: ${second.why}\n${second.log}`)
    const none = { answered: [], admitted: [], unexpected: [] }
    const held = first.granted.slice(0, first.held)
    const loss: Loss = {
      granted: first.granted.length,
      held: first.held,
      answered: promised.answered.length,
      lostGrants: prove(house.path, none, first.granted).broken.length,
      lostCalls: prove(house.path, { ...none, answered: promised.answered }, []).broken.length,
      lostMs: diedMs - back.restored.lastMs,
      restoreMs: back.restored.tookMs,
      backMs: Math.round(back.bootMs),
      broken: prove(house.path, { ...none, unexpected: promised.unexpected }, held).broken,
    }
    await second.stop()
    return loss
  } finally {
    house.remove()
  }
}
