// Register an OAuth client. RFC 6749 §2; redirect URIs are compared exactly (RFC 9700 §2.1).
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { FormView } from "../ui/index.ts"
import { RedirectChecks } from "./redirect-lines.tsx"

export interface AppNewProps {
  frame: Frame
  form: FormView
}

export function AppNewPage({ frame, form }: AppNewProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="New app"
      section="Developer"
      lead="What people will see when they sign in, and where they return to."
      up={{ href: "/developer", label: "Your apps" }}
      form={form}
      formClass="form page-form app-form"
      cancelHref="/developer"
      below={{ redirect_uris: <RedirectChecks form=".app-form" /> }}
    />
  )
}
