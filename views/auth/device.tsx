// A device that shows a code: where the code is typed or compared, and what is said once it was answered (RFC 8628 §3.3).
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { FormOf, type FormView, Notice } from "../ui/index.ts"

export interface DeviceProps {
  frame: Frame
  /** The code came with the link: it is compared, not typed. */
  isFromLink: boolean
  form: FormView
}

export function DevicePage({ frame, isFromLink, form }: DeviceProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="Connect a device"
      heading="Connect a device"
      lead={
        <p>
          {isFromLink
            ? "Does your device show this code? Go on only if it does."
            : "Enter the code that your terminal, television or other device shows."}
        </p>
      }
    >
      <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} isWide />
      <Notice
        tone="warn"
        text="Nobody who calls or writes to you needs such a code. If somebody sent you here with one, close this page."
      />
    </AuthLayout>
  )
}

export function DeviceDonePage({ frame, isApproved }: { frame: Frame; isApproved: boolean }): JSX.Element {
  const title = isApproved ? "Your device is connected" : "Nothing was connected"
  const text = isApproved
    ? "Go back to it: it goes on by itself within a few seconds. You can close this page."
    : "Your device is told that you said no. You can close this page."
  return (
    <AuthLayout
      frame={frame}
      title={title}
      heading={title}
      lead={<p>{text}</p>}
      aside={
        <p>
          What it may spend, and an end to it, is under <a href="/apps">Apps</a>.
        </p>
      }
    >
      {""}
    </AuthLayout>
  )
}
