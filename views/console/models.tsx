// Which models answer: what each capability comes to now, and what the person prefers.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText } from "../ui/format.ts"
import { Badge, FormOf, type FormView, Table } from "../ui/index.ts"

export interface CapabilityRow {
  /** As a request names it, behind `capability:`. */
  capability: string
  label: string
  /** Null = nobody here does it. */
  model: string | null
  /** Asked when that one fails. */
  next: readonly string[]
  /** A million tokens, three in for one out, before shares. */
  price: Nano | null
  /** The person named it. */
  isNamed: boolean
}

export interface ModelsProps {
  frame: Frame
  /** Null = everywhere. */
  app: { id: string; name: string } | null
  rows: readonly CapabilityRow[]
  form: FormView
  /** Their plan lets them name a model for each task. */
  canName: boolean
}

const LEAD =
  "Apps can ask for what a model should be good at instead of a name. Here you say which of them answer, and what that comes to now."

export function ModelsPage({ frame, app, rows, form, canName }: ModelsProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title={app ? `Models for ${app.name}` : "Models"}
      lead={LEAD}
      up={app ? { href: "/apps", label: "Apps" } : { href: "/settings", label: "Settings" }}
    >
      <section aria-labelledby="now-title">
        <h2 id="now-title">Who answers now</h2>
        <Table
          caption="Who answers now"
          hideCaption
          columns={[
            { label: "Task" },
            { label: "Name in a request" },
            { label: "Model" },
            { label: "Cost", numeric: true },
          ]}
          rows={rows.map((row) => [
            <span safe>{row.label}</span>,
            <code safe>{`capability:${row.capability}`}</code>,
            <Answer row={row} />,
            <span class="num" safe>
              {row.price === null ? "" : creditsText(row.price)}
            </span>,
          ])}
        />
        <p class="quiet">
          Cost is the model’s own price of a million tokens, three of a question for one of an answer. What you pay has
          the app’s shares or your plan’s markup on top.
        </p>
      </section>
      <section aria-labelledby="prefer-title">
        <h2 id="prefer-title">What you prefer</h2>
        {canName ? null : (
          <p class="quiet">
            Naming a model for each task comes with plans that say so. <a href="/settings/plan">See your plan</a>.
          </p>
        )}
        <FormOf form={form} csrf={frame.csrf} class="form page-form" />
      </section>
    </ConsoleLayout>
  )
}

function Answer({ row }: { row: CapabilityRow }): JSX.Element {
  if (row.model === null) return <span class="quiet">Nobody here does this yet</span>
  return (
    <>
      <bdi safe>{row.model}</bdi>
      {row.isNamed ? <Badge tone="accent" text="Your choice" /> : null}
      {row.next.length > 0 ? (
        <p class="quiet">
          {"then "}
          <bdi safe>{row.next.join(", ")}</bdi>
        </p>
      ) : null}
    </>
  )
}
