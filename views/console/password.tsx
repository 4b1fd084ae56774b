// A new password for this account, or the first one.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Fields, FormOf, type FormView } from "../ui/index.ts"

export interface PasswordProps {
  frame: Frame
  email: string
  hasPassword: boolean
  hasPasskeys: boolean
  form: FormView
}

export function PasswordPage({ frame, email, hasPassword, hasPasskeys, form }: PasswordProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title={hasPassword ? "Change password" : "Set a password"}
      lead={`Other devices and all apps are signed out.${hasPasskeys ? " Your passkeys stay." : ""}`}
      up={{ href: "/settings", label: "Settings" }}
    >
      <FormOf form={form} csrf={frame.csrf} class="form page-form" cancelHref="/settings">
        <input type="text" name="username" autocomplete="username" value={email} aria-label="Email" readonly hidden />
        <Fields form={form} />
      </FormOf>
    </ConsoleLayout>
  )
}
