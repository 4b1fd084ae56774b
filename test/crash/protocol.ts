// What the test tells the server it starts, and what that server tells back, one JSON line each.

export interface Start {
  dataDir: string
  baseUrl: string
  round: number
  /** Pause between two words of the sandbox model. */
  wordMs: number
  /** Users who get grants; they make no calls, so that wallets of callers stay small. */
  granteeIds: number[]
}

export interface Granted {
  kind: "granted"
  key: string
  amountNano: number
  transactionId: string
}

export type ChildLine =
  | { kind: "opened"; holdsLeft: number }
  | { kind: "listening"; url: string; holdsLeft: number }
  | Granted

export const GRANT_WORKERS = 3
