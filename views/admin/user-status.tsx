// The question before an account is suspended or let in again: what happens, what is lost, and why. A dialog where scripts run.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { creditsExact, plural } from "../ui/format.ts"
import { Button, ErrorSummary, Field, Form } from "../ui/index.ts"

export interface AdminUserStatusProps {
  frame: Frame
  user: { id: string; name: string | null; email: string; isSuspended: boolean }
  /** Signed-in browsers. */
  sessions: number
  /** Names of the apps that may spend for this person. */
  consents: readonly string[]
  /** Apps this person made. */
  ownApps: number
  balance: Nano
  /** After a 422. */
  reason?: string | undefined
  errors?: FormErrors | undefined
}

/** POST /admin/users/:id/suspension and …/reinstatement: reason, csrf. */
export function AdminUserStatusPage(props: AdminUserStatusProps): JSX.Element {
  const { frame, user } = props
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  const who = user.name ?? user.email
  const verb = user.isSuspended ? "Reinstate" : "Suspend"
  return (
    <ConsoleLayout
      frame={frame}
      title={`${verb} ${who}`}
      section="Admin"
      head={false}
      up={[
        { href: "/admin/users", label: "Users" },
        { href: path, label: who },
      ]}
    >
      <section id="confirm" class="confirm" aria-labelledby="confirm-title">
        <h1 id="confirm-title">
          {user.isSuspended ? "Reinstate " : "Suspend "}
          <bdi safe>{who}</bdi>?
        </h1>
        {user.isSuspended ? <Reinstated {...props} /> : <Suspended {...props} />}
        <ErrorSummary errors={props.errors} />
        <Form action={`${path}/${user.isSuspended ? "reinstatement" : "suspension"}`} csrf={frame.csrf}>
          <Field
            name="reason"
            label="Reason"
            required
            maxlength={500}
            help="Kept in the audit log."
            value={props.reason}
            error={props.errors?.reason}
          />
          <div class="actions">
            <Button kind={user.isSuspended ? "primary" : "danger"} label={`${verb} ${who}`} />
            <a class="button plain" href={path} data-close="">
              Cancel
            </a>
          </div>
        </Form>
      </section>
    </ConsoleLayout>
  )
}

const Reinstated = ({ consents }: AdminUserStatusProps): JSX.Element => (
  <p>
    They can sign in again.
    {consents.length > 0 ? " Their apps stay approved, but they must sign in to each again." : ""}
  </p>
)

function Suspended({ sessions, consents, ownApps, balance }: AdminUserStatusProps): JSX.Element {
  const [first, second] = consents
  const apps =
    consents.length === 0
      ? "No app can spend for them now."
      : consents.length <= 2
        ? `${[first, second].filter(Boolean).join(" and ")} can no longer spend for them; calls in progress are cut off.`
        : `${plural(consents.length, "app")} can no longer spend for them; calls in progress are cut off.`
  return (
    <ul>
      <li safe>
        {sessions === 0 ? "They are not signed in." : `They are signed out of ${plural(sessions, "browser")}.`}
      </li>
      <li>
        <bdi safe>{apps}</bdi>
      </li>
      {ownApps > 0 ? (
        <li safe>
          {ownApps === 1
            ? "The app they made keeps working for others."
            : `The ${ownApps} apps they made keep working for others.`}
        </li>
      ) : null}
      <li safe>{`Nothing is lost: ${creditsExact(balance)} stay, and you can reinstate the account.`}</li>
    </ul>
  )
}
