// Terms that changed, asked before anything else: what changed, the whole text a click away, one button.
import { AuthLayout } from "../layout/auth.tsx"
import type { Frame } from "../layout/frame.ts"
import { FormOf, type FormView } from "../ui/index.ts"

export interface AgreementProps {
  frame: Frame
  version: string
  changes: string
  form: FormView
}

/** GET and POST /agreement */
export function AgreementPage({ frame, version, changes, form }: AgreementProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="The terms changed"
      heading="The terms changed"
      lead={<p>Please look at what is new before you go on.</p>}
      aside={
        <p>
          Not for you? You can still <a href="/settings/data">take your data along, or end the account</a>.
        </p>
      }
    >
      <p safe>{changes}</p>
      <p>
        <a href="/terms" target="_blank" rel="noopener" safe>{`Read version ${version}`}</a>
      </p>
      <FormOf form={form} csrf={frame.csrf} isWide />
    </AuthLayout>
  )
}
