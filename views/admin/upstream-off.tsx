// Turning an upstream off, asked once more.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import type { FormView } from "../ui/index.ts"
import { upstreamPath } from "./upstreams.tsx"

export interface UpstreamOffProps {
  frame: Frame
  upstream: { id: string; name: string; models: number }
  form: FormView
}

export function AdminUpstreamOffPage({ frame, upstream, form }: UpstreamOffProps): JSX.Element {
  const path = upstreamPath(upstream.id)
  return (
    <ConfirmPage
      frame={frame}
      title={`Turn off ${upstream.name}?`}
      section="Admin"
      up={[
        { href: "/admin/upstreams", label: "Upstreams" },
        { href: path, label: upstream.name },
      ]}
      form={{ ...form, submit: `Turn off ${upstream.name}` }}
      cancelHref={path}
      words={[
        `New calls to its ${plural(upstream.models, "model")} go to another upstream that offers the same, or are refused if there is none. Calls in progress are finished. Its settings are kept, and you can turn it on again.`,
      ]}
    />
  )
}
