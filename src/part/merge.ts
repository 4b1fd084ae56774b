// Merges parts. Two that claim the same name are a programmer's error and keep the server from starting.
import { invariant } from "../app/index.ts"
import type { HeavyReads, HeavyStreams } from "../store/index.ts"
import type { Keeping } from "./keeping.ts"
import type { AnyLetter } from "./letter.ts"
import type { Metric, NotReady } from "./metric.ts"
import type { Check, Deliver, DeliverBy, FirstRunStep, Job, Part, Running } from "./part.ts"
import type { PersonalFile } from "./personal.ts"
import type { SealedColumn } from "./sealed.ts"
import type { Sentences } from "./sentence.ts"
import type { AnySetting } from "./setting.ts"

/** What is known without a database. */
export interface Declared {
  letters: readonly AnyLetter[]
  settings: readonly AnySetting[]
  keeps: readonly Keeping[]
  sealed: readonly SealedColumn[]
  sentences: Sentences
  reads: HeavyReads
  streams: HeavyStreams
  /** What a person gets of everything that is theirs. */
  files: readonly PersonalFile[]
}

export interface Merged {
  jobs: readonly Job[]
  handlers: Readonly<Record<string, Deliver | DeliverBy>>
  firstRun: readonly FirstRunStep[]
  checks(): Check[]
  system(): Check[]
  metrics: readonly Metric[]
  /** Empty: send traffic. */
  notReady(): NotReady[]
  vitals(): Record<string, string | number>
  recover(): Promise<void>
  catchUp(): Promise<void>
  closed(): Promise<void>
}

type Declaring = Pick<
  Part,
  "name" | "letters" | "settings" | "keeps" | "personal" | "sealed" | "sentences" | "reads" | "streams"
>

export function declared(parts: readonly Declaring[]): Declared {
  unique("part", parts, (part) => part.name)
  const reads = parts.flatMap((part) => Object.entries(part.reads ?? {}))
  const streams = parts.flatMap((part) => Object.entries(part.streams ?? {}))
  unique("read", [...reads, ...streams], ([name]) => name)
  return {
    letters: unique(
      "letter",
      parts.flatMap((part) => part.letters ?? []),
      (letter) => letter.kind,
    ),
    settings: unique(
      "setting",
      parts.flatMap((part) => part.settings ?? []),
      (setting) => setting.key,
    ),
    keeps: unique(
      "kept kind",
      parts.flatMap((part) => part.keeps ?? []),
      (keeping) => keeping.what,
    ),
    sealed: unique(
      "sealed column",
      parts.flatMap((part) => part.sealed ?? []),
      (column) => column.what,
    ),
    sentences: Object.fromEntries(
      unique(
        "sentence",
        parts.flatMap((part) => Object.entries(part.sentences ?? {})),
        ([action]) => action,
      ),
    ),
    reads: Object.fromEntries(reads),
    streams: Object.fromEntries(streams),
    files: unique(
      "file of a person",
      parts.flatMap((part) => part.personal?.files ?? []),
      (file) => file.name,
    ),
  }
}

export function merged(parts: readonly Running[]): Merged {
  const handlers = parts.flatMap((part) => Object.entries(part.handlers ?? {}))
  unique("outbox topic", handlers, ([topic]) => topic)
  const ready = parts.flatMap((part) => part.ready ?? [])
  // From what people meet down to what carries it.
  const checks = parts.toReversed().flatMap((part) => part.checks ?? [])
  return {
    jobs: unique(
      "job",
      parts.flatMap((part) => part.jobs ?? []),
      (job) => job.name,
    ),
    handlers: Object.fromEntries(handlers),
    firstRun: unique(
      "first-run step",
      parts.flatMap((part) => part.firstRun ?? []).toSorted((a, b) => a.order - b.order),
      (step) => step.key,
    ),
    checks: () => checks.flatMap((check) => check()),
    system: () => parts.flatMap((part) => part.system ?? []).flatMap((check) => check()),
    metrics: unique(
      "metric",
      parts.flatMap((part) => part.metrics ?? []),
      (metric) => metric.name,
    ),
    notReady: () => ready.flatMap((ask) => ask() ?? []),
    vitals: () => Object.assign({}, ...parts.map((part) => part.vitals?.())),
    async recover() {
      for (const part of parts) await part.recover?.()
    },
    async catchUp() {
      for (const part of parts) await part.catchUp?.()
    },
    async closed() {
      for (const part of parts) await part.closed?.()
    },
  }
}

function unique<T>(what: string, rows: readonly T[], nameOf: (row: T) => string): readonly T[] {
  const seen = new Set<string>()
  for (const row of rows) {
    const name = nameOf(row)
    invariant(!seen.has(name), `two parts contribute the ${what} ${name}`)
    seen.add(name)
  }
  return rows
}
