// The question before an account is suspended or let in again: what happens, what is lost, and why. A dialog where scripts run.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsExact, plural } from "../ui/format.ts"
import type { FormView } from "../ui/index.ts"

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
  /** Name of the plan that they pay for. */
  paidPlan?: string | undefined
  form: FormView
}

export function AdminUserStatusPage(props: AdminUserStatusProps): JSX.Element {
  const { frame, user } = props
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  const who = user.name ?? user.email
  const verb = user.isSuspended ? "Reinstate" : "Suspend"
  return (
    <ConfirmPage
      frame={frame}
      title={`${verb} ${who}?`}
      section="Admin"
      up={[
        { href: "/admin/users", label: "Users" },
        { href: path, label: who },
      ]}
      form={props.form}
      cancelHref={path}
    >
      {user.isSuspended ? <Reinstated {...props} /> : <Suspended {...props} />}
    </ConfirmPage>
  )
}

const Reinstated = ({ consents, paidPlan }: AdminUserStatusProps): JSX.Element => (
  <>
    <p>
      They can sign in again.
      {consents.length > 0 ? " Their apps stay approved, but they must sign in to each again." : ""}
    </p>
    {paidPlan === undefined ? null : (
      <p>
        <bdi safe>{`${paidPlan} is charged for again, from its next period on.`}</bdi>
      </p>
    )}
  </>
)

function Suspended({ sessions, consents, ownApps, balance, paidPlan }: AdminUserStatusProps): JSX.Element {
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
      {paidPlan === undefined ? null : (
        <li>
          <bdi safe>{`Nothing is charged for ${paidPlan} until they are reinstated.`}</bdi>
        </li>
      )}
      <li safe>{`Nothing is lost: ${creditsExact(balance)} stay, and you can reinstate the account.`}</li>
    </ul>
  )
}
