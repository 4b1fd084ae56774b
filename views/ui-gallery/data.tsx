import { credits } from "../../src/app/units.ts"
import {
  Badge,
  Button,
  CodeBlock,
  CodeTabs,
  CopyLine,
  CreditsNumber,
  Empty,
  Pager,
  RowLink,
  Table,
  When,
} from "../ui/index.ts"
import type { Specimen } from "./specimen.ts"

const HOUR = 3_600_000
const CURL = `curl https://purser.example/v1/chat/completions \\
  -H "authorization: Bearer $TOKEN" \\
  -d '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}'`
const JS = `const client = new OpenAI({ baseURL: "https://purser.example/v1", apiKey: token })
const answer = await client.chat.completions.create({ model: "gpt-5-mini", messages })`
const PY = `client = OpenAI(base_url="https://purser.example/v1", api_key=token)
answer = client.chat.completions.create(model="gpt-5-mini", messages=messages)`

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
]
