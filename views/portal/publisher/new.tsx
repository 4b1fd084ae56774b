// The first step of an API: from its document, or empty.
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { FormOf, type FormView, Stepper } from "../../ui/index.ts"

export interface NewProductProps {
  frame: Frame
  forms: { import: FormView; empty: FormView }
}

export function NewProductPage({ frame, forms }: NewProductProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="New API"
      section="Developer"
      lead="Five minutes from its document to the first call. Nobody sees it before you publish it."
      up={{ href: "/publisher", label: "Your APIs" }}
    >
      <Stepper
        label="To the first call"
        steps={[
          { label: "Bring it", state: "current" },
          { label: "Make a plan", state: "next" },
          { label: "Prove the server", state: "next" },
          { label: "Publish and call", state: "next" },
        ]}
      />
      <section aria-labelledby="import-title">
        <h2 id="import-title">From an OpenAPI document</h2>
        <FormOf form={forms.import} csrf={frame.csrf} class="form page-form" />
      </section>
      <section aria-labelledby="bare-title">
        <h2 id="bare-title">Without a document</h2>
        <p class="quiet page-form">You enter its endpoints by hand, and can import a document later.</p>
        <FormOf form={forms.empty} csrf={frame.csrf} class="form page-form" isPlain />
      </section>
    </ConsoleLayout>
  )
}
