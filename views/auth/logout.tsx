// Leaving: the question, and the page after. Both also for apps that send somebody here (OpenID Connect RP-Initiated Logout).
import { AuthLayout } from "../layout/auth.tsx"
import { BRAND } from "../layout/brand.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Confirm, Form } from "../ui/index.ts"

export interface LogoutProps {
  frame: Frame
  /** The app's request, which goes on after the answer. */
  request?: string | undefined
  /** The app that asks. */
  appName?: string | undefined
  /** Where a no leads. */
  cancelHref?: string | undefined
  /** Who is signed in to this browser. */
  people: readonly { id: string; name: string | null; email: string }[]
  /** What `account` says for all of them. */
  everybody: string
}

/** POST /logout/confirmation: request, account, csrf. */
export function LogoutPage(props: LogoutProps): JSX.Element {
  const { frame, request, appName, cancelHref = "/dashboard", people } = props
  const words = (
    <>
      {appName === undefined ? null : (
        <p>
          <bdi class="strong" safe>
            {appName}
          </bdi>
          {" sent you here to sign out. This ends your sign-in for every app in this browser."}
        </p>
      )}
      <p>Some apps stay connected until you sign out there or revoke them.</p>
    </>
  )
  return (
    <AuthLayout frame={frame} title="Sign out">
      {people.length > 1 ? (
        <Several {...props} cancelHref={cancelHref} words={words} />
      ) : (
        <Confirm
          title={`Sign out of ${frame.brand?.name ?? BRAND.name}?`}
          csrf={frame.csrf}
          action="/logout/confirmation"
          hidden={{ request }}
          label="Sign out"
          cancelHref={cancelHref}
          danger={false}
        >
          {words}
        </Confirm>
      )}
    </AuthLayout>
  )
}

/** One of several people, or all of them. */
function Several(props: LogoutProps & { cancelHref: string; words: JSX.Element }): JSX.Element {
  const { frame, request, people, everybody, cancelHref, words } = props
  return (
    <section id="confirm" class="confirm" aria-labelledby="confirm-title">
      <h1 id="confirm-title">Who signs out?</h1>
      {words}
      <Form action="/logout/confirmation" csrf={frame.csrf} hidden={{ request }}>
        {people.map(({ id, email }) => (
          <Button wide name="account" value={id} label={`Sign out ${email}`} />
        ))}
        <Button wide kind="primary" name="account" value={everybody} label="Sign out everybody" />
        <a class="button link" href={cancelHref} data-close="">
          Cancel
        </a>
      </Form>
    </section>
  )
}

export interface SignedOutProps {
  frame: Frame
  /** The app that sent somebody here, and the address that it registered for afterwards. */
  app?: { name: string; href: string } | undefined
  /** Addresses of who is still signed in to this browser. */
  left: readonly string[]
}

export function SignedOutPage({ frame, app, left }: SignedOutProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Signed out"
      heading="You are signed out"
      lead={
        left.length === 0 ? (
          <p>On a shared computer, close the browser too.</p>
        ) : (
          <p>
            <bdi class="strong address" safe>
              {left.join(", ")}
            </bdi>
            {left.length === 1 ? " is still signed in here." : " are still signed in here."}
          </p>
        )
      }
    >
      {app ? <Button kind="primary" wide href={app.href} label={`Return to ${app.name}`} /> : null}
      <Button
        kind={app ? undefined : "primary"}
        wide
        href="/login"
        label={left.length === 0 ? "Sign in again" : "Go on"}
      />
    </AuthLayout>
  )
}
