// Books with everything in them that the simulator knows how to do: what an export must carry. Deterministic by seed.
import { outcomeOf, perform, type Scene } from "../simulator/act.ts"
import { Machine } from "../simulator/machine.ts"
import { Books, DAY } from "../simulator/model/books.ts"
import { OPERATIONS } from "../simulator/operations/index.ts"
import { ctx, DEVELOPERS, USERS } from "../simulator/operations/people.ts"
import { smallPlans } from "../simulator/operations/plans.ts"
import { Random } from "../simulator/random.ts"

/** Small, so that charges are folded into days, and some are not yet. */
const LIMITS = { wallets: 64, foldSlice: 16 }

/** The machine is to be stopped by the caller. */
export async function randomBooks(seed: number, steps: number): Promise<Machine> {
  const random = new Random(seed)
  const machine = new Machine(Date.UTC(2026, 0, 1) + random.int(400 * DAY), null, LIMITS)
  await machine.start()
  const books = new Books()
  let lastNow = 0
  let keys = 0
  const scene = (): Scene => ({
    random,
    books,
    now: Math.max(machine.clock.now(), lastNow),
    clockNow: machine.clock.now(),
    bootId: machine.bootId,
    wallet: () =>
      `${random.oneIn(6) ? "test" : "live"} ${random.oneIn(8) ? random.pick(DEVELOPERS) : random.pick(USERS)}`,
    publicId: (table, id) =>
      machine.store.read.get<{ id: string }>(`SELECT public_id AS id FROM ${table} WHERE id = ?`, id)?.id ?? "none_1",
    nameOf: (callId) => machine.names.get(callId)!,
    foldedThrough: () => machine.store.read.get<{ through: number }>("SELECT through FROM charge_fold")!.through,
    key: (word) => `${word}_${++keys}`,
  })
  for (const act of smallPlans()) {
    await perform(act, machine)
    act.predict(books, scene().now)
  }
  // They end while calls are in progress.
  for (let step = 0; step < steps || books.open.length === 0; step++) {
    if (random.oneIn(12)) machine.clock.advance(random.pick([1, 60_000, random.int(DAY), random.int(3 * DAY)]))
    const here = scene()
    const act = random.weighted(OPERATIONS).make(here)
    if (!act) continue
    const outcome = await outcomeOf(() => perform(act, machine))
    if ("value" in outcome) act.predict(books, here.now)
    lastNow = here.now
  }
  await machine.store.write(ctx, () => null)
  return machine
}
