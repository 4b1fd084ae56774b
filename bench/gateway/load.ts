// The load: the same requests to the floors and to Purser, in turns. What counts is the ratio within a round, for a machine is not
// equally quick for five minutes.
import { type Load, load, once, type Part, turns } from "../kit.ts"
import type { Mark } from "./control.ts"
import { MODEL } from "./mock.ts"
import { DISTURBED, type Others } from "./others.ts"
import type { WalMeter } from "./wal.ts"

export type Who = "bare" | "durable" | "purser"
export const WHO: readonly Who[] = ["bare", "durable", "purser"]

/** A server under load. */
export interface Target {
  who: Who
  port: number
  part: Part<unknown, unknown>
  /** Its database; the bare proxy has none. */
  path: string | null
  /** Bytes of the file before the load. */
  sizeBefore: number
  wal: WalMeter | null
  /** Answers so far, warming included. */
  calls: number
}

export interface Scenario {
  name: string
  connections: number
  stream: boolean
}

export const SCENARIOS: readonly Scenario[] = [
  { name: "answers32", connections: 32, stream: false },
  { name: "answers1", connections: 1, stream: false },
  { name: "answers128", connections: 128, stream: false },
  { name: "streams32", connections: 32, stream: true },
]

/** One target under one load for one round. */
export interface Turn extends Load {
  /** Processor time of the server a call, µs. */
  cpuUs: number
  /** Written to the log a call, bytes. */
  walBytes: number
  commits: number
  writes: number
}

export interface Round extends Record<Who, Turn> {
  /** Share of the machine that other processes used meanwhile. */
  others: number
}

export interface Rhythm {
  /** What is counted. */
  rounds: number
  /** What is tried at most, when others disturb. */
  tries: number
  /** Of one server. */
  roundMs: number
}

const TOKENS_AT_ONCE = 32
/** What goes on behind the answers, such as the end of a checkpoint, belongs to the round. */
const AFTER_MS = 50

export function requestsOf(tokens: string[], stream: boolean): Buffer[] {
  const messages = [{ role: "user", content: "Tell me something about ledgers, in one paragraph please." }]
  const body = JSON.stringify({ model: MODEL, messages, max_tokens: 200, ...(stream && { stream: true }) })
  return tokens.map((token) =>
    Buffer.from(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    ),
  )
}

/** Each token once: verified from here on, its wallet known, its rows of the day there. */
export async function warm(target: Target, tokens: string[]): Promise<void> {
  const requests = requestsOf(tokens, false)
  counted(target, await load(target.port, TOKENS_AT_ONCE, Number.POSITIVE_INFINITY, once(requests)))
}

/** Alternating rounds, each in the other order than the one before. @returns those that others disturbed least */
export async function against(
  targets: Target[],
  scenario: Scenario,
  tokens: string[],
  { rounds, tries, roundMs }: Rhythm,
  others: Others,
): Promise<Round[]> {
  const next = turns(requestsOf(tokens, scenario.stream))
  for (const target of targets) counted(target, await load(target.port, scenario.connections, roundMs / 5, next))
  const all: Round[] = []
  while (all.length < tries && all.filter((round) => round.others <= DISTURBED).length < rounds) {
    if (tries > rounds) await others.quiet()
    const inOrder = all.length % 2 === 0 ? targets : targets.toReversed()
    const entries: [Who, Turn][] = []
    others.share()
    for (const target of inOrder) entries.push([target.who, await turn(target, scenario.connections, roundMs, next)])
    all.push({ ...(Object.fromEntries(entries) as Record<Who, Turn>), others: others.share() })
  }
  return all.toSorted((a, b) => a.others - b.others).slice(0, rounds)
}

async function turn(target: Target, connections: number, ms: number, next: () => Buffer): Promise<Turn> {
  const before = await target.part.ask<Mark>("mark")
  const logBefore = target.wal?.total() ?? 0
  const one = counted(target, await load(target.port, connections, ms, next))
  await Bun.sleep(AFTER_MS)
  const after = await target.part.ask<Mark>("mark")
  return {
    ...one,
    cpuUs: (after.cpuUs - before.cpuUs) / one.count,
    walBytes: ((target.wal?.total() ?? 0) - logBefore) / one.count,
    commits: after.commits - before.commits,
    writes: after.writes - before.writes,
  }
}

function counted(target: Target, one: Load): Load {
  if (one.bad > 0) throw new Error(`${target.who}: ${one.bad} answers were not 200, such as ${one.firstBad}`)
  target.calls += one.count
  return one
}
