// The same answer in other bytes: whatever a server may do to it without changing what it says.
import type { Random } from "../crash/random.ts"
import type { Column } from "./columns.ts"
import { type Json, object } from "./meaning.ts"

interface Event {
  name: string
  data: string
}

const chance = (random: Random, one: number): boolean => random.between(1, one) === 1
const pick = <T>(random: Random, from: readonly T[]): T => from[random.between(0, from.length - 1)]!

/** As text: JSON.stringify knows no such numbers. */
const NUMBERS = ["123456789012345678901234567890", "1e400", "-1E-400", "0.1000000000000000055511151231257827", "-0"]
const MARK = "\u0001number:"
const SLOT = /"\\u0001number:([^"]+)"/g
const written = (value: unknown, indent?: number): string => JSON.stringify(value, null, indent).replaceAll(SLOT, "$1")

const strange = (random: Random): unknown =>
  pick(random, [null, [], "x", { deep: [{ er: "ö\u2028" }] }, true, `${MARK}${pick(random, NUMBERS)}`, -1])

/** Places whose members are the caller's own data: what is added there is part of the answer. */
const OWN = new Set(["input", "args", "arguments", "parameters", "schema"])

/** Members in another order, and unknown ones beside them, at every depth. */
function disturbed(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.map((one) => disturbed(one, random))
  if (typeof value !== "object" || value === null) return value
  const members = Object.entries(value).map(
    ([name, one]) => [name, OWN.has(name) ? one : disturbed(one, random)] as const,
  )
  const ordered = chance(random, 2) ? members.toReversed() : members.toSorted(([a], [b]) => a.localeCompare(b))
  const added = chance(random, 3) ? [[`x_new_${random.between(0, 9)}`, strange(random)] as const] : []
  return Object.fromEntries(chance(random, 2) ? [...ordered, ...added] : [...added, ...ordered])
}

const eventsIn = (text: string): Event[] =>
  text
    .split("\n\n")
    .filter((one) => one !== "")
    .map((one) => ({
      name: /^event: (.*)$/m.exec(one)?.[1] ?? "",
      data: /^data: (.*)$/m.exec(one)![1]!,
    }))

/** Events that nobody knows, as each wire has had them. @param isStrict the SDK throws on them, and they are passed on as they came */
function strangers(column: Column, isStrict: boolean, random: Random): string {
  const type = `purser.${pick(random, ["ping", "trace", "new_thing"])}`
  const known = [
    ": comment\n\n",
    ":\n\n",
    "id: 7\n\n",
    "retry: 3000\n\n",
    "data\n\n",
    "data:\n\n",
    "unknown: field\n\n",
  ]
  const named = `event: ${type}\ndata: ${written({ type, sequence_number: 7, more: strange(random) })}\n\n`
  const empty = column.name === "gemini" ? "data: {}\n\n" : named
  return pick(random, isStrict ? known : [...known, named, named, empty])
}

/** A report of chat completions where servers have put it: in every chunk, empty, beside the last words, twice. */
function movedUsage(events: readonly Event[], random: Random): Event[] {
  const at = events.findIndex(({ data }) => /"choices":\[\],"usage"/.test(data))
  if (at === -1) return [...events]
  const usage = object(JSON.parse(events[at]!.data)).usage
  const withUsage = ({ name, data }: Event, report: unknown): Event => ({
    name,
    data: written({ ...object(JSON.parse(data)), usage: report }),
  })
  const way = random.between(0, 3)
  return events.flatMap((event, index) => {
    if (event.data === "[DONE]" || index > at) return [event]
    // Beside the finish, and not in an event of its own.
    if (way === 0 && index === at - 1) return [withUsage(event, usage)]
    if (way === 0 && index === at) return []
    if (way === 1 && index < at) return [withUsage(event, null)]
    if (way === 2 && index === at) return [event, event]
    if (way === 3 && index < at && chance(random, 4))
      return [withUsage(event, { prompt_tokens: 3, completion_tokens: 1 })]
    return [event]
  })
}

function framed({ name, data }: Event, random: Random): string {
  const space = pick(random, ["", " "])
  const pretty = data === "[DONE]" || !chance(random, 4) ? data : indented(data)
  const lines = pretty.split("\n").map((line) => `data:${space}${line}`)
  if (name !== "") lines[chance(random, 2) ? "unshift" : "push"](`event:${space}${name}`)
  return `${lines.join("\n")}\n\n`
}

/** Over several lines, which the framing joins again. Numbers stay as they were written. */
function indented(data: string): string {
  return data.replace(/^\{/, "{\n").replace(/\}$/, "\n}")
}

/** Pieces of a stream's bytes. */
export function disturbedStream(column: Column, text: string, isStrict: boolean, random: Random): Uint8Array[] {
  const events = movedUsage(eventsIn(text), random).map(({ name, data }) => ({
    name,
    data: data === "[DONE]" ? data : written(disturbed(JSON.parse(data), random)),
  }))
  const told = events.map(
    (event) => framed(event, random) + (chance(random, 3) ? strangers(column, isStrict, random) : ""),
  )
  const ends = pick(random, ["\n", "\r\n", "\r"])
  const head = chance(random, 4) ? "\uFEFF" : ""
  const bytes = new TextEncoder().encode(head + told.join("").replaceAll("\n", ends))
  const parts: Uint8Array[] = []
  const longest = pick(random, [3, 64, 4_096])
  // Short pieces at the beginning are as many as a run has time for.
  for (let from = 0; from < bytes.length; ) {
    const length = parts.length > 60 ? bytes.length : random.between(1, longest)
    parts.push(bytes.slice(from, from + length))
    from += length
  }
  return parts
}

export const disturbedWhole = (whole: Json, random: Random): string =>
  pick(random, ["", "\n", "  "]) + written(disturbed(whole, random), pick(random, [0, 2])) + pick(random, ["", "\n"])

export function slowly(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      const part = parts[at++]
      if (part === undefined) return controller.close()
      controller.enqueue(part)
      if (at % 8 === 0) await Bun.sleep(0)
    },
  })
}
