// Which account? Where several people are signed in to a browser, or an app asks for it (OpenID Connect Core, prompt=select_account).
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Avatar, Button, Form, Icon } from "../ui/index.ts"
import { ContinueTo, withInteraction } from "./login.tsx"

export interface Account {
  /** Public id. */
  id: string
  name: string | null
  email: string
  avatarUrl?: string | undefined
}

export interface AccountProps {
  frame: Frame
  interaction: string
  clientName?: string | undefined
  /** Whom the browser acts as first. */
  accounts: readonly Account[]
}

/** POST /login/account and /login/account/sign-out: interaction, account, csrf. GET /login?as=other shows the sign-in form instead. */
export function AccountPage({ frame, interaction, clientName, accounts }: AccountProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Choose an account"
      heading="Choose an account"
      lead={<ContinueTo clientName={clientName} />}
      aside={
        <p>
          <a href="/logout/choice">Sign out of this browser</a>
        </p>
      }
    >
      <ul class="plain accounts">
        {accounts.map((account) => (
          <li>
            <Form action="/login/account" csrf={frame.csrf} class="pick" hidden={{ interaction, account: account.id }}>
              <button type="submit" class="account-pick">
                <Avatar name={account.name ?? account.email} src={account.avatarUrl} />
                <span class="who-text">
                  <span class="sr">{"Continue as "}</span>
                  <bdi class="strong" safe>
                    {account.name ?? account.email}
                  </bdi>
                  {/* Without a name the address is said once. */}
                  {account.name ? (
                    <bdi class="quiet" safe>
                      {account.email}
                    </bdi>
                  ) : null}
                </span>
                <Icon name="after" />
              </button>
            </Form>
            <Form
              action="/login/account/sign-out"
              csrf={frame.csrf}
              class="drop"
              hidden={{ interaction, account: account.id }}
            >
              <button type="submit" class="account-drop" title={`Sign ${account.email} out of this browser`}>
                <Icon name="out" />
                <span class="sr" safe>{`Sign out ${account.email}`}</span>
              </button>
            </Form>
          </li>
        ))}
      </ul>
      <Button wide href={`${withInteraction("/login", interaction)}&as=other`} label="Use another account" />
    </AuthLayout>
  )
}
