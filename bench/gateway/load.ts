// The load: the same requests to the floors and to Purser, in turns. What counts is the ratio within a round, for a machine is not
// equally quick for five minutes.
import { type Load, load, once, type Part, turns } from "../kit.ts"
import type { Mark } from "./control.ts"
import { CLAUDE, MODEL } from "./mock.ts"
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
  /** As which dialect Purser is asked; chat completions by default. Floors pass everything on. */
  path?: string
  model?: string
  /** Characters of the prompt. */
  prompt?: number
  /** By API keys in place of an app's tokens. */
  byKey?: true
}

const QUESTION = "Tell me something about ledgers, in one paragraph please."

export const SCENARIOS: readonly Scenario[] = [
  { name: "answers32", connections: 32, stream: false },
  { name: "answers1", connections: 1, stream: false },
  { name: "answers128", connections: 128, stream: false },
  { name: "streams32", connections: 32, stream: true },
  { name: "key32", connections: 32, stream: false, byKey: true },
  { name: "prompt100k", connections: 32, stream: false, prompt: 100_000 },
  { name: "messages_native", connections: 32, stream: false, path: "messages", model: CLAUDE },
  { name: "messages_by_chat", connections: 32, stream: false, path: "messages" },
  { name: "chat_by_messages", connections: 32, stream: false, model: CLAUDE },
  { name: "responses_by_chat", connections: 32, stream: false, path: "responses" },
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

/** Who calls. */
export interface Callers {
  tokens: string[]
  keys: string[]
}

const TOKENS_AT_ONCE = 32
/** What goes on behind the answers, such as the end of a checkpoint, belongs to the round. */
const AFTER_MS = 50

export function requestsOf(
  tokens: string[],
  scenario: Omit<Scenario, "name" | "connections">,
  headers: Record<string, string> = {},
): Buffer[] {
  const { stream, path = "chat/completions", model = MODEL, prompt = 0 } = scenario
  const content = QUESTION.repeat(Math.max(1, Math.ceil(prompt / QUESTION.length)))
  const asked =
    path === "responses"
      ? { input: content, max_output_tokens: 200 }
      : { messages: [{ role: "user", content }], max_tokens: 200 }
  const body = JSON.stringify({ model, ...asked, ...(stream && { stream: true }) })
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return tokens.map((token) =>
    Buffer.from(
      `POST /v1/${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n${more.join("")}\r\n${body}`,
    ),
  )
}

/** Each token once: verified from here on, its wallet known, its rows of the day there. */
export async function warm(target: Target, tokens: string[]): Promise<void> {
  const requests = requestsOf(tokens, { stream: false })
  counted(target, await load(target.port, TOKENS_AT_ONCE, Number.POSITIVE_INFINITY, once(requests)))
}

/** Alternating rounds, each in the other order than the one before. @returns those that others disturbed least */
export async function against(
  targets: Target[],
  scenario: Scenario,
  { tokens, keys }: Callers,
  { rounds, tries, roundMs }: Rhythm,
  others: Others,
): Promise<Round[]> {
  // A long prompt for each of ten thousand would be a gigabyte.
  const callers = scenario.byKey ? keys : scenario.prompt ? tokens.slice(0, keys.length) : tokens
  const next = turns(requestsOf(callers, scenario))
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
