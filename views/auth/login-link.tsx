// An admin who could not sign in, behind the link that was made for them on the server.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Fields, FormOf, type FormView } from "../ui/index.ts"

export interface LoginLinkProps {
  frame: Frame
  /** Whom the link signs in. */
  email: string
  form: FormView
}

export function LoginLinkPage({ frame, email, form }: LoginLinkProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Sign in by a link"
      heading="Sign in"
      lead={
        <p>
          {"This link signs in "}
          <bdi class="strong address" safe>
            {email}
          </bdi>
          . It works once.
        </p>
      }
    >
      <FormOf form={form} csrf={frame.csrf} isWide>
        {/* Password managers store the new password under this name. */}
        <input type="text" name="username" autocomplete="username" value={email} aria-label="Email" readonly hidden />
        <Fields form={form} />
      </FormOf>
    </AuthLayout>
  )
}
