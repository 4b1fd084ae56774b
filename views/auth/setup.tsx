// The first admin claims this server with the one-time link that `serve` prints.
import { AuthLayout } from "../layout/auth.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, Field, Form } from "../ui/index.ts"
import { PasswordField } from "./signup.tsx"

export interface SetupProps {
  frame: Frame
  /** The one-time token, part of the path it posts to. */
  token: string
  values?: { name?: string | undefined; email?: string | undefined } | undefined
  errors?: FormErrors | undefined
}

/** POST /setup/:token: name, email, password, csrf. */
export function SetupPage({ frame, token, values, errors }: SetupProps): JSX.Element {
  return (
    <AuthLayout frame={frame} title="Set up" heading="Set up this server" errors={errors}>
      <p>You are the first. This account becomes the admin, and the link stops working.</p>
      <Form action={`/setup/${encodeURIComponent(token)}`} csrf={frame.csrf}>
        <Field
          name="name"
          label="Name"
          optional
          autocomplete="name"
          maxlength={100}
          value={values?.name}
          error={errors?.name}
        />
        <Field
          name="email"
          label="Email"
          type="email"
          autocomplete="username"
          required
          spellcheck={false}
          value={values?.email}
          error={errors?.email}
        />
        <PasswordField error={errors?.password} />
        <Button kind="primary" wide label="Become the admin" />
      </Form>
    </AuthLayout>
  )
}
