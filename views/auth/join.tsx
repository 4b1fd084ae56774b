// "This address has an account here: is it yours?" Its password or a mailed code, once; from then on the issuer opens it.
import type { Children } from "@kitajs/html"
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Form, FormOf, type FormView } from "../ui/index.ts"
import { ContinueTo, withInteraction } from "./login.tsx"

interface JoinBase {
  frame: Frame
  clientName?: string | undefined
  email: string
  issuerName: string
  interaction: string | undefined
  join: string
  hasPassword: boolean
  form: FormView
}

export interface JoinProps extends JoinBase {
  /** A code is on its way. */
  isSent: boolean
}

export function JoinPage(props: JoinProps): JSX.Element {
  const { frame, interaction, join, hasPassword, form, isSent } = props
  return (
    <JoinFrame {...props} title="You have an account here" after="Prove once that it is yours, and both open it.">
      {hasPassword ? <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} isWide /> : null}
      <Form action="/login/join/code/new" csrf={frame.csrf} hidden={{ join, interaction }} class="resend">
        {hasPassword ? <p class="quiet">Forgot it, or never had one?</p> : null}
        <Button
          kind={hasPassword ? "link" : "primary"}
          wide={!hasPassword}
          label={isSent ? "Mail me another code" : "Mail me a code"}
        />
      </Form>
    </JoinFrame>
  )
}

export interface JoinCodeProps extends JoinBase {
  /** Address of the other way. */
  other: string
}

export function JoinCodePage(props: JoinCodeProps): JSX.Element {
  const { frame, interaction, join, hasPassword, form, other } = props
  return (
    <JoinFrame {...props} title="Look in your mail" after="We sent six digits there. They work for 10 minutes.">
      <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} isWide />
      <Form action="/login/join/code/new" csrf={frame.csrf} hidden={{ join, interaction }} class="resend">
        <p class="quiet">No mail after a minute? Look in spam first.</p>
        <Button kind="link" label="Send a new code" />
      </Form>
      {hasPassword ? (
        <p class="forgot">
          <a href={other}>Enter your password instead</a>
        </p>
      ) : null}
    </JoinFrame>
  )
}

function JoinFrame(props: JoinBase & { title: string; after: string; children: Children }): JSX.Element {
  const { frame, title, clientName, email, issuerName, interaction, after } = props
  return (
    <AuthLayout
      frame={frame}
      title={title}
      heading={title}
      lead={
        <>
          <ContinueTo clientName={clientName} />
          <p>
            <bdi class="strong address" safe>
              {email}
            </bdi>
            {" has an account here that "}
            <bdi safe>{issuerName}</bdi>
            {" does not open yet. "}
            <span safe>{after}</span>
          </p>
        </>
      }
      aside={
        <p>
          Not yours? <a href={withInteraction("/login", interaction)}>Sign in another way</a>
        </p>
      }
    >
      {props.children}
    </AuthLayout>
  )
}
