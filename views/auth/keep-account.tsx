// After signing in to an account that is to be deleted: keep it, or go on and let it end on its day.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Form, Time } from "../ui/index.ts"

export interface KeepAccountProps {
  frame: Frame
  /** Sign-in to an app that waits. */
  interaction: string | undefined
  /** Whose account it is, by public id; empty: of whom the browser acts as. */
  as: string
  email: string
  leavesMs: number
}

/** POST /keep-account: interaction, as, csrf. POST /login/account goes on without it. */
export function KeepAccountPage({ frame, interaction, as, email, leavesMs }: KeepAccountProps): JSX.Element {
  const hidden = interaction === undefined ? {} : { interaction }
  return (
    <AuthLayout frame={frame} title="Keep your account?" heading="Keep your account?">
      <p>
        {"The account of "}
        <bdi class="strong" safe>
          {email}
        </bdi>
        {" is going to be deleted on "}
        <Time ms={leavesMs} kind="day" />.
      </p>
      <Form action="/keep-account" csrf={frame.csrf} hidden={{ ...hidden, as }}>
        <Button kind="primary" wide label="Keep my account" />
      </Form>
      <Form action="/login/account" csrf={frame.csrf} hidden={{ ...hidden, account: as }}>
        <Button wide label="Go on, it may end" />
      </Form>
    </AuthLayout>
  )
}
