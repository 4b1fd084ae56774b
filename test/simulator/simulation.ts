// Runs one seed: random acts, broken mutations, commits and syncs, crashes, clock jumps; everything that was touched is compared after
// each step, everything there is now and then. A failure carries the seed, the step and the last acts.
import { type Act, type Outcome, predicted } from "./act.ts"
import { Difference, same } from "./difference.ts"
import type { Machine } from "./machine.ts"
import { DAY } from "./model/books.ts"
import { abandon } from "./model/calls.ts"
import { LEDGER } from "./operations/index.ts"
import { rememberedAct } from "./operations/remembered.ts"
import { proveAll, rebuildFromNothing } from "./proof.ts"
import { compareReads } from "./reads.ts"
import { type Counts, LOG_LINES, Stage } from "./stage.ts"

/** A fresh database after so many steps, so that proving it stays cheap. */
const STEPS_PER_DATABASE = 1_000
const PROVE_EVERY = 500
const CHECKPOINT_ONE_IN = 80

const SOMETHING = { client: 1, scope: "llm", day: 20_500 }

const RECOVER: Act = {
  text: "recover",
  solo: true,
  real: ({ ledger }) => ledger.recoverHolds(),
  predict: () => null,
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

export class Simulation extends Stage {
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

  private async step(): Promise<void> {
    const dice = this.random.int(1_000)
    if (dice < 90) this.jump()
    else if (dice < 780) await this.alone(this.someAct())
    else if (dice < 900) await this.together(this.someActs(this.random.between(2, 6)))
    else if (dice < 940) await this.inOneBody(this.someActs(this.random.between(2, 4)))
    else if (dice < 955) await this.brokenBodies()
    else if (dice < 962) await this.brokenCommit()
    else if (dice < 966) await this.brokenBatch()
    else if (dice < 971) await this.crash()
    else if (dice < 986) await this.foreign()
    else this.read()
    this.comparison.step()
    if (this.random.oneIn(4)) this.read()
    if (this.random.oneIn(CHECKPOINT_ONE_IN))
      this.machine.checkpoint(this.random.pick(["PASSIVE", "PASSIVE", "RESTART", "TRUNCATE"]))
  }

  private jump(): void {
    const { random } = this
    const ms = random.pick([
      1,
      7,
      1_000,
      60_000,
      3_600_000,
      random.int(DAY),
      random.int(DAY),
      random.int(3 * DAY),
      -random.int(5_000),
      -random.int(2 * DAY),
      DAY - 1,
      2 * DAY,
      random.oneIn(4) ? random.int(70 * DAY) : 1,
    ])
    this.machine.clock.advance(ms)
    this.note(`the clock moves ${ms} ms`)
  }

  /** Somebody else writes to the file: nothing that was remembered counts any more. */
  private async foreign(): Promise<void> {
    const { random, machine } = this
    if (this.now !== this.durableNow) await this.tick()
    const { now } = this
    if (random.oneIn(4)) {
      this.note("somebody else touches the file")
      machine.foreign.touch()
      return
    }
    const act = this.someActs(1, LEDGER)[0]!
    this.note(`somebody else: ${act.text}`)
    const actual = await machine.foreign.do(act, now)
    this.note(`  → ${JSON.stringify(actual)}`)
    this.check(
      act,
      actual,
      predicted(() => act.predict(this.books, now)),
    )
  }

  /** Mutations that die half way or at their end leave nothing behind, whatever they had done. */
  private async brokenBodies(): Promise<void> {
    const acts = this.someActs(this.random.between(1, 3))
    const after = this.random.oneIn(3) ? Number.POSITIVE_INFINITY : this.random.int(9)
    for (const act of acts) this.note(`  dies after ${after} statements: ${act.text}`)
    const { seam } = this.machine
    const outcomes = await this.changingNothing(() => {
      seam.breakAfter = after
      return this.start(acts)
    })
    seam.breakAfter = null
    this.refuseAnswers(outcomes, "a broken mutation")
    this.durableNow = this.now
  }

  /** A commit that fails: every caller is told, nothing is there. An I/O error ends the process. */
  private async brokenCommit(): Promise<void> {
    const { random, machine } = this
    if (random.oneIn(2)) this.jump()
    const acts = this.someActs(random.between(1, 4))
    const isFatal = random.oneIn(3)
    for (const act of acts) this.note(`  ${isFatal ? "I/O error" : "fails"} at commit: ${act.text}`)
    const fault = () =>
      Object.assign(new Error("disk"), isFatal ? { name: "SQLiteError", code: "SQLITE_IOERR_FSYNC" } : {})
    const outcomes = await this.changingNothing(() => {
      machine.seam.breakCommit = fault
      return this.start(acts)
    }, false)
    machine.seam.breakCommit = null
    this.refuseAnswers(outcomes, "a failed commit")
    same("the store stops after an I/O error", machine.fatal, isFatal)
    if (isFatal) return this.bootFrom(machine.image())
    // An operator restarts what complained about its disk.
    if (random.oneIn(2)) return
    await this.alone(this.someAct())
    return this.bootFrom(machine.image())
  }

  /** SQLite takes a whole transaction back in the middle of a batch; what comes behind it runs in the next one. */
  private async brokenBatch(): Promise<void> {
    const { random, machine } = this
    const acts = this.someActs(random.between(2, 5))
    const { now, lastNow } = this
    const { seam } = machine
    seam.rolledBack = null
    seam.rollBackAt = random.int(acts.length)
    for (const act of acts) this.note(`  ${seam.rollBackAt} runs into a full disk: ${act.text}`)
    const outcomes = await this.start(acts)
    seam.rollBackAt = null
    const lost = seam.ran.filter(({ commit }) => commit === seam.rolledBack)
    const rest = seam.ran.filter(({ commit }) => commit !== seam.rolledBack)
    this.refuseAnswers(
      lost.map(({ act }) => outcomes[act]!),
      "a full disk",
    )
    if (rest.length === 0) this.lastNow = lastNow
    else this.durableNow = now
    for (const { act } of rest) this.predictOne(acts[act]!, outcomes[act]!, now)
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
      "failed sync",
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
    if (kind === "failed sync") return this.failedSync(acts)
    for (const act of acts) this.note(`  lost: ${act.text}`)
    const before = machine.image()
    await this.start(acts)
    return this.bootFrom(machine.tornCommit(random, before))
  }

  /** The disk fails when it is asked to keep what was written: nobody is told of success, and either may be found there. */
  private async failedSync(acts: Act[]): Promise<void> {
    const { random, machine, now } = this
    const before = machine.image()
    machine.seam.faults.sync = () => Promise.reject(new Error("EIO"))
    const outcomes = await this.start(acts)
    this.refuseAnswers(outcomes, "a failed sync")
    same("the store stops after a failed sync", machine.fatal, true)
    if (random.oneIn(2)) return this.bootFrom(machine.tornCommit(random, before))
    for (const { act } of machine.seam.ran) {
      this.note(`  is there: ${acts[act]!.text}`)
      predicted(() => acts[act]!.predict(this.books, now))
    }
    this.durableNow = now
    return this.bootFrom(machine.image())
  }

  private refuseAnswers(outcomes: Outcome[], after: string): void {
    for (const outcome of outcomes)
      if ("value" in outcome) throw new Difference(`${after} answered ${JSON.stringify(outcome.value)}`)
  }

  /** The next process: sometimes dies before it recovered, at last resolves every hold of the lives before. */
  private async bootFrom(image: ReturnType<Machine["image"]>): Promise<void> {
    const { machine, random } = this
    this.counts.crashes++
    await machine.reboot(image)
    this.lastNow = this.durableNow
    if (random.oneIn(5)) await this.dieInBoot()
    this.comparison.all()
    if (random.oneIn(5)) this.comparison.wholeChain()
    // A machine that was off for weeks, or whose clock was set back meanwhile.
    if (random.oneIn(4)) machine.clock.advance(random.int(20 * DAY))
    if (random.oneIn(4)) machine.clock.advance(-random.int(3 * DAY))
    const strangers = this.books.open.filter((hold) => hold.boot !== machine.bootId)
    const { now } = this
    const expected = abandon(this.books, strangers, now)
    const [actual] = await this.start([RECOVER])
    this.note(`${machine.bootId} recovers → ${JSON.stringify(actual)}`)
    same("the recovery", actual, { value: expected })
    same("open holds after recovery", this.books.open.length, 0)
    if (machine.seam.ran.length > 0) this.durableNow = now
  }

  /** Before it recovered anything, or while the commit of its recovery was on the way to the disk. */
  private async dieInBoot(): Promise<void> {
    const { machine, random } = this
    const before = machine.image()
    const isRecovering = random.oneIn(2)
    this.note(`${machine.bootId} dies ${isRecovering ? "while it recovers" : "before it recovered"}`)
    if (isRecovering) await this.start([RECOVER])
    await machine.reboot(isRecovering ? machine.tornCommit(random, before) : before)
    this.lastNow = this.durableNow
  }

  /** Reads outside mutations never lag behind the newest posting. */
  private read(): void {
    compareReads(this.random, this.books, this.machine, this.scene().wallet())
  }

  private prove(): void {
    this.comparison.all()
    this.comparison.wholeChain()
    proveAll(this.machine.ledger)
  }

  /** The end of one database. */
  private async rebuild(): Promise<void> {
    for (const { type } of this.books.posted) this.counts.posted[type] = (this.counts.posted[type] ?? 0) + 1
    const { now } = this
    const looks = [...this.books.accounts.keys()]
      .filter((name) => name.includes(" wallet "))
      .map((name) =>
        rememberedAct({ ...SOMETHING, caller: Number(name.split(" ").at(-1)), wallet: name.replace(" wallet", "") }),
      )
    await rebuildFromNothing(this.machine, (tx) => {
      for (const look of looks) look.realIn!(this.machine, tx)
    })
    this.lastNow = now
    this.durableNow = now
    this.comparison.all()
    proveAll(this.machine.ledger)
    for (const look of looks) await this.alone(look)
  }
}
