// What every dialect can do over every provider, run and written down: docs/reference/dialects-and-providers.md.
import { join } from "node:path"
import { COLUMNS, type Column } from "./columns.ts"
import { type Cell, cellOf, DIALECTS } from "./matrix.ts"
import type { Rig } from "./rig.ts"
import { SCENARIOS, type Scenario } from "./scenarios.ts"
import { type Fulfilled, fulfilled, WANTS, type Want } from "./wants.ts"

export const PAGE = join(import.meta.dir, "../../docs/reference/dialects-and-providers.md")

/** Each cell is run once, one after the other: they share what the played server says. */
export class Results {
  private last: Promise<unknown> = Promise.resolve()
  private readonly known = new Map<string, Promise<Cell | Fulfilled>>()
  constructor(private readonly rig: Rig) {}

  cell = (dialect: string, column: Column, row: Scenario): Promise<Cell> =>
    this.once(`${dialect} ${column.name} ${row.name}`, () => cellOf(this.rig, dialect, column, row))
  want = (dialect: string, column: Column, row: Want): Promise<Fulfilled> =>
    this.once(`${dialect} ${column.name} ${row.title}`, () => fulfilled(this.rig, dialect, column, row))

  private once<Result extends Cell | Fulfilled>(key: string, run: () => Promise<Result>): Promise<Result> {
    if (!this.known.has(key)) {
      const result = this.last.then(run)
      this.last = result.catch(() => {})
      this.known.set(key, result)
    }
    return this.known.get(key) as Promise<Result>
  }
}

const HEADINGS: Readonly<Record<string, string>> = {
  chat: "Chat completions (`/v1/chat/completions`)",
  responses: "Responses (`/v1/responses`)",
  messages: "Messages (`/v1/messages`)",
}

const HEAD = `# What each dialect can do over each provider

Every dialect works over every provider; what a pair cannot do is refused by name before anything is charged: \`400\` with \`param\`. This page is
written by the tests (\`bun test/conformance/update.ts\`), which ask each pair by the official SDKs, over servers that answer as the providers'
documentation shows: whole and streamed answers mean the same, and cost the same to the nano-dollar.

| cell | means |
|---|---|
| yes | It is told to the provider, and comes back. |
| no (\`param\`) | \`400\`, and \`param\` names the place in your request: this one, or what stands for it. |
| yes, kept here | The provider has no word for it, and what goes against it is kept back here. It is paid as any output. |
| left out | Nothing but the price depends on it, and the provider has no word for it. |
| – | The dialect itself has no word for it. |
`

const FOOT = `
OpenAI itself and Azure's \`/openai/v1\` are asked by responses when you speak responses, and by chat completions otherwise. Groq, Mistral, DeepSeek,
Ollama, vLLM and others are OpenAI-compatible.
`

/** Chat and messages never reach the wire of responses: OpenAI is asked by chat completions for them. */
export const isReached = (dialect: string, column: Column): boolean =>
  column.name !== "openai-responses" || dialect === "responses"

export async function pageOf(results: Results): Promise<string> {
  const parts = [HEAD]
  for (const dialect of Object.keys(DIALECTS)) {
    const columns = COLUMNS.filter((column) => isReached(dialect, column))
    const lines = [`| | ${columns.map(({ title }) => title).join(" | ")} |`, `|---${"|---".repeat(columns.length)}|`]
    for (const row of SCENARIOS) {
      const cells = await Promise.all(columns.map(async (column) => wordOf(await results.cell(dialect, column, row))))
      lines.push(`| ${row.title} | ${cells.join(" | ")} |`)
    }
    for (const row of WANTS) {
      const cells = row.by[dialect]
        ? await Promise.all(columns.map(async (column) => wishWord(await results.want(dialect, column, row))))
        : columns.map(() => "–")
      lines.push(`| ${row.title} | ${cells.join(" | ")} |`)
    }
    parts.push(`\n## ${HEADINGS[dialect]}\n\n${lines.join("\n")}\n`)
  }
  return `${parts.join("")}${FOOT}`
}

const wordOf = ({ refused, wrong }: Cell): string =>
  wrong.length > 0 ? "WRONG" : refused === null ? "yes" : `no (\`${refused}\`)`

function wishWord(result: Fulfilled): string {
  if (result.is === "refused") return `no (\`${result.param.replaceAll(/\[\d+\]/g, "[]")}\`)`
  return { told: "yes", "kept here": "yes, kept here", "left out": "left out", wrong: "WRONG" }[result.is]
}
