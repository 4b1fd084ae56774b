// A plain notice in the sign-in frame: a link that was used, an OAuth request that cannot be answered, anything to read and leave.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button } from "../ui/index.ts"

export interface MessageProps {
  frame: Frame
  title: string
  text: string
  action?: { href: string; label: string } | undefined
  /** Less likely than `action`. */
  other?: { href: string; label: string } | undefined
  /** Shows the request id, for errors that somebody may be asked about. */
  showRequestId?: boolean | undefined
}

export function MessagePage({ frame, title, text, action, other, showRequestId }: MessageProps): JSX.Element {
  return (
    <AuthLayout frame={frame} title={title} heading={title} lead={<p safe>{text}</p>}>
      {action ? <Button kind="primary" wide href={action.href} label={action.label} /> : null}
      {other ? <Button wide href={other.href} label={other.label} /> : null}
      {showRequestId ? (
        <p class="request-id">
          {"Request "}
          <code safe>{frame.requestId}</code>
        </p>
      ) : null}
    </AuthLayout>
  )
}
