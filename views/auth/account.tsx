// Which account? For apps that ask for it although somebody is signed in (OpenID Connect Core, prompt=select_account).
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Avatar, Button, Form } from "../ui/index.ts"
import { ContinueTo, withInteraction } from "./login.tsx"

export interface AccountProps {
  frame: Frame
  interaction: string
  clientName?: string | undefined
  name: string | null
  email: string
}

/** POST /login/account: interaction, csrf. GET /login?as=other shows the sign-in form instead. */
export function AccountPage({ frame, interaction, clientName, name, email }: AccountProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Choose an account"
      heading="Choose an account"
      lead={<ContinueTo clientName={clientName} />}
    >
      {/* The button says the name; without one it says the address, and nothing is said twice. */}
      {name ? (
        <p class="account">
          <Avatar name={name} />
          <bdi safe>{email}</bdi>
        </p>
      ) : null}
      <Form action="/login/account" csrf={frame.csrf} hidden={{ interaction }}>
        <Button kind="primary" wide label={`Continue as ${name ?? email}`} />
      </Form>
      <Button wide href={`${withInteraction("/login", interaction)}&as=other`} label="Use another account" />
    </AuthLayout>
  )
}
