// The question before one act for several people: how many, whom, what happens, and what speaks against it for whom.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, plural } from "../ui/format.ts"
import type { FormView } from "../ui/index.ts"

export interface BulkPerson {
  id: string
  name: string
  email: string
  /** Why nothing will happen to this one, as the end of a sentence: "is suspended already". */
  against?: string | undefined
}

export interface AdminUsersBulkProps {
  frame: Frame
  /** "Suspend" */
  verb: string
  /** What happens, a sentence each. */
  words: readonly string[]
  people: readonly BulkPerson[]
  form: FormView
}

/** Of so many the list is read; the rest is counted. */
const LISTED = 50

const UP = { href: "/admin/users", label: "Users" }

export function AdminUsersBulkPage({ frame, verb, words, people, form }: AdminUsersBulkProps): JSX.Element {
  const ready = people.filter((one) => one.against === undefined)
  const others = people.filter((one) => one.against !== undefined)
  return (
    <ConfirmPage
      frame={frame}
      title={ready.length === 1 ? `${verb} ${ready[0]!.name}?` : `${verb} ${plural(ready.length, "person", "people")}?`}
      section="Admin"
      up={UP}
      words={words}
      form={form}
      cancelHref="/admin/users"
    >
      <ul class="bulk-people" {...{ tabindex: "0", "aria-label": "Whom this is about" }}>
        {ready.slice(0, LISTED).map((one) => (
          <li>
            <bdi safe>{one.name}</bdi>
            {one.name === one.email ? null : (
              <bdi class="quiet" safe>
                {one.email}
              </bdi>
            )}
          </li>
        ))}
        <More people={ready} />
      </ul>
      {others.length === 0 ? null : (
        <ul class="quiet plain bulk-others">
          {others.slice(0, LISTED).map((one) => (
            <li>
              <bdi safe>{one.name}</bdi> <span safe>{one.against}</span>
            </li>
          ))}
          <More people={others} />
        </ul>
      )}
    </ConfirmPage>
  )
}

const More = ({ people }: { people: readonly BulkPerson[] }): JSX.Element | null =>
  people.length > LISTED ? <li class="quiet" safe>{`and ${count(people.length - LISTED)} more`}</li> : null
