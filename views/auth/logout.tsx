// Leaving: the question, and the page after.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Confirm } from "../ui/index.ts"

export interface LogoutProps {
  frame: Frame
  /** Opaque id of an RP-initiated logout request that continues after the answer. */
  interaction?: string | undefined
  cancelHref?: string | undefined
}

/** POST /logout: interaction, csrf. */
export function LogoutPage({ frame, interaction, cancelHref = "/dashboard" }: LogoutProps): JSX.Element {
  return (
    <AuthLayout frame={frame} title="Sign out">
      <Confirm
        title="Sign out of Purser?"
        csrf={frame.csrf}
        action="/logout"
        hidden={{ interaction }}
        label="Sign out"
        cancelHref={cancelHref}
        danger={false}
      >
        <p>Your apps stay connected until you sign out there or revoke them.</p>
      </Confirm>
    </AuthLayout>
  )
}

export interface SignedOutProps {
  frame: Frame
}

export function SignedOutPage({ frame }: SignedOutProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Signed out"
      heading="You are signed out"
      lead={<p>On a shared computer, close the browser too.</p>}
    >
      <Button kind="primary" wide href="/login" label="Sign in again" />
    </AuthLayout>
  )
}
