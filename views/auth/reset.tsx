// A new password, behind the link from the mail. Opening the page uses nothing up; only the form does.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Fields, FormOf, type FormView } from "../ui/index.ts"

export interface ResetPasswordProps {
  frame: Frame
  /** Whose password: the link went to this address. */
  email: string
  form: FormView
}

export function ResetPasswordPage({ frame, email, form }: ResetPasswordProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Choose a new password"
      heading="Choose a new password"
      lead={
        <p>
          {"For "}
          <bdi class="strong address" safe>
            {email}
          </bdi>
          . Changing it signs you out on every device and in every app.
        </p>
      }
    >
      <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} isWide>
        {/* Password managers store the new password under this name. */}
        <input type="text" name="username" autocomplete="username" value={email} aria-label="Email" readonly hidden />
        <Fields form={{ ...form, opens: true }} />
      </FormOf>
    </AuthLayout>
  )
}
