// Sign in with email and password, almost always on the way back to an app.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { FormOf, type FormView, Notice, Passkey, type PasskeyAsk } from "../ui/index.ts"
import { type IssuerWay, IssuerWays } from "./ways.tsx"

export interface LoginProps {
  frame: Frame
  /** Opaque id of the OAuth interaction that continues after sign-in; absent for the console. */
  interaction?: string | undefined
  /** Name of the app to continue to. */
  clientName?: string | undefined
  /** Why somebody is asked who was signed in. */
  why?: string | undefined
  /** What others offer. */
  ways: readonly IssuerWay[]
  form: FormView
  /** Null: no passkey can belong to this address. */
  passkey: PasskeyAsk | null
}

export function LoginPage(props: LoginProps): JSX.Element {
  const { frame, interaction, clientName, why, form, passkey } = props
  return (
    <AuthLayout
      frame={frame}
      title="Sign in"
      heading="Sign in"
      lead={<ContinueTo clientName={clientName} />}
      aside={
        <p>
          New here? <a href={withInteraction("/signup", interaction)}>Create an account</a>
        </p>
      }
    >
      {why ? <Notice text={why} /> : null}
      <IssuerWays ways={props.ways} verb="Sign in" agrees />
      <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} isWide />
      {passkey ? <Passkey {...passkey} csrf={frame.csrf} kind="use" offers wide /> : null}
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
