// Register an OAuth client. RFC 6749 §2; redirect URIs are compared exactly (RFC 9700 §2.1).
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, ErrorSummary, Form } from "../ui/index.ts"
import {
  type AppValues,
  HomepageField,
  NameField,
  RedirectUrisArea,
  ScopeChoices,
  type ScopeOption,
  TestModeChoice,
  TypeChoices,
} from "./app-fields.tsx"

export type { ScopeOption } from "./app-fields.tsx"

export interface AppNewProps {
  frame: Frame
  scopes: readonly ScopeOption[]
  values?: AppValues | undefined
  errors?: FormErrors | undefined
}

/** POST /developer/apps: name, type=public|confidential, redirect_uris (one a line), scope (repeated), homepage_url, mode=test, csrf. */
export function AppNewPage({ frame, scopes, values, errors }: AppNewProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="New app"
      section="Developer"
      lead="What people will see when they sign in, and where they return to."
      up={{ href: "/developer", label: "Your apps" }}
    >
      <ErrorSummary errors={errors} />
      <Form action="/developer/apps" csrf={frame.csrf} class="form page-form">
        <NameField values={values} errors={errors} />
        <TypeChoices values={values} errors={errors} />
        <RedirectUrisArea values={values} errors={errors} />
        <ScopeChoices scopes={scopes} values={values} errors={errors} />
        <HomepageField values={values} errors={errors} />
        <TestModeChoice values={values} />
        <Button kind="primary" label="Create app" />
      </Form>
    </ConsoleLayout>
  )
}
