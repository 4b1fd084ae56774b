// The file of exported books: one JSON object a line, each with a checksum over itself and all lines before, so that a change, a cut
// or a swap is found at its line. Knows no SQL.
import type { AccountId, TransactionId } from "../../app/index.ts"
import type { Mode } from "../books/types.ts"
import type {
  AccountLine,
  ChargeRowFull,
  EntryLine,
  HoldRowFull,
  PartLine,
  TransactionRowFull,
} from "./store-export.ts"
import type {
  ClaimLine,
  ClawedLine,
  CorrectionLine,
  LotLine,
  MaturityLine,
  PayoutLine,
  RepayLine,
  SaleLine,
  TakeLine,
} from "./store-export-facts.ts"

/** 1: before a charge was one row. */
export const EXPORT_VERSION = 2

export interface HeadLine {
  line: "books"
  version: number
  /** Charges and transactions together. */
  transactions: number
  /** Hash of the newest of them, hex. */
  head: string | null
}

/** Row ids (`id`, `account`, `lotRow`, `pending`…) are hashed by the chain, so they come back as they were. */
interface PostedLine {
  id: TransactionId
  mode: Mode
  atMs: number
  prev: string
  hash: string
}

/** A charged call, a transaction of type `usage` whose public id is `txn_` and what follows `req_` in `callId`. */
export interface ChargeLine
  extends PostedLine,
    Omit<ChargeRowFull, keyof PostedLine | "accountId" | "lotId" | "lot" | "pendingId" | "balanceAfterNano" | Foreign> {
  line: "charge"
  account: AccountId
  lots: PartLine[]
  /** The developer's account that was credited. */
  pending: AccountId | null
  /** What was taken back of its earning. */
  takes?: TakeLine[]
}

/** Rows of other domains that are not in the file and that nothing of the books hangs on. */
type Foreign = "routeId" | "keyId"

interface Named {
  id: TransactionId
  publicId: string
}

export interface TransactionLine
  extends PostedLine,
    Omit<TransactionRowFull, keyof PostedLine | "reverses" | "reversesId" | "chargeId" | "callId"> {
  line: "transaction"
  reverses: Named | null
  /** The charge that it is about. */
  charge: Named | null
  entries: EntryLine[]
  /** Only where there is one: the lot granted, and so on. */
  lot?: LotLine
  claim?: ClaimLine
  correction?: CorrectionLine
  clawed?: ClawedLine[]
  repaid?: RepayLine[]
  maturity?: MaturityLine
  sale?: SaleLine
  /** What was taken back of what a sale earned. */
  takes?: TakeLine[]
  payoutRequested?: Omit<PayoutLine, "state" | "resolvedMs">
  payoutResolved?: Pick<PayoutLine, "id" | "state" | "resolvedMs">
}

/** Of a call in progress. */
export interface HoldLine extends Omit<HoldRowFull, "accountId" | "lotId" | "lots" | Foreign> {
  line: "hold"
  account: AccountId
  lots: PartLine[]
}

export type ExportLine =
  | HeadLine
  | ({ line: "account" } & AccountLine)
  | ChargeLine
  | TransactionLine
  | HoldLine
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
