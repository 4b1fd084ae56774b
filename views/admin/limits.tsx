// Limits: whom each binds, to how much, and how often it refused today.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { Button, Count, Empty, RowLink } from "../ui/index.ts"

export interface LimitRow {
  id: string
  /** "Everybody", "Plan Pro", a name. */
  whom: string
  /** What tells two of one name apart; "" = nothing. */
  detail: string
  href: string | null
  /** "Requests a minute" */
  kind: string
  /** "60 requests a minute" */
  amount: string
  refusedToday: number
}

export interface AdminLimitsProps {
  frame: Frame
  limits: readonly LimitRow[]
  /** No more can be set. */
  isFull: boolean
}

export const limitPath = (id: string): string => `/admin/limits/${encodeURIComponent(id)}`

export function AdminLimitsPage({ frame, limits, isFull }: AdminLimitsProps): JSX.Element {
  const add = <Button kind="primary" icon="plus" href="/admin/limits/new" label="Set a limit" />
  const head = {
    frame,
    title: "Limits",
    section: "Admin" as const,
    lead: "How much people, keys and apps may use. A change holds for the next request.",
  }
  if (limits.length === 0) {
    return (
      <ConsoleLayout {...head}>
        <Empty
          title="Nothing is limited yet"
          text="Limit requests, tokens, calls at the same time or credits: for everybody, for a plan, or for one person, key or app."
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
        caption: "Limits, with what each refused today (UTC)",
        columns: [{ label: "Whose" }, { label: "At most" }, { label: "Refused today", numeric: true }],
        rows: limits.map((limit) => [
          <span class="person">
            <RowLink href={limitPath(limit.id)} label={limit.whom} />
            {limit.detail === "" ? null : (
              <span class="quiet">
                <bdi safe>{limit.detail}</bdi>
              </span>
            )}
          </span>,
          <span safe>{limit.amount}</span>,
          <Count value={limit.refusedToday} />,
        ]),
      }}
      after={
        <p class="quiet">
          What a person may do in all is the person’s own limit, else the plan’s, else everybody’s. A key or an app has
          its limit besides: a call must fit both.
        </p>
      }
    />
  )
}
