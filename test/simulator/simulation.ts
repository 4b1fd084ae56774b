// Runs one seed: random acts on the real ledger and on the model, alone, together in one commit, in one body, broken, cut off by
// a crash; every outcome and everything that was touched is compared after each step.
import { type Act, isRefusal, type Operation, type Outcome, outcomeOf, predicted, type Scene } from "./act.ts"
import { Comparison } from "./compare.ts"
import { Difference, includes, same } from "./difference.ts"
import { Machine } from "./machine.ts"
import { Books, DAY } from "./model/books.ts"
import { abandon } from "./model/calls.ts"
import { walletView } from "./model/views.ts"
import type { Mutant } from "./mutants/index.ts"
import { OPERATIONS } from "./operations/index.ts"
import { ctx, DEVELOPERS, ownerOf, USERS } from "./operations/people.ts"
import { smallPlans } from "./operations/plans.ts"
import { proveAll, rebuildFromNothing } from "./proof.ts"
import { Random } from "./random.ts"
import { everything, sameTables } from "./tables.ts"

/** A fresh database after so many steps, so that proving it stays cheap. */
const STEPS_PER_DATABASE = 1_000
const PROVE_EVERY = 500
const CHECKPOINT_ONE_IN = 80
const LOG_LINES = 40

export interface Counts {
  steps: number
  crashes: number
  refusals: number
  byOperation: Record<string, number>
  /** Transactions by type. */
  posted: Record<string, number>
}

export class Failure extends Error {
  override name = "Failure"
  constructor(
    readonly seed: number,
    readonly step: number,
    readonly log: string[],
    override readonly cause: unknown,
  ) {
    const words = cause instanceof Difference ? cause.message : ((cause as Error).stack ?? String(cause))
    super(`seed ${seed}, step ${step}: ${words}`)
  }
}

export class Simulation {
  readonly counts: Counts = { steps: 0, crashes: 0, refusals: 0, byOperation: {}, posted: {} }
  /** Of everything that was noted: the same for the same seed. */
  readonly digest = new Bun.CryptoHasher("sha256")
  private readonly random: Random
  private readonly log: string[] = []
  private machine!: Machine
  private books = new Books()
  private comparison!: Comparison
  /** Newest moment that the living process saw, and the newest that is durable. */
  private lastNow = 0
  private durableNow = 0
  private keys = 0

  constructor(
    readonly seed: number,
    private readonly mutant: Mutant | null = null,
  ) {
    this.random = new Random(seed)
  }

  /** @throws Failure with the seed, the step and the last acts */
  async run(steps: number): Promise<Counts> {
    try {
      while (this.counts.steps < steps) {
        if (this.counts.steps % STEPS_PER_DATABASE === 0) await this.freshDatabase()
        this.counts.steps++
        await this.step()
        if (this.counts.steps % PROVE_EVERY === 0) this.prove()
        if (this.counts.steps % STEPS_PER_DATABASE === 0) await this.rebuild()
      }
      if (steps % STEPS_PER_DATABASE !== 0) await this.rebuild()
      return this.counts
    } catch (error) {
      throw new Failure(this.seed, this.counts.steps, this.log.slice(-LOG_LINES), error)
    } finally {
      await this.machine?.stop()
    }
  }

  private async freshDatabase(): Promise<void> {
    await this.machine?.stop()
    const startMs = Date.UTC(2026, 0, 1) + this.random.int(400 * DAY)
    this.machine = new Machine(startMs, this.mutant)
    await this.machine.start()
    this.books = new Books()
    this.lastNow = 0
    this.durableNow = 0
    this.comparison = new Comparison(
      () => this.books,
      () => this.machine.store.read,
    )
    this.note(`a fresh database on ${new Date(startMs).toISOString()}`)
    for (const act of smallPlans(startMs)) await this.alone(act)
  }

  private note(line: string): void {
    this.digest.update(line)
    this.log.push(`${this.counts.steps}: ${line}`)
    if (this.log.length > 4 * LOG_LINES) this.log.splice(0, this.log.length - LOG_LINES)
  }

  /** Bodies never see a moment before one that they saw. */
  private get now(): number {
    return Math.max(this.machine.clock.now(), this.lastNow)
  }

  private scene(): Scene {
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
      key: (word) => `${word}_${++this.keys}`,
    }
  }

  private someAct(list: readonly Operation[] = OPERATIONS): Act {
    for (;;) {
      const operation = this.random.weighted(list)
      const act = operation.make(this.scene())
      if (!act) continue
      this.counts.byOperation[operation.name] = (this.counts.byOperation[operation.name] ?? 0) + 1
      return act
    }
  }
  /** Acts that can run beside others. */
  private someActs(count: number): Act[] {
    const acts: Act[] = []
    while (acts.length < count) {
      const act = this.someAct()
      if (!act.solo) acts.push(act)
    }
    // The same thing twice in one turn, as impatient people and retries do.
    if (this.random.oneIn(3)) acts.push(this.random.pick(acts))
    return acts
  }

  private async step(): Promise<void> {
    const dice = this.random.int(1_000)
    if (dice < 90) this.jump()
    else if (dice < 800) await this.alone(this.someAct())
    else if (dice < 920) await this.together(this.someActs(this.random.between(2, 6)))
    else if (dice < 960) await this.inOneBody(this.someActs(this.random.between(2, 4)))
    else if (dice < 970) await this.brokenBodies()
    else if (dice < 980) await this.brokenCommit()
    else if (dice < 986) await this.crash()
    else this.read()
    this.comparison.step()
    if (this.random.oneIn(4)) this.read()
    if (this.random.oneIn(CHECKPOINT_ONE_IN)) this.machine.checkpoint()
  }

  private jump(): void {
    const { random } = this
    const ms = random.pick([
      ...[1, 7, 1_000, 60_000, 3_600_000, random.int(DAY), random.int(DAY), random.int(3 * DAY)],
      ...[-random.int(5_000), -random.int(2 * DAY), DAY - 1, 2 * DAY, random.oneIn(4) ? random.int(70 * DAY) : 1],
    ])
    this.machine.clock.advance(ms)
    this.note(`the clock moves ${ms} ms`)
  }

  /** Starts the acts in one turn. @returns their outcomes, by the order in which they were started */
  private async start(acts: Act[]): Promise<Outcome[]> {
    const { seam } = this.machine
    seam.ran = []
    const started = acts.map((act, index) => {
      seam.act = index
      return outcomeOf(() => act.real(this.machine))
    })
    const outcomes = await Promise.all(started)
    const { now } = this
    for (const ran of seam.ran) same("the moment that a body sees", ran.now, now)
    if (seam.ran.length > 0) this.lastNow = now
    return outcomes
  }

  private check(act: Act, actual: Outcome, expected: Outcome): void {
    if (isRefusal(expected)) this.counts.refusals++
    const kind = (outcome: Outcome) =>
      "defect" in outcome ? "defect" : "refused" in outcome ? outcome.refused : "value" in outcome ? "done" : "broken"
    if (kind(actual) !== kind(expected))
      throw new Difference(
        `outcome of: ${act.text}\n    books: ${JSON.stringify(actual)}\n    model: ${kind(expected)} ${JSON.stringify(expected)}`,
      )
    if ("value" in actual && "value" in expected) includes(`answer to: ${act.text}`, actual.value, expected.value)
  }

  private async alone(act: Act): Promise<void> {
    const { now, machine } = this
    this.note(act.text)
    const expected = predicted(() => act.predict(this.books, now))
    const actual = isRefusal(expected) ? await this.changingNothing(() => this.start([act])) : await this.start([act])
    this.note(`  → ${JSON.stringify(actual[0])}`)
    this.check(act, actual[0]!, expected)
    if (machine.seam.ran.length > 0) this.durableNow = now
  }

  /** What is refused leaves every table as it was. An untouched file proves it at once, else every row is compared. */
  private async changingNothing<T>(run: () => Promise<T>): Promise<T> {
    // A body moves the clock's row when time has passed; let that happen before.
    if (this.now !== this.durableNow && !this.random.oneIn(10)) await this.tick()
    const version = () => this.machine.store.read.get<{ data_version: number }>("PRAGMA data_version")?.data_version
    const before = this.machine.snapshot()
    const was = version()
    const result = await run()
    const rows = version() === was ? null : everything(before.db)
    before.letGo()
    if (rows) sameTables(rows, everything(before.db))
    return result
  }

  private async tick(): Promise<void> {
    const { now } = this
    await this.machine.store.write(ctx, () => null)
    this.lastNow = now
    this.durableNow = now
  }

  /** Several acts of one turn share a commit; settles run first and holds last. */
  private async together(acts: Act[]): Promise<void> {
    const { now } = this
    for (const act of acts) this.note(`  together: ${act.text}`)
    const outcomes = await this.start(acts)
    this.predictInOrder(acts, outcomes, now)
    this.durableNow = now
  }

  private predictInOrder(acts: Act[], outcomes: Outcome[], now: number): void {
    const order = this.machine.seam.ran.map(({ act }) => act)
    same(
      "every act ran one body",
      [...order].sort(),
      acts.map((_, index) => index),
    )
    for (const index of order) {
      const act = acts[index]!
      this.note(`  ${index} → ${JSON.stringify(outcomes[index])}`)
      this.check(
        act,
        outcomes[index]!,
        predicted(() => act.predict(this.books, now)),
      )
    }
  }

  /** Verbs composed in one body: all of them happen, or none. */
  private async inOneBody(acts: Act[]): Promise<void> {
    const { now, machine } = this
    const parts = acts.filter((act) => act.realIn)
    const whole: Act = {
      text: `in one body: ${parts.map((act) => act.text).join("; ")}`,
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

  /** Bodies that die at their end leave nothing behind, whatever they had done. */
  private async brokenBodies(): Promise<void> {
    const acts = this.someActs(this.random.between(1, 3))
    for (const act of acts) this.note(`  dies at its end: ${act.text}`)
    const { seam } = this.machine
    const outcomes = await this.changingNothing(() => {
      seam.breakBodies = true
      return this.start(acts)
    })
    seam.breakBodies = false
    for (const outcome of outcomes)
      if ("value" in outcome) throw new Difference(`a broken body answered ${JSON.stringify(outcome.value)}`)
    this.durableNow = this.now
  }

  /** A commit that fails: every caller is told, nothing is there. An I/O error ends the process. */
  private async brokenCommit(): Promise<void> {
    const { random, machine } = this
    const acts = this.someActs(random.between(1, 4))
    const isFatal = random.oneIn(3)
    for (const act of acts) this.note(`  ${isFatal ? "I/O error" : "fails"} at commit: ${act.text}`)
    const fault = () =>
      Object.assign(new Error("disk"), isFatal ? { name: "SQLiteError", code: "SQLITE_IOERR_FSYNC" } : {})
    const outcomes = await this.changingNothing(() => {
      machine.seam.breakCommit = fault
      return this.start(acts)
    })
    machine.seam.breakCommit = null
    for (const outcome of outcomes)
      if ("value" in outcome) throw new Difference(`a failed commit answered ${JSON.stringify(outcome.value)}`)
    same("the store stops after an I/O error", machine.fatal, isFatal)
    if (isFatal) await this.bootFrom(machine.image())
  }

  /** The process dies; what was acknowledged is there, what was not is there wholly or not at all. */
  private async crash(): Promise<void> {
    const { random, machine } = this
    const kind = random.pick([
      "killed",
      "killed",
      "torn commit",
      "torn commit",
      "unheard commit",
      "garbage",
      "checkpoint",
    ] as const)
    this.note(`crash: ${kind}`)
    if (kind === "killed") return this.bootFrom(machine.image())
    if (kind === "garbage") return this.bootFrom(machine.garbageTail(random))
    if (kind === "checkpoint") return this.bootFrom(machine.tornCheckpoint(random))
    const acts = this.someActs(random.between(1, 5))
    if (kind === "unheard commit") {
      await this.together(acts)
      return this.bootFrom(machine.image())
    }
    for (const act of acts) this.note(`  lost: ${act.text}`)
    const before = machine.image()
    await this.start(acts)
    return this.bootFrom(machine.tornCommit(random, before))
  }

  /** The next process: sometimes dies before it recovered, at last resolves every hold of the lives before. */
  private async bootFrom(image: ReturnType<Machine["image"]>): Promise<void> {
    const { machine, random } = this
    this.counts.crashes++
    await machine.reboot(image)
    this.lastNow = this.durableNow
    if (random.oneIn(5)) {
      this.note(`${machine.bootId} dies before it recovered`)
      await machine.reboot(machine.image())
    }
    this.comparison.all()
    if (random.oneIn(4)) machine.clock.advance(random.int(20 * DAY))
    const strangers = this.books.open.filter((hold) => hold.boot !== machine.bootId)
    const { now } = this
    const expected = abandon(this.books, strangers, now)
    const [actual] = await this.start([
      { text: "recover", real: ({ ledger }) => ledger.recoverHolds(), predict: () => null },
    ])
    this.note(`${machine.bootId} recovers → ${JSON.stringify(actual)}`)
    same("the recovery", actual, { value: expected })
    same("open holds after recovery", this.books.open.length, 0)
    if (machine.seam.ran.length > 0) this.durableNow = now
  }

  /** Reads outside bodies never lag behind the newest posting. */
  private read(): void {
    const { ledger, clock } = this.machine
    const wallet = this.scene().wallet()
    const { owner, mode } = ownerOf(wallet)
    const readNow = Math.max(clock.now(), this.books.posted.at(-1)?.at ?? 0)
    const { lots, ...figures } = ledger.wallet(owner, mode)
    const { lots: expectedLots, ...expected } = walletView(this.books, wallet, readNow)
    includes(`wallet of ${wallet}`, figures, expected)
    same(`how many lots ${wallet} sees`, lots.length, expectedLots.length)
    lots.forEach((lot, index) => {
      const { from, ...figures } = expectedLots[index]!
      includes(`lot ${index} that ${wallet} sees`, lot, figures)
    })
  }

  private prove(): void {
    this.comparison.all()
    proveAll(this.machine.ledger)
  }

  /** The end of one database. */
  private async rebuild(): Promise<void> {
    for (const { type } of this.books.posted) this.counts.posted[type] = (this.counts.posted[type] ?? 0) + 1
    const { now } = this
    await rebuildFromNothing(this.machine)
    this.lastNow = now
    this.durableNow = now
    this.comparison.all()
    proveAll(this.machine.ledger)
  }
}
