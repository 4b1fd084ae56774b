// The second step of a sign-in: the code an app shows now, or one of the codes that were kept for when it is not at hand.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { FormOf, type FormView } from "../ui/index.ts"
import { ContinueTo } from "./login.tsx"

export interface SecondStepProps {
  frame: Frame
  clientName?: string | undefined
  /** Whose password was right. */
  email: string
  isRecovery: boolean
  /** Address of the other way. */
  other: string
  form: FormView
}

export function SecondStepPage({ frame, clientName, email, isRecovery, other, form }: SecondStepProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title={isRecovery ? "Use a recovery code" : "Enter a code"}
      heading={isRecovery ? "Use a recovery code" : "Enter a code"}
      lead={
        <>
          <ContinueTo clientName={clientName} />
          <p>
            {isRecovery
              ? "One of the ten codes you kept for "
              : "The six digits that your authenticator app shows for "}
            <bdi class="strong address" safe>
              {email}
            </bdi>
            .
          </p>
        </>
      }
      aside={
        <p>
          {isRecovery ? "Your app is at hand after all? " : "No app at hand? "}
          <a href={other}>{isRecovery ? "Enter its code" : "Use a recovery code"}</a>
        </p>
      }
    >
      <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} isWide />
    </AuthLayout>
  )
}
