// From rounds to figures: ratios of each round, then their median; everything else is the median of the rounds.
import { median, two } from "../measure.ts"
import type { Memory } from "./control.ts"
import { type Round, type Scenario, type Turn, WHO, type Who } from "./load.ts"

/** Null stands for what `--only` left out. */
type Figure = number | null

export interface GatewayBenchResult {
  bench: "gateway"
  /** Answers per second at 32 connections, as a part of the bare proxy and of the durable floor. */
  ratio: Figure
  durable_ratio: Figure
  /** 50-event streams at 32 connections. */
  streams_ratio: Figure
  streams_durable_ratio: Figure
  ratio_1: Figure
  durable_ratio_1: Figure
  ratio_128: Figure
  durable_ratio_128: Figure
  /** Of the bare proxy, at 32 connections: by API key; with a prompt of 100 kB; each dialect. */
  key_ratio: Figure
  prompt100k_ratio: Figure
  messages_native_ratio: Figure
  messages_by_chat_ratio: Figure
  chat_by_messages_ratio: Figure
  responses_by_chat_ratio: Figure
  /** Portkey's gateway as a part of the bare proxy, with `--portkey`: whole answers at 32 connections. */
  portkey_ratio: Figure
  /** Translated as a part of native, over the same provider's wire: chat over Anthropic's, messages and responses over OpenAI's. */
  chat_by_messages_of_native: Figure
  messages_by_chat_of_native: Figure
  responses_by_chat_of_native: Figure
  /** The durable floor as a part of the bare proxy: what durability costs any design. */
  durable_of_bare: Figure
  /** Processor time of the server, its Workers included, at 32 connections; the same of the floors. */
  cpu_us_per_call: Figure
  durable_cpu_us_per_call: Figure
  bare_cpu_us_per_call: Figure
  streams_cpu_us_per_call: Figure
  /** Thousand bytes written to the log, at 32 connections. */
  wal_kb_per_call: Figure
  durable_wal_kb_per_call: Figure
  /** What the file has grown by when all is checkpointed, all loads together. */
  file_bytes_per_call: number
  durable_file_bytes_per_call: number
  commits_per_call: Figure
  writes_per_commit: Figure
  /** At one connection, above the bare proxy. */
  added_p50_ms: Figure
  added_p99_ms: Figure
  /** As the load ends; then after 20 s of rest, before the proof. */
  rss_peak_mb: number
  /** After each load, in their order. */
  rss_by_load_mb: number[]
  rss_mb: number
  rss_anon_mb: number
  rss_file_mb: number
  heap_mb: number
  rps: Figure
  floor_rps: Figure
  durable_rps: Figure
  streams_per_s: Figure
  floor_streams_per_s: Figure
  durable_streams_per_s: Figure
  /** Share of the machine that other processes used in the most disturbed round that counts. */
  others: number
  cpus: number
  fsync_ms: number
  users: number
  lots: number
  rounds: number
  calls: number
}

/** Whatever the rounds do not say. */
export type Rest = Pick<
  GatewayBenchResult,
  | "portkey_ratio"
  | "file_bytes_per_call"
  | "durable_file_bytes_per_call"
  | "rss_peak_mb"
  | "rss_by_load_mb"
  | "cpus"
  | "fsync_ms"
  | "users"
  | "lots"
  | "rounds"
  | "calls"
>

export type Rounds = Map<string, Round[]>

export function resultOf(all: Rounds, memory: Memory, rest: Rest): GatewayBenchResult {
  const of = (name: string, figure: (round: Round) => number, rounded = two): Figure => {
    const rounds = all.get(name)
    return rounds ? rounded(median(rounds.map(figure))) : null
  }
  const ratio = (name: string, base: Who) => of(name, (round) => ratioOf(round, base), three)
  const rate = (name: string, who: Who) => of(name, (round) => Math.round(round[who].perSecond))
  const cpu = (name: string, who: Who) => of(name, (round) => Math.round(round[who].cpuUs))
  const translated = (name: string, native: string): Figure => {
    const [of, base] = [ratio(name, "bare"), ratio(native, "bare")]
    return of === null || base === null ? null : three(of / base)
  }
  return {
    bench: "gateway",
    ratio: ratio("answers32", "bare"),
    durable_ratio: ratio("answers32", "durable"),
    streams_ratio: ratio("streams32", "bare"),
    streams_durable_ratio: ratio("streams32", "durable"),
    ratio_1: ratio("answers1", "bare"),
    durable_ratio_1: ratio("answers1", "durable"),
    ratio_128: ratio("answers128", "bare"),
    durable_ratio_128: ratio("answers128", "durable"),
    key_ratio: ratio("key32", "bare"),
    prompt100k_ratio: ratio("prompt100k", "bare"),
    messages_native_ratio: ratio("messages_native", "bare"),
    messages_by_chat_ratio: ratio("messages_by_chat", "bare"),
    chat_by_messages_ratio: ratio("chat_by_messages", "bare"),
    responses_by_chat_ratio: ratio("responses_by_chat", "bare"),
    chat_by_messages_of_native: translated("chat_by_messages", "messages_native"),
    messages_by_chat_of_native: translated("messages_by_chat", "answers32"),
    responses_by_chat_of_native: translated("responses_by_chat", "answers32"),
    durable_of_bare: of("answers32", ({ durable, bare }) => durable.perSecond / bare.perSecond, three),
    cpu_us_per_call: cpu("answers32", "purser"),
    durable_cpu_us_per_call: cpu("answers32", "durable"),
    bare_cpu_us_per_call: cpu("answers32", "bare"),
    streams_cpu_us_per_call: cpu("streams32", "purser"),
    wal_kb_per_call: of("answers32", ({ purser }) => purser.walBytes / 1_000),
    durable_wal_kb_per_call: of("answers32", ({ durable }) => durable.walBytes / 1_000),
    commits_per_call: of("answers32", ({ purser }) => purser.commits / purser.count),
    writes_per_commit: of("answers32", ({ purser }) => perCommit(purser)),
    added_p50_ms: of("answers1", ({ purser, bare }) => purser.p50Ms - bare.p50Ms),
    added_p99_ms: of("answers1", ({ purser, bare }) => purser.p99Ms - bare.p99Ms),
    rss_mb: memory.rssMb,
    rss_anon_mb: memory.anonMb,
    rss_file_mb: memory.fileMb,
    heap_mb: memory.heapMb,
    rps: rate("answers32", "purser"),
    floor_rps: rate("answers32", "bare"),
    durable_rps: rate("answers32", "durable"),
    streams_per_s: rate("streams32", "purser"),
    floor_streams_per_s: rate("streams32", "bare"),
    durable_streams_per_s: rate("streams32", "durable"),
    others: two(Math.max(...[...all.values()].flat().map((round) => round.others))),
    ...rest,
  }
}

const three = (value: number): number => Math.round(value * 1_000) / 1_000
const ratioOf = (round: Round, base: Who): number => round.purser.perSecond / round[base].perSecond
const perCommit = (one: Turn): number => one.writes / Math.max(1, one.commits)

/** A line for each server, one for the ratios with their spread. */
export function linesOf(scenario: Scenario, rounds: Round[]): string[] {
  const lines = WHO.map((who) => {
    const of = (figure: (turn: Turn) => number) => median(rounds.map((round) => figure(round[who])))
    const books =
      who === "bare"
        ? ""
        : `  log ${(of((turn) => turn.walBytes) / 1_000).toFixed(1)} kB, ${of(perCommit).toFixed(1)} writes a commit`
    return (
      `${scenario.name.padEnd(10)} ${who.padEnd(7)} ${of((turn) => turn.perSecond)
        .toFixed(0)
        .padStart(6)}/s ` +
      ` p50 ${of((turn) => turn.p50Ms).toFixed(3)} ms  p99 ${of((turn) => turn.p99Ms).toFixed(3)} ms ` +
      ` cpu ${of((turn) => turn.cpuUs).toFixed(0)} µs${books}`
    )
  })
  const spread = (base: Who) => {
    const ratios = rounds.map((round) => ratioOf(round, base))
    const [low, high] = [Math.min(...ratios), Math.max(...ratios)]
    return `${median(ratios).toFixed(3)} of ${base} (${low.toFixed(3)} to ${high.toFixed(3)})`
  }
  const others = `others used ${Math.round(100 * Math.max(...rounds.map((round) => round.others)))} % at most`
  return [...lines, `${scenario.name.padEnd(10)} ratios  ${spread("bare")}, ${spread("durable")}; ${others}`]
}
