// One data folder and the processes that live and die on it: opens the real store and ledger, takes images of the disk, dies
// in several ways and boots again from what is left. A template saves the migrations of each fresh database.
import { Database } from "bun:sqlite"
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type IdPrefix, type Ids, LIMITS, VirtualClock } from "../../src/app/index.ts"
import { BooksMemory } from "../../src/ledger/books/memory.ts"
import { createLedger, type HoldRef, type Ledger } from "../../src/ledger/index.ts"
import { createPlans, type Plans, plansPart } from "../../src/plans/index.ts"
import { createSettings } from "../../src/settings/index.ts"
import { openStore, type Store, testFolder } from "../../src/store/index.ts"
import { Foreign } from "./foreign.ts"
import type { Mutant } from "./mutants/index.ts"
import type { Random } from "./random.ts"
import { Seam } from "./seam.ts"
import { garbageTail, type Image, tornCheckpoint, tornCommit } from "./wal.ts"

let template: Uint8Array | undefined

export const workFolder = (): string => testFolder("purser-sim-")

async function emptyDatabase(folder: string): Promise<Uint8Array> {
  if (template) return template
  const path = join(folder, "template.db")
  await openStore(path, { clock: new VirtualClock() }).close()
  template = readFileSync(path)
  return template
}

/** What the ledger's memory may keep, and how many charges are folded at once; both so small that they matter. */
export type Limits = typeof BooksMemory.limits

const REAL_LIMITS = BooksMemory.limits
// A batch ends by its count alone: a slow machine does nothing else than a quick one.
Object.assign(LIMITS, { commitMutationsMsMax: 60_000 })

export class Machine {
  readonly clock: VirtualClock
  readonly seam = new Seam()
  store!: Store
  ledger!: Ledger
  plans!: Plans
  readonly names = new Map<string, HoldRef>()
  boot = 0
  /** Set by the store when a commit's outcome is unknown. */
  fatal = false
  private readonly folder = workFolder()
  private path = ""
  private made = 0
  private observer: Database | null = null
  private checkpointer: Database | null = null
  private stranger: Foreign | null = null

  /** Deterministic, so that a seed replays with the same ids. */
  readonly ids: Ids = { next: (prefix: IdPrefix) => `${prefix}_${String(++this.made).padStart(10, "0")}` }

  constructor(
    startMs: number,
    readonly mutant: Mutant | null,
    limits: Limits,
  ) {
    BooksMemory.limits = limits
    this.clock = new VirtualClock(startMs)
  }

  async start(): Promise<void> {
    await this.open({ db: this.withSchema(await emptyDatabase(this.folder)), wal: new Uint8Array() })
  }

  private withSchema(empty: Uint8Array): Uint8Array {
    const { mutant, folder } = this
    if (!mutant?.schema) return empty
    const path = join(folder, "schema.db")
    writeFileSync(path, empty)
    const db = new Database(path)
    db.run("PRAGMA journal_mode = DELETE")
    mutant.schema(db)
    db.run("PRAGMA journal_mode = WAL")
    db.close()
    return readFileSync(path)
  }

  get bootId(): string {
    return `boot-${this.boot}`
  }

  private async open(image: Image): Promise<void> {
    this.boot++
    this.fatal = false
    delete this.seam.faults.sync
    this.path = join(this.folder, `boot-${this.boot}.db`)
    writeFileSync(this.path, image.db)
    if (image.wal.length > 0) writeFileSync(`${this.path}-wal`, image.wal)
    const onFatal = (): void => {
      this.fatal = true
    }
    this.seam.decorate = this.mutant?.decorate ?? null
    this.seam.remember = this.mutant?.remember ?? null
    const real = openStore(this.path, { clock: this.clock, faults: this.seam.faults, onFatal })
    this.store = this.seam.wrap(real)
    const ledger = createLedger({ store: this.store, clock: this.clock, ids: this.ids, bootId: this.bootId })
    this.ledger = this.mutant?.wrap?.(ledger) ?? ledger
    const settings = createSettings({ store: this.store, settings: plansPart.settings ?? [] })
    const plans = createPlans({ store: this.store, clock: this.clock, ledger: this.ledger, settings })
    this.plans = this.mutant?.wrapPlans?.(plans) ?? plans
  }

  image(): Image {
    const wal = `${this.path}-wal`
    return { db: readFileSync(this.path), wal: existsSync(wal) ? readFileSync(wal) : new Uint8Array() }
  }

  /** The process is gone; the next one boots from this image. */
  async reboot(image: Image): Promise<void> {
    const old = this.path
    this.closeObservers()
    await this.store.close()
    for (const suffix of ["", "-wal", "-shm"]) rmSync(old + suffix, { force: true })
    await this.open(this.mutant?.image?.(image) ?? image)
  }

  tornCommit(random: Random, before: Image): Image {
    return tornCommit(random, before, this.image())
  }
  garbageTail(random: Random): Image {
    return garbageTail(random, this.image())
  }
  tornCheckpoint(random: Random): Image {
    const before = this.image()
    const path = join(this.folder, "checkpoint.db")
    writeFileSync(path, before.db)
    writeFileSync(`${path}-wal`, before.wal)
    const db = new Database(path)
    db.run("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    const image = tornCheckpoint(random, before, readFileSync(path))
    for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true })
    return image
  }

  /** A reader whose view stays what it is now until it is let go. */
  snapshot(): { db: Database; letGo(): void } {
    this.observer ??= new Database(this.path, { readonly: true })
    const db = this.observer
    db.query("BEGIN").run()
    db.query("SELECT 1 FROM meta LIMIT 1").get()
    return { db, letGo: () => db.query("COMMIT").run() }
  }

  /** Copies the log back now and then, as a busy server's log of 32 MB would be; small logs also make quick reboots. */
  checkpoint(how: "PASSIVE" | "RESTART" | "TRUNCATE"): void {
    this.checkpointer ??= new Database(this.path, { readwrite: true })
    this.checkpointer.query(`PRAGMA wal_checkpoint(${how})`).get()
  }

  get foreign(): Foreign {
    const { store, clock, ids, bootId, names } = this
    this.seam.isForeign = true
    this.stranger ??= new Foreign(this.path, { store, clock, ids, bootId, names })
    return this.stranger
  }

  private closeObservers(): void {
    this.observer?.close()
    this.checkpointer?.close()
    this.stranger?.close()
    this.observer = null
    this.checkpointer = null
    this.stranger = null
  }

  async stop(): Promise<void> {
    this.closeObservers()
    await this.store.close()
    BooksMemory.limits = REAL_LIMITS
    rmSync(this.folder, { recursive: true, force: true })
  }
}
