// An act for several people when there is nobody left to do it to.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Empty } from "../ui/index.ts"
import type { BulkPerson } from "./users-bulk.tsx"

export interface AdminUsersBulkNoneProps {
  frame: Frame
  /** Those chosen, each with the reason against it. */
  people: readonly BulkPerson[]
}

export function AdminUsersBulkNonePage({ frame, people }: AdminUsersBulkNoneProps): JSX.Element {
  const why = people.map((one) => `${one.name} ${one.against ?? ""}.`)
  return (
    <ConsoleLayout
      frame={frame}
      title={people.length === 0 ? "Nobody is selected" : "There is nothing to do"}
      section="Admin"
      up={{ href: "/admin/users", label: "Users" }}
    >
      <Empty
        title={people.length === 0 ? "Select people first" : "For none of those you selected"}
        text={why.length > 0 ? why.join(" ") : "Tick the boxes beside their names, then choose what to do."}
        action={<Button href="/admin/users" label="Back to the users" />}
      />
    </ConsoleLayout>
  )
}
