// Another email address: where it shall go, and the six digits that prove it.
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, CodeField, ErrorSummary, Field, Form } from "../ui/index.ts"

interface Props {
  frame: Frame
  email: string
  /** After a 422: what was typed. */
  typed?: string | undefined
  errors?: FormErrors | undefined
}

/** POST /settings/email: email, current, csrf. `email` is the address of now. */
export function EmailPage({ frame, email, typed, errors }: Props): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Change email address"
      lead="We mail a code to the new address. Nothing changes before you enter it."
      up={{ href: "/settings", label: "Settings" }}
    >
      <ErrorSummary errors={errors} />
      <Form action="/settings/email" csrf={frame.csrf} class="form page-form">
        <p>
          {"Your address is "}
          <bdi class="strong" safe>
            {email}
          </bdi>
          .
        </p>
        <Field
          name="email"
          label="New email address"
          type="email"
          autocomplete="email"
          inputmode="email"
          maxlength={254}
          required
          spellcheck={false}
          value={typed}
          error={errors?.email}
        />
        <Field
          name="current"
          label="Current password"
          type="password"
          autocomplete="current-password"
          required
          error={errors?.current}
        />
        <div class="actions">
          <Button kind="primary" label="Send the code" />
          <a href="/forgot-password">Forgot your password?</a>
        </div>
      </Form>
    </ConsoleLayout>
  )
}

/** POST /settings/email/code: code, csrf. POST /settings/email/code/resend: csrf. `email` is the new address, in full. */
export function EmailCodePage({ frame, email, typed, errors }: Props): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Confirm your new address"
      lead="Once it is confirmed, you sign in with it, and we tell your old address."
      up={{ href: "/settings/email", label: "Change email address" }}
    >
      <ErrorSummary errors={errors} />
      <Form action="/settings/email/code" csrf={frame.csrf} class="form page-form">
        <p>
          {"We sent a six-digit code to "}
          <bdi class="strong" safe>
            {email}
          </bdi>
          . It works for 10&nbsp;minutes, in this browser.
        </p>
        <CodeField typed={typed} error={errors?.code} />
        <Button kind="primary" label="Change my address" />
      </Form>
      <Form action="/settings/email/code/resend" csrf={frame.csrf} class="page-form quiet">
        <p>
          {"No mail after a minute? Look in spam first. Wrong address? "}
          <a href="/settings/email">Enter it again</a>
        </p>
        <Button kind="link" label="Send a new code" />
      </Form>
    </ConsoleLayout>
  )
}
