// Which calls an upstream gets among others of the same model, and what its provider grants.
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { FormView } from "../ui/index.ts"
import { upstreamPath } from "./upstreams.tsx"

export interface UpstreamRoutingProps {
  frame: Frame
  upstream: { id: string; name: string }
  form: FormView
}

export function AdminUpstreamRoutingPage({ frame, upstream, form }: UpstreamRoutingProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={`Share and limits of ${upstream.name}`}
      section="Admin"
      up={[
        { href: "/admin/upstreams", label: "Upstreams" },
        { href: upstreamPath(upstream.id), label: upstream.name },
      ]}
      words={[
        "Upstreams that offer the same model share its calls. The lowest priority is asked first; among equals, weights say how often. When one fails, the next is asked.",
      ]}
      form={form}
      cancelHref={upstreamPath(upstream.id)}
    />
  )
}
