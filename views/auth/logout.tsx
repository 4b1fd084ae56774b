// Leaving: the question, and the page after. Both also for apps that send somebody here (OpenID Connect RP-Initiated Logout).
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Confirm } from "../ui/index.ts"

export interface LogoutProps {
  frame: Frame
  /** The app's request, which goes on after the answer. */
  request?: string | undefined
  /** The app that asks. */
  appName?: string | undefined
  /** Where a no leads. */
  cancelHref?: string | undefined
}

/** POST /logout/confirmation: request, csrf. */
export function LogoutPage({ frame, request, appName, cancelHref = "/dashboard" }: LogoutProps): JSX.Element {
  return (
    <AuthLayout frame={frame} title="Sign out">
      <Confirm
        title="Sign out of Purser?"
        csrf={frame.csrf}
        action="/logout/confirmation"
        hidden={{ request }}
        label="Sign out"
        cancelHref={cancelHref}
        danger={false}
      >
        {appName === undefined ? null : (
          <p>
            <bdi class="strong" safe>
              {appName}
            </bdi>
            {" sent you here to sign out. This ends your sign-in for every app in this browser."}
          </p>
        )}
        <p>Apps that do not listen stay connected until you sign out there or revoke them.</p>
      </Confirm>
    </AuthLayout>
  )
}

export interface SignedOutProps {
  frame: Frame
  /** The app that sent somebody here, and the address that it registered for afterwards. */
  app?: { name: string; href: string } | undefined
}

export function SignedOutPage({ frame, app }: SignedOutProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Signed out"
      heading="You are signed out"
      lead={<p>On a shared computer, close the browser too.</p>}
    >
      {app ? <Button kind="primary" wide href={app.href} label={`Return to ${app.name}`} /> : null}
      <Button kind={app ? undefined : "primary"} wide href="/login" label="Sign in again" />
    </AuthLayout>
  )
}
