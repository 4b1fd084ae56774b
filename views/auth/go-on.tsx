// The last page of a sign-in: it leads back to the app by itself, and by a link. A redirect would not do: Chromium holds every
// redirect after a form, the app's own ones too, against this site's `form-action`.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button } from "../ui/index.ts"

export interface GoOnProps {
  frame: Frame
  /** Where it leads to an app, its name says it. */
  title?: string | undefined
  clientName: string
  /** Where the person returns to: a host, or the scheme of a native app. */
  returnHost: string
  /** The validated redirect URI with the answer. */
  location: string
}

export function GoOnPage(props: GoOnProps): JSX.Element {
  const { frame, clientName, returnHost, location } = props
  const title = props.title ?? `Back to ${clientName}`
  return (
    <AuthLayout
      frame={frame}
      title={title}
      heading={title}
      goesTo={location}
      lead={
        <p>
          {"You are on your way to "}
          <bdi class="strong" safe>
            {returnHost}
          </bdi>
          .
        </p>
      }
    >
      <Button kind="primary" wide href={location} label="Continue" />
    </AuthLayout>
  )
}
