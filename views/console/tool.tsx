// One tool: what it says of itself, what it costs, and a form to try it, made of its schema.
import type { Nano } from "../../src/app/units.ts"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { CodeBlock, Credits, Empty, FormOf, type FormView, JsonView, Notice } from "../ui/index.ts"
import { serverPath } from "./tool-group.tsx"
import type { ToolGroupRef } from "./tools.tsx"

export interface ToolResult {
  /** Texts of the answer, in their order. */
  texts: readonly string[]
  /** The whole of it. */
  json: string
  isError: boolean
  charged: Nano
}

export interface ToolProps {
  frame: Frame
  group: ToolGroupRef
  server: { id: string; title: string }
  tool: { name: string; title: string; description: string; price: Nano; schema: string; mayCall: boolean }
  form: FormView
  result: ToolResult | null
}

export function ToolPage({ frame, group, server, tool, form, result }: ToolProps): JSX.Element {
  return (
    <DetailPage
      frame={frame}
      title={tool.title || tool.name}
      up={{ href: serverPath(group.name, server.id), label: server.title }}
      stats={[
        { label: "Name", text: tool.name },
        { label: "A call costs", value: <Credits amount={tool.price} /> },
      ]}
    >
      <section aria-labelledby="words-title">
        <h2 id="words-title">What it says of itself</h2>
        <p class="page-form">
          <bdi safe>{tool.description || "Nothing."}</bdi>
        </p>
      </section>
      <section aria-labelledby="try-title">
        <h2 id="try-title">Try it</h2>
        {tool.mayCall ? (
          <FormOf form={form} csrf={frame.csrf} class="form page-form" />
        ) : (
          <Empty title="Not now" text="It is turned off, or what it says of itself waits for your yes." />
        )}
      </section>
      {result === null ? null : <Result result={result} />}
      <section aria-labelledby="schema-title">
        <h2 id="schema-title">What it takes</h2>
        <JsonView id="schema" label="Schema of its arguments" source={tool.schema} />
      </section>
    </DetailPage>
  )
}

function Result({ result }: { result: ToolResult }): JSX.Element {
  return (
    <section id="result" aria-labelledby="result-title">
      <h2 id="result-title">{result.isError ? "It says that it failed" : "It answered"}</h2>
      <p class="quiet">
        Charged: <Credits amount={result.charged} />
      </p>
      {result.isError ? <Notice tone="bad" text="What fails costs nothing." /> : null}
      {result.texts.map((text, at) => (
        <CodeBlock id={`text-${at}`} title="Text" code={text} />
      ))}
      <JsonView id="answer" label="The whole answer" source={result.json} levels={1} />
    </section>
  )
}
