import { credits } from "../../src/app/units.ts"
import {
  AreaChart,
  Badge,
  BarChart,
  Bars,
  Button,
  CodeBlock,
  CodeTabs,
  CopyLine,
  CREDITS,
  CreditsNumber,
  counted,
  Donut,
  Empty,
  LineChart,
  Pager,
  RowLink,
  StackedBarChart,
  Table,
  When,
} from "../ui/index.ts"
import type { Specimen, Stand } from "./specimen.ts"

const HOUR = 3_600_000
const CALLS = counted("Calls", "call", "calls")
const CURL = `curl https://purser.example/v1/chat/completions \\
  -H "authorization: Bearer $TOKEN" \\
  -d '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}'`
const JS = `const client = new OpenAI({ baseURL: "https://purser.example/v1", apiKey: token })
const answer = await client.chat.completions.create({ model: "gpt-5-mini", messages })`
const PY = `client = OpenAI(base_url="https://purser.example/v1", api_key=token)
answer = client.chat.completions.create(model="gpt-5-mini", messages=messages)`

const days = (on: Stand) => Array.from({ length: 14 }, (_, index) => on.now - (13 - index) * 24 * HOUR)
const wave = (size: number) =>
  Array.from({ length: 14 }, (_, index) => Math.round(credits(size) * (1.2 + Math.sin(index / 2))))
const SERIES = [
  { label: "Storyteller", values: wave(60) },
  { label: "Margin Notes", values: wave(25) },
]
const SLICES = [
  { label: "Chat", used: credits(1130) },
  { label: "Images", used: credits(402) },
  { label: "Embeddings", used: credits(80) },
]

export const DATA: readonly Specimen[] = [
  {
    name: "Table",
    use: "Rows that are compared. Figures to the right; the first cell is the row’s head and leads to the thing. Rows stack on phones.",
    wide: true,
    draw: ({ now }) => (
      <div class="stack">
        <Table
          caption="Apps"
          columns={[
            { label: "App", sort: { href: "/_ui?sort=name" } },
            { label: "State" },
            { label: "Used today, credits", numeric: true, sort: { href: "/_ui?sort=used", direction: "descending" } },
            { label: "Last use" },
            { label: "Actions", silent: true },
          ]}
          rows={[
            ["Storyteller", credits(812), 40_000, "Active"] as const,
            ["Margin Notes", credits(9), 26 * HOUR, "Suspended"] as const,
          ].map(([name, used, ago, state]) => [
            <RowLink href="/_ui" label={name} />,
            <Badge tone={state === "Active" ? "ok" : "bad"} text={state} />,
            <CreditsNumber amount={used} />,
            <When ms={now - ago} now={now} />,
            <Button small href="/_ui/confirm" dialog label="Revoke" />,
          ])}
        />
        <Pager label="Apps" summary="2 of 42 apps" csvHref="/_ui" nextHref="/_ui" />
      </div>
    ),
  },
  {
    name: "Table without rows",
    use: "An empty state in place of the table, with the one thing to do.",
    draw: () => (
      <Table
        caption="Apps"
        columns={[{ label: "App" }]}
        rows={[]}
        empty={
          <Empty
            title="No apps yet"
            text="Each app you create gets its own id."
            action={<Button href="/_ui" label="Create an app" />}
          />
        }
      />
    ),
  },
  {
    name: "Code and copy",
    use: "Whatever is typed into another program. Copy buttons appear where scripts run.",
    draw: (on) => (
      <div class="stack">
        <CopyLine id={on.id("line")} text="cli_01JD4Z9W5H7Q8R2T3V4X5Y6Z7A" />
        <CodeBlock id={on.id("block")} title="First call" language="bash" code={CURL} />
        <CodeTabs
          id={on.id("tabs")}
          title="First call"
          tabs={[
            { label: "curl", language: "bash", code: CURL },
            { label: "JavaScript", language: "javascript", code: JS },
            { label: "Python", language: "python", code: PY },
          ]}
        />
      </div>
    ),
  },
  {
    name: "Charts over days",
    use: "Line for a level, area for use, bars for counts, stacked bars for parts of a whole over time.",
    draw: (on) => {
      const props = { unit: CREDITS, days: days(on) }
      return (
        <div class="stack">
          <AreaChart id={on.id("area")} title="Use" {...props} series={SERIES.slice(0, 1)} />
          <LineChart id={on.id("line")} title="Balance" {...props} series={SERIES} />
          <BarChart id={on.id("bar")} title="Calls" {...props} unit={CALLS} series={SERIES.slice(0, 1)} />
          <StackedBarChart id={on.id("stack")} title="Use by app" {...props} series={SERIES} />
        </div>
      )
    },
  },
  {
    name: "Charts of parts",
    use: "Bars to compare, a donut for parts of a whole when there are at most five.",
    draw: (on) => (
      <div class="stack">
        <Bars title="By type" head="Type" slices={SLICES} />
        <Donut id={on.id("donut")} title="By type" head="Type" slices={SLICES} />
      </div>
    ),
  },
]
