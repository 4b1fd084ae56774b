// What the naive ledger of the property test remembers of lots, holds and claw-backs.
import type { HoldRef } from "../holds/types.ts"

export interface ModelLot {
  id: number
  wallet: string
  granted: number
  left: number
  paid: boolean
  priority: number
  from: number
  until: number
  created: number
  roll?: { max: number; cap: number; life: number }
  rolled?: number
  parent?: ModelLot
  /** Expired, or taken away of a paid one, and given back by no claw-back: nobody's. */
  broken?: number
}

export interface ModelHold {
  /** Names it for the real one. */
  ref: HoldRef
  wallet: string
  app: string | null
  day: number
  parts: { lot: ModelLot; amount: number }[]
  open: boolean
  /** What the call took and what of it came back since, once it is settled. */
  takes: Map<number, number>
}

export interface ModelClaw {
  key: string
  lot: ModelLot
  parts: { lot: ModelLot; amount: number }[]
  owed: number
  /** What had gone before. */
  broken: number
  through: string
  borne: number
  settled: boolean
  over: boolean
  /** What credits of its lot paid of it instead of expiring. */
  late: number
}

export interface ModelAsk {
  ref: HoldRef
  wallet: string
  app: string | null
  daily: number | null
  most: number
  least: number
}
