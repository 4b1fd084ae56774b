// One limit: a new one, how much it is, and its end.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { Button, type FormView } from "../ui/index.ts"
import { type LimitRow, limitPath } from "./limits.tsx"

const UP = { href: "/admin/limits", label: "Limits" }

export function AdminLimitNewPage({ frame, form }: { frame: Frame; form: FormView }): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="New limit"
      section="Admin"
      lead="It holds for the next request. A limit of the same kind that is set there already is replaced."
      up={UP}
      form={form}
      formClass="form page-form limit-form"
      cancelHref="/admin/limits"
    />
  )
}

export interface AdminLimitProps {
  frame: Frame
  limit: LimitRow
  form: FormView
}

export function AdminLimitPage({ frame, limit, form }: AdminLimitProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={limit.whom}
      section="Admin"
      lead={`${limit.amount}. ${refusedWords(limit)}`}
      up={UP}
      form={form}
      heading="Change it"
      cancelHref="/admin/limits"
      after={
        <p class="badges">
          <Button small dialog kind="danger" href={`${limitPath(limit.id)}/removal`} label="Remove limit" />
          {limit.href === null ? null : <Button small href={limit.href} label="Whose it is" />}
        </p>
      }
    />
  )
}

const refusedWords = ({ refusedToday }: LimitRow): string =>
  refusedToday === 0 ? "It refused nothing today." : `It refused ${plural(refusedToday, "call")} today.`

export function AdminLimitRemovePage({ frame, limit, form }: AdminLimitProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Remove the limit of ${limit.whom}?`}
      section="Admin"
      up={UP}
      words={[
        `${limit.amount} will no longer be the most. What was refused stays refused; the next request is free of it.`,
      ]}
      form={form}
      cancelHref={limitPath(limit.id)}
    />
  )
}
