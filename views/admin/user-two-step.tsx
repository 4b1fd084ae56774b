// The question before an admin takes the second step from somebody's sign-in.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { FormView } from "../ui/index.ts"

export interface AdminUserTwoStepProps {
  frame: Frame
  user: { id: string; name: string | null; email: string }
  form: FormView
}

export function AdminUserTwoStepPage({ frame, user, form }: AdminUserTwoStepProps): JSX.Element {
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  const who = user.name ?? user.email
  return (
    <ConfirmPage
      frame={frame}
      title={`Turn off two-step sign-in for ${who}?`}
      section="Admin"
      up={[
        { href: "/admin/users", label: "Users" },
        { href: path, label: who },
      ]}
      form={form}
      cancelHref={path}
    >
      <ul>
        <li>Whoever knows their password can sign in then. Be sure that you speak with the person themselves.</li>
        <li>Their recovery codes stop working. They can set it up again at once, and get a mail about it.</li>
      </ul>
    </ConfirmPage>
  )
}
