// The file of exported books: one JSON object a line, each with a checksum over itself and all lines before, so that a change, a cut
// or a swap is found at its line. Knows no SQL.
import type { HoldId, TransactionId, UsageId } from "../../app/index.ts"
import type { Mode, TransactionType } from "../books/types.ts"
import type {
  AccountLine,
  ClaimLine,
  CorrectionLine,
  EntryLine,
  HoldLine,
  HoldPartLine,
  LotLine,
  MaturityLine,
  PayoutLine,
  TakeLine,
} from "./store-export.ts"

export const EXPORT_VERSION = 1

export interface HeadLine {
  line: "books"
  version: number
  transactions: number
  /** Hash of the newest transaction, hex. */
  head: string | null
}

export type HoldFacts = HoldLine & { lots: HoldPartLine[] }

/** `id`, `account`, `lotRow`, `holdId`… are row ids: the chain hashes them, so they come back as they were. */
export interface TransactionLine {
  line: "transaction"
  id: TransactionId
  publicId: string
  type: TransactionType
  mode: Mode
  atMs: number
  actor: string
  onBehalfOf: string | null
  requestId: string
  reason: string
  key: string | null
  reverses: { id: TransactionId; publicId: string } | null
  holdId: HoldId | null
  usageId: UsageId | null
  entries: EntryLine[]
  /** Only where there is one: the lot granted, the call's hold, and so on. */
  lot?: LotLine
  hold?: HoldFacts
  claim?: ClaimLine
  correction?: CorrectionLine
  maturity?: MaturityLine
  takes?: TakeLine[]
  payoutRequested?: Omit<PayoutLine, "state" | "resolvedMs">
  payoutResolved?: Pick<PayoutLine, "id" | "state" | "resolvedMs">
  prev: string
  hash: string
}

export type ExportLine =
  | HeadLine
  | ({ line: "account" } & AccountLine)
  | TransactionLine
  | ({ line: "hold" } & HoldFacts)
  | ({ line: "correction" } & CorrectionLine)
  | { line: "end"; lines: number }

const sumOf = (before: string, body: string): string =>
  new Bun.CryptoHasher("sha256").update(before).update(body).digest("hex").slice(0, 32)

/** Writes lines; remembers the checksum between them. */
export class LineWriter {
  private sum = ""
  lines = 0

  write(line: ExportLine): string {
    const body = JSON.stringify(line)
    this.sum = sumOf(this.sum, body)
    this.lines++
    return `${body.slice(0, -1)},"sum":"${this.sum}"}\n`
  }
}

const SEALED = /^(\{.*),"sum":"([0-9a-f]{32})"\}$/s

/** The books cannot be read from this file; nothing was kept of it. */
export class ImportError extends Error {
  override name = "ImportError"
  constructor(
    /** From 1; null when it is about the whole. */
    readonly line: number | null,
    readonly reason: string,
  ) {
    super(`${line === null ? "" : `line ${line}: `}${reason}; nothing was imported`)
  }
}

/** Reads lines one after the other. @throws ImportError with the number of the first line that is not as it was written */
export class LineReader {
  private sum = ""
  lines = 0

  read(text: string): ExportLine {
    this.lines++
    const found = SEALED.exec(text)
    if (!found)
      throw new ImportError(this.lines, "this is no whole line of an export; the file was cut or changed here")
    const body = `${found[1]}}`
    this.sum = sumOf(this.sum, body)
    if (found[2] !== this.sum)
      throw new ImportError(this.lines, "the file was changed here, or lines before are missing")
    return JSON.parse(body) as ExportLine
  }
}
