// A new password, behind the link from the mail. Opening the page uses nothing up; only the form does.
import { AuthLayout } from "../layout/auth.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, Form } from "../ui/index.ts"
import { PasswordField } from "./signup.tsx"

export interface ResetPasswordProps {
  frame: Frame
  token: string
  interaction?: string | undefined
  /** Whose password: the link went to this address. */
  email: string
  errors?: FormErrors | undefined
}

/** POST /reset-password: password, token, interaction, csrf. */
export function ResetPasswordPage({ frame, token, interaction, email, errors }: ResetPasswordProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Choose a new password"
      heading="Choose a new password"
      errors={errors}
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
      <Form action="/reset-password" csrf={frame.csrf} hidden={{ token, interaction }}>
        {/* Password managers store the new password under this name. */}
        <input type="text" name="username" autocomplete="username" value={email} aria-label="Email" readonly hidden />
        <PasswordField label="New password" error={errors?.password} />
        <Button kind="primary" wide label="Change password" />
      </Form>
    </AuthLayout>
  )
}
