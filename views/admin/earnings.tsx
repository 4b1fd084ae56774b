// The terms on which developers earn: a small form, and what was changed before, by whom and why.
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { type FormView, Timeline } from "../ui/index.ts"

export interface AdminEarningsProps {
  frame: Frame
  now: number
  /** Newest first. */
  changes: readonly { atMs: number; by: string; reason: string; words: string }[]
  form: FormView
}

export function AdminEarningsPage({ frame, now, form, changes }: AdminEarningsProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="Earnings"
      section="Admin"
      lead="When developers’ shares become available, and what free credits may earn."
      form={form}
      heading="Terms"
      words={[
        "The days apply to everything that is still pending; what is available already stays available. The limit on free credits applies to new calls.",
      ]}
      after={changes.length === 0 ? null : <Changes now={now} changes={changes} />}
    />
  )
}

function Changes({ now, changes }: Pick<AdminEarningsProps, "now" | "changes">): JSX.Element {
  return (
    <section aria-labelledby="changes-title">
      <h2 id="changes-title">Changes</h2>
      <Timeline
        now={now}
        events={changes.map(({ atMs, by, reason, words }) => ({
          atMs,
          title: words || "Saved without a change",
          text: `${by}: ${reason}`,
        }))}
      />
    </section>
  )
}
