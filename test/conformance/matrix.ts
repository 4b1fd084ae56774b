// One cell of the matrix: a dialect by its official SDK, in front of one wire of a provider, in one situation. Asked, seen, said and heard
// must mean the same, whole and streamed, at the golden price.
import type { Column } from "./columns.ts"
import { chat } from "./dialects/chat.ts"
import { messages } from "./dialects/messages.ts"
import { responses } from "./dialects/responses.ts"
import { type Ask, type At, type Heard, type Said, type Seen, type SeenTurn, type Spoken, TOOLS } from "./meaning.ts"
import { goldenPrice, lastCall, priceOf, type Rig, rawPico } from "./rig.ts"
import type { Scenario } from "./scenarios.ts"

export const DIALECTS: Readonly<Record<string, Spoken>> = { chat, responses, messages }

export interface Cell {
  /** `param` of the refusal; null = it can be done. */
  refused: string | null
  /** In words, what is not as it should be. */
  wrong: string[]
}

type Fault = { status?: number; code?: string; param?: string; error?: { param?: string; error?: { param?: string } } }

export async function cellOf(rig: Rig, dialect: string, column: Column, scenario: Scenario): Promise<Cell> {
  const wrong: string[] = []
  const same = (what: string, found: unknown, expected: unknown): void => {
    if (!Bun.deepEquals(found, expected)) wrong.push(`${what}: ${said(found)} instead of ${said(expected)}`)
  }
  rig.asked.length = 0
  rig.wrong.length = 0
  rig.play = { said: scenario.said, ...(scenario.fails ? { fails: scenario.fails } : {}) }
  const at: At = { url: rig.kit.server.url, token: rig.token, model: `${column.name}/${column.model}` }
  const run: Run = { rig, dialect, spoken: DIALECTS[dialect]!, column, scenario, at, same }
  try {
    if (scenario.fails === "before") await failsFirst(run)
    else if (scenario.fails === "middle") await failsLater(run)
    else await answers(run)
  } catch (error) {
    const { status, param, error: body } = error as Fault
    if (status === 400 && rig.asked.length === 0 && rig.wrong.length === 0) {
      return { refused: param ?? body?.param ?? body?.error?.param ?? "", wrong }
    }
    wrong.push(`thrown: ${(error as Error).stack?.slice(0, 600)}`)
  }
  wrong.push(...rig.wrong)
  return { refused: null, wrong }
}

const said = (value: unknown): string => JSON.stringify(value)?.slice(0, 400)

interface Run {
  rig: Rig
  dialect: string
  spoken: Spoken
  column: Column
  scenario: Scenario
  at: At
  same(what: string, found: unknown, expected: unknown): void
}

async function answers({ rig, dialect, spoken, column, scenario, at, same }: Run): Promise<void> {
  const { ask } = scenario
  const expected = heardOf(dialect, column, column.means(scenario.said))
  const heard: Heard[] = []
  for (const isStream of [false, true]) {
    const how = isStream ? "streamed" : "whole"
    let pieces = ""
    const one = await (isStream ? spoken.stream(at, ask, (text) => (pieces += text)) : spoken.whole(at, ask))
    heard.push(one)
    const { turn: _, ...meant } = withoutNames(one, column)
    same(`${how}, heard`, meant, withoutNames(expected, column))
    if (one.calls.some(({ id }) => id === "")) same(`${how}, calls have names`, one.calls, "names")
    if (isStream) same("pieces", pieces, expected.text)
    same(`${how}, seen`, rig.asked.at(-1)?.seen, seenOf(ask, column))
    charged(`${how}, charge`, { rig, same }, goldenPrice(column, scenario.said.usage))
  }
  if (!scenario.said.seal) return
  for (const [index, one] of heard.entries()) {
    const results = one.calls.map(({ id }) => ({ id, text: "rain" }))
    const next: Ask = { ...ask, turns: [...ask.turns, { by: "sdk", heard: one }, { by: "tools", results }] }
    await spoken.whole(at, next)
    same(
      `the turn after ${index === 0 ? "the whole" : "the stream"}, seen`,
      rig.asked.at(-1)?.seen,
      seenOf(next, column, scenario.said),
    )
  }
}

/** Every part of the price adds up to it. */
function charged(what: string, { rig, same }: Pick<Run, "rig" | "same">, price: number): void {
  const { chargeNano, upstreamNano, developerNano, platformNano, source, end } = lastCall(rig)
  same(what, chargeNano, price)
  same(`${what}, its parts`, upstreamNano + developerNano + platformNano, chargeNano)
  same(`${what}, its source`, [source, end], ["reported", "done"])
}

async function failsFirst({ rig, dialect, spoken, scenario, at, same }: Run): Promise<void> {
  for (const [how, call] of [
    ["whole", () => spoken.whole(at, scenario.ask)],
    ["streamed", () => spoken.stream(at, scenario.ask)],
  ] as const) {
    const fault = (await call().then(
      () => null,
      (error: unknown) => error,
    )) as (Fault & { headers?: Headers }) | null
    if (fault?.status === 400 && rig.asked.length === 0) throw fault
    same(`${how}, status`, fault?.status, dialect === "messages" ? 529 : 503)
    same(`${how}, Retry-After`, fault?.headers?.get("retry-after"), "7")
    const { chargeNano, end, errorCode } = lastCall(rig)
    same(`${how}, charge`, [chargeNano, end, errorCode], [0, "failed", "provider_overloaded"])
    // The account rests as long as it asked to.
    rig.kit.clock.advance(10_000)
  }
}

/** What was said until then was heard, and is what is paid. */
async function failsLater({ rig, spoken, scenario, at, same }: Run): Promise<void> {
  let pieces = ""
  const fault = await spoken
    .stream(at, scenario.ask, (text) => (pieces += text))
    .then(
      () => null,
      (error: unknown) => error as Fault,
    )
  if (fault?.status === 400 && rig.asked.length === 0) throw fault
  same("the SDK throws", fault !== null, true)
  same("pieces", pieces, scenario.said.text)
  const { chargeNano, end, errorCode, inputTokens, outputTokens, cachedTokens } = lastCall(rig)
  same("its end", [end, errorCode], ["failed", "provider_error"])
  const usage = { input: inputTokens, cached: cachedTokens, output: outputTokens, reasoning: 0 }
  same("charge", chargeNano, priceOf(rawPico(usage)))
  same("something was made", outputTokens > 0 && inputTokens > 0, true)
}

/** What a dialect can say of an answer. Anthropic itself puts the words of a refusal beside the answer, where the SDK leaves them. */
function heardOf(
  dialect: string,
  { kind }: Column,
  { thought, text, refusal, calls, finish, usage }: Said,
): Omit<Heard, "turn"> {
  const all = { thought: thought ?? "", text: text ?? "", refusal: refusal ?? "", calls: calls ?? [], finish, usage }
  if (dialect !== "messages" || refusal === undefined) return all
  return { ...all, text: kind === "anthropic" ? all.text : refusal, refusal: "", finish: "content_filter" }
}

const withoutNames = <Told extends Omit<Heard, "turn">>(heard: Told, { namesNoCalls }: Column): Told =>
  namesNoCalls ? { ...heard, calls: heard.calls.map((call) => ({ ...call, id: "" })) } : heard

/** @param answered what the SDK's turn was made of */
function seenOf(ask: Ask, column: Column, answered?: Said): Seen {
  const names = new Map<string, string>()
  const turns = ask.turns.map((turn): SeenTurn => {
    const empty = { text: "", images: [], calls: [], results: [], seals: [] }
    switch (turn.by) {
      case "user":
        return { ...empty, by: "user", text: turn.text, images: turn.image ? [turn.image] : [] }
      case "model":
      case "sdk": {
        const { text, calls } = turn.by === "sdk" ? turn.heard : turn
        for (const { id, name } of calls) names.set(id, name)
        const seals = turn.by === "sdk" && column.seals ? [answered!.seal!] : []
        return { ...empty, by: "model", text, calls: calls.map(({ name, args }) => ({ name, args })), seals }
      }
      default: {
        const results = turn.results.map(({ id, text }) => ({ name: names.get(id)!, text }))
        return { ...empty, by: "user", results }
      }
    }
  })
  return {
    system: ask.system ?? "",
    turns,
    tools: (ask.tools ?? []).map((name) => ({ name, schema: TOOLS[name]!.schema })),
    schema: ask.schema ?? null,
    thinks: ask.thinks === true,
    maxTokens: ask.maxTokens,
  }
}
