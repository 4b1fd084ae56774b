// The sign-in link of a test user: who it signs in and beside whom, before the press; the apps that it opens, after it.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, FormOf, type FormView, Notice } from "../ui/index.ts"

export interface TestSignInProps {
  frame: Frame
  user: { name: string; email: string }
  /** Whose apps it opens. */
  developer: string
  /** Address of its developer, where they are signed in to this browser. */
  own?: string | undefined
  /** Address of somebody else who is: then the link opens nothing here. */
  stranger?: string | undefined
  form: FormView
}

/** GET and POST /test-sign-in/:token: csrf. */
export function TestSignInPage(props: TestSignInProps): JSX.Element {
  const { frame, user, developer, own, stranger, form } = props
  return (
    <AuthLayout
      frame={frame}
      title="Sign in as a test user"
      heading="Sign in as a test user"
      lead={
        <p>
          <bdi class="strong" safe>
            {user.name}
          </bdi>
          {" opens the apps in test mode of "}
          <bdi class="strong" safe>
            {developer}
          </bdi>
          , and nothing else.
        </p>
      }
    >
      {stranger === undefined ? (
        <>
          {own === undefined ? (
            <Notice text="Not testing an app? Close this page: nothing has happened yet." />
          ) : (
            <Beside email={own} />
          )}
          <FormOf form={form} csrf={frame.csrf} isWide />
          <p class="quiet">The link works once.</p>
        </>
      ) : (
        <Notice tone="warn" text="Open this link in a private window.">
          <p>
            <bdi class="address" safe>
              {stranger}
            </bdi>
            {" is signed in to this browser, and stays so. The link still works."}
          </p>
        </Notice>
      )}
    </AuthLayout>
  )
}

/** What becomes of the developer's own session: nothing. */
function Beside({ email }: { email: string }): JSX.Element {
  return (
    <Notice text="You stay signed in too.">
      <p>
        {"Your own pages here go on as "}
        <bdi class="address" safe>
          {email}
        </bdi>
        {". Your apps ask for which of the two they are. For the test user alone, open the link in a private window."}
      </p>
    </Notice>
  )
}

export interface TestSignedInProps {
  frame: Frame
  user: { name: string; email: string }
  own?: string | undefined
  /** In test mode, of its developer; without an address: no web app. */
  apps: readonly { name: string; href?: string | undefined }[]
}

/** GET /test-sign-in: where the press leads. */
export function TestSignedInPage({ frame, user, own, apps }: TestSignedInProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Signed in as a test user"
      heading={`You are ${user.name}`}
      lead={
        <p>
          <code safe>{user.email}</code>
          {" is signed in to this browser. Sign in from an app in test mode."}
        </p>
      }
      aside={
        <p>
          <a href="/logout">Sign out</a>
        </p>
      }
    >
      {apps.map(({ name, href }) =>
        href === undefined ? (
          <p>
            <bdi class="strong" safe>
              {name}
            </bdi>
            {": sign in from the app."}
          </p>
        ) : (
          <Button wide href={href} label={`Open ${name}`} />
        ),
      )}
      {apps.length === 0 ? (
        <Notice text="There is no app in test mode yet. Its developer makes one under New app." />
      ) : null}
      {own === undefined ? null : (
        <p class="quiet">
          {"You are also signed in as "}
          <bdi class="address" safe>
            {own}
          </bdi>
          {". "}
          <a href="/developer/test-users">Back to your test users</a>
        </p>
      )}
    </AuthLayout>
  )
}
