// Confirm that it is you: asked before something dangerous, of a person who is signed in.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Fields, FormOf, type FormView, Passkey, type PasskeyAsk } from "../ui/index.ts"

export interface ConfirmProps {
  frame: Frame
  /** Who is signed in. */
  email: string
  /** What it is for: a form that waits, a page, or an app that asks for a stronger sign-in. */
  reason: { is: "form" } | { is: "page" } | { is: "app"; name: string | undefined }
  form: FormView
  /** For a person without a password, who is mailed a code. */
  mail: { isSent: boolean; form: FormView } | null
  /** Accounts elsewhere by which they can prove it. */
  issuers: readonly FormView[]
  /** For a person who has one: nothing else is asked for then. */
  passkey: PasskeyAsk | null
}

function Why({ reason }: Pick<ConfirmProps, "reason">): JSX.Element {
  if (reason.is !== "app") return <span>What you are about to do needs a fresh proof.</span>
  return (
    <span>
      <bdi class="strong" safe>
        {reason.name ?? "The app"}
      </bdi>
      {" asks for a stronger sign-in than yours was."}
    </span>
  )
}

export function ConfirmPage({ frame, email, reason, form, mail, passkey, issuers }: ConfirmProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Confirm that it is you"
      heading="Confirm that it is you"
      lead={
        <p>
          <Why reason={reason} />
          {" You are signed in as "}
          <bdi class="strong address" safe>
            {email}
          </bdi>
          {reason.is === "form" ? ". What you typed is kept meanwhile." : "."}
        </p>
      }
      aside={
        <p>
          Not you? <a href="/logout">Sign out</a>
        </p>
      }
    >
      {passkey ? <Passkey {...passkey} csrf={frame.csrf} kind="use" primary wide /> : null}
      {mail && !mail.isSent ? (
        <FormOf form={{ ...mail.form, opens: true }} csrf={frame.csrf} isWide />
      ) : (
        <FormOf form={{ ...form, opens: passkey === null }} csrf={frame.csrf} isWide isPlain={passkey !== null}>
          <input type="text" name="username" autocomplete="username" value={email} aria-label="Email" readonly hidden />
          <Fields form={form} />
        </FormOf>
      )}
      {mail?.isSent ? (
        <FormOf form={{ ...mail.form, submit: "Mail me another code", ids: "again" }} csrf={frame.csrf} isPlain />
      ) : null}
      {issuers.map((way) => (
        <FormOf form={way} csrf={frame.csrf} isWide isPlain />
      ))}
    </AuthLayout>
  )
}
