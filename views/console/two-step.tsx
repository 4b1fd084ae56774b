// Two-step sign-in: off, being set up, or on; and the recovery codes, shown once.
import type { Children } from "@kitajs/html"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { Button, Copy, CopyLine, FormOf, type FormView, Notice, QrCode, When } from "../ui/index.ts"
import { Part } from "./settings-part.tsx"

export interface TwoStepProps {
  frame: Frame
  now: number
  /** null = off. */
  state: { sinceMs: number; recoveryLeft: number } | null
  /** Of a person who has passkeys: they count in place of these too. */
  codesLeft: number | null
  /** What an app is given, until its first code has come. */
  enrolment: { secret: string; uri: string; modules: readonly (readonly boolean[])[] } | null
  forms: { begin: FormView; confirm: FormView; renew: FormView; end: FormView }
}

/** Few enough to make new ones. */
const FEW = 4

export function TwoStepPage(props: TwoStepProps): JSX.Element {
  const { frame, state, enrolment } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Two-step sign-in"
      lead="After your password, a code of an app on your phone. Who has the one without the other does not get in."
      up={{ href: "/settings", label: "Settings" }}
    >
      {state ? (
        <On {...props} state={state} />
      ) : enrolment ? (
        <SetUp {...props} enrolment={enrolment} />
      ) : (
        <Off {...props} />
      )}
    </ConsoleLayout>
  )
}

function Off({ frame, codesLeft, forms }: TwoStepProps): JSX.Element {
  return (
    <>
      <FormOf form={forms.begin} csrf={frame.csrf} class="form page-form">
        <p>
          It is off. You need an authenticator app: a password manager, Google Authenticator, Aegis, 2FAS or any other
          that makes six-digit codes.
        </p>
      </FormOf>
      {codesLeft === null ? null : (
        <div class="settings">
          <Codes frame={frame} left={codesLeft} form={forms.renew} />
        </div>
      )}
    </>
  )
}

/** The ten that are for when app and passkeys are not at hand. */
function Codes({
  frame,
  left,
  form,
  children,
}: {
  frame: Frame
  left: number
  form: FormView
  children?: Children
}): JSX.Element {
  return (
    <Part
      id="recovery"
      title="Recovery codes"
      note="Each signs you in once, without app or passkey. New ones void the old."
    >
      <p>
        {children ?? null}
        <span safe>{`${plural(left, "code")} left.`}</span>
      </p>
      {left < FEW ? <Notice text="Make new codes before you run out of them." /> : null}
      <FormOf form={form} csrf={frame.csrf} isPlain />
    </Part>
  )
}

function SetUp({
  frame,
  enrolment,
  forms,
}: TwoStepProps & { enrolment: NonNullable<TwoStepProps["enrolment"]> }): JSX.Element {
  return (
    <div class="enrolment">
      <section aria-labelledby="scan-title">
        <h2 id="scan-title">1. Give it to your app</h2>
        <p>Scan this with the app. On this device, open it there.</p>
        <QrCode modules={enrolment.modules} label="QR code for your authenticator app" />
        <p>
          <Button href={enrolment.uri} label="Open in an app on this device" small />
        </p>
        <p id="totp-secret-label">Or type this key:</p>
        <CopyLine id="totp-secret" text={enrolment.secret} />
      </section>
      <section aria-labelledby="prove-title">
        <h2 id="prove-title">2. Enter the code it shows</h2>
        <p>Nothing changes before that. A code lives for half a minute.</p>
        <FormOf form={forms.confirm} csrf={frame.csrf} class="form" />
      </section>
    </div>
  )
}

function On({ frame, now, state, forms }: TwoStepProps & { state: NonNullable<TwoStepProps["state"]> }): JSX.Element {
  return (
    <div class="settings">
      <Codes frame={frame} left={state.recoveryLeft} form={forms.renew}>
        {"On since "}
        <When ms={state.sinceMs} now={now} />
        {". "}
      </Codes>
      <Part id="off" title="Turn it off" note="No code of an app is asked for then. We mail you that it was done.">
        <FormOf form={forms.end} csrf={frame.csrf} isPlain />
      </Part>
    </div>
  )
}

/** Shown once, after they were made. */
export function RecoveryCodesPage({ frame, codes }: { frame: Frame; codes: readonly string[] }): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Recovery codes"
      lead="Each signs you in once when your app or passkey is not at hand. This is the only time they are shown."
      up={{ href: "/settings/two-step", label: "Two-step sign-in" }}
    >
      <section class="secret recovery" aria-label="Recovery codes">
        <p>Keep them where you find them without your phone: in a password manager, or on paper.</p>
        <pre id="recovery-codes" safe>
          {codes.join("\n")}
        </pre>
        <div class="actions">
          <Copy target="recovery-codes" />
          <Button href="/settings/two-step" label="I have saved them" />
        </div>
      </section>
    </ConsoleLayout>
  )
}
