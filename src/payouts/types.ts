// Words of payouts: where money goes, one payout on its way, and what an operator does with it.
import type { Nano, PrincipalId, UserId } from "../app/index.ts"
import type { Mode } from "../ledger/index.ts"

export type MethodKind = "iban" | "us_bank" | "paypal" | "stripe"

/**
 * requested → approved → paid, or it comes back: `rejected` before somebody sent it, `failed` after, `withdrawn` by its person before
 * it was approved.
 */
export type OrderState = "requested" | "approved" | "paid" | "rejected" | "failed" | "withdrawn"

/** `pain`: ISO 20022 credit transfers for a bank. `csv`: everything, as a table. `paypal`: what PayPal's mass payments take. */
export type FileFormat = "pain" | "csv" | "paypal"

/** All that a payment needs, as it is sealed. */
export type Destination =
  | { kind: "iban"; holder: string; iban: string; bic: string | null }
  | { kind: "us_bank"; holder: string; routing: string; account: string; use: "checking" | "savings" }
  | { kind: "paypal"; email: string }
  /** @param platform whose payee it is, and in which mode of theirs: to another account it is nobody */
  | { kind: "stripe"; account: string; platform: string; isTest: boolean }

/** What may be shown of where money goes. */
export interface Method {
  publicId: string
  kind: MethodKind
  currency: string
  country: string | null
  hint: string
  createdMs: number
  /** No payout goes there before. */
  usableMs: number
  /** null: its address is not proved yet. */
  confirmedMs: number | null
}

export interface Order {
  id: number
  /** `pay_…`, the ledger's */
  publicId: string
  key: string
  ownerId: PrincipalId
  mode: Mode
  amountNano: Nano
  methodId: number | null
  state: OrderState
  currency: string | null
  /** Units of the currency for one dollar, in millionths. */
  rateMicro: number | null
  /** In the currency's smallest unit. */
  paidMinor: number | null
  bySchedule: 0 | 1
  requestedMs: number
  approvedMs: number | null
  resolvedMs: number | null
  fileId: number | null
  because: string | null
  reference: string | null
}

/** An order with where it goes. */
export interface OrderShown extends Order {
  kind: MethodKind | null
  hint: string | null
  /** Of the file that it is in. */
  file: string | null
}

/** Who pays, as it stands in a file. */
export interface Debtor {
  name: string
  iban: string
  bic: string
}

export interface PayoutFile {
  id: number
  publicId: string
  format: FileFormat
  createdMs: number
  actor: string
  debtor: Debtor
  withdrawnMs: number | null
}

export interface Asking {
  userId: UserId
  /** null: all that is available, down to the cent. */
  amountNano: Nano | null
  /** Pressed twice, it is one. */
  key: string
}
