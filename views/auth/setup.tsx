// The first admin claims this server with the one-time link that `serve` prints.
import { AuthLayout } from "../layout/auth.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, Form } from "../ui/index.ts"
import { AccountFields } from "./signup.tsx"

export interface SetupProps {
  frame: Frame
  /** The one-time token, part of the path it posts to. */
  token: string
  values?: { name?: string | undefined; email?: string | undefined } | undefined
  errors?: FormErrors | undefined
  /** Email of the person who is signed in already, who may take the role instead of making an account. */
  signedInAs?: string | undefined
}

/** POST /setup/:token: name, email, password, csrf. */
export function SetupPage({ frame, token, values, errors, signedInAs }: SetupProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Set up"
      heading="Set up this server"
      errors={errors}
      lead={<p>Whoever uses this link becomes an admin of this server. It works once.</p>}
    >
      {signedInAs ? (
        <Form action={`/setup/${encodeURIComponent(token)}/claim`} csrf={frame.csrf}>
          <Button kind="primary" wide label={`Make ${signedInAs} an admin`} />
          <p class="help">Or create a new account to be the admin:</p>
        </Form>
      ) : null}
      <Form action={`/setup/${encodeURIComponent(token)}`} csrf={frame.csrf}>
        <AccountFields values={values} errors={errors} />
        <Button kind="primary" wide label="Create admin account" />
      </Form>
    </AuthLayout>
  )
}
