// The six digits from the mail.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Fields, Form, FormOf, type FormView } from "../ui/index.ts"
import { ContinueTo, withInteraction } from "./login.tsx"

export interface VerifyEmailProps {
  frame: Frame
  interaction?: string | undefined
  clientName?: string | undefined
  /** In full: a mistyped address is seen here first. */
  email: string
  form: FormView
}

export function VerifyEmailPage({ frame, interaction, clientName, email, form }: VerifyEmailProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Confirm your email"
      heading="Confirm your email"
      lead={
        <>
          <ContinueTo clientName={clientName} />
          <p>
            {"We sent a six-digit code to "}
            <bdi class="strong address" safe>
              {email}
            </bdi>
            . It works for 10&nbsp;minutes.
          </p>
        </>
      }
      aside={
        <p>
          Wrong address? <a href={withInteraction("/signup", interaction)}>Start again</a>
        </p>
      }
    >
      <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} isWide>
        <Fields form={{ ...form, opens: true }} />
      </FormOf>
      <Form action="/verify-email/resend" csrf={frame.csrf} hidden={{ interaction }} class="resend">
        <p class="quiet">No mail after a minute? Look in spam first.</p>
        <Button kind="link" label="Send a new code" />
      </Form>
    </AuthLayout>
  )
}
