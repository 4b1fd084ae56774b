// Part: what one domain contributes to the whole. compose merges the parts and knows no job, mail or page by name. What is known
// without a database stands in the part itself; what needs the running domain is made by `run`.
import type { UserId } from "../app/index.ts"
import type { HeavyReads, HeavyStreams, Tx } from "../store/index.ts"
import type { Keeping } from "./keeping.ts"
import type { AnyLetter } from "./letter.ts"
import type { Lifecycle } from "./lifecycle.ts"
import type { Metric, NotReady } from "./metric.ts"
import type { Personal } from "./personal.ts"
import type { SealedColumn } from "./sealed.ts"
import type { Sentences } from "./sentence.ts"
import type { AnySetting } from "./setting.ts"

export interface Part<Works = never> {
  /** The domain's folder, such as `ledger` or `sites/admin`. */
  name: string
  /** Mails that this domain queues. */
  letters?: readonly AnyLetter[]
  /** What an operator may change while the server runs. */
  settings?: readonly AnySetting[]
  /** What of it is deleted by age, and what is kept for ever. */
  keeps?: readonly Keeping[]
  /** Its tables with rows of people: what becomes of them, and the files in which a person gets them. */
  personal?: Personal
  /** Rows that hold something sealed, so that a new master key can seal them anew. */
  sealed?: readonly SealedColumn[]
  /** How the audit log reads the acts that this domain writes, by action. */
  sentences?: Sentences
  /** Answered by the read Worker, which opens the file for itself: nothing here may need the running domain. */
  reads?: HeavyReads
  streams?: HeavyStreams
  /** @param works the running domains; a part names those that it works with */
  run?(works: Works): Running
}

export interface Running {
  jobs?: readonly Job[]
  /** Outbox topic → the one who delivers it. */
  handlers?: Readonly<Record<string, Deliver | DeliverBy>>
  lifecycle?: Lifecycle
  /** One sign-in of a person ended, by their own wish or another one taking its place; not by age. In the body of the act. */
  sessionEnded?(tx: Tx, session: { userId: UserId; sid: string }): void
  /** Lines of truth of /admin; asked for on every look, so memory or indexed reads only. */
  checks?: readonly (() => Check | Check[])[]
  /** More lines of /admin/system, such as where copies go and what is still to be done for the day they are needed. */
  system?: readonly (() => Check | Check[])[]
  /** Figures of /metrics: memory or indexed reads only. */
  metrics?: readonly Metric[]
  /** Asked for with every look at /readyz: memory only. */
  ready?: readonly (() => NotReady | null)[]
  /** What /readyz tells beside its verdict; anybody may read it. Memory only. */
  vitals?(): Readonly<Record<string, string | number>>
  firstRun?: readonly FirstRunStep[]
  /**
   * Resolves what a dead process left, before anybody is answered. One that rejects keeps the server from starting. It runs in a restored
   * house that waits too: it gives nothing away and tells nobody outside.
   */
  recover?(): Promise<void>
  /** What became due while the server was off, after `recover` and before anybody is answered; not while a restored house waits. */
  catchUp?(): Promise<void>
  /** After the database is closed, before the process ends: the last of it goes to the replica. At most `LIMITS.stopLastMs`. */
  closed?(): Promise<void>
}

/** Repeating work. One run at a time; the last run and its error are rows. */
export interface Job {
  /** Kebab-case; also its actor in the books and the log, `system:<name>`. */
  name: string
  everyMs: number
  /** Runs when the jobs start too: what was due while the server was off. */
  atStart?: boolean
  /** Wait until its first run ever, where its period is too long. */
  firstMs?: number
  /**
   * Runs also while the house waits for somebody to look, after a restore: it must not wait, gives nothing away and tells nobody outside.
   * What says nothing of it waits.
   */
  goesOn?: boolean
  /** Wait after a run that failed, where half a minute is too soon; doubled with each failure. */
  retryMs?: number
  /** Rows of one slice, when the usual `LIMITS.jobSliceRows` do not fit, with the reason beside it. */
  sliceRows?: number
  /**
   * One slice: at most so many rows, so that calls come between. Answers whether more is left: the next slice follows after a
   * pause as long as this one. Work in the read Worker is one slice.
   */
  run(slice: Slice): Promise<boolean>
}

export interface Slice {
  rows: number
  /** Aborted when the server stops; a slice that fails after that is not an error. */
  signal: AbortSignal
}

export interface Delivery {
  /** `evt_…`; handlers use it as their remote's idempotency key. */
  eventId: string
  topic: string
  /** Ordering key: messages of one topic and subject are delivered one after the other. */
  subject: string
  payload: unknown
  tries: number
  createdMs: number
}

/** Rejects = not delivered: the outbox tries again. */
export type Deliver = (delivery: Delivery) => Promise<void>

/** A topic with a schedule and turns of its own, so that it waits for no other and lets no other wait. */
export interface DeliverBy {
  deliver: Deliver
  /** ms before each further try; a last one follows the last wait. */
  waitsMs: readonly number[]
  /** Under way at once: of the topic, and of one lane of it. A lane is what stands before the first space of the subject. */
  parallelMax: number
  laneMax: number
}

/** Thrown by a handler that tried nothing: it is due again then, and no try is counted. */
export class PutOff extends Error {
  override name = "PutOff"
  constructor(readonly untilMs: number) {
    super("put off")
  }
}

/** A health check's finding. */
export interface Check {
  /** One word, such as "Books". */
  label: string
  state: "ok" | "warn" | "bad"
  /** In a few words: "verified 3 min ago". */
  text: string
  href?: string | undefined
  /** What to do about it, one sentence; whatever is not well has one. */
  remedy?: string | undefined
}

/** A step between an empty house and the first paid call, with how it is taken. */
export interface FirstRunStep {
  key: string
  /** Lower comes first. */
  order: number
  /** What is so when it is done: "An AI provider answers". */
  label: string
  isDone(): boolean
  /** One sentence on what to do. */
  remedy: string
  /** Where it is done, and its verb; none = outside the pages. */
  way?: { href: string; label: string }
}
