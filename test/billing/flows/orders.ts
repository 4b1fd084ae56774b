// In which orders the events of a flow are delivered: as they come, and in every way that a network may change that.
import type { Random } from "../../crash/random.ts"

/** Events are named by their place in the plain order. */
export interface Step {
  event: number
  /** How often it is sent, side by side. */
  copies: number
}

/** One way of delivering a flow's events. */
export interface Variant {
  name: string
  /** After each act: what is delivered then. */
  afterAct: Step[][]
  /** All at once, instead of one after the other. */
  isParallel?: boolean
  /** Never delivered: the job has to find out. */
  dropped: number[]
}

/** Up to here every order is tried; above, random ones. */
const ALL_UP_TO = 5

/**
 * @param byAct how many events each act causes, in the plain order
 * @param random how many random orders, each: late, and in between the acts
 */
export function variantsOf(byAct: readonly number[], dice: Random, random: number): Variant[] {
  const owner = byAct.flatMap((count, act) => Array.from({ length: count }, () => act))
  const all = owner.map((_, event) => event)
  const orders = all.length <= ALL_UP_TO ? permutations(all) : many(random, () => shuffled(all, dice))
  const late = (events: readonly number[], copies: number): Step[][] =>
    byAct.map((_, act) => (act === byAct.length - 1 ? events.map((event) => ({ event, copies })) : []))
  const plain = byAct.map((_, act) => all.filter((event) => owner[event] === act))
  const inTurn = (events: (event: number) => boolean): Step[][] =>
    plain.map((own) => own.filter(events).map((event) => ({ event, copies: 1 })))
  return [
    { name: "plain", afterAct: inTurn(() => true), dropped: [] },
    ...orders.map((order) => ({ name: `order ${order}`, afterAct: late([...order, ...order], 1), dropped: [] })),
    ...many(byAct.length > 1 ? random : 0, () => between(owner, byAct.length, dice)),
    { name: "each thrice", afterAct: late(all, 3), dropped: [] },
    { name: "all at once", afterAct: late([...all, ...all, ...all], 1), isParallel: true, dropped: [] },
    { name: "backwards, at once", afterAct: late(all.toReversed(), 2), isParallel: true, dropped: [] },
    ...all.map((lost) => ({ name: `without ${lost}`, afterAct: inTurn((event) => event !== lost), dropped: [lost] })),
    { name: "without any", afterAct: inTurn(() => false), dropped: all },
  ]
}

/** Each event some time after its act, while later acts go on: an order that a slow road makes. */
function between(owner: readonly number[], acts: number, dice: Random): Variant {
  const afterAct: Step[][] = Array.from({ length: acts }, () => [])
  const events = shuffled(
    owner.map((_, event) => event),
    dice,
  )
  for (const event of events)
    afterAct[dice.between(owner[event]!, acts - 1)]!.push({ event, copies: dice.between(1, 2) })
  const said = afterAct.map((steps) => steps.map(({ event }) => event).join(",")).join(" | ")
  return { name: `between ${said}`, afterAct, dropped: [] }
}

export const permutations = <T>(all: readonly T[]): T[][] =>
  all.length < 2
    ? [[...all]]
    : all.flatMap((one, at) => permutations(all.toSpliced(at, 1)).map((rest) => [one, ...rest]))

function shuffled<T>(all: readonly T[], dice: Random): T[] {
  const left = [...all]
  return all.map(() => left.splice(dice.between(0, left.length - 1), 1)[0]!)
}

const many = <T>(times: number, make: () => T): T[] => Array.from({ length: times }, make)
