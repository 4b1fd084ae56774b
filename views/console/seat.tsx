// What somebody reads who acts as a team where teams have nothing, or where their role in it does not reach.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Form } from "../ui/index.ts"

export interface SeatProps {
  frame: Frame
  team: string
  /** The page is people's own, or asks for another role. */
  why: "own" | "role"
}

export function SeatPage({ frame, team, why }: SeatProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title={why === "own" ? "This is your own" : "Not with your role"}
      lead={
        why === "own"
          ? `You act as ${team}. This page is about your own account.`
          : `Your role in ${team} does not allow this. Ask its owner.`
      }
    >
      <p>Nothing was done.</p>
      <Form action="/acting" csrf={frame.csrf} class="row">
        <Button type="submit" label="Act as yourself" />
      </Form>
    </ConsoleLayout>
  )
}
