// Questions of a person to the operator: what they asked, and each with what was said.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Button, Empty, Form, FormOf, type FormView, type Message, Table, Thread, When } from "../ui/index.ts"

export type SupportState = "waiting" | "answered" | "closed"

export interface SupportRow {
  id: string
  topic: string
  subject: string
  state: SupportState
  sinceMs: number
  createdMs: number
}

export interface SupportMessageShown {
  id: number
  side: "person" | "admin"
  text: string
  createdMs: number
}

export interface SupportProps {
  frame: Frame
  now: number
  /** Their plan puts them before others. */
  isPriority: boolean
  /** Newest first. */
  rows: readonly SupportRow[]
  form: FormView
}

const STATES: Readonly<Record<SupportState, { tone: "accent" | "ok" | "neutral"; text: string }>> = {
  waiting: { tone: "accent", text: "Waits for an answer" },
  answered: { tone: "ok", text: "Answered" },
  closed: { tone: "neutral", text: "Closed" },
}

export const StateBadge = ({ state }: { state: SupportState }): JSX.Element => (
  <Badge tone={STATES[state].tone} text={STATES[state].text} />
)

const hrefOf = (id: string): string => `/support/${encodeURIComponent(id)}`

/** GET /support */
export function SupportPage({ frame, now, isPriority, rows, form }: SupportProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Help"
      lead={
        isPriority
          ? "Ask the people who run this service. Your plan has priority support: you are answered first."
          : "Ask the people who run this service. You get a mail when somebody has answered."
      }
    >
      <section aria-labelledby="ask-title">
        <h2 id="ask-title">Ask a question</h2>
        <p>
          {"Many answers stand in the "}
          <a href="/docs">documentation</a>
          {"."}
        </p>
        <FormOf form={form} csrf={frame.csrf} class="form page-form" />
      </section>
      <section aria-labelledby="asked-title">
        <h2 id="asked-title">What you asked</h2>
        <Table
          caption="What you asked"
          hideCaption
          columns={[{ label: "Question" }, { label: "State" }, { label: "Last change" }]}
          rows={rows.map((row) => [
            <span>
              <a href={hrefOf(row.id)}>
                <bdi safe>{row.subject}</bdi>
              </a>
              <br />
              <span class="quiet" safe>
                {row.topic}
              </span>
            </span>,
            <StateBadge state={row.state} />,
            <When ms={row.sinceMs} now={now} />,
          ])}
          empty={<Empty title="Nothing yet" text="Your questions stand here, with the answers." />}
        />
      </section>
    </ConsoleLayout>
  )
}

export interface SupportThreadProps {
  frame: Frame
  now: number
  thread: SupportRow
  /** Oldest first. */
  messages: readonly SupportMessageShown[]
  form: FormView
}

/** As one of the two reads it. @param person who asked, in the words of the reader */
export const saidBy = (
  messages: readonly SupportMessageShown[],
  reader: "person" | "admin",
  person: string,
): Message[] =>
  messages.map(({ id, side, text, createdMs }) => ({
    id: `message-${id}`,
    author: side === reader ? "You" : side === "admin" ? "Support" : person,
    isOwn: side === reader,
    ms: createdMs,
    text,
  }))

/** GET /support/:ticket */
export function SupportThreadPage({ frame, now, thread, messages, form }: SupportThreadProps): JSX.Element {
  return (
    <ConsoleLayout frame={frame} title={thread.subject} up={{ href: "/support", label: "Help" }}>
      <div class="badges">
        <StateBadge state={thread.state} />
        <span class="quiet" safe>
          {thread.topic}
        </span>
        {thread.state === "closed" ? null : (
          <Form action={`${hrefOf(thread.id)}/closing`} csrf={frame.csrf}>
            <Button type="submit" label="It is settled" />
          </Form>
        )}
      </div>
      <Thread
        label="What was said"
        messages={saidBy(messages, "person", "You")}
        now={now}
        reply={<FormOf form={form} csrf={frame.csrf} class="form page-form" />}
      />
    </ConsoleLayout>
  )
}
