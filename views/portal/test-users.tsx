// Test users of a developer: who there is, one more by a press, its address and password once, a link that signs one in, and the end of one.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText } from "../ui/format.ts"
import { Button, CopyLine, Empty, Form, type FormView, Table, When } from "../ui/index.ts"

export interface TestUserRow {
  /** `usr_…` */
  id: string
  name: string
  email: string
  createdAtMs: number
  /** Then it goes. */
  endsAtMs: number
  /** null: it never signed in. */
  seenAtMs: number | null
}

export interface TestUsersProps {
  frame: Frame
  now: number
  users: readonly TestUserRow[]
  /** Most there may be at a time. */
  most: number
  /** What each has to spend in test mode. */
  credits: Nano
  /** Just made: shown this once. */
  made?: { email: string; password: string } | undefined
  /** A sign-in link, just made: shown this once. */
  link?: { name: string; url: string } | undefined
  /** Apps in test mode that they can sign in to. */
  apps: number
}

const PATH = "/developer/test-users"
const COLUMNS = [
  { label: "Name" },
  { label: "Address" },
  { label: "Made" },
  { label: "Last seen" },
  { label: "Ends" },
  { label: "Action", silent: true },
]

/** POST /developer/test-users, POST /developer/test-users/:testuser/link: csrf. */
export function TestUsersPage(props: TestUsersProps): JSX.Element {
  const { frame, now, users, most, made, apps } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Test users"
      section="Developer"
      lead="People without a mailbox. They sign in to your apps in test mode, and to nothing else."
      up={{ href: "/developer?mode=test", label: "Your apps" }}
      action={users.length < most ? <Make csrf={frame.csrf} isFirst={users.length === 0} /> : undefined}
    >
      {made ? (
        <section class="secret" aria-labelledby="made-title">
          <h2 id="made-title">Your new test user</h2>
          <p>The password is shown this once. Sign in with both from your app, in this browser or another.</p>
          <CopyLine id="made-email" text={made.email} />
          <CopyLine id="made-password" text={made.password} />
          <Button href={PATH} label="I have saved it" />
        </section>
      ) : null}
      {props.link ? <LinkMade {...props.link} /> : null}
      <section aria-labelledby="users-title">
        <h2 id="users-title">Who there is</h2>
        <Table
          caption="Test users"
          hideCaption
          columns={COLUMNS}
          rows={users.map((user) => [
            <bdi safe>{user.name}</bdi>,
            <code safe>{user.email}</code>,
            <When ms={user.createdAtMs} now={now} />,
            <When ms={user.seenAtMs} now={now} never="Never" />,
            <When ms={user.endsAtMs} now={now} />,
            <div class="actions">
              <Form action={`${PATH}/${encodeURIComponent(user.id)}/link`} csrf={frame.csrf} class="cell-form">
                <Button small label="Sign-in link" />
              </Form>
              <Button small dialog href={`${PATH}/${encodeURIComponent(user.id)}/removal`} label="Remove" />
            </div>,
          ])}
          empty={
            <Empty title="No test user" text="A press makes one, with an address and a password for you to sign in." />
          }
        />
        {apps === 0 ? (
          <p class="quiet">
            {"You have no app in test mode for them yet. "}
            <a href="/developer/apps/new?mode=test">Make one</a>
            {"."}
          </p>
        ) : null}
        <p
          class="quiet"
          safe
        >{`Each has ${creditsText(props.credits)} for tests. No mail is sent to them, no live figure counts them, and they go by themselves after 90 days. You can have ${most} at a time.`}</p>
      </section>
    </ConsoleLayout>
  )
}

/** Once: it is no address that this page keeps. */
function LinkMade({ name, url }: { name: string; url: string }): JSX.Element {
  return (
    <section class="secret" aria-labelledby="link-title">
      <h2 id="link-title">Sign-in link</h2>
      <p>
        {"It signs in "}
        <bdi class="strong" safe>
          {name}
        </bdi>
        {
          " once, within 10 minutes. Open it in a private window: there it is the only one signed in. In this browser you stay signed in beside it."
        }
      </p>
      <CopyLine id="made-link" text={url} />
      <div class="actions">
        <Button href={url} label="Open it here" />
        <Button href={PATH} label="Done" />
      </div>
    </section>
  )
}

function Make({ csrf, isFirst }: { csrf: string; isFirst: boolean }): JSX.Element {
  return (
    <Form action={PATH} csrf={csrf}>
      <Button kind={isFirst ? "primary" : undefined} icon="plus" label="Make a test user" />
    </Form>
  )
}

export interface TestUserRemoveProps {
  frame: Frame
  user: TestUserRow
  form: FormView
}

export function TestUserRemovePage({ frame, user, form }: TestUserRemoveProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title="Remove this test user?"
      section="Developer"
      up={{ href: PATH, label: "Test users" }}
      form={form}
      cancelHref={PATH}
    >
      <p>
        <bdi class="strong" safe>
          {user.name}
        </bdi>
        {" ("}
        <code safe>{user.email}</code>
        {")"}
      </p>
      <p>Apps that it is signed in to are refused from the next request on. It cannot be brought back.</p>
    </ConfirmPage>
  )
}
