// Who people may sign in with besides this house: in the order of the buttons, on or off, and how many came.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { Badge, Button, Count, Empty, Form, RowLink } from "../ui/index.ts"

export interface IssuerRow {
  slug: string
  /** As it names itself. */
  issuer: string
  name: string
  preset: "google" | "oidc"
  active: boolean
  signUp: boolean
  byEnvironment: boolean
  domains: readonly string[]
  /** Where it sends people back to. */
  callback: string
  people: number
  /** Who of them has no other way in. */
  onlyWay: number
}

export interface AdminIssuersProps {
  frame: Frame
  issuers: readonly IssuerRow[]
  /** No more can be added. */
  isFull: boolean
}

export const issuerPath = (slug: string): string => `/admin/issuers/${encodeURIComponent(slug)}`

export const IssuerState = ({ active }: Pick<IssuerRow, "active">): JSX.Element =>
  active ? <Badge tone="ok" text="On" /> : <Badge tone="warn" text="Off" />

export function AdminIssuersPage({ frame, issuers, isFull }: AdminIssuersProps): JSX.Element {
  const add = <Button kind="primary" icon="plus" href="/admin/issuers/new" label="Add an issuer" />
  const head = {
    frame,
    title: "Sign-in",
    section: "Admin" as const,
    lead: "Who people may sign in with, besides their password here: Google, or any OpenID Connect issuer.",
  }
  if (issuers.length === 0) {
    return (
      <ConsoleLayout {...head}>
        <Empty
          title="People sign in with a password"
          text="Let them sign in with Google, or with the accounts of your company. Each issuer is a button on the sign-in page."
          action={add}
        />
      </ConsoleLayout>
    )
  }
  return (
    <ListPage
      {...head}
      action={isFull ? undefined : add}
      table={{
        caption: "Issuers in the order of their buttons",
        columns: [
          { label: "Issuer" },
          { label: "State" },
          { label: "Who may sign in" },
          { label: "People", numeric: true },
          { label: "Action", silent: true },
        ],
        rows: issuers.map((one, at) => [
          <span class="person">
            <RowLink href={issuerPath(one.slug)} label={one.name} />
            <bdi class="quiet" safe>
              {one.issuer}
            </bdi>
          </span>,
          <IssuerState active={one.active} />,
          <span class="person">
            <span>{one.signUp ? "Anybody" : "People with an account"}</span>
            <bdi class="quiet" safe>
              {one.domains.join(", ")}
            </bdi>
          </span>,
          <Count value={one.people} />,
          at === 0 ? (
            ""
          ) : (
            <Form action={`${issuerPath(one.slug)}/up`} csrf={frame.csrf} class="cell-form">
              <Button small label="Move up" />
            </Form>
          ),
        ]),
      }}
    />
  )
}
