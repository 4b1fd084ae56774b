// An act for several people when there is nobody left to do it to. Scripts lift `#confirm` into a dialog, as they do with the question.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { count } from "../ui/format.ts"
import type { BulkPerson } from "./users-bulk.tsx"

export interface AdminUsersBulkNoneProps {
  frame: Frame
  /** Those chosen, each with the reason against it. */
  people: readonly BulkPerson[]
  /** Others like them, who are not named. */
  more?: number | undefined
}

export function AdminUsersBulkNonePage({ frame, people, more = 0 }: AdminUsersBulkNoneProps): JSX.Element {
  const title = people.length === 0 ? "Nobody is selected" : "There is nothing to do"
  return (
    <ConsoleLayout
      frame={frame}
      title={title}
      section="Admin"
      head={false}
      up={{ href: "/admin/users", label: "Users" }}
    >
      <section id="confirm" class="confirm" aria-labelledby="confirm-title">
        <h1 id="confirm-title">{title}</h1>
        {people.length === 0 ? <p>Tick the boxes beside their names, then choose what to do.</p> : null}
        {people.map((one) => (
          <p>
            <bdi safe>{one.name}</bdi> <span safe>{`${one.against ?? ""}.`}</span>
          </p>
        ))}
        {more > 0 ? <p class="quiet" safe>{`and ${count(more)} more`}</p> : null}
        <p class="actions">
          <a class="button plain" href="/admin/users" data-close="">
            Back to the users
          </a>
        </p>
      </section>
    </ConsoleLayout>
  )
}
