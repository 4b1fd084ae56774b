// Metric: a figure for monitoring, read when somebody asks. What passes often is counted in numbers that its owner holds anyway; names and
// labels are made at the reading, never where calls pass.
import type { Histogram } from "../app/index.ts"

/** Label names and values; values come from short lists (states, routes, names of the operator), never from callers. */
export type Labels = Readonly<Record<string, string>>

export interface Sample<Value = number> {
  labels?: Labels
  value: Value
}

interface Named {
  /** snake_case with its unit last, without the product's name: `commit_seconds`. A counter ends in `_total`. */
  name: string
  /** One sentence. */
  help: string
}

export type Metric =
  | (Named & { kind: "counter" | "gauge"; read(): number | readonly Sample[] })
  | (Named & {
      kind: "histogram"
      read(): Histogram | readonly Sample<Histogram>[]
      /** What one unit of the histogram is in the unit of the name: 0.001 for ms told as seconds. */
      scale?: number
    })

/** Why this server should get no traffic now. */
export interface NotReady {
  /** kebab-case; told to anybody who asks /readyz, so it says what, never where or whose. */
  name: string
  /** What is wrong and what to do, for the operator's log and pages. */
  text: string
}
