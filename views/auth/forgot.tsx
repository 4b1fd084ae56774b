// Asking for a link to choose a new password, and the page after. Neither says whether the address has an account.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, FormOf, type FormView } from "../ui/index.ts"
import { withInteraction } from "./login.tsx"

export interface ForgotPasswordProps {
  frame: Frame
  interaction?: string | undefined
  form: FormView
}

export function ForgotPasswordPage({ frame, interaction, form }: ForgotPasswordProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Forgot your password?"
      heading="Forgot your password?"
      lead={<p class="lead">Enter your email address. We send you a link to choose a new password.</p>}
      aside={
        <p>
          Remembered it? <a href={withInteraction("/login", interaction)}>Sign in</a>
        </p>
      }
    >
      <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} isWide />
    </AuthLayout>
  )
}

export function ForgotSentPage({
  frame,
  interaction,
}: {
  frame: Frame
  interaction?: string | undefined
}): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Check your mail"
      heading="Check your mail"
      lead={<p>If that address has an account, a link is on its way. It works once, for 30 minutes.</p>}
      aside={
        <p>
          <a href={withInteraction("/login", interaction)}>Back to sign in</a>
        </p>
      }
    >
      <p class="quiet">
        No mail after a minute? Look in spam first. Then try again: the address may have been mistyped.
      </p>
      <Button wide href={withInteraction("/forgot-password", interaction)} label="Try another address" />
    </AuthLayout>
  )
}
