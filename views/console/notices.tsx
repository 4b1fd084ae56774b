// What a person was told, newest first; and the switches of what they want to be told, and how.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Empty, type FieldView, Form, FormOf, type FormView, fieldNamed, Pager, When } from "../ui/index.ts"

export interface NoticesProps {
  frame: Frame
  now: number
  rows: readonly {
    publicId: string
    /** What its kind is called. */
    label: string
    title: string
    path: string | null
    createdMs: number
    readMs: number | null
  }[]
  isFirst: boolean
  olderHref: string | undefined
}

export function NoticesPage({ frame, now, rows, isFirst, olderHref }: NoticesProps): JSX.Element {
  const anyUnread = (frame.unread ?? 0) > 0
  return (
    <ConsoleLayout
      frame={frame}
      title="Notices"
      lead="What happened on your account. Notices are kept for half a year."
      action={
        anyUnread ? (
          <Form action="/notices/reading" csrf={frame.csrf}>
            <Button type="submit" label="Mark all as read" icon="check" />
          </Form>
        ) : undefined
      }
    >
      {rows.length === 0 ? (
        <Empty title="Nothing yet" text="Payments, sign-ins, reviews and the like are told here, and by mail." />
      ) : (
        <ul class="plain notices">
          {rows.map((row) => (
            <li class={row.readMs === null ? "unread" : undefined}>
              <Form action={`/notices/${encodeURIComponent(row.publicId)}/opening`} csrf={frame.csrf}>
                <button type="submit" class="notice-title">
                  {row.readMs === null ? <span class="sr">Unread: </span> : null}
                  <bdi safe>{row.title}</bdi>
                </button>
              </Form>
              <span class="quiet">
                <span safe>{row.label}</span> · <When ms={row.createdMs} now={now} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Pager label="Notices" firstHref={isFirst ? undefined : "/notices"} nextHref={olderHref} />
      <p>
        <a href="/settings/notices">Choose what you are told</a>
      </p>
    </ConsoleLayout>
  )
}

/** Whether a kind comes by a way: as its person wants, always, or not at all. */
export type Way = "choice" | "always" | "never"

export interface NoticeChoiceProps {
  frame: Frame
  form: FormView
  groups: readonly {
    label: string
    help: string
    kinds: readonly {
      kind: string
      label: string
      /** Mail, here, webhook. */
      ways: readonly Way[]
    }[]
  }[]
}

export function NoticeChoicePage({ frame, form, groups }: NoticeChoiceProps): JSX.Element {
  const fields = ["mail", "console", "webhook"].map((name) => fieldNamed(form, name))
  return (
    <ConsoleLayout
      frame={frame}
      title="Notices to get"
      lead="By mail, here in the console, or both. What keeps your account safe is always sent."
      up={{ href: "/settings", label: "Settings" }}
    >
      <p>
        {"A webhook tells your own programs: "}
        <a href="/settings/webhooks">set up where it calls</a>
        {" first."}
      </p>
      <FormOf form={form} csrf={frame.csrf}>
        {groups.map((group) => (
          <table class="switches">
            <caption>
              <span safe>{group.label}</span>
              {group.help ? (
                <span class="quiet" safe>
                  {` ${group.help}`}
                </span>
              ) : null}
            </caption>
            <thead>
              <tr>
                <th scope="col">Notice</th>
                <th scope="col">Mail</th>
                <th scope="col">Here</th>
                <th scope="col">Webhook</th>
              </tr>
            </thead>
            <tbody>
              {group.kinds.map((kind) => (
                <tr>
                  <th scope="row" safe>
                    {kind.label}
                  </th>
                  {fields.map((field, index) => (
                    <td>
                      <Switch kind={kind} way={kind.ways[index]!} field={field} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </FormOf>
    </ConsoleLayout>
  )
}

function Switch({
  kind,
  way,
  field,
}: {
  kind: { kind: string; label: string }
  way: Way
  field: Pick<FieldView, "name" | "label" | "typed">
}): JSX.Element {
  if (way === "never") return <span class="sr">No</span>
  return (
    <input
      type="checkbox"
      name={way === "choice" ? field.name : undefined}
      value={kind.kind}
      aria-label={`${kind.label}: ${field.label}`}
      checked={way === "always" || field.typed.includes(kind.kind)}
      disabled={way === "always"}
    />
  )
}
