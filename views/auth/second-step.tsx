// The second step of a sign-in: the code an app shows now, or one of the codes that were kept for when it is not at hand.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { ErrorSummary, FormOf, type FormView, Passkey, type PasskeyAsk } from "../ui/index.ts"
import { ContinueTo } from "./login.tsx"

export interface SecondStepProps {
  frame: Frame
  clientName?: string | undefined
  /** Whose password was right. */
  email: string
  isRecovery: boolean
  /** An app makes codes for them. */
  hasApp: boolean
  /** Null: they have no passkey, or this is the other way. */
  passkey: PasskeyAsk | null
  /** Address of the other way. */
  other: string
  form: FormView
}

/** What is asked for, and how it begins to say so. */
function wordsOf({ isRecovery, hasApp }: Pick<SecondStepProps, "isRecovery" | "hasApp">) {
  if (isRecovery) return { title: "Use a recovery code", lead: "One of the ten codes you kept for " }
  if (hasApp) return { title: "Enter a code", lead: "The six digits that your authenticator app shows for " }
  return { title: "Use your passkey", lead: "Your password is right. Now your passkey for " }
}

export function SecondStepPage(props: SecondStepProps): JSX.Element {
  const { frame, clientName, email, isRecovery, hasApp, passkey, other, form } = props
  const { title, lead } = wordsOf(props)
  return (
    <AuthLayout
      frame={frame}
      title={title}
      heading={title}
      lead={
        <>
          <ContinueTo clientName={clientName} />
          <p>
            <span safe>{lead}</span>
            <bdi class="strong address" safe>
              {email}
            </bdi>
            .
          </p>
        </>
      }
      aside={
        <p>
          {isRecovery ? "It is at hand after all? " : "Not at hand? "}
          <a href={other}>{isRecovery ? "Use your app or passkey" : "Use a recovery code"}</a>
        </p>
      }
    >
      {isRecovery || hasApp ? (
        <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} isWide />
      ) : (
        <>
          <ErrorSummary errors={form.errors} />
          <p class="nojs">Passkeys need scripts, which are off here. Use a recovery code instead.</p>
        </>
      )}
      {passkey ? <Passkey {...passkey} csrf={frame.csrf} kind="use" primary={!hasApp} wide /> : null}
    </AuthLayout>
  )
}
