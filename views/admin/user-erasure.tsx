// The question before an admin deletes a person, or keeps one who is to go.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { type FormView, Notice, Time } from "../ui/index.ts"

export interface AdminUserErasureProps {
  frame: Frame
  user: { id: string; name: string | null; email: string }
  /** When they go; null = nobody asked for it. */
  leavesMs: number | null
  days: number
  ends: readonly string[]
  first: readonly { text: string }[]
  form: FormView
  keep: FormView
}

export function AdminUserErasurePage(props: AdminUserErasureProps): JSX.Element {
  const { frame, user, leavesMs, days, ends, first } = props
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  const who = user.name ?? user.email
  return (
    <ConfirmPage
      frame={frame}
      title={leavesMs === null ? `Delete ${who}?` : `Keep ${who}?`}
      section="Admin"
      up={[
        { href: "/admin/users", label: "Users" },
        { href: path, label: who },
      ]}
      form={leavesMs === null ? props.form : props.keep}
      cancelHref={path}
    >
      {leavesMs === null ? null : (
        <Notice tone="warn" text="This account is going to be deleted.">
          <p>
            It happens on <Time ms={leavesMs} />.
          </p>
        </Notice>
      )}
      <ul>
        {first.map(({ text }) => (
          <li>
            <strong>First: </strong>
            <bdi safe>{text}</bdi>
          </li>
        ))}
        {ends.map((text) => (
          <li>
            <bdi safe>{text}</bdi>
          </li>
        ))}
        <li>What is known of them is erased; invoices and amounts in the books stay. It cannot be undone.</li>
        <li safe>{`They are told by mail, now and at the end. The usual wait is ${plural(days, "day")}.`}</li>
      </ul>
    </ConfirmPage>
  )
}
