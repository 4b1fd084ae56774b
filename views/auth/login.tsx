// Sign in with email and password, almost always on the way back to an app.
import { AuthLayout } from "../layout/auth.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, Field, Form } from "../ui/index.ts"

export interface LoginProps {
  frame: Frame
  /** Opaque id of the OAuth interaction that continues after sign-in; absent for the console. */
  interaction?: string | undefined
  /** Name of the app to continue to. */
  clientName?: string | undefined
  values?: { email?: string | undefined } | undefined
  errors?: FormErrors | undefined
}

/** POST /login: email, password, interaction, csrf. */
export function LoginPage(props: LoginProps): JSX.Element {
  const { frame, interaction, clientName, values, errors } = props
  return (
    <AuthLayout
      frame={frame}
      title="Sign in"
      heading="Sign in"
      errors={errors}
      lead={<ContinueTo clientName={clientName} />}
      aside={
        <p>
          New here? <a href={withInteraction("/signup", interaction)}>Create an account</a>
        </p>
      }
    >
      <Form action="/login" csrf={frame.csrf} hidden={{ interaction }}>
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
        <Field
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
          required
          error={errors?.password}
        />
        <Button kind="primary" wide label="Sign in" />
      </Form>
      <p class="forgot">
        <a href={withInteraction("/forgot-password", interaction)}>Forgot your password?</a>
      </p>
    </AuthLayout>
  )
}

/** "to continue to Storyteller"; nothing when no app waits. */
export function ContinueTo({ clientName }: { clientName?: string | undefined }): JSX.Element {
  if (!clientName) return ""
  return (
    <p class="lead">
      {"to continue to "}
      <bdi class="strong" safe>
        {clientName}
      </bdi>
    </p>
  )
}

/** Keeps the interaction id on links between the sign-in pages. */
export const withInteraction = (path: string, interaction: string | undefined): string =>
  interaction ? `${path}?interaction=${encodeURIComponent(interaction)}` : path
