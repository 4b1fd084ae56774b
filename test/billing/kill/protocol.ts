// What the test tells the server that dies, and what that server tells back: one JSON line each.
import type { Left } from "../flows/state.ts"

export interface Start {
  dataDir: string
  port: number
  /** Of the processor, which outlives it. */
  apiBase: string
  nowMs: number
}

export type Word = { nowMs: number } & Told
type Told =
  /** A new person. */
  | { do: "person"; email: string }
  /** Steps are counted from here; at that one it dies. */
  | { do: "arm"; killAt: number; inside: boolean }
  /** What somebody does, by its name in `acts.ts`. */
  | { do: "act"; name: string; email: string; kept: unknown }
  /** What the house does by itself. */
  | { do: "jobs" }
  | { do: "left"; email: string }

export type Answer = { ok: unknown } | { refused: string }
export type Line = { listens: string } | { dies: string } | Answer

export interface Found {
  left: Left
  /** Steps since it was armed. */
  steps: number
  /** Types of events that mean nothing here. */
  ignored: string[]
}
