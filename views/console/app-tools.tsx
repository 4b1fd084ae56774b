// Which of a person's tools an app may use.
import { type ToolAsk, ToolChoice } from "../auth/tool-choice.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { FormOf, type FormView } from "../ui/index.ts"

export interface AppToolsProps {
  frame: Frame
  app: { name: string }
  ask: ToolAsk
  form: FormView
}

/** A page that opens as a dialog where scripts run. */
export function AppToolsPage({ frame, app, ask, form }: AppToolsProps): JSX.Element {
  return (
    <ConsoleLayout frame={frame} title={`Tools of ${app.name}`} head={false} up={{ href: "/apps", label: "Apps" }}>
      <section id="confirm" class="confirm" aria-labelledby="confirm-title">
        <h1 id="confirm-title">
          {"Which tools may "}
          <bdi safe>{app.name}</bdi>
          {" use?"}
        </h1>
        <p class="quiet">What you change counts from its next call on.</p>
        <FormOf form={form} csrf={frame.csrf} cancelHref="/apps">
          <ToolChoice ask={ask} error={form.errors?.tool} />
        </FormOf>
      </section>
    </ConsoleLayout>
  )
}
