// Create an account; the emailed code comes next.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Fields, FormOf, type FormView, Work, type WorkProps } from "../ui/index.ts"
import { ContinueTo, withInteraction } from "./login.tsx"
import { type IssuerWay, IssuerWays } from "./ways.tsx"

export interface SignupProps {
  frame: Frame
  interaction?: string | undefined
  clientName?: string | undefined
  /** What others offer. */
  ways: readonly IssuerWay[]
  form: FormView
  /** What the browser calculates first, in a flood of sign-ups. */
  work?: WorkProps | undefined
}

export function SignupPage(props: SignupProps): JSX.Element {
  const { frame, interaction, form, work } = props
  return (
    <AuthLayout
      frame={frame}
      title="Create an account"
      heading="Create your account"
      lead={<ContinueTo clientName={props.clientName} />}
      aside={
        <p>
          Have an account? <a href={withInteraction("/login", interaction)}>Sign in</a>
        </p>
      }
    >
      <IssuerWays ways={props.ways} verb="Sign up" />
      <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} isWide>
        <Fields form={{ ...form, opens: true }} />
        <p class="quiet agree">
          By creating an account you agree to the <a href="/terms">terms</a>. What is kept of you stands in the{" "}
          <a href="/privacy">privacy policy</a>.
        </p>
        {work === undefined ? null : <Work salt={work.salt} target={work.target} numbersMax={work.numbersMax} />}
      </FormOf>
    </AuthLayout>
  )
}
