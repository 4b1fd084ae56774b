// The terms on which developers earn: a small form, and what was changed before, by whom and why.
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { FormView } from "../ui/index.ts"
import { type SettingChange, SettingChanges } from "./setting-changes.tsx"

export interface AdminEarningsProps {
  frame: Frame
  now: number
  /** Newest first. */
  changes: readonly SettingChange[]
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
      after={<SettingChanges now={now} changes={changes} />}
    />
  )
}
