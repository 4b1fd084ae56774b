// The first admin claims this server with the one-time link that `serve` prints.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Form, FormOf, type FormView } from "../ui/index.ts"

export interface SetupProps {
  frame: Frame
  /** The one-time token, part of the path it posts to. */
  token: string
  form: FormView
  /** Email of the person who is signed in already, who may take the role instead of making an account. */
  signedInAs?: string | undefined
}

export function SetupPage({ frame, token, form, signedInAs }: SetupProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Set up"
      heading="Set up this server"
      lead={<p>Whoever uses this link becomes an admin of this server. It works once.</p>}
    >
      {signedInAs ? (
        <Form action={`/setup/${encodeURIComponent(token)}/claim`} csrf={frame.csrf}>
          <Button kind="primary" wide label={`Make ${signedInAs} an admin`} />
          <p class="help">Or create a new account to be the admin:</p>
        </Form>
      ) : null}
      <FormOf form={{ ...form, opens: !signedInAs }} csrf={frame.csrf} isWide />
    </AuthLayout>
  )
}
