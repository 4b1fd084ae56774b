// One process and the model beside it: acts alone, together in one commit, in one mutation; each outcome compared, and what is refused
// seen to change nothing.
import { type Act, isRefusal, type Operation, type Outcome, outcomeOf, perform, predicted, type Scene } from "./act.ts"
import { Comparison } from "./compare.ts"
import { Difference, includes, same } from "./difference.ts"
import { Machine } from "./machine.ts"
import { Books, DAY } from "./model/books.ts"
import type { Mutant } from "./mutants/index.ts"
import { OPERATIONS } from "./operations/index.ts"
import { ctx, DEVELOPERS, USERS } from "./operations/people.ts"
import { smallPlans } from "./operations/plans.ts"
import { Random } from "./random.ts"
import { everything, sameTables } from "./tables.ts"

export const LOG_LINES = 40

/** Of the memory: fewer than there are people, or room for all of them. */
const WALLETS = [2, 4, 8, 16_384, 16_384]
const SLICES = [1, 5, 20, 100, 512]

export interface Counts {
  steps: number
  crashes: number
  refusals: number
  byOperation: Record<string, number>
  /** Transactions by type. */
  posted: Record<string, number>
}

export class Stage {
  readonly counts: Counts = { steps: 0, crashes: 0, refusals: 0, byOperation: {}, posted: {} }
  /** Of everything that was noted: the same for the same seed. */
  readonly digest = new Bun.CryptoHasher("sha256")
  protected readonly random: Random
  protected readonly log: string[] = []
  protected machine!: Machine
  protected books = new Books()
  protected comparison!: Comparison
  /** Newest moment that the living process saw, and the newest that is durable. */
  protected lastNow = 0
  protected durableNow = 0
  protected keys = 0

  constructor(
    readonly seed: number,
    protected readonly mutant: Mutant | null = null,
  ) {
    this.random = new Random(seed)
  }

  protected async freshDatabase(): Promise<void> {
    await this.machine?.stop()
    const startMs = Date.UTC(2026, 0, 1) + this.random.int(400 * DAY)
    const limits = { wallets: this.random.pick(WALLETS), foldSlice: this.random.pick(SLICES) }
    this.machine = new Machine(startMs, this.mutant, limits)
    await this.machine.start()
    this.books = new Books()
    this.lastNow = 0
    this.durableNow = 0
    this.comparison = new Comparison(
      () => this.books,
      () => this.machine.store.read,
    )
    this.note(`a fresh database on ${new Date(startMs).toISOString()}, ${JSON.stringify(limits)}`)
    for (const act of smallPlans()) await this.alone(act)
  }

  protected note(line: string): void {
    this.digest.update(line)
    this.log.push(`${this.counts.steps}: ${line}`)
    if (this.log.length > 4 * LOG_LINES) this.log.splice(0, this.log.length - LOG_LINES)
  }

  /** Mutations never see a moment before one that they saw. */
  protected get now(): number {
    return Math.max(this.machine.clock.now(), this.lastNow)
  }

  protected scene(): Scene {
    const { random, books, machine } = this
    return {
      random,
      books,
      now: this.now,
      clockNow: machine.clock.now(),
      bootId: machine.bootId,
      wallet: () =>
        `${random.oneIn(6) ? "test" : "live"} ${random.oneIn(8) ? random.pick(DEVELOPERS) : random.pick(USERS)}`,
      publicId: (table, id) =>
        machine.store.read.get<{ id: string }>(`SELECT public_id AS id FROM ${table} WHERE id = ?`, id)?.id ?? "none_1",
      nameOf: (callId) => machine.names.get(callId)!,
      foldedThrough: () => machine.store.read.get<{ through: number }>("SELECT through FROM charge_fold")!.through,
      key: (word) => `${word}_${++this.keys}`,
    }
  }

  protected someAct(list: readonly Operation[] = OPERATIONS): Act {
    for (;;) {
      const operation = this.random.weighted(list)
      const act = operation.make(this.scene())
      if (!act) continue
      this.counts.byOperation[operation.name] = (this.counts.byOperation[operation.name] ?? 0) + 1
      return act
    }
  }
  /** Acts that can run beside others. */
  protected someActs(count: number, list: readonly Operation[] = OPERATIONS): Act[] {
    const acts: Act[] = []
    while (acts.length < count) {
      const act = this.someAct(list)
      if (!act.solo) acts.push(act)
    }
    // The same thing twice in one turn, as impatient people and retries do.
    if (this.random.oneIn(3)) {
      const act = this.random.pick(acts)
      acts.push(act.again?.() ?? act)
    }
    return acts
  }

  /** Starts the acts in one turn. @returns their outcomes, by the order in which they were started */
  protected async start(acts: Act[]): Promise<Outcome[]> {
    const { seam } = this.machine
    seam.ran = []
    const started = acts.map((act, index) => {
      seam.act = index
      return outcomeOf(() => perform(act, this.machine))
    })
    const outcomes = await Promise.all(started)
    const { now } = this
    for (const ran of seam.ran) same("the moment that a mutation sees", ran.now, now)
    if (seam.ran.length > 0) this.lastNow = now
    return outcomes
  }

  protected check(act: Act, actual: Outcome, expected: Outcome): void {
    if (isRefusal(expected)) this.counts.refusals++
    const kind = (outcome: Outcome) =>
      "defect" in outcome ? "defect" : "refused" in outcome ? outcome.refused : "value" in outcome ? "done" : "broken"
    if (kind(actual) !== kind(expected))
      throw new Difference(
        `outcome of: ${act.text}\n    books: ${JSON.stringify(actual)}\n    model: ${kind(expected)} ${JSON.stringify(expected)}`,
      )
    if ("value" in actual && "value" in expected) includes(`answer to: ${act.text}`, actual.value, expected.value)
  }

  protected async alone(act: Act): Promise<void> {
    const { now, machine } = this
    this.note(act.text)
    const expected = predicted(() => act.predict(this.books, now))
    const actual = isRefusal(expected) ? await this.changingNothing(() => this.start([act])) : await this.start([act])
    this.note(`  → ${JSON.stringify(actual[0])}`)
    this.check(act, actual[0]!, expected)
    if (machine.seam.ran.length > 0) this.durableNow = now
  }

  /** What is refused leaves every table as it was. An untouched file proves it at once, else every row is compared. */
  protected async changingNothing<T>(run: () => Promise<T>, commits = true): Promise<T> {
    // A commit moves the clock's row when time has passed; let that happen before.
    if (commits && this.now !== this.durableNow && !this.random.oneIn(10)) await this.tick()
    const version = () => this.machine.store.read.get<{ data_version: number }>("PRAGMA data_version")?.data_version
    const before = this.machine.snapshot()
    const was = version()
    const result = await run()
    const rows = version() === was ? null : everything(before.db)
    before.letGo()
    if (rows) sameTables(rows, everything(before.db))
    return result
  }

  protected async tick(): Promise<void> {
    const { now } = this
    await this.machine.store.write(ctx, () => null)
    this.lastNow = now
    this.durableNow = now
  }

  /** Several acts of one turn share a commit; settles run first and holds last. */
  protected async together(acts: Act[]): Promise<void> {
    const { now } = this
    for (const act of acts) this.note(`  together: ${act.text}`)
    const outcomes = await this.start(acts)
    this.predictInOrder(acts, outcomes, now)
    this.durableNow = now
  }

  protected predictInOrder(acts: Act[], outcomes: Outcome[], now: number): void {
    const order = this.machine.seam.ran.map(({ act }) => act)
    same(
      "every act ran one mutation",
      [...order].sort(),
      acts.map((_, index) => index),
    )
    for (const index of order) this.predictOne(acts[index]!, outcomes[index]!, now)
  }

  protected predictOne(act: Act, outcome: Outcome, now: number): void {
    this.note(`  ${act.text.slice(0, 20)} → ${JSON.stringify(outcome)}`)
    this.check(
      act,
      outcome,
      predicted(() => act.predict(this.books, now)),
    )
  }

  /** Verbs composed in one mutation: all of them happen, or none. */
  protected async inOneBody(acts: Act[]): Promise<void> {
    const { now, machine } = this
    const parts = acts.filter((act) => act.realIn)
    const whole: Act = {
      text: `in one mutation: ${parts.map((act) => act.text).join("; ")}`,
      real: ({ store }) => store.write(ctx, (tx) => parts.map((act) => act.realIn!(machine, tx)) as unknown),
      predict: (books) => parts.map((act) => act.predict(books, now)),
    }
    const undo = this.books.checkpoint()
    this.note(whole.text)
    const expected = predicted(() => whole.predict(this.books, now))
    if (isRefusal(expected)) undo()
    const [actual] = isRefusal(expected)
      ? await this.changingNothing(() => this.start([whole]))
      : await this.start([whole])
    this.note(`  → ${JSON.stringify(actual)}`)
    const values = "value" in expected ? (expected.value as unknown[]) : []
    this.check(whole, actual!, "value" in expected ? { value: {} } : expected)
    if ("value" in actual!)
      values.forEach((value, index) => {
        includes(`answer to: ${parts[index]!.text}`, (actual.value as unknown[])[index], value)
      })
    this.durableNow = now
  }
}
