// One conversation that every foreign client has: two tools are called at once, and their results end it. And how it went.
import { expect } from "bun:test"
import { COLUMNS, type Column } from "../columns.ts"
import type { Call, Said, Seen } from "../meaning.ts"
import { brokenBooks, goldenPrice, type Rig } from "../rig.ts"
import { USAGE } from "../scenarios.ts"

/** Vertex's wire is Gemini's. */
export const WIRES: readonly Column[] = COLUMNS.filter(({ kind }) => kind !== "vertex")

const CALLS: Call[] = [
  { id: "call_w1", name: "weather", args: { place: "Köln" } },
  { id: "call_t1", name: "time", args: { zone: "Europe/Berlin" } },
]
export const WORDS = "It rains in Köln, and it is 12:34 🌧."
export const SEAL = "U2VhbE9mVGhlUHJvdmlkZXI+Lw=="

/** As whoever runs the tools answers them. */
export const run = {
  weather: ({ place }: { place: string }) => `rain in ${place}`,
  time: ({ zone }: { zone: string }) => `12:34 in ${zone}`,
}

const hasResults = ({ turns }: Seen): boolean => turns.some(({ results }) => results.length > 0)

/** @param thinks with thinking that is sealed */
export const conversation =
  (thinks: boolean) =>
  (seen: Seen): Said => {
    if (hasResults(seen)) return { text: WORDS, finish: "stop", usage: USAGE }
    const thought = thinks ? { thought: "Two tools.", seal: SEAL } : {}
    return { ...thought, text: "Let me look.", calls: CALLS, finish: "tool_calls", usage: USAGE }
  }

/** Before each. */
export function begin(rig: Rig, says: Rig["says"]): void {
  rig.says = says
  rig.asked.length = 0
  rig.wrong.length = 0
  rig.logged.length = 0
}

/** After the conversation: what the provider was told of it, and that every answer was charged. */
export function endedWell(rig: Rig, column: Column, before: number, hasSeals = false): void {
  const last = rig.asked.at(-1)!.seen
  const results = last.turns.flatMap((turn) => turn.results.map(({ name, text }) => [name, text.replaceAll('"', "")]))
  const seals = last.turns.flatMap((turn) => turn.seals)
  const calls = last.turns.flatMap((turn) => turn.calls.map(({ name, args }) => ({ name, args })))
  const paid = before - rig.kit.balance()
  expect({ wire: column.name, wrong: rig.wrong, results, calls, seals, paid, logged: rig.logged }).toEqual({
    wire: column.name,
    wrong: [],
    results: [
      ["weather", "rain in Köln"],
      ["time", "12:34 in Europe/Berlin"],
    ],
    calls: CALLS.map(({ name, args }) => ({ name, args })),
    seals: hasSeals && column.seals ? [SEAL] : [],
    paid: 2 * goldenPrice(column, USAGE),
    logged: [],
  })
  expect(brokenBooks(rig)).toEqual([])
}
