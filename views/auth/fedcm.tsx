// The last page of a window that the browser opened for an app (FedCM): a script hands the answer to the browser, which closes the window.
import { assetUrl } from "../layout/assets.ts"
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"

export interface FedcmPageProps {
  frame: Frame
  title: string
  /** What the script asks an answer for; absent: the window closes. */
  request?: string | undefined
}

/** POST /fedcm/resolution by the script: request, with the form token in a header. */
export function FedcmPage({ frame, title, request }: FedcmPageProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title={title}
      heading={title}
      lead={<p>This window closes by itself. If it stays, close it and go back to the app.</p>}
    >
      <div
        hidden
        data-module={assetUrl("js/fedcm.js")}
        data-does={request === undefined ? "close" : "resolve"}
        data-request={request}
        data-csrf={frame.csrf}
      />
    </AuthLayout>
  )
}
