// The question before somebody becomes an admin or stops being one: what they can do then.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { FormView } from "../ui/index.ts"

export interface AdminUserRoleProps {
  frame: Frame
  user: { id: string; name: string | null; email: string; isAdmin: boolean }
  /** The admin looks at themselves. */
  isSelf: boolean
  form: FormView
}

export function AdminUserRolePage({ frame, user, isSelf, form }: AdminUserRoleProps): JSX.Element {
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  const who = user.name ?? user.email
  return (
    <ConfirmPage
      frame={frame}
      title={user.isAdmin ? `Take the admin role from ${who}?` : `Make ${who} an admin?`}
      section="Admin"
      up={[
        { href: "/admin/users", label: "Users" },
        { href: path, label: who },
      ]}
      form={form}
      cancelHref={path}
    >
      {user.isAdmin ? <Taken isSelf={isSelf} /> : <Given />}
    </ConfirmPage>
  )
}

const Given = (): JSX.Element => (
  <ul>
    <li>They see everybody’s account, wallet and calls, and can change prices, plans and providers.</li>
    <li>They can make others admins, and take the role from you.</li>
  </ul>
)

const Taken = ({ isSelf }: { isSelf: boolean }): JSX.Element => (
  <ul>
    <li>{isSelf ? "You lose these pages at once." : "They lose these pages at once."}</li>
    <li>
      {isSelf
        ? "Your account, credits and apps stay as they are."
        : "Their account, credits and apps stay as they are."}
    </li>
  </ul>
)
