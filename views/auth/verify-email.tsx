// The six digits from the mail.
import { AuthLayout } from "../layout/auth.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, CodeField, Form } from "../ui/index.ts"
import { ContinueTo, withInteraction } from "./login.tsx"

export interface VerifyEmailProps {
  frame: Frame
  interaction?: string | undefined
  clientName?: string | undefined
  /** In full: a mistyped address is seen here first. */
  email: string
  /** After a 422: what was typed. */
  typed?: string | undefined
  errors?: FormErrors | undefined
}

/** POST /verify-email: code, interaction, csrf. POST /verify-email/resend: interaction, csrf. */
export function VerifyEmailPage({
  frame,
  interaction,
  clientName,
  email,
  typed,
  errors,
}: VerifyEmailProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Confirm your email"
      heading="Confirm your email"
      errors={errors}
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
      <Form action="/verify-email" csrf={frame.csrf} hidden={{ interaction }}>
        <CodeField typed={typed} error={errors?.code} />
        <Button kind="primary" wide label="Confirm" />
      </Form>
      <Form action="/verify-email/resend" csrf={frame.csrf} hidden={{ interaction }} class="resend">
        <p class="quiet">No mail after a minute? Look in spam first.</p>
        <Button kind="link" label="Send a new code" />
      </Form>
    </AuthLayout>
  )
}
