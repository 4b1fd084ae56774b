// A question to one, two or three models. Scripts stream the answers and keep a history in this browser; without them answers come whole.
import { assetUrl } from "../../layout/assets.ts"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { count } from "../../ui/format.ts"
import type { CodeTabsProps } from "../../ui/index.ts"
import { Button, ErrorSummary, FieldOf, Form, type FormView, fieldNamed, summaryOf } from "../../ui/index.ts"
import { AsCode, LEAD, PlaygroundTabs, Refusal } from "./parts.tsx"
import type { PlaygroundAnswer, PlaygroundModel, PlaygroundSide } from "./types.ts"

export interface PlaygroundProps {
  frame: Frame
  form: FormView
  models: readonly PlaygroundModel[]
  sides: readonly PlaygroundSide[]
  code: CodeTabsProps["tabs"]
  /** Whose history this browser keeps. */
  person: string
}

export function PlaygroundPage({ frame, form, models, sides, code, person }: PlaygroundProps): JSX.Element {
  const prices = Object.fromEntries(models.map(({ id, input, output }) => [id, [input, output]]))
  return (
    <ConsoleLayout frame={frame} title="Playground" lead={LEAD}>
      <PlaygroundTabs here="Chat" />
      {models.length === 0 ? <p class="quiet">No model answers here yet, or your plan reaches none.</p> : null}
      <div
        class="playground"
        data-module={assetUrl("js/playground.js")}
        data-person={person}
        data-prices={JSON.stringify(prices)}
      >
        <Question frame={frame} form={form} />
        <Answers sides={sides} />
        <template data-side>
          <Side turns={[]} answer={BLANK} />
        </template>
        <AsCode code={code} />
        <section class="playground-history" aria-labelledby="history-title" hidden data-history>
          <h2 id="history-title">History</h2>
          <p class="quiet">Kept in this browser alone, the last 20 questions. We never get it.</p>
          <ol class="plain" />
          <Button type="button" label="Clear the history" small />
        </section>
      </div>
    </ConsoleLayout>
  )
}

function Question({ frame, form }: Pick<PlaygroundProps, "frame" | "form">): JSX.Element {
  const field = (name: string) => <FieldOf field={fieldNamed(form, name)} />
  const errors = summaryOf(form)
  return (
    <Form action={form.action} csrf={frame.csrf} class="form playground-ask" withFiles>
      {errors ? <ErrorSummary errors={errors} /> : null}
      {["turns", "turns2", "turns3"].map(field)}
      <div class="playground-models">{["model", "model2", "model3"].map(field)}</div>
      {field("system")}
      {field("message")}
      {field("image")}
      <details>
        <summary>Tools, shape of the answer, parameters</summary>
        <div class="playground-more">
          {["tools", "schema"].map(field)}
          <div class="playground-models">{["temperature", "top_p", "max_tokens", "effort"].map(field)}</div>
        </div>
      </details>
      <p class="playground-acts">
        <Button kind="primary" label="Ask" />
        <Button name="want" value="code" label="Show as code" />
        <Button href="/playground" label="Start over" kind="link" />
      </p>
      <noscript>
        <p class="quiet">Without scripts answers come whole, and nothing is kept of earlier questions.</p>
      </noscript>
    </Form>
  )
}

function Answers({ sides }: Pick<PlaygroundProps, "sides">): JSX.Element {
  return (
    <section id="answers" aria-labelledby="answers-title">
      <div class="playground-head">
        <h2 id="answers-title">Answers</h2>
        <p class="quiet num" role="status" data-total />
      </div>
      <div class="playground-sides" data-sides>
        {sides.length === 0 ? <p class="quiet">Ask something.</p> : null}
        {sides.map((side) => (
          <Side {...side} />
        ))}
      </div>
    </section>
  )
}

/** What scripts fill in. */
const BLANK: PlaygroundAnswer = {
  model: "A model",
  text: "",
  reasoning: "",
  tools: [],
  inputTokens: null,
  outputTokens: null,
  ms: 0,
  charged: null,
  requestId: null,
  refusal: null,
}

function Side({ answer, turns }: PlaygroundSide): JSX.Element {
  const { model, text, reasoning, tools, refusal } = answer
  return (
    <article class="playground-side" aria-label={`Answer of ${model}`}>
      <h3>
        <bdi safe>{model}</bdi>
      </h3>
      <Earlier turns={turns} />
      {refusal ? <Refusal refusal={refusal} /> : null}
      <details hidden={reasoning === ""} data-reasoning>
        <summary>Thinking</summary>
        <p class="playground-text" safe>
          {reasoning}
        </p>
      </details>
      <p class="playground-text" data-text safe>
        {text}
      </p>
      {tools.map((tool) => (
        <pre class="playground-text mono" safe>
          {tool}
        </pre>
      ))}
      <p class="quiet num" data-figures safe>
        {answer === BLANK ? "" : figuresOf(answer)}
      </p>
    </article>
  )
}

/** What was said before the last answer. */
function Earlier({ turns }: Pick<PlaygroundSide, "turns">): JSX.Element {
  const earlier = turns.slice(0, -1)
  if (earlier.length === 0) return ""
  return (
    <ol class="plain playground-earlier">
      {earlier.map(({ role, content }) => (
        <li class="playground-text">
          <span class="quiet">{role === "user" ? "You: " : "It: "}</span>
          <bdi safe>{content}</bdi>
        </li>
      ))}
    </ol>
  )
}

function figuresOf({ inputTokens, outputTokens, ms, charged }: PlaygroundAnswer): string {
  const tokens =
    inputTokens === null || outputTokens === null ? [] : [`${count(inputTokens)} in, ${count(outputTokens)} out`]
  return [...tokens, `${count(ms)} ms`, ...(charged === null ? [] : [`${charged} credits`])].join(" · ")
}
