// Your account: who you are here, your password, what apps may keep, how the pages look, where you are signed in.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { Avatar, Badge, Button, Form, FormOf, type FormView, Table, When } from "../ui/index.ts"
import { hasOpenrouter, OPENROUTER_NOTE, OpenrouterAccount, type OpenrouterShown } from "./openrouter-account.tsx"
import { Part } from "./settings-part.tsx"

export interface SessionRow {
  id: string
  /** "Firefox on Linux", from the user agent. */
  device: string
  kind: "phone" | "tablet" | "computer" | "program"
  /** How they signed in: "Password and code". */
  by: string
  ip: string | null
  /** "Berlin, Germany", where the operator gave a file that knows. */
  place: string | null
  createdAtMs: number
  lastSeenMs: number
  current: boolean
}

export interface SettingsProps {
  frame: Frame
  now: number
  email: string
  /** Name of the plan this person is on. */
  plan: string
  /** The account at OpenRouter that this service makes; null = there is none. */
  openrouter: OpenrouterShown
  /** Answers that apps may go on from, and for how many days each is kept. */
  kept: { answers: number; bytes: number; days: number }
  /** Names of what else opens the account. */
  connections: readonly string[]
  /** Whether a code is asked for after the password. */
  twoStep: boolean
  /** Else they sign in by other ways alone. */
  hasPassword: boolean
  /** How many. */
  passkeys: number
  sessions: readonly SessionRow[]
  forms: { picture: FormView; name: FormView; profile: FormView; answers: FormView; theme: FormView }
}

export function SettingsPage(props: SettingsProps): JSX.Element {
  const { frame, now, email, plan, sessions, forms } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Settings"
      lead="Your account, your password, how these pages look, and where you are signed in."
    >
      <div class="settings">
        <AccountPart frame={frame} email={email} plan={plan} form={forms.name} />
        <ProfilePart frame={frame} form={forms.profile} />
        <PicturePart frame={frame} form={forms.picture} />
        <SecondParts {...props} />
        <ConnectionsPart connections={props.connections} />
        <AnswersPart frame={frame} form={forms.answers} kept={props.kept} />
        <Part
          id="provider-keys"
          title="Provider keys"
          note="Keys of your own at AI providers, for plans that have them."
        >
          <p>
            <Button href="/settings/provider-keys" label="Provider keys" />
          </p>
        </Part>
        <OpenrouterPart {...props} />
        <Part id="webhooks" title="Webhooks" note="Addresses of yours that are called when something happens here.">
          <p>
            <Button href="/settings/webhooks" label="Webhooks" />
          </p>
        </Part>
        <Part id="data" title="Your data" note="A copy of everything that is known of you, or an end to it.">
          <p>
            <Button href="/settings/data" label="Copy or delete" />
          </p>
        </Part>
        <Part id="look" title="Look" note="Kept in this browser.">
          <FormOf form={forms.theme} csrf={frame.csrf} isPlain />
        </Part>
        <section class="wide-part" aria-labelledby="sessions-title">
          <div class="head">
            <h2 id="sessions-title">Where you are signed in</h2>
            <p class="quiet">Sign out what you do not recognise, then change your password.</p>
          </div>
          <Sessions frame={frame} now={now} sessions={sessions} />
        </section>
      </div>
    </ConsoleLayout>
  )
}

function AccountPart({
  frame,
  email,
  plan,
  form,
}: Pick<SettingsProps, "frame" | "email" | "plan"> & { form: FormView }): JSX.Element {
  return (
    <Part id="account" title="Account" note="Apps see your name only if you let them.">
      <FormOf form={form} csrf={frame.csrf} isPlain />
      <dl class="facts wide">
        <div>
          <dt>Email</dt>
          <dd>
            <bdi safe>{email}</bdi>
            <a href="/settings/email" aria-label="Change email address">
              Change
            </a>
          </dd>
        </div>
        <div>
          <dt>Models</dt>
          <dd>
            <a href="/settings/models">Choose who answers</a>
          </dd>
        </div>
        <div>
          <dt>Plan</dt>
          <dd>
            <a href="/settings/plan">
              <bdi safe>{plan}</bdi>
            </a>
          </dd>
        </div>
      </dl>
    </Part>
  )
}

const ProfilePart = ({ frame, form }: { frame: Frame; form: FormView }): JSX.Element => (
  <Part
    id="profile"
    title="Profile"
    note="For your invoices, and for apps that ask for your profile. All of it may stay empty."
  >
    <FormOf form={form} csrf={frame.csrf} isPlain />
  </Part>
)

/** What signs them in. */
function SecondParts({
  hasPassword,
  passkeys,
  twoStep,
}: Pick<SettingsProps, "hasPassword" | "passkeys" | "twoStep">): JSX.Element {
  return (
    <>
      <Part
        id="password"
        title="Password"
        note="Other devices and all apps are signed out when you change it. Passkeys stay."
      >
        <p>
          <Button href="/settings/password" label={hasPassword ? "Change password" : "Set a password"} />
        </p>
      </Part>
      <Part id="passkeys" title="Passkeys" note="Sign in with fingerprint, face or PIN, without a password.">
        <p safe>{passkeys === 0 ? "You have none." : `You have ${plural(passkeys, "passkey")}.`}</p>
        <p>
          <Button href="/settings/passkeys" label={passkeys === 0 ? "Add one" : "Your passkeys"} />
        </p>
      </Part>
      <Part id="two-step" title="Two-step sign-in" note="A code of an app on your phone after your password.">
        <p>{twoStep ? "It is on." : "It is off."}</p>
        <p>
          <Button href="/settings/two-step" label={twoStep ? "Codes and settings" : "Set it up"} />
        </p>
      </Part>
    </>
  )
}

const OpenrouterPart = ({ frame, now, openrouter }: SettingsProps): JSX.Element | null =>
  hasOpenrouter(openrouter) ? (
    <Part id="openrouter" title="OpenRouter" note={OPENROUTER_NOTE}>
      <OpenrouterAccount frame={frame} now={now} account={openrouter.account} />
    </Part>
  ) : null

function ConnectionsPart({ connections }: Pick<SettingsProps, "connections">): JSX.Element {
  return (
    <Part id="connections" title="Connections" note="Accounts elsewhere, such as Google’s, that open this one.">
      <p safe>{connections.length === 0 ? "None is connected." : `Connected: ${connections.join(", ")}.`}</p>
      <p>
        <Button href="/settings/connections" label="Connections" />
      </p>
    </Part>
  )
}

function AnswersPart({ frame, form, kept }: Pick<SettingsProps, "frame" | "kept"> & { form: FormView }): JSX.Element {
  const note = `Apps that ask for it keep their answers to you for ${plural(kept.days, "day")}, sealed, for themselves alone. Turning it off deletes them.`
  return (
    <Part id="answers" title="Answers" note={note}>
      <FormOf form={form} csrf={frame.csrf} isPlain />
      <p class="quiet" safe>
        {kept.answers === 0 ? "None is kept." : `${plural(kept.answers, "answer")} kept.`}
      </p>
    </Part>
  )
}

function PicturePart({ frame, form }: { frame: Frame; form: FormView }): JSX.Element {
  const { user } = frame
  return (
    <Part id="picture" title="Picture" note="Only you see it here. Apps never get it.">
      {user?.avatarUrl === undefined ? null : (
        <div class="current-picture">
          <Avatar name={user.name ?? user.email} src={user.avatarUrl} large />
          <Form action="/settings/picture/removal" csrf={frame.csrf} class="cell-form">
            <Button small label="Remove picture" />
          </Form>
        </div>
      )}
      <FormOf form={form} csrf={frame.csrf} isPlain />
    </Part>
  )
}

const KINDS: Readonly<Record<SessionRow["kind"], string>> = {
  phone: "Phone",
  tablet: "Tablet",
  computer: "Computer",
  program: "Program",
}

function Sessions({ frame, now, sessions }: Pick<SettingsProps, "frame" | "now" | "sessions">): JSX.Element {
  return (
    <Table
      caption="Your sessions"
      hideCaption
      columns={[
        { label: "Device" },
        { label: "Signed in by", minor: true },
        { label: "Network address" },
        { label: "Signed in", minor: true },
        { label: "Last used" },
        { label: "Action", silent: true },
      ]}
      rows={sessions.map((session) => [
        <>
          <bdi safe>{session.device}</bdi>
          <br />
          <span class="quiet" safe>
            {KINDS[session.kind]}
          </span>
        </>,
        <span safe>{session.by}</span>,
        <>
          <span safe>{session.ip ?? "Unknown"}</span>
          {session.place === null ? null : (
            <>
              <br />
              <bdi class="quiet" safe>
                {session.place}
              </bdi>
            </>
          )}
        </>,
        <When ms={session.createdAtMs} now={now} />,
        <When ms={session.lastSeenMs} now={now} />,
        session.current ? (
          <Badge tone="accent" text="This device" />
        ) : (
          <Form
            action={`/settings/sessions/${encodeURIComponent(session.id)}/revocation`}
            csrf={frame.csrf}
            class="cell-form"
          >
            <Button small label="Sign out" />
          </Form>
        ),
      ])}
    />
  )
}
