// The question before an admin removes somebody's passkeys.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import type { FormView } from "../ui/index.ts"

export interface AdminUserPasskeysProps {
  frame: Frame
  user: { id: string; name: string | null; email: string }
  count: number
  form: FormView
}

export function AdminUserPasskeysPage({ frame, user, count, form }: AdminUserPasskeysProps): JSX.Element {
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  const who = user.name ?? user.email
  return (
    <ConfirmPage
      frame={frame}
      title={`Remove all passkeys of ${who}?`}
      section="Admin"
      up={[
        { href: "/admin/users", label: "Users" },
        { href: path, label: who },
      ]}
      form={form}
      cancelHref={path}
      words={[
        `They have ${plural(count, "passkey")}. None signs them in after this; they can add new ones at once, and get a mail about it.`,
      ]}
    >
      <ul>
        <li>Whoever knows their password can sign in then. Be sure that you speak with the person themselves.</li>
        <li>Without two-step sign-in their recovery codes stop working too.</li>
      </ul>
    </ConfirmPage>
  )
}
