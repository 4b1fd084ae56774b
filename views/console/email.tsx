// Another email address: where it shall go, and the six digits that prove it.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Fields, Form, FormOf, type FormView } from "../ui/index.ts"

interface Props {
  frame: Frame
  email: string
  form: FormView
}

/** `email` is the address of now. */
export function EmailPage({ frame, email, form }: Props): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Change email address"
      lead="We mail a code to the new address. Nothing changes before you enter it."
      up={{ href: "/settings", label: "Settings" }}
    >
      <FormOf form={form} csrf={frame.csrf} class="form page-form">
        <p>
          {"Your address is "}
          <bdi class="strong" safe>
            {email}
          </bdi>
          .
        </p>
        <Fields form={form} />
      </FormOf>
    </ConsoleLayout>
  )
}

/** `email` is the new address, in full. The button for a new code is a form of its own. */
export function EmailCodePage({ frame, email, form }: Props): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Confirm your new address"
      lead="Once it is confirmed, you sign in with it, and we tell your old address."
      up={{ href: "/settings/email", label: "Change email address" }}
    >
      <FormOf form={form} csrf={frame.csrf} class="form page-form">
        <p>
          {"We sent a six-digit code to "}
          <bdi class="strong" safe>
            {email}
          </bdi>
          . It works for 10&nbsp;minutes, in this browser.
        </p>
        <Fields form={form} />
      </FormOf>
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
