// The one object of ours beside Litestream's: whose replica it is, who may write it, and which folder of it is whole. Each holder
// writes a folder of its own (`e7/`), so that whoever was replaced can go on sending and harms nothing.
import { Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import type { Family } from "./binary.ts"
import { ReplicaError } from "./error.ts"

export const MARKER_NAME = "purser.json"

/** A folder that holds everything up to a moment. */
export interface Whole {
  epoch: number
  format: Family
  /** Last commit that is known to be there, as the database tells time (ms). A restored one that is older has lost its end. */
  heldMs: number
  /** How long it has been served from since it was whole, ms; time in which nobody served counts nothing. */
  servedMs?: number
}

export interface Marker {
  purser: 1
  /** `meta.instance_id` of the database. */
  instance: string
  /** Grows with every change of holder: whoever finds a higher one than its own is replaced for good. */
  epoch: number
  format: Family
  /** Random; stands in the holder's data folder too. */
  holder: string
  /** For people. */
  host: string
  /** Which start of that machine: within one the data folder's lock tells who runs. */
  boot: string
  /** The holder stopped in order. */
  released: boolean
  /** …and had sent everything. */
  sent?: boolean
  /** Counts signs of life. Nobody compares clocks: whoever sees it stand still is alone. */
  beat: number
  /** The newest folder known to be whole; null = nothing can be restored yet. */
  whole: Whole | null
  /** Number of the holder's turn: whoever finds the next one taken writes nothing any more (`turns.ts`). */
  turn?: number
  /** The holder answers nothing once it could leave no sign of life for so long, ms; absent = it goes on answering. */
  fencedAfterMs?: number
}

const Format = Type.Union([Type.Literal("0.3"), Type.Literal("0.5")])
const Epoch = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const MarkerShape = Type.Object({
  purser: Type.Literal(1),
  instance: Type.String({ pattern: "^ins_[0-9A-Z]{26}$" }),
  epoch: Epoch,
  format: Format,
  holder: Type.String({ maxLength: 100 }),
  host: Type.String({ maxLength: 300 }),
  boot: Type.String({ maxLength: 100 }),
  released: Type.Boolean(),
  sent: Type.Optional(Type.Boolean()),
  beat: Type.Integer(),
  whole: Type.Union([
    Type.Null(),
    Type.Object({
      epoch: Epoch,
      format: Format,
      heldMs: Type.Integer(),
      servedMs: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
  ]),
  turn: Type.Optional(Type.Integer({ minimum: 0 })),
  fencedAfterMs: Type.Optional(Type.Integer({ minimum: 1 })),
})

/** @throws ReplicaError for what is not ours or not whole */
export function readMarker(text: string, url: string): Marker {
  try {
    return Value.Decode(MarkerShape, JSON.parse(text)) as Marker
  } catch {
    throw new ReplicaError(
      `${url}/${MARKER_NAME} is damaged or from another version of Purser; nothing was changed. Restore that object, or use another path`,
    )
  }
}

export const folderOf = (epoch: number): string => `e${epoch}`
