// Words of the proof of the books.

export interface Check {
  /** Fixed name, such as `entries_balance`. */
  name: string
  /** The promise in one plain sentence. */
  promise: string
  /** How many things were looked at. */
  checked: number
  violations: number
  /** The first few, for a person to look up. */
  examples: string[]
}

export interface VerifyReport {
  ok: boolean
  checks: Check[]
  /** Hash of the newest transaction, hex; null when there is none. */
  head: string | null
  transactions: number
}

/** One proof of the books, as it is remembered. */
export interface VerificationRun {
  id: number
  startedMs: number
  tookMs: number
  /** Who asked: `system:verify-books`, `admin:usr_…`. */
  actor: string
  ok: boolean
  transactions: number
  head: string | null
}
