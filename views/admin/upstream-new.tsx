// A new upstream: from a provider that people have accounts at, so that only its key is missing; or by hand.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Chips, Fields, FormOf, type FormView, withQuery } from "../ui/index.ts"

export interface UpstreamNewProps {
  frame: Frame
  form: FormView
  presets: readonly { id: string; label: string }[]
  /** The one that was chosen. */
  preset: { id: string; label: string; help: string } | null
}

const PATH = "/admin/upstreams/new"

/** Address and key stand in a part of their own, which a sandbox has no use for. */
export function AdminUpstreamNewPage({ frame, form, presets, preset }: UpstreamNewProps): JSX.Element {
  const isLocal = (name: string) => name === "kind" || name === "name" || name === "preset"
  const chips = presets.map(({ id, label }) => ({
    label,
    href: withQuery(PATH, { preset: id }),
    current: id === preset?.id,
  }))
  return (
    <ConsoleLayout
      frame={frame}
      title="Add an upstream"
      section="Admin"
      lead="It is tested as soon as you save it. Calls to models without a known price are refused."
      up={{ href: "/admin/upstreams", label: "Upstreams" }}
    >
      <section aria-labelledby="presets-title" class="presets">
        <h2 id="presets-title">Where is the account?</h2>
        <Chips label="Providers" chips={[...chips, { label: "Other", href: PATH, current: preset === null }]} />
        {preset ? (
          <p class="quiet page-form" safe>
            {preset.help}
          </p>
        ) : null}
      </section>
      <FormOf form={form} csrf={frame.csrf} class="form page-form upstream-form" cancelHref="/admin/upstreams">
        <Fields form={{ fields: form.fields.filter(({ name }) => isLocal(name)) }} />
        <div class="remote">
          <Fields form={{ fields: form.fields.filter(({ name }) => !isLocal(name)) }} />
        </div>
      </FormOf>
    </ConsoleLayout>
  )
}
