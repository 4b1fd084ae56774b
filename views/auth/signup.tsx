// Create an account; the emailed code comes next.
import { AuthLayout } from "../layout/auth.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, Field, Form } from "../ui/index.ts"
import { ContinueTo, withInteraction } from "./login.tsx"

export interface SignupProps {
  frame: Frame
  interaction?: string | undefined
  clientName?: string | undefined
  values?: { name?: string | undefined; email?: string | undefined } | undefined
  errors?: FormErrors | undefined
}

/** POST /signup: name (may be empty), email, password, interaction, csrf. */
export function SignupPage(props: SignupProps): JSX.Element {
  const { frame, interaction, values, errors } = props
  return (
    <AuthLayout
      frame={frame}
      title="Create an account"
      heading="Create your account"
      errors={errors}
      lead={<ContinueTo clientName={props.clientName} />}
      aside={
        <p>
          Have an account? <a href={withInteraction("/login", interaction)}>Sign in</a>
        </p>
      }
    >
      <Form action="/signup" csrf={frame.csrf} hidden={{ interaction }}>
        <AccountFields values={values} errors={errors} emailHelp="We send a code to this address." />
        <Button kind="primary" wide label="Create account" />
      </Form>
    </AuthLayout>
  )
}

/** What a new account asks for. */
export function AccountFields(props: {
  values: { name?: string | undefined; email?: string | undefined } | undefined
  errors: FormErrors | undefined
  emailHelp?: string | undefined
}): JSX.Element {
  const { values, errors } = props
  return (
    <>
      <Field
        name="name"
        label="Name"
        optional
        autocomplete="name"
        maxlength={80}
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
        help={props.emailHelp}
        value={values?.email}
        error={errors?.email}
      />
      <PasswordField error={errors?.password} />
    </>
  )
}

/** A new password with its rule. */
export function PasswordField({
  error,
  label = "Password",
}: {
  error?: string | undefined
  label?: string
}): JSX.Element {
  return (
    <Field
      name="password"
      label={label}
      type="password"
      autocomplete="new-password"
      required
      minlength={8}
      help={error ? undefined : "At least 8 characters. A short sentence works well."}
      error={error}
    />
  )
}
