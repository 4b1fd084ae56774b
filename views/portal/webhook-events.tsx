// The catalogue of events, made of the registry: when each is sent, what it holds, an example.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { CodeBlock, Table } from "../ui/index.ts"

export interface EventShown {
  type: string
  when: string
  fields: readonly { name: string; type: string; words: string }[]
  /** The whole body, as JSON. */
  example: string
}

export interface WebhookEventsProps {
  frame: Frame
  groups: readonly { id: string; title: string; words: string; events: readonly EventShown[] }[]
}

export function WebhookEventsPage({ frame, groups }: WebhookEventsProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Webhook events"
      section="Developer"
      lead="Everything that endpoints can hear of. Fields may be added; none goes or changes its meaning."
      up={{ href: "/developer", label: "Developer" }}
    >
      {groups.map(({ id, title, words, events }) => (
        <section aria-labelledby={`${id}-title`}>
          <h2 id={`${id}-title`} safe>
            {title}
          </h2>
          <p class="quiet" safe>
            {words}
          </p>
          {events.map((event) => (
            <Event {...event} />
          ))}
        </section>
      ))}
    </ConsoleLayout>
  )
}

function Event({ type, when, fields, example }: EventShown): JSX.Element {
  const id = type.replaceAll(".", "-")
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        <code safe>{type}</code>
      </h3>
      <p safe>{when}</p>
      {fields.length === 0 ? null : (
        <Table
          caption={`Data of ${type}`}
          hideCaption
          columns={[{ label: "Field" }, { label: "Type" }, { label: "What it is" }]}
          rows={fields.map((field) => [
            <code safe>{field.name}</code>,
            <span safe>{field.type}</span>,
            <span safe>{field.words}</span>,
          ])}
        />
      )}
      <CodeBlock id={`${id}-example`} title="Example" language="json" code={example} />
    </section>
  )
}
