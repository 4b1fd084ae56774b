// What is remembered of a proof of the books.

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
